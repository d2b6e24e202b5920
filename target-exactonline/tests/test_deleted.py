"""What people delete in Exact is noticed, shown, and not booked again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk


def test_a_deleted_entry_is_noticed_and_not_posted_again(desk: Desk) -> None:
    record, other = desk.invoice(), desk.invoice()
    desk.run(desk.company(), record, other)
    desk.exact.do("delete_entry", your_ref=record["number"])
    ran = desk.run()
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "entry_missing"}
    assert desk.link(record).state == "missing"
    assert desk.link(other).state == "linked"
    desk.run(record)
    assert desk.exact.entries(record["number"]) == []


def test_a_person_lets_it_be_booked_again(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    desk.exact.do("delete_entry", your_ref=record["number"])
    desk.run()
    with desk.store() as store:
        store.links(desk.division).remove("invoice", record["id"])
    ran = desk.run(record)
    assert ran.counts == {"booked": 1}
    assert desk.codes() == {}


def test_a_run_with_nothing_to_do_makes_one_call(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    desk.run()
    desk.exact.forget_calls()
    ran = desk.run()
    assert ran.counts == {}
    assert desk.exact.calls() == [("GET", "sync/Deleted")]


def test_a_first_run_with_nothing_to_do_makes_none(desk: Desk) -> None:
    desk.exact.forget_calls()
    assert desk.run().error is None
    assert desk.exact.calls() == []


def test_a_deleted_account_is_made_anew_for_the_next_document(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    account = desk.accounts()[0]["id"]
    desk.exact.do("delete_entry", your_ref=record["number"])
    desk.exact.do("delete_account", id=account)
    desk.run()
    ran = desk.run(desk.company(), desk.invoice())
    assert ran.counts["booked"] == 1
    assert [each["id"] for each in desk.accounts()] != [account]
