"""What tests and the demo do to a sandbox that runs, through its control endpoints."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import requests

from sandbox.exact.administration import DIVISION
from sandbox.exact.administration import FIRST_REFRESH_TOKEN as EXACT_REFRESH_TOKEN
from sandbox.exact.login import CLIENT_ID as EXACT_CLIENT_ID
from sandbox.exact.login import CLIENT_SECRET as EXACT_CLIENT_SECRET
from sandbox.page import entry_kind
from sandbox.teamleader import ids

Running = TypeVar("Running", bound="SandboxClient")


class SandboxClient:
    """What a test does to a sandbox that runs, and sees of it.

    Amounts in what the methods return are Decimals; those of credit notes are negative on both sides.
    """

    def __init__(self) -> None:
        self._session = requests.Session()
        self.teamleader_url = ""
        self.exact_url = ""
        self.page_url = ""

    def start(self) -> None:
        """Start it and wait until both services listen; raises RuntimeError when it does not."""
        raise NotImplementedError

    def stop(self) -> None:
        """End it and wait for that; harmless when it is not running."""
        raise NotImplementedError

    def __enter__(self: Running) -> Running:  # noqa: PYI019 - typing has no Self in Python 3.10
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _listens_at(self, addresses: dict[str, str]) -> None:
        self.teamleader_url, self.exact_url = addresses["teamleader_url"], addresses["exact_url"]
        self.page_url = addresses["page_url"]

    @property
    def variables(self) -> dict[str, str]:
        """What a project's `.env` needs in order to be logged in to both services here."""
        return {
            "TEAMLEADER_API_URL": self.teamleader_url,
            "TEAMLEADER_AUTH_URL": self.teamleader_url,
            "TEAMLEADER_CLIENT_ID": ids.CLIENT_ID,
            "TEAMLEADER_CLIENT_SECRET": ids.CLIENT_SECRET,
            "TEAMLEADER_REFRESH_TOKEN": ids.FIRST_REFRESH_TOKEN,
            "EXACT_API_URL": self.exact_url,
            "EXACT_CLIENT_ID": EXACT_CLIENT_ID,
            "EXACT_CLIENT_SECRET": EXACT_CLIENT_SECRET,
            "EXACT_REFRESH_TOKEN": EXACT_REFRESH_TOKEN,
        }

    def control(self, method: str, path: str, document: Any = None) -> Any:
        """Call a control endpoint, e.g. `control("POST", "login", {…})`; raises RuntimeError with its refusal."""
        body = None if document is None else json.dumps(document, default=str)
        response = self._session.request(method, f"{self.exact_url}/_sandbox/{path}", data=body, timeout=60)
        if response.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {response.text}")
        return json.loads(response.text, parse_float=Decimal) if response.content else None

    def teamleader(self, verb: str, **arguments: Any) -> Any:
        """Let a person do something in Teamleader, e.g. `teamleader("edit_company", id=…, name=…)`."""
        return self.control("POST", f"teamleader/{verb}", arguments)

    def exact(self, verb: str, **arguments: Any) -> Any:
        """Let a person do something in Exact, e.g. `exact("close_period", year=2026, period=3)`."""
        return self.control("POST", f"exact/{verb}", arguments)

    def add_invoice(self, **arguments: Any) -> Any:
        """Book one more invoice in Teamleader; return its `id`, `number`, `customer` and amounts."""
        return self.teamleader("add_invoice", **arguments)

    def add_invoices(self, count: int, **arguments: Any) -> Any:
        """Book more invoices in Teamleader; return their `ids`."""
        return self.teamleader("add_invoices", count=count, **arguments)

    def add_credit_note(self, **arguments: Any) -> Any:
        """Book one more credit note in Teamleader."""
        return self.teamleader("add_credit_note", **arguments)

    def pay(self, invoice: str, amount: Any = None, day: str | None = None) -> Any:
        """Register a payment in Teamleader by hand: of all that is due unless `amount` is given, today or on `day`."""
        given = {"amount": amount, "paid_at": day and f"{day}T10:00:00+00:00"}
        return self.teamleader("pay", id=invoice, **{name: value for name, value in given.items() if value is not None})

    def payments(self, invoice: str) -> Any:
        """`paid`, `due` and `payments` (`amount`, `day`) of an invoice in Teamleader."""
        return self.teamleader("payments", id=invoice)

    def match(self, *entries: dict[str, Any]) -> Any:
        """Settle entries in Exact, each as `match_entry` takes it: `{"your_ref": "2026 / 1", "amount": "10"}`."""
        return self.exact("match_entries", entries=list(entries))["entries"]

    def unmatch(self, *entries: dict[str, Any]) -> None:
        """Un-match entries in Exact; one with `last: true` loses its latest match only."""
        self.exact("unmatch_entries", entries=list(entries))

    def split_terms(self, parts: list[dict[str, Any]], **entry: Any) -> Any:
        """Let what is open of an entry in Exact fall due in parts of `amount` and `due_date`; give the terms' ids."""
        return self.exact("split_terms", parts=parts, **entry)["ids"]

    def fill(self, *, receivables: int = 0, **others: int) -> Any:
        """Let Exact hold that many entries booked by hand; `accounts`, `gl_accounts` and `payables` likewise."""
        return self.exact("fill", receivables=receivables, **others)

    def add_faults(self, rules: list[dict[str, Any]]) -> None:
        """Put fault rules in force."""
        self.control("POST", "faults", rules)

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self.control("DELETE", "faults")

    def held(self) -> int:
        """Number of calls that wait until the faults are cleared."""
        return int(self.control("GET", "held")["held"])

    def now(self) -> datetime:
        """What the time is for both services."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        """Move the time of both services on."""
        self.control("POST", "clock", {"seconds": seconds, "days": days})

    def move_to(self, moment: datetime) -> None:
        """Move the time of both services on to a moment."""
        self.control("POST", "clock", {"to": moment.isoformat()})

    def calls(self) -> dict[str, int]:
        """Number of calls per service since they were forgotten last."""
        counted = self.control("GET", "calls?counts=1")
        return {service: numbers["count"] for service, numbers in counted.items()}

    def writes(self, service: str) -> int:
        """Number of calls that write, whatever their answer."""
        return int(self.control("GET", "calls?counts=1")[service]["writes"])

    def call_list(self, service: str) -> list[tuple[str, str]]:
        """Method and path of the calls to a service, oldest first."""
        return [(method, path) for method, path in self.control("GET", "calls")[service]["calls"]]

    def forget_calls(self) -> None:
        """Count calls from 0 again."""
        self.control("DELETE", "calls")

    def ledger(self, division: int = DIVISION) -> Any:
        """Everything that was booked in an administration, as `sandbox.exact.ledger` describes it."""
        return self.control("GET", f"ledger?division={division}")

    def exact_entries(self, division: int = DIVISION) -> list[dict[str, Any]]:
        """The sales entries: `kind`, `number` (Teamleader's), `currency`, `gross`, `open`, `settled` and more."""
        entries = self.ledger(division)["entries"]
        return [entry | {"kind": entry_kind(entry["journal"]), "number": entry["your_ref"]} for entry in entries]

    def teamleader_documents(self) -> list[dict[str, Any]]:
        """The booked documents: `id`, `kind`, `number`, `currency`, `gross`, `paid`, `due`, `payments` and more."""
        found = self.control("GET", "teamleader")
        return [row for row in found["invoices"] + found["credit_notes"] if row["number"] is not None]

    def unequal_payments(self) -> list[dict[str, Any]]:
        """Invoices on both sides of which not as much is open: `number`, `due` in Teamleader, `open` in Exact."""
        entries = {entry["number"]: entry for entry in self.exact_entries() if entry["kind"] == "invoice"}
        pairs = [(row, entries[row["number"]]) for row in self.teamleader_documents() if row["number"] in entries]
        return [
            {"number": row["number"], "due": row["due"], "open": entry["open"]}
            for row, entry in pairs
            if row["kind"] == "invoice" and row["due"] != entry["open"]
        ]

    def orphan_documents(self) -> list[str]:
        """Subjects of documents in Exact that no entry points to."""
        ledger = self.ledger()
        used = {entry["document"] for entry in ledger["entries"]}
        return [document["subject"] for document in ledger["documents"] if document["id"] not in used]

    def double_accounts(self) -> list[str]:
        """Names and VAT numbers that more than one account in Exact has."""
        seen: set[tuple[Any, ...]] = set()
        double = []
        for account in self.ledger()["accounts"]:
            identity = (account["name"], account["vat_number"], account["email"])
            if identity in seen:
                double.append(account["name"])
            seen.add(identity)
        return double

    def tokens(self) -> list[str]:
        """Every access and refresh token that either service gave out, the first refresh tokens included."""
        return [token for issued in self.control("GET", "tokens").values() for token in issued]

    def logged_in_again(self) -> dict[str, str]:
        """A person logs in to both services again; return the settings with the new refresh tokens."""
        tokens = {
            service: self.control("POST", "login", {"service": service})["refresh_token"]
            for service in ("teamleader", "exact")
        }
        return {
            **{f"{plugin}_REFRESH_TOKEN": tokens["teamleader"] for plugin in ("TAP_TEAMLEADER", "TARGET_TEAMLEADER")},
            **{f"{plugin}_REFRESH_TOKEN": tokens["exact"] for plugin in ("TARGET_EXACTONLINE", "TAP_EXACTONLINE")},
        }

    def env(self) -> dict[str, str]:
        """Where both services are and how to log in, as Meltano's plugins read it from the environment."""
        settings: dict[str, str] = {}
        for plugin in ("TAP_TEAMLEADER", "TARGET_TEAMLEADER"):
            settings |= {
                f"{plugin}_API_URL": self.teamleader_url,
                f"{plugin}_AUTH_URL": self.teamleader_url,
                f"{plugin}_CLIENT_ID": ids.CLIENT_ID,
                f"{plugin}_CLIENT_SECRET": ids.CLIENT_SECRET,
                f"{plugin}_REFRESH_TOKEN": ids.FIRST_REFRESH_TOKEN,
                f"{plugin}_DEPARTMENT_ID": ids.DEPARTMENT_ID,
            }
        settings["TARGET_TEAMLEADER_DIVISION"] = str(DIVISION)
        for plugin in ("TARGET_EXACTONLINE", "TAP_EXACTONLINE"):
            settings |= {
                f"{plugin}_API_URL": self.exact_url,
                f"{plugin}_CLIENT_ID": EXACT_CLIENT_ID,
                f"{plugin}_CLIENT_SECRET": EXACT_CLIENT_SECRET,
                f"{plugin}_REFRESH_TOKEN": EXACT_REFRESH_TOKEN,
                f"{plugin}_DIVISION": str(DIVISION),
            }
        return settings

    def production_env(self) -> dict[str, str]:
        """Everything that a run needs when nothing is preset: `env()` and how to book in this administration."""
        vat_codes = {"21%": "21", "12%": "12", "6%": "6", "0%": "0"}
        vat_codes |= {"0% Intracommunautair": "IC", "0% Medecontractant": "MC"}
        vat_codes |= {"0% Export": "EX", "0% Vrijgesteld": "VR"}
        conditions = {"cash": "00", "8": "08", "14": "14", "30": "30", "30 end_of_month": "30E", "60": "60"}
        return self.env() | {
            "TAP_TEAMLEADER_START_DATE": "all",
            "TARGET_EXACTONLINE_INVOICE_JOURNAL": "70",
            "TARGET_EXACTONLINE_CREDIT_NOTE_JOURNAL": "71",
            "TARGET_EXACTONLINE_VAT_CODES": json.dumps(vat_codes),
            "TARGET_EXACTONLINE_DEFAULT_GL_ACCOUNT": "700000",
            "TARGET_EXACTONLINE_PAYMENT_CONDITIONS": json.dumps(conditions | {"direct_debit": "DD"}),
            "TARGET_EXACTONLINE_DEFAULT_PAYMENT_CONDITION": "30",
        }
