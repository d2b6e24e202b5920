"""Line 11: a document that was deleted at the source is not booked any more, and its entry is reported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore, Step, people

if TYPE_CHECKING:
    from conftest import Harness


def deletion(record: dict[str, Any]) -> dict[str, Any]:
    told = {name: record[name] for name in ("id", "kind", "number", "date")}
    return {**told, "deleted_at": "2026-06-25T10:00:00Z"}


def status(harness: Harness, record: dict[str, Any]) -> tuple[str, str]:
    with harness.store() as store:
        reject = store.rejects(harness.division).get(record["kind"], record["id"])
    assert reject is not None
    return reject.status, reject.code


def test_a_waiting_document_is_not_booked_once_what_it_waited_for_is_there(harness: Harness) -> None:
    record = harness.invoice(tax_rate="0.12")
    harness.run(harness.company(), record)
    assert harness.codes() == {record["id"]: "vat_code_unmapped"}
    harness.settings["vat_codes"] = {**harness.settings["vat_codes"], "12%": "12"}
    ran = harness.run(deletion(record))
    assert ran.counts == {"left out": 1}
    assert status(harness, record) == ("excluded", "source_deleted")
    harness.run()
    assert harness.entries() == []


def test_the_deletion_counts_although_other_records_of_the_run_come_first(harness: Harness) -> None:
    """A customer who changed opens the administration, and with it everything that waits is tried again."""
    company, record = harness.company(), harness.invoice(tax_rate="0.12")
    harness.run(company, record, harness.invoice())
    harness.settings["vat_codes"] = {**harness.settings["vat_codes"], "12%": "12"}
    harness.run({**company, "phone": "03 123 45 67"}, deletion(record))
    assert harness.exact.entries(record["number"]) == []


def test_a_booked_one_is_reported_and_its_entry_left_alone(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    (entry,) = harness.entries()
    ran = harness.run(deletion(record))
    assert ran.counts == {"rejected": 1}
    assert status(harness, record) == ("rejected", "source_deleted")
    assert harness.link(record).state == "orphaned"
    assert harness.entries() == [entry]
    assert harness.run(deletion(record)).counts == {}


@pytest.mark.parametrize("net", ["100.00", "50.00"])
def test_the_document_that_took_the_number_is_booked_beside_it(harness: Harness, net: str) -> None:
    """Whether it is for the same amount on the same day, or for another one."""
    dead = harness.invoice()
    harness.run(harness.company(), dead)
    new = harness.invoice(net=net, number=dead["number"])
    ran = harness.run(deletion(dead), new)
    assert ran.counts == {"rejected": 1, "booked": 1}
    assert len(harness.exact.entries(dead["number"])) == 2
    assert harness.codes() == {dead["id"]: "source_deleted"}
    assert harness.link(new).exact_id != harness.link(dead).exact_id
    assert harness.run(new).counts == {"unchanged": 1}


def test_a_person_lets_go_of_it_with_what_the_hint_names(harness: Harness) -> None:
    """bridge unlink."""
    record = harness.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    with harness.store() as store:
        people.release(DivisionStore(store, harness.division), "invoice", record["number"])
    assert harness.codes() == {}
    new = harness.invoice(number=record["number"])
    assert harness.run(new).counts == {"booked": 1}


def test_the_message_goes_by_itself_when_the_entry_is_deleted_in_exact(harness: Harness) -> None:
    """Both sides then agree that there is no such document."""
    record, other = harness.invoice(), harness.invoice()
    harness.run(harness.company(), record, other)
    harness.run(deletion(record), deletion(other))
    harness.exact.do("delete_entry", your_ref=record["number"])
    assert harness.run().counts == {}
    assert harness.codes() == {other["id"]: "source_deleted"}
    assert harness.link(record) is None


def test_one_whose_files_were_sent_and_whose_entry_never_arrived_is_not_booked_any_more(harness: Harness) -> None:
    record = harness.invoice(pdf=True)
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="reset_before", times=1)
    harness.run(harness.company(), record)
    assert harness.codes() == {record["id"]: "outcome_unknown"}
    harness.run(deletion(record))
    harness.exact.later()
    harness.run()
    assert status(harness, record) == ("excluded", "source_deleted")
    harness.ask_for_all()
    harness.run()
    assert harness.entries() == []


def test_one_whose_outcome_was_not_known_is_reported_once_it_is(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    with harness.store() as store:
        links = store.links(harness.division)
        booked = links.get("invoice", record["id"])
        assert booked is not None
        links.remove("invoice", record["id"])
        sent = replace(booked.document, step=Step.ENTRY)
        links.intend("invoice", record["id"], number=record["number"], fingerprint=booked.fingerprint, detail=sent)
    harness.run(deletion(record))
    assert harness.link(record).state == "orphaned"
    assert status(harness, record) == ("rejected", "source_deleted")
    assert len(harness.entries()) == 1


def test_of_an_unknown_document_nothing_is_kept(harness: Harness) -> None:
    assert harness.run(deletion(harness.invoice())).counts == {}
    assert harness.codes() == {}


def test_one_that_turns_out_to_be_there_is_linked_to_its_entry_again(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    harness.run(record)
    assert harness.link(record).state == "linked"
    assert len(harness.entries()) == 1
    assert harness.codes() == {}
