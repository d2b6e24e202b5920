"""Journals that cannot take sales end the run before anything is written (accounting rule 2)."""

from __future__ import annotations

from typing import Any

SEEDED_ACCOUNTS = 6
ONE_INVOICE = {"an invoice": {"invoice": ["1 x 100.00 at 21%"]}}


def nothing_was_written(ran: Any) -> bool:
    books = ran.books
    return not books["entries"] and not books["documents"] and len(books["accounts"]) == SEEDED_ACCOUNTS


def test_a_journal_of_type_purchase_is_refused_before_anything_is_written(administration: Any) -> None:
    settings = {"invoice_journal": "60", "credit_note_journal": "79"}

    ran = administration(settings=settings, cases=ONE_INVOICE).ran

    assert ran.codes != [0]
    assert "invoice_journal: Journal 60 is of type 22, not a sales journal" in ran.log
    assert "credit_note_journal: Journal 79 is blocked in Exact" in ran.log, "all problems are named at once"
    assert nothing_was_written(ran)


def test_invoices_and_credit_notes_share_a_journal_only_when_that_is_chosen(administration: Any) -> None:
    ran = administration(settings={"credit_note_journal": "70"}, cases=ONE_INVOICE).ran

    assert ran.codes != [0]
    assert "give credit notes their own sales journal, or set single_journal" in ran.log
    assert nothing_was_written(ran)
