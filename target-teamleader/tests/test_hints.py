"""Line 26: what each hint says is done literally, and the message is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import CustomerType, DivisionStore
from connector_store.customer_decisions import is_new, is_this_one
from connector_store.people import link_by_hand, release
from target_teamleader.reasons.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Harness

PART = ("121.00", "2026-03-20")
NUMBERED: dict[str, Any] = {"date": "2026-03-02"}


def unmatched(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, PART))
    harness.run(harness.record(invoice))
    return lambda: harness.remove_by_hand(invoice)


def matched_again(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, PART))
    harness.run(harness.record(invoice))
    return lambda: harness.run(harness.record(invoice, PART)) and None


def set_to_remove(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, PART))
    harness.run(harness.record(invoice))
    return lambda: harness.settings.update(on_unmatched="remove")


def unexplained(harness: Harness) -> dict[str, Any]:
    invoice = harness.unlinked_invoice()
    harness.pay_by_hand(invoice)
    harness.link(invoice, how="adopted")
    harness.run(harness.record(invoice))
    return invoice


def unexplained_removed(harness: Harness) -> Callable[[], None]:
    invoice = unexplained(harness)
    return lambda: harness.remove_by_hand(invoice)


def unexplained_matched(harness: Harness) -> Callable[[], None]:
    invoice = unexplained(harness)
    return lambda: harness.run(harness.record(invoice, PART)) and None


def corrected(**wrong: Any) -> Callable[[Harness], Callable[[], None]]:
    """Return a problem that the next version of the entry does not have."""

    def arrange(harness: Harness) -> Callable[[], None]:
        invoice = harness.invoice()
        harness.run(harness.record(invoice, PART, **wrong))
        return lambda: harness.run(harness.record(invoice, PART)) and None

    return arrange


def problem(code: str) -> Callable[[Harness], Callable[[], None]]:
    return corrected(problems=[{"code": code, "message": "So it is"}])


def currency_paid_by_hand(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, PART, currency="USD"))
    return lambda: harness.pay_by_hand(invoice)


def released(harness: Harness) -> Callable[[], None]:
    """Release an invoice that was deleted; entered again it is found by its number."""
    invoice = harness.invoice()
    harness.sandbox.teamleader("delete_document", id=invoice["id"])
    record = harness.record(invoice, PART)
    harness.run(record)

    def person() -> None:
        with harness.store() as store:
            release(DivisionStore(store, harness.division), "invoice", invoice["number"])
        again = harness.unlinked_invoice(number=invoice["number"])
        assert again["number"] == invoice["number"]
        harness.run(record)
        assert harness.due(again) == 0

    return person


def ambiguous(harness: Harness) -> tuple[dict[str, Any], dict[str, Any]]:
    first = harness.unlinked_invoice()
    second = harness.unlinked_invoice(number=first["number"])
    harness.run(harness.record(first, PART))
    return first, second


def chosen(harness: Harness) -> Callable[[], None]:
    first, second = ambiguous(harness)
    with harness.store() as store:
        (reject,) = store.rejects(harness.division).all()
    for named in (first["id"], second["id"], first["entry"]):
        assert named in reject.reason

    def person() -> None:
        with harness.store() as store:
            link_by_hand(DivisionStore(store, harness.division), "invoice", second["id"], first["entry"])
        harness.run()
        assert (harness.due(first), harness.due(second)) == (121, 0)

    return person


def refused(harness: Harness) -> dict[str, Any]:
    invoice = harness.invoice()
    harness.fault("invoices.registerPayment", "error", status=400, message="Period is locked", times=1)
    harness.run(harness.record(invoice, PART))
    return invoice


def registered_by_hand(harness: Harness) -> Callable[[], None]:
    invoice = refused(harness)
    return lambda: harness.pay_by_hand(invoice)


def restored_by_hand(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at="2026-03-05T08:15:00+01:00")
    harness.run(harness.record(invoice, PART))
    harness.fault("registerPayment", "error", status=400, message="No")
    harness.settings.update(on_unmatched="remove")
    harness.run(harness.record(invoice))
    harness.sandbox.clear_faults()
    return lambda: harness.pay_by_hand(invoice, "21.00", paid_at="2026-03-05T08:15:00+01:00")


def unknown(harness: Harness) -> Callable[[], None]:
    invoice = harness.invoice()
    harness.fault("invoices.registerPayment", "reset_before", times=1)
    harness.run(harness.record(invoice, PART))
    return harness.later


def awaited(harness: Harness) -> Callable[[], None]:
    person = unknown(harness)
    harness.run()
    return person


FIRM: dict[str, Any] = {
    "id": "a0000000-0000-4000-8000-0000000000ff",
    "code": "1",
    "name": "Hint NV",
    "email": "a@hint.example",
}


def customer(harness: Harness, **changes: Any) -> dict[str, Any]:
    """A firm that no other test of a hint knows."""
    name = f"Hint {harness.division} NV"
    return {**FIRM, "division": harness.division, "name": name, "email": f"a@{harness.division}.example", **changes}


def alike(harness: Harness, **changes: Any) -> str:
    record = customer(harness)
    emails = [{"type": "primary", "email": record["email"]}]
    added = harness.sandbox.teamleader("add_company", **{"name": record["name"], "emails": emails, **changes})
    return f"{added['id']}"


def said(harness: Harness, say: Callable[[DivisionStore], None]) -> Callable[[], None]:
    """Return what a line of the file of decisions does."""

    def person() -> None:
        with harness.store() as store:
            say(DivisionStore(store, harness.division))

    return person


def several_fit(harness: Harness) -> Callable[[], None]:
    first, _ = alike(harness), alike(harness)
    harness.run(customer(harness))
    return said(harness, lambda store: is_this_one(store, FIRM["id"], CustomerType.COMPANY, first))


def doubles_merged(harness: Harness) -> Callable[[], None]:
    first, _ = alike(harness), alike(harness)
    harness.run(customer(harness))

    def person() -> None:
        harness.sandbox.teamleader("delete_company", id=first)
        with harness.store() as store:
            store.rejects(harness.division).try_again("customer", FIRM["id"])
        harness.run(customer(harness))

    return person


def unclear(harness: Harness) -> Callable[[], None]:
    found = alike(harness, emails=[])
    harness.run(customer(harness))
    return said(harness, lambda store: is_this_one(store, FIRM["id"], CustomerType.COMPANY, found))


def linked_already(harness: Harness) -> Callable[[], None]:
    other = {**customer(harness), "id": "a0000000-0000-4000-8000-0000000000fe"}
    harness.run(other, customer(harness))
    return said(harness, lambda store: is_new(store, FIRM["id"]))


def not_taken(harness: Harness) -> Callable[[], None]:
    harness.fault("companies.add", "error", status=400, message="No", times=1)
    harness.run(customer(harness))
    return lambda: harness.run(customer(harness, phone="09 1234567")) and None


def gone(harness: Harness) -> Callable[[], None]:
    harness.run(customer(harness))
    [row] = harness.call("companies.list", {"filter": {"term": customer(harness)["name"]}})
    harness.sandbox.teamleader("delete_company", id=row["id"])
    harness.run(customer(harness, phone="09 1234567"))
    return said(harness, lambda store: is_new(store, FIRM["id"]))


def company_awaited(harness: Harness) -> Callable[[], None]:
    person = {"id": "c-hint", "division": harness.division, "last_name": "Hint", "company_id": FIRM["id"]}
    harness.run(person)
    return lambda: harness.run(customer(harness)) and None


def customer_problem(code: str) -> Callable[[Harness], Callable[[], None]]:
    def arrange(harness: Harness) -> Callable[[], None]:
        harness.run(customer(harness, name="", problems=[{"code": code, "message": "So it is"}]))
        return lambda: harness.run(customer(harness)) and None

    return arrange


HINTS: list[tuple[str, Callable[[Harness], Callable[[], None]]]] = [
    ("unmatched_in_exact", unmatched),
    ("unmatched_in_exact", matched_again),
    ("unmatched_in_exact", set_to_remove),
    ("paid_without_settlement", unexplained_removed),
    ("paid_without_settlement", unexplained_matched),
    ("receivable_incomplete", corrected(amount=120)),
    ("invoice_missing", released),
    ("invoice_ambiguous", chosen),
    ("currency_differs", corrected(currency="USD")),
    ("currency_differs", currency_paid_by_hand),
    ("payment_refused", lambda harness: refused(harness) and (lambda: None)),
    ("payment_refused", registered_by_hand),
    ("payments_not_restored", restored_by_hand),
    ("outcome_unknown", unknown),
    ("outcome_awaited", awaited),
    ("record_invalid", corrected(settled="much")),
    ("receivable_unreadable", problem("receivable_unreadable")),
    ("receivable_amounts_differ", problem("receivable_amounts_differ")),
    ("mapping_failed", problem("mapping_failed")),
    ("several_customers_fit", several_fit),
    ("several_customers_fit", doubles_merged),
    ("customer_unclear", unclear),
    ("customer_linked_already", linked_already),
    ("customer_not_taken", not_taken),
    ("customer_gone", gone),
    ("company_awaited", company_awaited),
    ("customer_nameless", customer_problem("customer_nameless")),
    ("customer_unidentified", customer_problem("customer_unidentified")),
]


@pytest.fixture
def quiet(harness: Harness) -> Iterator[Harness]:
    yield harness
    harness.sandbox.clear_faults()


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(("code", "arrange"), HINTS)
def test_the_message_goes_when_a_person_does_what_it_says(
    quiet: Harness, code: str, arrange: Callable[[Harness], Callable[[], None]]
) -> None:
    person = arrange(quiet)
    assert set(quiet.codes().values()) == {code}
    person()
    quiet.run()
    assert quiet.codes() == {}


def test_every_hint_is_tried() -> None:
    assert {code for code, _ in HINTS} == CATALOGUE.keys()
