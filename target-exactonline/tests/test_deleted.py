"""What people delete in Exact is noticed, shown, and not booked again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Harness


def test_a_deleted_entry_is_noticed_and_not_posted_again(harness: Harness) -> None:
    record, other = harness.invoice(), harness.invoice()
    harness.run(harness.company(), record, other)
    harness.exact.do("delete_entry", your_ref=record["number"])
    ran = harness.run()
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "entry_missing"}
    assert harness.link(record).state == "missing"
    assert harness.link(other).state == "linked"
    harness.run(record)
    assert harness.exact.entries(record["number"]) == []


def test_a_person_lets_it_be_booked_again(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    harness.exact.do("delete_entry", your_ref=record["number"])
    harness.run()
    with harness.store() as store:
        store.links(harness.division).remove("invoice", record["id"])
    ran = harness.run(record)
    assert ran.counts == {"booked": 1}
    assert harness.codes() == {}


def test_a_run_with_nothing_to_do_makes_one_call(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    harness.run()
    harness.exact.forget_calls()
    ran = harness.run()
    assert ran.counts == {}
    assert harness.exact.calls() == [("GET", "sync/Deleted")]


def test_a_first_run_with_nothing_to_do_makes_none(harness: Harness) -> None:
    harness.exact.forget_calls()
    assert harness.run().error is None
    assert harness.exact.calls() == []


def test_a_deleted_account_is_made_anew_for_the_next_document(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    account = harness.accounts()[0]["id"]
    harness.exact.do("delete_entry", your_ref=record["number"])
    harness.exact.do("delete_account", id=account)
    harness.run()
    ran = harness.run(harness.company(), harness.invoice())
    assert ran.counts["booked"] == 1
    assert [each["id"] for each in harness.accounts()] != [account]
