from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from sandbox.exact.app import build_app
from sandbox.exact.control import verbs
from sandbox.exact.state import ExactState, seed_exact

LOGIN = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-exact",
    "client_secret": "sandbox-exact-secret",
    "refresh_token": "sandbox-exact-refresh",
}


class Clock:
    """25 June 2026, 14:21 UTC, until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 25, 14, 21, 4, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def d(self) -> Any:
        return json.loads(self.content, parse_float=Decimal)["d"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.d if isinstance(self.d, list) else self.d["results"]

    @property
    def message(self) -> str:
        return json.loads(self.content)["error"]["message"]["value"]


@dataclass
class Exact:
    """Talks to the application without a network, and to the person in the office through `verb`."""

    options: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.state: ExactState = seed_exact({"float_noise": False, **self.options}, Random(7), self.clock)  # noqa: S311
        self.app = build_app(self.state)
        self.headers = {"accept": "application/json"}

    def call(self, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
        parts = urlsplit(url)
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("127.0.0.1", 8002),
            "path": parts.path,
            "raw_path": quote(parts.path, safe="/%()'=,").encode(),
            "query_string": quote(parts.query, safe="$&=%+'(),*:;/?-_.~").encode(),
            "headers": [(b"host", b"127.0.0.1:8002")]
            + [(name.lower().encode(), value.encode()) for name, value in given.items() if value],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))  # type: ignore[arg-type]
        return Answer(
            sent[0]["status"],
            {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]},
            b"".join(message.get("body", b"") for message in sent[1:]),
        )

    def token(self, **changes: str) -> Answer:
        form = urlencode({**LOGIN, **changes}).encode()
        return self.call("POST", "/api/oauth2/token", form, content_type="application/x-www-form-urlencoded")

    def login(self) -> Exact:
        self.headers["authorization"] = "Bearer " + json.loads(self.token().content)["access_token"]
        return self

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path if path.startswith(("/", "http")) else f"/api/v1/123456/{path}", **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", f"/api/v1/123456/{path}", content, **{"content_type": "application/json", **headers})

    def put(self, path: str, key: str, body: Any) -> Answer:
        url = f"/api/v1/123456/{path}(guid'{key}')"
        return self.call("PUT", url, json.dumps(body).encode(), content_type="application/json")

    def delete(self, path: str, key: str) -> Answer:
        return self.call("DELETE", f"/api/v1/123456/{path}(guid'{key}')")

    def row(self, path: str, key: str, query: str = "") -> dict[str, Any]:
        answer = self.get(f"{path}(guid'{key}'){query}")
        assert answer.status == 200, answer.text
        return answer.d

    def verb(self, name: str, /, **arguments: Any) -> Any:
        return verbs[name](self.state, arguments)

    # What most tests need around what they are about.

    def ledger(self, code: str = "700000") -> str:
        account = self.state.by_code("financial/GLAccounts", code)
        assert account is not None
        return str(account["ID"])

    def customer(self, **changes: Any) -> str:
        return str(self.post("crm/Accounts", {"Name": "Klant", "Status": "C", **changes}).d["ID"])

    def line(self, **changes: Any) -> dict[str, Any]:
        return {"GLAccount": self.ledger(), "AmountFC": 100, "VATCode": "21", **changes}

    def entry(self, *lines: dict[str, Any], **changes: Any) -> Answer:
        body = {
            "Journal": "70",
            "PaymentCondition": "30",
            "EntryDate": "2026-06-01",
            "YourRef": "2026 / 1",
            "SalesEntryLines": list(lines) or [self.line()],
            **changes,
        }
        if "Customer" not in body:
            body["Customer"] = self.customer()
        return self.post("salesentry/SalesEntries", {name: value for name, value in body.items() if value is not None})

    def receivables(self, entry_id: str) -> list[dict[str, Any]]:
        query = f"cashflow/Receivables?$filter=TransactionEntryID eq guid'{entry_id}'"
        names = "ID,EntryID,AmountDC,AmountFC,TransactionAmountDC,TransactionType,Status,IsFullyPaid,DueDate"
        return self.get(f"{query}&$select={names},LastPaymentDate").rows

    def transaction_lines(self, entry_id: str) -> list[dict[str, Any]]:
        rows = self.get(f"financialtransaction/TransactionLines?$filter=EntryID eq guid'{entry_id}'").rows
        return sorted(rows, key=lambda row: row["LineNumber"])

    def deleted(self) -> list[tuple[int, str]]:
        rows = self.get("sync/Deleted?$filter=Timestamp gt 1L&$select=EntityType,EntityKey").rows
        return [(row["EntityType"], row["EntityKey"]) for row in rows]


@pytest.fixture(scope="session")
def new_exact() -> type[Exact]:
    """To make an administration with other options."""
    return Exact


@pytest.fixture
def exact() -> Exact:
    return Exact({"no_limits": True}).login()
