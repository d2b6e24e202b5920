"""`bridge reconcile` against both services: what is equal is told so, and what is not is named, alone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from api_core.tokens import MemoryTokens
from bridge.reconciling.documents import Range, booked_documents
from bridge.reconciling.reading import reconcile_services
from bridge.view.reconciled import as_document
from connector_store import ConnectorStore, DivisionStore, DocumentDetail, How, Status
from connector_store.scope import keep_scope
from exactonline_api import ExactClient
from sandbox.testing import SandboxProcess
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bridge.view.sides import Amounts, Document

DIVISION = 123456
CODES = {Decimal("0.21"): "21", Decimal("0.12"): "12", Decimal("0.06"): "6", Decimal(0): "0"}
JOURNALS = {"invoice": "70", "credit_note": "71"}


@dataclass
class Office:
    """Both services, and a store that knows how they were brought together."""

    sandbox: SandboxProcess
    store: DivisionStore
    teamleader: TeamleaderClient
    exact: ExactClient
    accounts: dict[str, str] = field(default_factory=dict)

    def documents(self) -> list[Document]:
        return booked_documents(self.teamleader, Range(), None)

    def unpaid(self) -> list[Document]:
        """Invoices with VAT of which nothing was paid or credited, in the administration's currency."""
        found = [each for each in self.documents() if each.key.kind == "invoice" and each.currency == "EUR"]
        return [each for each in found if each.gross > 0 and each.open == each.gross and min(each.rates) > 0]

    def account(self, customer: str | None) -> str:
        """An account in Exact for a customer, linked."""
        key = customer or "nobody"
        if key not in self.accounts:
            self.accounts[key] = self.sandbox.exact("add_account", Name=f"Klant {len(self.accounts)}", Status="C")["id"]
            self.store.links.confirm("account", key, exact_id=self.accounts[key], fingerprint="f", how=How.POSTED)
        return self.accounts[key]

    def books(self, document: Document, **changes: Any) -> str:
        """Book a document in Exact as it is, but for `changes`, and link the two; return the entry's id."""
        entry_id = self.enters(document, **changes)
        self.links(document, entry_id)
        return entry_id

    def enters(self, document: Document, **changes: Any) -> str:
        lines = [
            {"vat_code": CODES[rate], "amount": str(each.net), "vat_amount": str(each.vat)}
            for rate, each in document.rates.items()
        ]
        given = {
            "journal": JOURNALS[document.key.kind],
            "customer": self.account(document.customer),
            "your_ref": document.number,
            "date": document.date.isoformat(),
            "currency": document.currency,
            "lines": lines or [{"vat_code": "0", "amount": "0"}],
            **changes,
        }
        return str(self.sandbox.exact("add_entry", **given)["id"])

    def links(self, document: Document, entry_id: str) -> None:
        detail = DocumentDetail(date=document.date, customer=self.account(document.customer))
        self.store.links.confirm(
            *document.key, exact_id=entry_id, fingerprint="f", how=How.POSTED, number=document.number, detail=detail
        )

    def settles_in_exact(self, document: Document, credited: Decimal) -> None:
        """Match in Exact what Teamleader says is paid."""
        paid = document.gross + credited - (document.open or 0)
        if document.key.kind == "invoice" and paid > 0:
            self.sandbox.match({"your_ref": document.number, "journal": "70", "amount": str(paid)})

    def refuses(self, document: Document, **values: Any) -> None:
        given = {"code": "vat_code_unmapped", "reason": "No VAT code", "hint": "Map it.", "payload": None, **values}
        self.store.rejects.put(*document.key, number=document.number, **given)

    def reconciles(
        self, first: str | None = None, last: str | None = None, *, registers: bool = True
    ) -> dict[str, Any]:
        days = Range(*(None if day is None else date.fromisoformat(day) for day in (first, last)))
        found, calls = reconcile_services(self.teamleader, self.exact, self.store, days, registers=registers)
        return as_document(found, calls)

    def differences(self) -> list[tuple[str, str | None]]:
        return [(each["what"], each["number"]) for each in self.reconciles()["differences"]]


