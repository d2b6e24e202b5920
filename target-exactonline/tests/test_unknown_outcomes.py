"""Answers that do not come: nothing is sent twice, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import Step
from singer_shell import unknown_outcomes
from target_exactonline.writing import documents, search, similar

if TYPE_CHECKING:
    from conftest import Desk

ENTRIES = "salesentry/SalesEntries"
WRITTEN = ["reset_after", "truncated", "empty_500_after"]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.05))


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
@pytest.mark.parametrize("path", [ENTRIES, "documents/Documents", "documents/DocumentAttachments", "crm/Accounts"])
def test_a_write_whose_answer_is_lost_is_found_again_in_the_same_run(desk: Desk, kind: str, path: str) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match=path, method="POST", kind=kind, times=1)
    ran = desk.run(desk.company(), record)
    assert ran.counts["booked"] == 1
    assert len(desk.exact.entries(record["number"])) == 1
    assert len(desk.exact.documents(record["number"])) == 1
    assert len(desk.accounts()) == 1
    assert desk.codes() == {}


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_a_write_that_may_not_have_happened_waits_for_the_next_run(desk: Desk, kind: str) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match=ENTRIES, method="POST", kind=kind, times=1)
    ran = desk.run(desk.company(), record)
    assert ran.error is None
    assert ran.counts["unknown"] == 1
    assert desk.codes() == {record["id"]: "outcome_unknown"}
    desk.exact.later()
    ran = desk.run()
    assert ran.counts["booked"] == 1
    assert len(desk.exact.entries(record["number"])) == 1
    assert len(desk.exact.documents(record["number"])) == 1
    assert desk.codes() == {}


def test_a_customer_that_may_not_have_been_created_is_not_created_twice(desk: Desk) -> None:
    record = desk.invoice()
    desk.exact.fault(match="crm/Accounts", method="POST", kind="reset_before", times=1)
    ran = desk.run(desk.company(), record)
    assert ran.counts == {"unknown": 1, "waiting": 1}
    desk.exact.later()
    ran = desk.run()
    assert ran.counts["booked"] == 1
    assert len(desk.accounts()) == 1


def test_when_exact_stays_silent_the_document_is_kept_and_the_run_ends(desk: Desk) -> None:
    records = [desk.invoice() for _ in range(8)]
    desk.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=100)
    ran = desk.run(desk.company(), *records)
    assert ran.error is not None
    assert set(desk.codes().values()) == {"outcome_unknown"}
    assert len(desk.codes()) == 3
    desk.exact.no_faults()
    desk.exact.later()
    ran = desk.run(desk.company(), *records)
    assert ran.error is None
    assert all(len(desk.exact.entries(record["number"])) == 1 for record in records)
    assert desk.codes() == {}


def test_an_entry_whose_link_was_lost_is_settled_before_anything_else(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    with desk.store() as store:
        links = store.links(desk.division)
        link = links.get("invoice", record["id"])
        assert link is not None
        links.remove("invoice", record["id"])
        links.intend(
            "invoice",
            record["id"],
            number=record["number"],
            fingerprint=link.fingerprint,
            detail=replace(link.document, step=Step.ENTRY),
        )
    ran = desk.run(record)
    assert ran.counts == {"booked": 1, "unchanged": 1}
    assert len(desk.exact.entries(record["number"])) == 1


def test_a_lost_memory_is_rebuilt_by_looking(desk: Desk) -> None:
    records = [desk.company(), *(desk.invoice(pdf=True) for _ in range(5)), desk.credit_note()]
    desk.run(*records)
    desk.lose_memory()
    desk.exact.forget_calls()
    ran = desk.run(*records)
    assert ran.counts == {"adopted": 6, "customers matched": 1}
    assert [call for call in desk.exact.calls() if call[0] != "GET"] == []


def test_an_orphan_document_of_a_lost_memory_is_used(desk: Desk) -> None:
    record = desk.invoice(pdf=True, updated_at="2020-01-01T00:00:00Z")
    desk.exact.fault(match=ENTRIES, method="POST", kind="error", status=401, times=50)
    assert desk.run(desk.company(), record).error is not None
    assert len(desk.exact.documents(record["number"])) == 1
    desk.exact.no_faults()
    desk.lose_memory()
    ran = desk.run(desk.company(), record)
    assert ran.counts["booked"] == 1
    documents = desk.exact.documents(record["number"])
    assert len(documents) == 1
    assert desk.exact.entries(record["number"])[0]["document"] == documents[0]["id"]


def test_an_unknown_outcome_rests_and_others_go_on_meanwhile(desk: Desk) -> None:
    """Line 9: a second run two seconds later sends nothing again."""
    record, other = desk.invoice(), desk.invoice()
    desk.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    desk.run(desk.company(), record)
    ran = desk.run(record, other)
    assert ran.counts == {"booked": 1, "waiting": 1}
    assert desk.codes() == {record["id"]: "outcome_awaited"}
    assert desk.exact.entries(record["number"]) == []
    desk.exact.later()
    assert desk.run().counts == {"booked": 1}
    assert len(desk.exact.entries(record["number"])) == 1


@pytest.mark.parametrize("seconds", [20, 200])
def test_a_request_that_exact_finishes_after_we_left_is_booked_once(desk: Desk, seconds: int) -> None:
    """Line 9: an orphaned request is carried out while, or after, later runs look for it."""
    record = desk.invoice()
    desk.exact.fault(match=ENTRIES, method="POST", kind="orphaned", seconds=seconds, times=1)
    desk.run(desk.company(), record)
    for _ in range(3):
        desk.run(record)
    desk.exact.later()
    desk.run(record)
    assert len(desk.exact.entries(record["number"])) == 1
    assert desk.codes() == {}


def test_an_account_that_exact_makes_after_we_left_is_made_once(desk: Desk) -> None:
    """Line 9."""
    record = desk.invoice()
    desk.exact.fault(match="crm/Accounts", method="POST", kind="orphaned", seconds=60, times=1)
    desk.run(desk.company(), record)
    ran = desk.run(desk.company(), record)
    assert ran.counts == {"waiting": 2}
    assert desk.codes() == {desk.company()["id"]: "outcome_awaited", record["id"]: "waiting_for_customer"}
    desk.exact.later()
    desk.run(record)
    assert len(desk.accounts()) == 1
    assert len(desk.exact.entries(record["number"])) == 1
    assert desk.codes() == {}


def test_an_entry_that_shows_late_is_found_and_not_sent_again(desk: Desk) -> None:
    """Line 9."""
    record = desk.invoice()
    desk.run(desk.company(), desk.invoice())
    desk.exact.do("show_late", seconds=120)
    desk.exact.fault(match=ENTRIES, method="POST", kind="reset_after", times=1)
    desk.run(record)
    assert desk.run(record).counts == {"waiting": 1}
    desk.exact.later()
    ran = desk.run(record)
    desk.exact.do("show_late", seconds=0)
    assert ran.counts["booked"] == 1
    assert len(desk.exact.entries(record["number"])) == 1
    assert desk.codes() == {}


def test_a_number_that_the_entry_itself_has_taken_is_no_reason_to_send_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line 9: "entry number in use" may speak of this very entry, which arrived after the looks."""
    desk.settings["entry_number_template"] = "{year}{sequence:05}"
    record = desk.invoice()
    desk.run(desk.company(), record)
    with desk.store() as store:
        store.links(desk.division).remove("invoice", record["id"])

    def arrives_after_the_looks(*_: Any, **__: Any) -> Any:
        monkeypatch.setattr(documents, "entries_by_reference", search.entries_by_reference)
        return {}

    monkeypatch.setattr(similar, "entries_of_customers", lambda *_, **__: [])
    monkeypatch.setattr(documents, "entries_by_reference", arrives_after_the_looks)
    ran = desk.run(record)
    assert ran.counts == {"adopted": 1}
    assert len(desk.exact.entries(record["number"])) == 1


