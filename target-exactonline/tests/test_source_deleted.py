"""Line 11: a document that was deleted at the source is not booked any more, and its entry is reported."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore, Step, people
from singer_shell import unknown_outcomes

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


def named(harness: Harness) -> dict[str, Any]:
    """Return the document's own copy of its customer, which is enough to book it."""
    return {"name": harness.company()["name"], "is_person": False, "vat_number": None, "email": None}


def twelve_is_mapped(harness: Harness) -> None:
    harness.settings["vat_codes"] = {**harness.settings["vat_codes"], "12%": "12"}


def test_a_waiting_one_that_turns_out_to_be_there_is_booked(harness: Harness) -> None:
    """As after a login that did not see it."""
    record = harness.invoice(tax_rate="0.12", invoicee=named(harness))
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    assert status(harness, record) == ("excluded", "source_deleted")
    twelve_is_mapped(harness)
    assert harness.run(record).counts["booked"] == 1
    assert harness.codes() == {}


def test_what_comes_with_its_own_deletion_is_not_booked(harness: Harness) -> None:
    record = harness.invoice(tax_rate="0.12", invoicee=named(harness))
    harness.run(harness.company(), record)
    twelve_is_mapped(harness)
    harness.run(deletion(record), record)
    assert harness.entries() == []
    assert status(harness, record) == ("excluded", "source_deleted")


def test_a_credit_note_that_was_switched_off_and_deleted_is_not_booked_when_all_of_those_are_taken_in(
    harness: Harness,
) -> None:
    note = harness.credit_note(invoicee=named(harness))
    harness.run(harness.company(), note, book_credit_notes=False)
    harness.run(deletion(note), book_credit_notes=False)
    assert status(harness, note) == ("excluded", "source_deleted")
    with harness.store() as store:
        assert people.take_all_in(DivisionStore(store, harness.division), "credit_notes_off") == 0
        with pytest.raises(people.NotPossibleError, match="not in Teamleader any more"):
            people.take_in(DivisionStore(store, harness.division), "credit_note", note["id"])
    harness.run()
    assert harness.entries() == []


def left_out_and_deleted(harness: Harness) -> dict[str, Any]:
    record = harness.invoice(tax_rate="0.12", invoicee=named(harness))
    harness.run(harness.company(), record)
    with harness.store() as store:
        people.leave_out(DivisionStore(store, harness.division), "invoice", record["id"], who="Ann", why="By hand")
    harness.run(deletion(record))
    return record


def test_what_a_person_left_out_and_was_deleted_is_not_booked_when_it_is_taken_in(harness: Harness) -> None:
    record = left_out_and_deleted(harness)
    with harness.store() as store:
        people.take_in(DivisionStore(store, harness.division), "invoice", record["id"])
    twelve_is_mapped(harness)
    harness.run()
    assert harness.entries() == []


def test_what_a_person_left_out_stays_so_when_it_turns_out_to_be_there(harness: Harness) -> None:
    record = left_out_and_deleted(harness)
    twelve_is_mapped(harness)
    assert harness.run(record).counts == {"left out": 1}
    with harness.store() as store:
        people.take_in(DivisionStore(store, harness.division), "invoice", record["id"])
    assert harness.run().counts["booked"] == 1


def test_a_change_that_stopped_halfway_is_brought_to_an_end_although_the_document_is_gone(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry that a person is to reverse is whole."""
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    record = harness.invoice()
    harness.run(harness.company(), record)
    line = record["lines"][0]
    lines = [{**line, "net": Decimal(net), "description": f"Werk {net}"} for net in (100, 100)]
    totals = {"net": 200, "gross": 242, "taxes": [{"rate": Decimal("0.21"), "taxable": 200, "tax": 42}]}
    lines[0]["net"], lines[1]["net"] = Decimal(150), Decimal(50)
    harness.exact.fault(match="salesentry/SalesEntryLines", method="POST", kind="reset_before", times=1)
    harness.run(harness.as_version(record, lines=lines, totals=totals))
    (halfway,) = harness.entries()
    assert halfway["gross"] == Decimal("181.50")
    harness.run(deletion(record))
    harness.exact.later()
    harness.run()
    (entry,) = harness.entries()
    assert entry["gross"] == Decimal("121.00")
    assert status(harness, record) == ("rejected", "source_deleted")
    assert harness.link(record).state == "orphaned"


def test_one_that_turns_out_to_be_there_keeps_its_entry_when_exact_refuses_its_change(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    before = harness.link(record)
    harness.run(deletion(record))
    harness.exact.fault(match="salesentry/SalesEntryLines", method="PUT", kind="business", message="Neen", times=1)
    harness.run(harness.as_version(record, net="50.00"))
    link = harness.link(record)
    assert (link.state, link.exact_id) == ("linked", before.exact_id)
    assert status(harness, record) == ("rejected", "changed_after_booking")