@contextmanager
def office(folder: Path, *arguments: str) -> Iterator[Office]:
    with (
        SandboxProcess("--no-limits", *arguments) as sandbox,
        ConnectorStore.open(f"sqlite:///{folder / 'connector.db'}") as store,
    ):
        env = sandbox.env()
        common = {"tokens": MemoryTokens(), "read_only": True}
        login = {
            service: {
                name: env[f"{service}_{name.upper()}"]
                for name in ("api_url", "client_id", "client_secret", "refresh_token")
            }
            for service in ("TAP_TEAMLEADER", "TAP_EXACTONLINE")
        }
        teamleader = TeamleaderClient(
            **login["TAP_TEAMLEADER"], auth_url=sandbox.teamleader_url, tokens=MemoryTokens(), read_only=True
        )
        exact = ExactClient(**login["TAP_EXACTONLINE"], division=DIVISION, tokens=common["tokens"], read_only=True)
        yield Office(sandbox, DivisionStore(store, DIVISION), teamleader, exact)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Office]:
    """A dozen documents, none booked yet."""
    with office(tmp_path, "--customers", "6", "--invoices", "12", "--credit-notes", "3") as opened:
        yield opened


@pytest.fixture
def booked(small: Office) -> Office:
    """A dozen documents, all booked, and as much paid as in Teamleader."""
    everything_is_booked(small)
    return small


def everything_is_booked(desk: Office, since: date = date.min) -> None:
    documents = desk.documents()
    for document in documents:
        if document.date >= since:
            desk.books(document)
            credited = sum((each.gross for each in documents if each.credits == document.key.id), Decimal(0))
            desk.settles_in_exact(document, credited)


def test_books_that_agree_are_equal_to_the_cent(booked: Office) -> None:
    told = booked.reconciles()
    assert told["differences"] == []
    assert told["equal"] is True
    assert told["standings"]["booked"] == len(booked.documents())
    for row in told["months"]:
        assert row["teamleader"] == row["exact"], row


def test_every_document_has_one_standing_and_its_place_in_the_sums(booked: Office) -> None:
    waits, refused, left_out, under_way = booked.unpaid()[:4]
    for document in (waits, refused, left_out, under_way):
        lose(booked, document)
    booked.refuses(waits, status=Status.WAITING, code="customer_missing")
    booked.refuses(refused)
    booked.store.rejects.leave_out(*left_out.key, who="an", why="Booked by hand", number=left_out.number)
    booked.store.links.intend(*under_way.key, number=under_way.number, fingerprint="f")
    told = booked.reconciles()
    assert told["differences"] == []
    everything = len(booked.documents())
    standings = {name: count for name, count in told["standings"].items() if count}
    assert standings == {"booked": everything - 4, "waiting": 2, "rejected": 1, "excluded": 1}
    held = {each["number"]: (each["standing"], each["code"], each["reason"], each["who"]) for each in told["held"]}
    assert held[refused.number] == ("rejected", "vat_code_unmapped", "No VAT code", None)
    assert held[left_out.number] == ("excluded", "left_out", "Booked by hand", "an")
    for row in told["months"]:
        for amount in ("count", "net", "vat", "gross"):
            parts = sum(row[side][amount] for side in ("exact", "waiting", "excluded", "before_start"))
            assert row["teamleader"][amount] == parts, row


