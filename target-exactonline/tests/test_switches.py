"""What a person switched off is left out or waits, visibly, and is neither lost nor booked by surprise."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from connector_store import DivisionStore
from connector_store.people import take_all_in
from connector_store.until_sent import unsent

if TYPE_CHECKING:
    from conftest import Harness
    from connector_store import Reject


def kept(harness: Harness) -> dict[str, Reject]:
    with harness.store() as store:
        return {each.source_id: each for each in store.rejects(harness.division).all()}


def waiting(harness: Harness) -> list[str]:
    with harness.store() as store:
        return unsent(store, None)


def test_an_invoice_that_is_not_sent_waits_and_is_booked_to_the_cent_when_it_is(harness: Harness) -> None:
    invoice = harness.invoice(net="33.33", sent=False)
    ran = harness.run(harness.company(), invoice, only_sent=True)
    assert ran.counts["waiting"] == 1
    reject = kept(harness)[invoice["id"]]
    assert (reject.status, reject.code, reject.amount) == ("waiting", "not_sent", Decimal("40.33"))
    assert harness.entries() == []
    assert waiting(harness) == [invoice["id"]]

    harness.run({**invoice, "sent": True}, only_sent=True)
    (entry,) = harness.entries()
    assert entry["gross"] == Decimal("40.33")
    assert kept(harness) == {}
    assert waiting(harness) == []


@pytest.mark.parametrize("sent", [True, None])
def test_an_invoice_that_was_sent_or_of_a_sender_that_does_not_tell_is_booked_at_once(
    harness: Harness, *, sent: bool | None
) -> None:
    assert harness.run(harness.company(), harness.invoice(sent=sent), only_sent=True).counts["booked"] == 1


def test_without_the_switch_an_unsent_invoice_is_booked_and_what_waited_for_it_follows(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice(sent=False), only_sent=True)
    assert harness.run(harness.invoice(sent=False)).counts["booked"] == 2
    assert waiting(harness) == []


def test_a_booked_invoice_is_followed_whether_it_was_sent_or_not(harness: Harness) -> None:
    invoice = harness.invoice(sent=False)
    harness.run(harness.company(), invoice)
    changed = harness.as_version(invoice, net="110.00", updated_at="2026-03-03T09:00:00Z")
    assert harness.run(changed, only_sent=True).counts["updated"] == 1


def test_credit_notes_that_are_off_are_left_out_and_stay_so_until_a_person_takes_them_in(harness: Harness) -> None:
    before = harness.credit_note()
    ran = harness.run(harness.company(), harness.invoice(), before, book_credit_notes=False)
    assert (ran.counts["booked"], ran.counts["left out"]) == (1, 1)
    reject = kept(harness)[before["id"]]
    assert (reject.status, reject.code, reject.amount) == ("excluded", "credit_notes_off", Decimal("-48.40"))

    again, later = {**before, "updated_at": "2026-03-03T09:00:00Z"}, harness.credit_note()
    assert harness.run(again, later).counts["booked"] == 1
    assert [entry["your_ref"] for entry in harness.entries() if entry["gross"] < 0] == [later["number"]]

    with harness.store() as store:
        assert take_all_in(DivisionStore(store, harness.division), "credit_notes_off") == 1
    assert harness.run().counts["booked"] == 1
    assert sum(entry["gross"] for entry in harness.entries()) == Decimal("121.00") - 2 * Decimal("48.40")
    assert kept(harness) == {}


def test_a_credit_note_that_is_booked_is_followed_when_they_are_off(harness: Harness) -> None:
    note = harness.credit_note()
    harness.run(harness.company(), note)
    changed = harness.as_version(note, net="-50.00", updated_at="2026-03-03T09:00:00Z")
    assert harness.run(changed, book_credit_notes=False).counts["updated"] == 1
