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
    from conftest import Harness

ENTRIES = "salesentry/SalesEntries"
WRITTEN = ["reset_after", "truncated", "empty_500_after"]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.05))


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
@pytest.mark.parametrize("path", [ENTRIES, "documents/Documents", "documents/DocumentAttachments", "crm/Accounts"])
def test_a_write_whose_answer_is_lost_is_found_again_in_the_same_run(harness: Harness, kind: str, path: str) -> None:
    record = harness.invoice(pdf=True)
    harness.exact.fault(match=path, method="POST", kind=kind, times=1)
    ran = harness.run(harness.company(), record)
    assert ran.counts["booked"] == 1
    assert len(harness.exact.entries(record["number"])) == 1
    assert len(harness.exact.documents(record["number"])) == 1
    assert len(harness.accounts()) == 1
    assert harness.codes() == {}


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_a_write_that_may_not_have_happened_waits_for_the_next_run(harness: Harness, kind: str) -> None:
    record = harness.invoice(pdf=True)
    harness.exact.fault(match=ENTRIES, method="POST", kind=kind, times=1)
    ran = harness.run(harness.company(), record)
    assert ran.error is None
    assert ran.counts["unknown"] == 1
    assert harness.codes() == {record["id"]: "outcome_unknown"}
    harness.exact.later()
    ran = harness.run()
    assert ran.counts["booked"] == 1
    assert len(harness.exact.entries(record["number"])) == 1
    assert len(harness.exact.documents(record["number"])) == 1
    assert harness.codes() == {}


def test_a_customer_that_may_not_have_been_created_is_not_created_twice(harness: Harness) -> None:
    record = harness.invoice()
    harness.exact.fault(match="crm/Accounts", method="POST", kind="reset_before", times=1)
    ran = harness.run(harness.company(), record)
    assert ran.counts == {"unknown": 1, "waiting": 1}
    harness.exact.later()
    ran = harness.run()
    assert ran.counts["booked"] == 1
    assert len(harness.accounts()) == 1


def test_when_exact_stays_silent_the_document_is_kept_and_the_run_ends(harness: Harness) -> None:
    records = [harness.invoice() for _ in range(8)]
    harness.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=100)
    ran = harness.run(harness.company(), *records)
    assert ran.error is not None
    assert set(harness.codes().values()) == {"outcome_unknown"}
    assert len(harness.codes()) == 3
    harness.exact.no_faults()
    harness.exact.later()
    ran = harness.run(harness.company(), *records)
    assert ran.error is None
    assert all(len(harness.exact.entries(record["number"])) == 1 for record in records)
    assert harness.codes() == {}


