"""The words in which a case is told, what people do to bring it about, and how the books are held against it.

The document: `invoice` or `credit note`, lines such as "2 x 50.00 at 21% less 10% in Diensten", or {"line": …, "text":
…}; `date`, `number`, `term` ("30 days end of month"), `due`, `discounts` (name and percentage), `currency` and `rate`,
`collect` (mandate), `payment reference`, `order` (the customer's), `totals` (other ones than Teamleader would give),
`credits` (lines of the invoice that a credit note credits), `customer`, `draft`, `withheld`.
What happens: `exact` before the run, `later` before the second one.
What the books say: `books`, one "ledger account, VAT code, amount, VAT" per line; `texts`, `cost centers`, `cost units`
per line; `entry`, fields of the header; `account`, fields of the customer; `accounts`, how many there are; `files`;
`collection`; `refused`, the code under which the document is kept back (`reason` is part of its sentence), with
`stands` for what is in the books nevertheless; `waits`, the code of what is still to be done for a booked one;
`warning`, part of a line in the log; `absent` for what never came.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import requests

from connector_store import ConnectorStore, DivisionStore
from connector_store.people import try_all_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.testing import SandboxProcess

DIVISION = 123456
DAY = "2026-06-15"
"""Date of a document that names none."""
REGULAR = {"name": "Vaste Klant NV", "vat_number": "BE0780150313", "country": "BE"}
"""The customer of a document that names none."""
CENT = Decimal("0.01")
DOCUMENT = {"invoice", "credit note", "date", "number", "term", "due", "discounts", "currency", "rate", "collect"}
DOCUMENT |= {"payment reference", "order", "totals", "credits", "customer", "draft", "withheld"}
HAPPENS = {"exact", "later"}
KEPT_BACK = {"refused", "reason", "stands", "waits", "warning", "absent"}
_LINE = re.compile(r"(-?[\d.]+) x (-?[\d.]+) at (\d+%.*?)(?: less ([\d.]+)%)?(?: in (\w+))?")
_TERM = re.compile(r"(\d+) days( end of month)?")


def check_words(line: str, told: dict[str, Any]) -> None:
    """Refuse a case with a word that nothing listens to."""
    unknown = told.keys() - DOCUMENT - HAPPENS - KEPT_BACK - READERS.keys()
    if unknown:
        raise ValueError(f"{line}: nobody knows what {', '.join(sorted(unknown))} means")


class People:
    """The people at both ends: they write documents in Teamleader and work in Exact."""

    def __init__(self, sandbox: SandboxProcess, store_uri: str) -> None:
        self.sandbox = sandbox
        self._store_uri = store_uri
        self._customers: dict[str, str] = {}

    def ask_again(self) -> None:
        """Have all that waits looked at by the next run, as `bridge retry --all` does."""
        with ConnectorStore.open(self._store_uri) as store:
            try_all_again(DivisionStore(store, DIVISION))

    def customer(self, told: dict[str, Any]) -> str:
        """Enter a customer in Teamleader, once; a last name makes a private person of it."""
        key = repr(sorted(told.items(), key=str))
        if key not in self._customers:
            kind = "contact" if "last_name" in told else "company"
            made = self.sandbox.teamleader(f"add_{kind}", **customer_fields(told))
            self._customers[key] = f"{kind}:{made['id']}"
        return self._customers[key]

    def read(self, path: str, select: str) -> list[dict[str, Any]]:
        """Read an entity of Exact as any program with a login does."""
        url = self.sandbox.exact_url
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.sandbox.logged_in_again()["TARGET_EXACTONLINE_REFRESH_TOKEN"],
            "client_id": self.sandbox.env()["TARGET_EXACTONLINE_CLIENT_ID"],
            "client_secret": self.sandbox.env()["TARGET_EXACTONLINE_CLIENT_SECRET"],
        }
        token = requests.post(f"{url}/api/oauth2/token", data=form, timeout=60).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = requests.get(f"{url}/api/v1/{DIVISION}/{path}?$select={select}", headers=headers, timeout=60)
        answer.raise_for_status()
        rows: Any = answer.json()["d"]
        found: list[dict[str, Any]] = rows["results"] if isinstance(rows, dict) else rows
        return found


def customer_fields(told: dict[str, Any]) -> dict[str, Any]:
    """Return a customer as Teamleader takes it."""
    fields = {
        name: told[name]
        for name in ("name", "first_name", "last_name", "vat_number", "language", "iban")
        if name in told
    }
    if "national_number" in told:
        fields["national_identification_number"] = told["national_number"]
    if "email" in told:
        fields["emails"] = [{"type": "primary", "email": told["email"]}]
    if "phone" in told:
        fields["telephones"] = [{"type": "phone", "number": told["phone"]}]
    addresses = [
        {
            "type": kind,
            "address": {
                "line_1": place.get("street"),
                "postal_code": place.get("postcode"),
                "city": place.get("city"),
                "country": place.get("country", "BE"),
            },
        }
        for kind, place in (("primary", told), ("invoicing", told.get("invoicing", {})))
        if {"street", "postcode", "city", "country"} & place.keys()
    ]
    return fields | ({"addresses": addresses} if addresses else {})


def line_fields(told: str | dict[str, Any]) -> dict[str, Any]:
    """Return a line as Teamleader takes it."""
    text = told if isinstance(told, str) else told["line"]
    found = _LINE.fullmatch(text)
    assert found, f"not a line of a document: {text}"
    quantity, price, rate, discount, category = found.groups()
    description = "Dienst" if isinstance(told, str) else told["text"]
    fields = {
        "description": description,
        "quantity": quantity,
        "unit_price": price,
        "tax_rate": rate,
        "category": category,
    }
    return fields | ({"discount": discount} if discount else {})


def document_fields(told: dict[str, Any], lines: list[Any]) -> dict[str, Any]:
    """Return a document as Teamleader takes it."""
    fields: dict[str, Any] = {"date": told.get("date", DAY), "lines": [line_fields(line) for line in lines]}
    if told.get("withheld"):
        fields["lines"][0]["withholding"] = "Ritenuta 20%"
    for word, name in (
        ("number", "number"),
        ("due", "due_on"),
        ("currency", "currency"),
        ("rate", "rate"),
        ("payment reference", "payment_reference"),
        ("order", "purchase_order_number"),
    ):
        if word in told:
            fields[name] = told[word]
    if "term" in told:
        found = _TERM.fullmatch(told["term"])
        kind = "cash" if not found else "end_of_month" if found[2] else "after_invoice_date"
        fields["payment_term"] = {"type": kind, "days": int(found[1]) if found else 0}
    if "collect" in told:
        fields |= {"expected_payment_method": "sepa_direct_debit", "mandate": told["collect"]}
    if "discounts" in told:
        fields["discounts"] = [{"description": name, "percentage": each} for name, each in told["discounts"].items()]
    if "totals" in told:
        taxes = [dict(zip(("rate", "taxable", "tax"), row, strict=True)) for row in told["totals"]["taxes"]]
        fields["totals"] = {**told["totals"], "taxes": taxes}
    if told.get("draft"):
        fields["status"] = "draft"
    return fields


@dataclass
class Case:
    """One line of a table, its document, and after the run what became of it."""

    line: str
    told: dict[str, Any]
    document: dict[str, Any] = field(default_factory=dict)
    credited: str | None = None
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    ran: Any = None

    @property
    def word(self) -> str:
        """The word of the table for the document."""
        return "invoice" if "invoice" in self.told else "credit note"

    @property
    def kind(self) -> str:
        """The same as the records call it."""
        return self.word.replace(" ", "_")

    # Before and between the runs

    def tell(self, people: People, place: int) -> None:
        """Enter the customer and the document, and do what was done in Exact before.

        Documents are written in the order of the cases, a second apart. Those that name no number get one out of the
        way of those that do, by their `place`.
        """
        for verb, arguments in self.told.get("exact", []):
            people.sandbox.exact(verb, **arguments)
        customer = people.customer(self.told.get("customer", REGULAR))
        number = f"2026 / {3000 + place}" if self.kind == "invoice" else f"2026/{4000 + place}"
        written = f"2026-11-18T08:{place // 60:02}:{place % 60:02}+00:00"
        fields = {"number": number, "updated_at": written, **document_fields(self.told, self.told[self.word])}
        if "credits" in self.told:
            self.credited = f"2026 / {6000 + place}"
            invoiced = document_fields({"number": self.credited}, self.told["credits"])
            invoice = people.sandbox.add_invoice(customer=customer, **invoiced)
            fields["invoice"] = invoice["id"]
        self.document = people.sandbox.teamleader(f"add_{self.kind}", customer=customer, **fields)

    def go_on(self, people: People) -> None:
        """Do what happens after the first run."""
        for verb, arguments in self.told["later"]:
            if verb == "edit":
                changes = {"lines": [line_fields(line) for line in arguments["lines"]]}
                people.sandbox.teamleader(f"edit_{self.kind}", id=self.document["id"], **changes)
            elif verb == "edit customer":
                kind, _, customer = self.document["customer"].partition(":")
                people.sandbox.teamleader(f"edit_{kind}", id=customer, **customer_fields(arguments))
            elif verb == "pay":
                people.sandbox.teamleader("pay", id=self.document["id"])
            elif verb == "faults end":
                people.sandbox.clear_faults()
            elif verb == "resend":
                people.ask_again()
            else:
                people.sandbox.exact(verb, **self._named(arguments))

    def look_closer(self, people: People) -> None:
        """Read in Exact what the ledger does not show."""
        if "collection" in self.told:
            accounts = {row["ID"]: row["BankAccount"] for row in people.read("crm/BankAccounts", "ID,BankAccount")}
            for row in people.read(
                "cashflow/DirectDebitMandates", "Reference,BankAccount,Type,PaymentType,SignatureDate"
            ):
                self.collections[row["Reference"]] = {**row, "BankAccount": accounts[row["BankAccount"]]}

    # After the runs

    def stands_as_told(self) -> None:
        """Hold the books against what the case tells."""
        reject = self.ran.rejects.get(self.document["id"])
        assert (reject.code if reject else None) == self.told.get("refused", self.told.get("waits")), reject
        if "reason" in self.told:
            assert self.told["reason"] in reject.reason
        if "warning" in self.told:
            assert self.told["warning"] in self.ran.log
        if "refused" in self.told or "absent" in self.told:
            left = [self.told["stands"]] if "stands" in self.told else []
            assert [booked_lines(entry) for entry in self.entries] == left
            return
        assert len(self.entries) == 1, f"{self.document['number']} stands {len(self.entries)} times in the books"
        (entry,) = self.entries
        self._equals_teamleader(entry)
        expected = {word: self._named(self.told[word]) for word in READERS if word in self.told}
        assert {word: READERS[word](self, entry) for word in expected} == expected

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries with exactly the document's number."""
        return [entry for entry in self.ran.books["entries"] if entry["your_ref"] == self.document["number"]]

    def _equals_teamleader(self, entry: dict[str, Any]) -> None:
        """Hold net, VAT per rate, gross and receivable against the document as Teamleader shows it."""
        total = self.ran.documents[self.document["id"]]["total"]
        sign = -1 if self.kind == "credit_note" else 1
        net, gross = (sign * total[name]["amount"] for name in ("tax_exclusive", "tax_inclusive"))
        assert (entry["net"], entry["gross"], entry["open"]) == (net, gross, gross)
        per_rate: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for line in entry["lines"]:
            booked = per_rate[Decimal(line["vat_percentage"])]
            booked[0] += line["net"]
            booked[1] += line["vat"]
        for tax in total["taxes"]:
            assert per_rate[Decimal(tax["rate"])] == [sign * tax[name]["amount"] for name in ("taxable", "tax")]
        assert sum(net for net, _ in per_rate.values()) == net
        in_own_currency = entry["gross"] * Decimal(entry["rate"])
        assert abs(entry["gross_dc"] - in_own_currency) <= CENT * (len(entry["lines"]) + 1)

    def _named(self, told: Any) -> Any:
        """Return what is told with the document's own numbers filled in."""
        if not isinstance(told, dict):
            return told
        numbers = {"number": self.document["number"], "credited": self.credited}
        return {name: each.format(**numbers) if isinstance(each, str) else each for name, each in told.items()}

    def entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the header that the case names."""
        return {name: as_told(entry[name], told) for name, told in self.told["entry"].items()}

    def account(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the customer that the case names."""
        (account,) = [each for each in self.ran.books["accounts"] if each["id"] == entry["customer"]]
        return {name: account[name] for name in self.told["account"]}

    def accounts(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return how many customers are as the case says."""
        wanted = {name: value for name, value in self.told["accounts"].items() if name != "count"}
        return {**wanted, "count": sum(wanted.items() <= each.items() for each in self.ran.books["accounts"])}

    def files(self, entry: dict[str, Any]) -> list[str]:
        """Return the names of the files with the entry."""
        holders = [each for each in self.ran.books["documents"] if each["id"] == entry["document"]]
        return sorted(file["file_name"] for holder in holders for file in holder["attachments"])

    def collection(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return the mandate that the case names."""
        row = self.collections[self.told["collection"]["reference"]]
        return {
            "reference": row["Reference"],
            "bank_account": row["BankAccount"],
            "type": {0: "core", 1: "B2B"}[row["Type"]],
            "payment": {0: "one-off", 1: "recurring"}[row["PaymentType"]],
        }


def booked_lines(entry: dict[str, Any]) -> list[str]:
    """Write the lines of an entry as a journal does: ledger account, VAT code, amount, VAT."""
    return [f"{line['gl_account']} {line['vat_code']} {line['net']:.2f} {line['vat']:.2f}" for line in entry["lines"]]


def as_told(found: Any, told: str) -> Any:
    """Write a number as it was told when it is that number."""
    return told if isinstance(found, Decimal | int) and found == Decimal(told) else found


READERS: dict[str, Callable[[Case, dict[str, Any]], Any]] = {
    "books": lambda _, entry: booked_lines(entry),
    "line count": lambda _, entry: len(entry["lines"]),
    "texts": lambda _, entry: [line["description"] for line in entry["lines"]],
    "cost centers": lambda _, entry: [line["cost_center"] for line in entry["lines"]],
    "cost units": lambda _, entry: [line["cost_unit"] for line in entry["lines"]],
    "entry": Case.entry,
    "account": Case.account,
    "accounts": Case.accounts,
    "files": Case.files,
    "collection": Case.collection,
}
"""How what the books say is read from them, by the word under which a case tells it."""