def test_what_lies_before_the_start_is_told_and_is_no_difference(small: Office) -> None:
    documents = small.documents()
    start = sorted(each.date for each in documents)[len(documents) // 2]
    everything_is_booked(small, since=start)
    keep_scope(small.store.store, {"department_id": None, "start_date": "x", "from": start.isoformat()})
    told = small.reconciles(first="2000-01-01")
    assert told["differences"] == []
    assert told["standings"]["before_start"] == sum(each.date < start for each in documents) > 0
    since = small.reconciles()
    assert since["standings"]["before_start"] == 0
    assert since["standings"]["booked"] == told["standings"]["booked"]


def test_a_range_holds_the_documents_of_its_days_wherever_they_were_booked(booked: Office) -> None:
    document = booked.unpaid()[0]
    lose(booked, document)
    later = document.date + timedelta(days=31)
    entry_id = booked.enters(document, date=later.isoformat())
    detail = DocumentDetail(date=later, customer=booked.account(document.customer))
    booked.store.links.confirm(
        *document.key, exact_id=entry_id, fingerprint="f", how=How.POSTED, number=document.number, detail=detail
    )
    its_day = booked.reconciles(str(document.date), str(document.date))
    assert its_day["equal"] is True
    assert [each["number"] for each in its_day["moved"]] == [document.number]
    day_of_entry = booked.reconciles(str(later), str(later))
    assert day_of_entry["equal"] is True
    assert document.number not in {each["number"] for each in day_of_entry["moved"]}


def test_entries_of_others_are_counted_and_compared_with_nothing(booked: Office) -> None:
    booked.enters(booked.unpaid()[0], your_ref="HAND 1")
    told = booked.reconciles()
    assert (told["equal"], told["by_hand"]) == (True, 1)


def test_an_invoice_and_its_credit_note_are_settled_alike_matched_or_not(booked: Office) -> None:
    """Teamleader takes a credit note off its invoice at once; in Exact somebody has to match them."""
    invoice = booked.unpaid()[0]
    booked.sandbox.add_credit_note(invoice=invoice.key.id)
    (note,) = [each for each in booked.documents() if each.credits == invoice.key.id]
    booked.refuses(note, status=Status.WAITING)
    assert booked.differences() == []
    booked.store.rejects.resolve(*note.key)
    booked.books(note)
    assert booked.differences() == []
    against = {"your_ref": note.number, "journal": "71"}
    booked.sandbox.match({"your_ref": invoice.number, "journal": "70", "how": "credit_note", "against": against})
    assert booked.differences() == []
    last_day = str(invoice.date)
    assert booked.reconciles(last_day, last_day)["differences"] == []


def test_an_entry_without_its_document_is_named_until_somebody_dealt_with_it(booked: Office) -> None:
    invoice = booked.unpaid()[0]
    booked.sandbox.teamleader("delete_document", id=invoice.key.id)
    assert booked.differences() == [("document_missing", invoice.number)]
    booked.refuses(invoice, code="source_deleted")
    booked.store.links.mark_orphaned(*invoice.key)
    (told,) = booked.reconciles()["differences"]
    assert (told["what"], told["code"]) == ("document_missing", "source_deleted")
    booked.store.rejects.resolve(*invoice.key)
    told = booked.reconciles()
    assert (told["equal"], told["standings"]["deleted"]) == (True, 1)


def test_a_payment_that_one_side_lacks_is_told_with_its_reason(booked: Office) -> None:
    invoice = booked.unpaid()[0]
    booked.sandbox.pay(invoice.key.id)
    booked.store.rejects.put(
        "payment", invoice.key.id, code="payment_refused", reason="Refused", hint="Do it by hand.", payload=None
    )
    (told,) = booked.reconciles()["differences"]
    assert (told["what"], told["teamleader"], told["exact"]) == ("open", Decimal(0), invoice.gross)
    assert told["code"] == "payment_refused"


def test_what_is_settled_is_no_difference_where_payments_are_not_registered(booked: Office) -> None:
    settled, paid = booked.unpaid()[:2]
    booked.sandbox.match({"your_ref": settled.number, "journal": "70"})
    assert booked.differences() == [("open", settled.number)]
    told = booked.reconciles(registers=False)
    assert (told["equal"], told["differences"]) == (True, [])
    (left,) = told["unregistered"]
    assert (left["number"], left["teamleader"], left["exact"]) == (settled.number, settled.open, Decimal(0))
    # What somebody registered in Teamleader and nobody matched in Exact is one still.
    booked.sandbox.pay(paid.key.id)
    told = booked.reconciles(registers=False)
    assert [(each["what"], each["number"]) for each in told["differences"]] == [("open", paid.number)]


def change_line(desk: Office, document: Document, **changes: Any) -> None:
    desk.sandbox.exact("edit_line", your_ref=document.number, journal="70", line=1, **changes)


def edit(desk: Office, document: Document, **changes: Any) -> None:
    desk.sandbox.exact("edit_entry", your_ref=document.number, journal="70", changes=changes)


def first_rate(document: Document) -> tuple[Decimal, Amounts]:
    return next(iter(document.rates.items()))


def more_net(desk: Office, document: Document) -> None:
    _, charged = first_rate(document)
    change_line(desk, document, amount=str(charged.net + 5), vat_amount=str(charged.vat))


def more_vat(desk: Office, document: Document) -> None:
    change_line(desk, document, vat_amount=str(first_rate(document)[1].vat + Decimal("0.01")))


def another_rate(desk: Office, document: Document) -> None:
    rate, _ = first_rate(document)
    change_line(desk, document, vat_code="12" if rate != Decimal("0.12") else "6")


def lose(desk: Office, document: Document) -> None:
    """Nobody has read it."""
    desk.sandbox.exact("delete_entry", your_ref=document.number, journal="70")
    desk.store.links.remove(*document.key)


def wait_beside_its_entry(desk: Office, document: Document) -> None:
    """It waits, and its entry is not known to be its own."""
    desk.store.links.remove(*document.key)
    desk.refuses(document)


PLANTED: dict[str, Callable[[Office, Document], Any]] = {
    "entry_missing": lambda desk, each: desk.sandbox.exact("delete_entry", your_ref=each.number, journal="70"),
    "net": more_net,
    "vat": more_vat,
    "vat_rate": another_rate,
    "date": lambda desk, each: edit(desk, each, EntryDate="2026-10-31"),
    "number": lambda desk, each: edit(desk, each, YourRef="2026 / 99999"),
    "customer": lambda desk, each: edit(desk, each, Customer=desk.account("another"), PaymentCondition="30"),
    "open": lambda desk, each: desk.sandbox.match({"your_ref": each.number, "journal": "70", "amount": "1.00"}),
    "double": lambda desk, each: desk.enters(each),
    "document_missing": lambda desk, each: desk.sandbox.teamleader("delete_document", id=each.key.id),
    "not_known": lose,
    "unlinked": wait_beside_its_entry,
}
"""What people, or a lost memory, do to one document that was equal."""


def test_twelve_differences_among_many_documents_are_found_and_no_others(tmp_path: Path) -> None:
    twelve_are_found(tmp_path, "--customers", "20", "--invoices", "110", "--credit-notes", "10")


@pytest.mark.long
def test_twelve_differences_of_twelve_kinds_among_3000_documents_are_found_and_no_others(tmp_path: Path) -> None:
    twelve_are_found(tmp_path, "--customers", "160", "--invoices", "2700", "--credit-notes", "300")


def twelve_are_found(folder: Path, *size: str) -> None:
    with office(folder, *size) as desk:
        everything_is_booked(desk)
        documents = desk.documents()
        chosen = dict(zip(PLANTED, desk.unpaid(), strict=False))
        for what, plant in PLANTED.items():
            plant(desk, chosen[what])
        desk.sandbox.forget_calls()
        told = desk.reconciles()
        found = {each["what"]: each["number"] for each in told["differences"]}
        assert found == {what: each.number for what, each in chosen.items()}
        assert len(told["differences"]) == len(PLANTED) == 12
        asked = [path for _, path in desk.sandbox.call_list("exact") if "oauth2" not in path]
        assert told["calls"] == len(asked) <= len(documents) / 60 + 1
