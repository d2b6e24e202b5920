"""Invoices and credit notes of the last ten months, every kind that a Belgian company writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.seed.recipes import Composer, recipe_for
from sandbox.seed.subscriptions import seed_subscriptions
from sandbox.teamleader import drafting
from sandbox.teamleader.amounts import cents
from sandbox.teamleader.model import Document, Payment

if TYPE_CHECKING:
    from random import Random

    from sandbox.teamleader.state import TeamleaderState

SPREAD_DAYS = 300


def seed_documents(state: TeamleaderState, rng: Random, invoices: int, credit_notes: int) -> None:
    """Add booked invoices in the order of their dates, a few drafts, and credit notes; then payments and edits."""
    if not any(state.customers.values()):
        return
    subscriptions = seed_subscriptions(state, rng)
    composer = Composer(state, rng)
    booked = [composer.compose(recipe_for(rng, index)) for index in range(invoices)]
    rng.shuffle(booked)
    for document, day in zip(booked, _days(state, rng, invoices), strict=True):
        drafting.book(state, document, day)
        if document.customer_id in subscriptions and document.payment_method is not None:
            document.subscription_id = subscriptions[document.customer_id]
        if rng.random() < 0.1:
            document.payment_reference = None
        _date(state, rng, document, day)
        state.add_document(document)
    for index in range(invoices // 40 + 2 if invoices else 0):
        draft = composer.compose(recipe_for(rng, index))
        draft.created_at = draft.updated_at = _moment(state, rng, state.today() - timedelta(days=2))
        state.add_document(draft)
    fully_credited = _credit(state, rng, booked, credit_notes)
    for document in booked:
        if document.id not in fully_credited:
            _pay(state, rng, document)


def _days(state: TeamleaderState, rng: Random, count: int) -> list[date]:
    """Days in order; the last one is yesterday at the latest."""
    start = state.today() - timedelta(days=SPREAD_DAYS + 1)
    return sorted(start + timedelta(days=rng.randrange(1, SPREAD_DAYS + 1)) for _ in range(count))


def _moment(state: TeamleaderState, rng: Random, day: date) -> datetime:
    """Working hours of that day, but never after this midnight: the same seed gives the same data all day long."""
    moment = datetime.combine(day, time(7), timezone.utc) + timedelta(seconds=rng.randrange(11 * 3600))
    return min(moment, _midnight(state))


def _midnight(state: TeamleaderState) -> datetime:
    return datetime.combine(state.today(), time(), timezone.utc)


def _date(state: TeamleaderState, rng: Random, document: Document, day: date) -> None:
    """Created on its day, touched later by reminders and edits: the order by `updated_at` is another."""
    document.created_at = _moment(state, rng, day)
    later = document.created_at + timedelta(seconds=int(rng.expovariate(1 / (20 * 86_400))))
    if rng.random() < 0.05:
        later = later.replace(hour=3, minute=0, second=0)  # a job at night touches many at once
    document.updated_at = min(max(later, document.created_at), _midnight(state))


def _credit(state: TeamleaderState, rng: Random, booked: list[Document], count: int) -> set[str]:
    """Credit notes, half of them for a whole invoice; return the ids of the invoices taken back as a whole."""
    positive = [document for document in booked if document.totals.net > 0]
    credited = rng.sample(positive, min(count, len(positive)))
    notes: list[tuple[date, Document]] = []
    whole: set[str] = set()
    for index, invoice in enumerate(credited):
        note = _note(state, invoice, index)
        if note.credited_id is not None and note.totals.gross == invoice.totals.gross:
            whole.add(invoice.id)
        first = invoice.date or state.today()
        last = state.today() - timedelta(days=1)
        notes.append((first + timedelta(days=rng.randrange(min((last - first).days, 60) + 1)), note))
    for day, note in sorted(notes, key=lambda each: (each[0], each[1].id)):
        drafting.book(state, note, day)
        _date(state, rng, note, day)
        state.add_document(note)
    return whole


def _note(state: TeamleaderState, invoice: Document, index: int) -> Document:
    """A credit note: of the whole invoice, of a part of it, or of nothing in particular (every fifth)."""
    lines, discounts = invoice.lines, invoice.discounts
    linked = invoice.id if index % 5 != 4 else None
    if index % 2 or linked is None:
        line = next(each for each in lines if each.quantity * each.unit_price > 0)
        quantity = cents(line.quantity / 2) if line.quantity > 1 else line.quantity
        lines, discounts = (replace(line, quantity=quantity),), () if index % 4 == 1 else discounts
    return state.rewritten(
        invoice,
        id=state.new_id(),
        kind="credit_note",
        lines=lines,
        discounts=discounts,
        number=None,
        date=None,
        due_on=None,
        payments=[],
        paid_at=None,
        credited_id=linked,
        subscription_id=None,
        payment_method=None,
        mandate=None,
    )


def _pay(state: TeamleaderState, rng: Random, invoice: Document) -> None:
    """A third was paid, some in part; a payment moves `updated_at`."""
    due = state.due(invoice)
    drawn = rng.random()
    day = (invoice.date or state.today()) + timedelta(days=rng.randrange(3, 45))
    if due <= 0 or drawn > 0.38 or day >= state.today():
        return
    amount: Any = due if drawn < 0.33 else cents(due * Decimal("0.4"))
    paid_at = _moment(state, rng, day)
    state.pay(invoice, Payment(paid_at, amount, state.payment_methods[0]["id"]))
    invoice.updated_at = max(invoice.updated_at, paid_at)
