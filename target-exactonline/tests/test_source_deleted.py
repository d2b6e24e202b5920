"""Line 11: a document that was deleted at the source is not booked any more, and its entry is reported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore, Step, people

if TYPE_CHECKING:
    from conftest import Desk


def deletion(record: dict[str, Any]) -> dict[str, Any]:
    told = {name: record[name] for name in ("id", "kind", "number", "date")}
    return {**told, "deleted_at": "2026-06-25T10:00:00Z"}


def status(desk: Desk, record: dict[str, Any]) -> tuple[str, str]:
    with desk.store() as store:
        reject = store.rejects(desk.division).get(record["kind"], record["id"])
    assert reject is not None
    return reject.status, reject.code


def test_a_waiting_document_is_not_booked_once_what_it_waited_for_is_there(desk: Desk) -> None:
    record = desk.invoice(tax_rate="0.12")
    desk.run(desk.company(), record)
    assert desk.codes() == {record["id"]: "vat_code_unmapped"}
    desk.settings["vat_codes"] = {**desk.settings["vat_codes"], "12%": "12"}
    ran = desk.run(deletion(record))
    assert ran.counts == {"left out": 1}
    assert status(desk, record) == ("excluded", "source_deleted")
    desk.run()
    assert desk.entries() == []


def test_the_deletion_counts_although_other_records_of_the_run_come_first(desk: Desk) -> None:
    """A customer who changed opens the administration, and with it everything that waits is tried again."""
    company, record = desk.company(), desk.invoice(tax_rate="0.12")
    desk.run(company, record, desk.invoice())
    desk.settings["vat_codes"] = {**desk.settings["vat_codes"], "12%": "12"}
    desk.run({**company, "phone": "03 123 45 67"}, deletion(record))
    assert desk.exact.entries(record["number"]) == []


def test_a_booked_one_is_reported_and_its_entry_left_alone(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    (entry,) = desk.entries()
    ran = desk.run(deletion(record))
    assert ran.counts == {"rejected": 1}
    assert status(desk, record) == ("rejected", "source_deleted")
    assert desk.link(record).state == "orphaned"
    assert desk.entries() == [entry]
    assert desk.run(deletion(record)).counts == {}


@pytest.mark.parametrize("net", ["100.00", "50.00"])
def test_the_document_that_took_the_number_is_booked_beside_it(desk: Desk, net: str) -> None:
    """Whether it is for the same amount on the same day, or for another one."""
    dead = desk.invoice()
    desk.run(desk.company(), dead)
    new = desk.invoice(net=net, number=dead["number"])
    ran = desk.run(deletion(dead), new)
    assert ran.counts == {"rejected": 1, "booked": 1}
    assert len(desk.exact.entries(dead["number"])) == 2
    assert desk.codes() == {dead["id"]: "source_deleted"}
    assert desk.link(new).exact_id != desk.link(dead).exact_id
    assert desk.run(new).counts == {"unchanged": 1}


def test_a_person_lets_go_of_it_with_what_the_hint_names(desk: Desk) -> None:
    """bridge unlink."""
    record = desk.invoice()
    desk.run(desk.company(), record)
    desk.run(deletion(record))
    with desk.store() as store:
        people.release(DivisionStore(store, desk.division), "invoice", record["number"])
    assert desk.codes() == {}
    assert desk.link(record) is None


def test_one_whose_outcome_was_not_known_is_reported_once_it_is(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    with desk.store() as store:
        links = store.links(desk.division)
        booked = links.get("invoice", record["id"])
        assert booked is not None
        links.remove("invoice", record["id"])
        sent = replace(booked.document, step=Step.ENTRY)
        links.intend("invoice", record["id"], number=record["number"], fingerprint=booked.fingerprint, detail=sent)
    desk.run(deletion(record))
    assert desk.link(record).state == "orphaned"
    assert status(desk, record) == ("rejected", "source_deleted")
    assert len(desk.entries()) == 1


def test_of_an_unknown_document_nothing_is_kept(desk: Desk) -> None:
    assert desk.run(deletion(desk.invoice())).counts == {}
    assert desk.codes() == {}


def test_one_that_turns_out_to_be_there_is_linked_to_its_entry_again(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    desk.run(deletion(record))
    desk.run(record)
    assert desk.link(record).state == "linked"
    assert len(desk.entries()) == 1
    assert desk.codes() == {}
