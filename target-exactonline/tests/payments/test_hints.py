"""Line 26: what each hint about a payment says is done literally, and the message is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import RemovePlan
from singer_shell import unknown_outcomes
from target_exactonline.reasons import CATALOGUE

if TYPE_CHECKING:
    from conftest import Desk

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")
LATER = {"updated_at": "2026-05-21T09:00:00Z"}


def set_wrong(setting: str) -> Any:
    """Return a payment that a wrong setting refused; the setting is right in the next run."""

    def arrange(till: Desk, record: dict[str, Any]) -> Any:
        till.run(record, **{setting: "XX"})
        return lambda: None

    return arrange


def unclear(till: Desk, record: dict[str, Any]) -> Any:
    wrong = {**record, "payments": [{**record["payments"][0], "paid_at": None}]}
    till.run(wrong)
    return lambda: till.run({**record, **LATER})


def unclear_booked_by_hand(till: Desk, record: dict[str, Any]) -> Any:
    unclear(till, record)
    return lambda: till.exact.do("match_entry", your_ref=record["number"])


def waits(till: Desk, record: dict[str, Any]) -> Any:
    named: dict[str, Any] = {"exact_id": till.link(record).exact_id, "number": None, "currency": "EUR"}
    with till.store() as store:
        payments = store.registered_payments(till.division)
        payments.intend(record["id"], **named, entry_number=None, plan=RemovePlan(Decimal(1), settled=Decimal(0)))
    till.run(record)

    def person() -> None:
        with till.store() as store:
            store.registered_payments(till.division).withdraw(record["id"])

    return person


def collected(till: Desk, record: dict[str, Any]) -> Any:
    till.exact.do("collect_entry", your_ref=record["number"])
    till.run(record)
    return lambda: till.run({**till.paid(record), **LATER})


def taken_out_of_the_collection(till: Desk, record: dict[str, Any]) -> Any:
    collected(till, record)
    return lambda: till.exact.do("collect_entry", your_ref=record["number"], status=20)


def refused(till: Desk, record: dict[str, Any]) -> Any:
    till.exact.fault(match="GeneralJournalEntries", method="POST", kind="business", times=1, message="Verplicht: iets")
    till.run(record)
    return till.ask_for_all


def unmatched(till: Desk, record: dict[str, Any]) -> str:
    till.exact.do("end_xml_topics")
    till.run(record)
    (entry,) = till.exact.receipts(record["number"])
    return str(entry["entry_id"])


def matched_by_hand(till: Desk, record: dict[str, Any]) -> Any:
    entry = unmatched(till, record)
    invoice = till.exact.entries(record["number"])[0]["entry_id"]
    return lambda: till.exact.do("match_general_entry", id=entry, **{"with": invoice})


def edited(till: Desk, record: dict[str, Any]) -> str:
    entry = unmatched(till, record)
    till.exact.do("edit_general_line", id=entry, line=1, gl_account="440000")
    till.lose_store()
    till.run(till.company(), record)
    return entry


def corrected(till: Desk, record: dict[str, Any]) -> Any:
    entry = edited(till, record)
    till.exact.do("end_xml_topics", ended=False)
    return lambda: till.exact.do("edit_general_line", id=entry, line=1, gl_account="400000")


def gone(till: Desk, record: dict[str, Any]) -> Any:
    entry = unmatched(till, record)
    till.exact.do("delete_general_entry", id=entry)
    till.run()
    return lambda: till.exact.do("match_entry", your_ref=record["number"])


HINTS = [
    ("payment_journal", set_wrong("payment_journal")),
    ("payment_gl_account", set_wrong("payment_gl_account")),
    ("payment_unclear", unclear),
    ("payment_unclear", unclear_booked_by_hand),
    ("payment_waits", waits),
    ("payment_being_collected", collected),
    ("payment_being_collected", taken_out_of_the_collection),
    ("payment_refused", refused),
    ("payment_not_matched", matched_by_hand),
    ("payment_differs", corrected),
    ("payment_entry_missing", gone),
]


@pytest.fixture
def till(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    desk.settings.update(ON)
    yield desk
    desk.exact.do("end_xml_topics", ended=False)


@pytest.mark.parametrize(("code", "arrange"), HINTS)
def test_the_message_goes_when_a_person_does_what_it_says(till: Desk, code: str, arrange: Any) -> None:
    record = till.invoice()
    till.run(till.company(), record)
    person = arrange(till, till.paid(record, PAID))
    assert set(till.codes().values()) == {code}
    person()
    till.run()
    assert till.codes() == {}


def test_every_hint_about_payments_is_tried() -> None:
    """That of payment_currency is tried in test_invoices, with a currency of its own."""
    assert {code for code, _ in HINTS} == {code for code in CATALOGUE if code.startswith("payment_")} - {
        "payment_condition_unknown",
        "payment_condition_missing",
        "payment_condition_not_collection",
        "payment_currency",
    }
