"""A document that Exact refused after it took its files is no write in doubt: a person may do what hints say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore, people

if TYPE_CHECKING:
    from conftest import Harness

ENTRIES = "salesentry/SalesEntries"


def refused(harness: Harness) -> dict[str, Any]:
    """Return an invoice whose PDF is in Exact, and whose entry is not."""
    record = harness.invoice(pdf=True)
    harness.exact.fault(match=ENTRIES, method="POST", kind="business", message="Neen", times=1)
    harness.run(record, files="with_entry")
    assert len(harness.exact.documents(record["number"])) == 1
    assert harness.codes() == {record["id"]: "refused_by_exact"}
    return record


def test_it_may_be_linked_to_the_entry_that_a_person_booked(harness: Harness) -> None:
    customer = harness.known_customer()
    record = refused(harness)
    made = harness.book_by_hand(record, customer, your_ref=record["number"].replace(" ", ""))
    harness.ask_for_all()
    harness.run()
    assert harness.codes() == {record["id"]: "similar_entry"}
    with harness.store() as store:
        people.link_by_hand(DivisionStore(store, harness.division), "invoice", record["id"], made["id"])
    harness.run()
    assert harness.codes() == {}
    assert harness.link(record).exact_id == made["id"]
    assert harness.exact.entries(record["number"]) == []


def test_it_may_be_left_out_and_taken_in_again_with_the_files_that_are_there(harness: Harness) -> None:
    harness.known_customer()
    record = refused(harness)
    with harness.store() as store:
        people.leave_out(DivisionStore(store, harness.division), "invoice", record["id"], who="Ann", why="By hand")
    assert harness.run(record).counts == {"left out": 1}
    assert harness.link(record) is None
    with harness.store() as store:
        people.take_in(DivisionStore(store, harness.division), "invoice", record["id"])
    assert harness.run().counts["booked"] == 1
    (entry,) = harness.exact.entries(record["number"])
    (document,) = harness.exact.documents(record["number"])
    assert entry["document"] == document["id"]
    assert len(document["attachments"]) == 1


def test_it_has_no_link_to_release(harness: Harness) -> None:
    harness.known_customer()
    record = refused(harness)
    with harness.store() as store, pytest.raises(people.NotPossibleError, match="is not linked"):
        people.release(DivisionStore(store, harness.division), "invoice", record["id"])
