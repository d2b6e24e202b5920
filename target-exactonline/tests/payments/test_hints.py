"""Line 26: what each hint about a payment says is done literally, and the message is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import RemovePlan
from singer_shell import unknown_outcomes
from target_exactonline.reasons import CATALOGUE

if TYPE_CHECKING:
    from conftest import Harness

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")
LATER = {"updated_at": "2026-05-21T09:00:00Z"}


def set_wrong(setting: str) -> Any:
    """Return a payment that a wrong setting refused; the setting is right in the next run."""

    def arrange(paying: Harness, record: dict[str, Any]) -> Any:
        paying.run(record, **{setting: "XX"})
        return lambda: None

    return arrange


def unclear(paying: Harness, record: dict[str, Any]) -> Any:
    wrong = {**record, "payments": [{**record["payments"][0], "paid_at": None}]}
    paying.run(wrong)
    return lambda: paying.run({**record, **LATER})


def unclear_booked_by_hand(paying: Harness, record: dict[str, Any]) -> Any:
    unclear(paying, record)
    return lambda: paying.exact.do("match_entry", your_ref=record["number"])


def waits(paying: Harness, record: dict[str, Any]) -> Any:
    named: dict[str, Any] = {"exact_id": paying.link(record).exact_id, "number": None, "currency": "EUR"}
    with paying.store() as store:
        payments = store.registered_payments(paying.division)
        payments.intend(record["id"], **named, entry_number=None, plan=RemovePlan(Decimal(1), settled=Decimal(0)))
    paying.run(record)

    def person() -> None:
        with paying.store() as store:
            store.registered_payments(paying.division).withdraw(record["id"])

    return person


def collected(paying: Harness, record: dict[str, Any]) -> Any:
    paying.exact.do("collect_entry", your_ref=record["number"])
    paying.run(record)
    return lambda: paying.run({**paying.paid(record), **LATER})


def taken_out_of_the_collection(paying: Harness, record: dict[str, Any]) -> Any:
    collected(paying, record)
    return lambda: paying.exact.do("collect_entry", your_ref=record["number"], status=20)


def refused(paying: Harness, record: dict[str, Any]) -> Any:
    paying.exact.fault(
        match="GeneralJournalEntries", method="POST", kind="business", times=1, message="Verplicht: iets"
    )
    paying.run(record)
    return paying.ask_for_all


def unmatched(paying: Harness, record: dict[str, Any]) -> str:
    paying.exact.do("end_xml_topics")
    paying.run(record)
    (entry,) = paying.exact.booked_payments(record["number"])
    return str(entry["entry_id"])


def matched_by_hand(paying: Harness, record: dict[str, Any]) -> Any:
    entry = unmatched(paying, record)
    invoice = paying.exact.entries(record["number"])[0]["entry_id"]
    return lambda: paying.exact.do("match_general_entry", id=entry, **{"with": invoice})


def edited(paying: Harness, record: dict[str, Any]) -> str:
    entry = unmatched(paying, record)
    paying.exact.do("edit_general_line", id=entry, line=1, gl_account="440000")
    paying.lose_store()
    paying.run(paying.company(), record)
    return entry


def corrected(paying: Harness, record: dict[str, Any]) -> Any:
    entry = edited(paying, record)
    paying.exact.do("end_xml_topics", ended=False)
    return lambda: paying.exact.do("edit_general_line", id=entry, line=1, gl_account="400000")


def gone(paying: Harness, record: dict[str, Any]) -> Any:
    entry = unmatched(paying, record)
    paying.exact.do("delete_general_entry", id=entry)
    paying.run()
    return lambda: paying.exact.do("match_entry", your_ref=record["number"])


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
def paying(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    harness.settings.update(ON)
    yield harness
    harness.exact.do("end_xml_topics", ended=False)


@pytest.mark.parametrize(("code", "arrange"), HINTS)
def test_the_message_goes_when_a_person_does_what_it_says(paying: Harness, code: str, arrange: Any) -> None:
    record = paying.invoice()
    paying.run(paying.company(), record)
    person = arrange(paying, paying.paid(record, PAID))
    assert set(paying.codes().values()) == {code}
    person()
    paying.run()
    assert paying.codes() == {}


def test_every_hint_about_payments_is_tried() -> None:
    """That of payment_currency is tried in test_invoices, with a currency of its own."""
    assert {code for code, _ in HINTS} == {code for code in CATALOGUE if code.startswith("payment_")} - {
        "payment_condition_unknown",
        "payment_condition_missing",
        "payment_condition_not_collection",
        "payment_currency",
    }
