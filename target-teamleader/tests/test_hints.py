"""Line 26: what each hint says is done literally, and the message is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore
from connector_store.people import link_by_hand, release
from target_teamleader.reasons.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Coupling

PART = ("121.00", "2026-03-20")
NUMBERED: dict[str, Any] = {"date": "2026-03-02"}


def unmatched(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, PART))
    coupling.run(coupling.record(invoice))
    return lambda: coupling.remove_by_hand(invoice)


def matched_again(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, PART))
    coupling.run(coupling.record(invoice))
    return lambda: coupling.run(coupling.record(invoice, PART)) and None


def set_to_remove(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, PART))
    coupling.run(coupling.record(invoice))
    return lambda: coupling.settings.update(on_unmatched="remove")


def corrected(**wrong: Any) -> Callable[[Coupling], Callable[[], None]]:
    """Return a problem that the next version of the entry does not have."""

    def arrange(coupling: Coupling) -> Callable[[], None]:
        invoice = coupling.invoice()
        coupling.run(coupling.record(invoice, PART, **wrong))
        return lambda: coupling.run(coupling.record(invoice, PART)) and None

    return arrange


def problem(code: str) -> Callable[[Coupling], Callable[[], None]]:
    return corrected(problems=[{"code": code, "message": "So it is"}])


def currency_paid_by_hand(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, PART, currency="USD"))
    return lambda: coupling.pay_by_hand(invoice)


def released(coupling: Coupling) -> Callable[[], None]:
    """Release an invoice that was deleted; entered again it is found by its number."""
    invoice = coupling.invoice()
    coupling.sandbox.teamleader("delete_document", id=invoice["id"])
    record = coupling.record(invoice, PART)
    coupling.run(record)

    def person() -> None:
        with coupling.store() as store:
            release(DivisionStore(store, coupling.division), "invoice", invoice["number"])
        again = coupling.unlinked_invoice(number=invoice["number"])
        assert again["number"] == invoice["number"]
        coupling.run(record)
        assert coupling.due(again) == 0

    return person


def ambiguous(coupling: Coupling) -> tuple[dict[str, Any], dict[str, Any]]:
    first = coupling.unlinked_invoice()
    second = coupling.unlinked_invoice(number=first["number"])
    coupling.run(coupling.record(first, PART))
    return first, second


def chosen(coupling: Coupling) -> Callable[[], None]:
    first, second = ambiguous(coupling)
    with coupling.store() as store:
        (reject,) = store.rejects(coupling.division).all()
    for named in (first["id"], second["id"], first["entry"]):
        assert named in reject.reason

    def person() -> None:
        with coupling.store() as store:
            link_by_hand(DivisionStore(store, coupling.division), "invoice", second["id"], first["entry"])
        coupling.run()
        assert (coupling.due(first), coupling.due(second)) == (121, 0)

    return person


def refused(coupling: Coupling) -> dict[str, Any]:
    invoice = coupling.invoice()
    coupling.fault("invoices.registerPayment", "error", status=400, message="Period is locked", times=1)
    coupling.run(coupling.record(invoice, PART))
    return invoice


def registered_by_hand(coupling: Coupling) -> Callable[[], None]:
    invoice = refused(coupling)
    return lambda: coupling.pay_by_hand(invoice)


def restored_by_hand(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice, "21.00", paid_at="2026-03-05T08:15:00+01:00")
    coupling.run(coupling.record(invoice, PART))
    coupling.fault("registerPayment", "error", status=400, message="No")
    coupling.settings.update(on_unmatched="remove")
    coupling.run(coupling.record(invoice))
    coupling.sandbox.clear_faults()
    return lambda: coupling.pay_by_hand(invoice, "21.00", paid_at="2026-03-05T08:15:00+01:00")


def unknown(coupling: Coupling) -> Callable[[], None]:
    invoice = coupling.invoice()
    coupling.fault("invoices.registerPayment", "reset_before", times=1)
    coupling.run(coupling.record(invoice, PART))
    return coupling.later


def awaited(coupling: Coupling) -> Callable[[], None]:
    person = unknown(coupling)
    coupling.run()
    return person


HINTS: list[tuple[str, Callable[[Coupling], Callable[[], None]]]] = [
    ("unmatched_in_exact", unmatched),
    ("unmatched_in_exact", matched_again),
    ("unmatched_in_exact", set_to_remove),
    ("receivable_incomplete", corrected(amount=120)),
    ("invoice_missing", released),
    ("invoice_ambiguous", chosen),
    ("currency_differs", corrected(currency="USD")),
    ("currency_differs", currency_paid_by_hand),
    ("payment_refused", lambda coupling: refused(coupling) and (lambda: None)),
    ("payment_refused", registered_by_hand),
    ("payments_not_restored", restored_by_hand),
    ("outcome_unknown", unknown),
    ("outcome_awaited", awaited),
    ("record_invalid", corrected(settled="much")),
    ("receivable_unreadable", problem("receivable_unreadable")),
    ("receivable_amounts_differ", problem("receivable_amounts_differ")),
    ("mapping_failed", problem("mapping_failed")),
]


@pytest.fixture
def quiet(coupling: Coupling) -> Iterator[Coupling]:
    yield coupling
    coupling.sandbox.clear_faults()


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(("code", "arrange"), HINTS)
def test_the_message_goes_when_a_person_does_what_it_says(
    quiet: Coupling, code: str, arrange: Callable[[Coupling], Callable[[], None]]
) -> None:
    person = arrange(quiet)
    assert set(quiet.codes().values()) == {code}
    person()
    quiet.run()
    assert quiet.codes() == {}


def test_every_hint_is_tried() -> None:
    assert {code for code, _ in HINTS} == CATALOGUE.keys()