def test_an_entry_whose_link_was_lost_is_settled_before_anything_else(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    with harness.store() as store:
        links = store.links(harness.division)
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
    ran = harness.run(record)
    assert ran.counts == {"booked": 1, "unchanged": 1}
    assert len(harness.exact.entries(record["number"])) == 1


def test_a_lost_store_is_rebuilt_by_looking(harness: Harness) -> None:
    records = [harness.company(), *(harness.invoice(pdf=True) for _ in range(5)), harness.credit_note()]
    harness.run(*records)
    harness.lose_store()
    harness.exact.forget_calls()
    ran = harness.run(*records)
    assert ran.counts == {"adopted": 6, "customers matched": 1}
    assert [call for call in harness.exact.calls() if call[0] != "GET"] == []


def test_an_orphan_document_of_a_lost_store_is_used(harness: Harness) -> None:
    record = harness.invoice(pdf=True, updated_at="2020-01-01T00:00:00Z")
    harness.exact.fault(match=ENTRIES, method="POST", kind="error", status=401, times=50)
    assert harness.run(harness.company(), record).error is not None
    assert len(harness.exact.documents(record["number"])) == 1
    harness.exact.no_faults()
    harness.lose_store()
    ran = harness.run(harness.company(), record)
    assert ran.counts["booked"] == 1
    documents = harness.exact.documents(record["number"])
    assert len(documents) == 1
    assert harness.exact.entries(record["number"])[0]["document"] == documents[0]["id"]


def test_an_unknown_outcome_rests_and_others_go_on_meanwhile(harness: Harness) -> None:
    """Line 9: a second run two seconds later sends nothing again."""
    record, other = harness.invoice(), harness.invoice()
    harness.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    harness.run(harness.company(), record)
    ran = harness.run(record, other)
    assert ran.counts == {"booked": 1, "waiting": 1}
    assert harness.codes() == {record["id"]: "outcome_awaited"}
    assert harness.exact.entries(record["number"]) == []
    harness.exact.later()
    assert harness.run().counts == {"booked": 1}
    assert len(harness.exact.entries(record["number"])) == 1


@pytest.mark.parametrize("seconds", [20, 200])
def test_a_request_that_exact_finishes_after_we_left_is_booked_once(harness: Harness, seconds: int) -> None:
    """Line 9: an orphaned request is carried out while, or after, later runs look for it."""
    record = harness.invoice()
    harness.exact.fault(match=ENTRIES, method="POST", kind="orphaned", seconds=seconds, times=1)
    harness.run(harness.company(), record)
    for _ in range(3):
        harness.run(record)
    harness.exact.later()
    harness.run(record)
    assert len(harness.exact.entries(record["number"])) == 1
    assert harness.codes() == {}


def test_an_account_that_exact_makes_after_we_left_is_made_once(harness: Harness) -> None:
    """Line 9."""
    record = harness.invoice()
    harness.exact.fault(match="crm/Accounts", method="POST", kind="orphaned", seconds=60, times=1)
    harness.run(harness.company(), record)
    ran = harness.run(harness.company(), record)
    assert ran.counts == {"waiting": 2}
    assert harness.codes() == {harness.company()["id"]: "outcome_awaited", record["id"]: "waiting_for_customer"}
    harness.exact.later()
    harness.run(record)
    assert len(harness.accounts()) == 1
    assert len(harness.exact.entries(record["number"])) == 1
    assert harness.codes() == {}


@pytest.mark.parametrize("cut", ["reset_before", "reset_after"])
def test_what_waits_for_an_account_without_an_answer_follows_by_itself(harness: Harness, cut: str) -> None:
    """Line 9: as soon as it is known whether there is an account, and not a day later."""
    harness.run(harness.company(), harness.invoice())
    customer = harness.company(other=True, email=None)
    record = harness.invoice(customer=customer["id"])
    harness.exact.do("show_late", seconds=120)
    harness.exact.fault(match="crm/Accounts", method="POST", kind=cut, times=1)
    harness.run(customer, record)
    for _ in range(3):
        harness.run()  # looks at all that moved: nothing did
    assert harness.codes() == {customer["id"]: "outcome_awaited", record["id"]: "waiting_for_customer"}
    harness.exact.later()
    assert harness.run().counts["booked"] == 1
    harness.exact.do("show_late", seconds=0)
    assert len(harness.accounts()) == 2
    assert harness.codes() == {}


def test_an_entry_that_shows_late_is_found_and_not_sent_again(harness: Harness) -> None:
    """Line 9."""
    record = harness.invoice()
    harness.run(harness.company(), harness.invoice())
    harness.exact.do("show_late", seconds=120)
    harness.exact.fault(match=ENTRIES, method="POST", kind="reset_after", times=1)
    harness.run(record)
    assert harness.run(record).counts == {"waiting": 1}
    harness.exact.later()
    ran = harness.run(record)
    harness.exact.do("show_late", seconds=0)
    assert ran.counts["booked"] == 1
    assert len(harness.exact.entries(record["number"])) == 1
    assert harness.codes() == {}


def test_a_number_that_the_entry_itself_has_taken_is_no_reason_to_send_it_again(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line 9: "entry number in use" may speak of this very entry, which arrived after the looks."""
    harness.settings["entry_number_template"] = "{year}{sequence:05}"
    record = harness.invoice()
    harness.run(harness.company(), record)
    with harness.store() as store:
        store.links(harness.division).remove("invoice", record["id"])

    def arrives_after_the_looks(*_: Any, **__: Any) -> Any:
        monkeypatch.setattr(documents, "entries_by_reference", search.entries_by_reference)
        return {}

    monkeypatch.setattr(similar, "entries_nearby", lambda *_, **__: [])
    monkeypatch.setattr(documents, "entries_by_reference", arrives_after_the_looks)
    ran = harness.run(record)
    assert ran.counts == {"adopted": 1}
    assert len(harness.exact.entries(record["number"])) == 1


def test_a_wrong_clock_delays_an_unknown_outcome_by_one_rest_and_never_blocks_it(harness: Harness) -> None:
    """Line 9."""
    record = harness.invoice()
    harness.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    harness.run(harness.company(), record)
    with harness.store() as store:
        ahead = datetime.now(timezone.utc) + timedelta(days=4000)
        store.links(harness.division).progress("invoice", record["id"], sent_at=ahead)
    assert harness.run(record).counts == {"waiting": 1}
    harness.exact.later()
    assert harness.run(record).counts["booked"] == 1


def test_an_entry_with_another_vat_is_not_taken_for_what_was_sent(harness: Harness) -> None:
    """Line 5: 20.99 VAT is not 21.00, and what people booked is not deleted for it."""
    harness.run(harness.company(), harness.invoice())
    record = harness.invoice()
    harness.exact.fault(match=ENTRIES, method="POST", kind="reset_before", times=1)
    harness.run(record)
    harness.exact.do(
        "add_entry",
        customer=harness.accounts()[0]["id"],
        your_ref=record["number"],
        date=record["date"],
        lines=[{"gl_account": "700000", "vat_code": "21", "amount": "100.01", "vat_amount": "20.99"}],
    )
    harness.exact.later()
    harness.run()
    assert harness.codes() == {record["id"]: "conflict"}
    assert [entry["vat"] for entry in harness.exact.entries(record["number"])] == [Decimal("20.99")]