def test_a_wrong_clock_delays_an_unknown_outcome_by_one_rest_and_never_blocks_it(desk: Desk) -> None:
    """Line 9."""
    record = desk.invoice()
    desk.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    desk.run(desk.company(), record)
    with desk.store() as store:
        ahead = datetime.now(timezone.utc) + timedelta(days=4000)
        store.links(desk.division).progress("invoice", record["id"], sent_at=ahead)
    assert desk.run(record).counts == {"waiting": 1}
    desk.exact.later()
    assert desk.run(record).counts["booked"] == 1


def test_an_entry_with_another_vat_is_not_taken_for_what_was_sent(desk: Desk) -> None:
    """Line 5: 20.99 VAT is not 21.00, and what people booked is not deleted for it."""
    desk.run(desk.company(), desk.invoice())
    record = desk.invoice()
    desk.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    desk.run(record)
    desk.exact.do(
        "add_entry",
        customer=desk.accounts()[0]["id"],
        your_ref=record["number"],
        date=record["date"],
        lines=[{"gl_account": "700000", "vat_code": "21", "amount": "100.01", "vat_amount": "20.99"}],
    )
    desk.exact.later()
    desk.run()
    assert desk.codes() == {record["id"]: "conflict"}
    assert [entry["vat"] for entry in desk.exact.entries(record["number"])] == [Decimal("20.99")]
