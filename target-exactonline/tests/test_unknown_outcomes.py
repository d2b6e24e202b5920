"""Answers that do not come: nothing is sent twice, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector_store import Step
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Desk

ENTRIES = "salesentry/SalesEntries"
WRITTEN = ["reset_after", "truncated", "empty_500_after"]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.05))
    monkeypatch.setattr(unknown_outcomes, "GRACE_SECONDS", 0.0)


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
