"""Which payments are booked, how much of each, and as what: pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactonline_api.master_data import GLAccount
from target_exactonline.payments.amounts import (
    Paid,
    PaymentEntry,
    PaymentEntryPlan,
    Receivable,
    by_hand,
    description,
    mark,
    planned_payments,
)
from target_exactonline.payments.match_sets import match_set

DAY, NEXT = "2026-05-18", "2026-05-19"
ZERO = Decimal(0)


def paid(amount: str, day: str = DAY) -> Paid:
    return Paid(Decimal(amount), day)


def term(amount: str, status: int = 20, **changes: Any) -> dict[str, Any]:
    return {
        "TransactionEntryID": "e-1",
        "Status": status,
        "AmountFC": Decimal(amount),
        "AmountDC": Decimal(amount),
        "Currency": "EUR",
        "Account": "a-1",
        "AccountCode": "                11",
        "GLAccount": "g-400000",
        "GLAccountCode": "400000",
        "TransactionReportingYear": 2026,
        "TransactionReportingPeriod": 3,
        "Journal": "70",
        "EntryNumber": 26700001,
        **changes,
    }


AMOUNT = st.decimals(Decimal("0.01"), Decimal("99.99"), places=2)
PAID = st.lists(st.builds(Paid, AMOUNT, st.sampled_from([DAY, NEXT])), max_size=5)


# Which payments


def test_a_payment_that_nobody_else_accounts_for_was_made_by_hand() -> None:
    found = by_hand([paid("10.00"), paid("20.00", NEXT)], from_exact=[paid("20.00", NEXT)], booked=[])
    assert (found.payments, found.limit) == ((paid("10.00"),), Decimal("10.00"))


def test_of_two_equal_payments_one_may_be_from_exact() -> None:
    found = by_hand([paid("10.00"), paid("10.00")], from_exact=[paid("10.00")], booked=[])
    assert found.payments == (paid("10.00"),)


def test_a_payment_of_ours_is_known_by_its_amount_when_its_day_is_told_otherwise() -> None:
    found = by_hand([paid("10.00", NEXT), paid("7.00")], from_exact=[paid("10.00", DAY)], booked=[])
    assert found.payments == (paid("7.00"),)


def test_when_ours_cannot_be_told_apart_the_sum_is_the_limit() -> None:
    found = by_hand([paid("30.00")], from_exact=[paid("10.00"), paid("12.00")], booked=[])
    assert (found.payments, found.limit) == ((paid("30.00"),), Decimal("8.00"))


def test_less_paid_than_came_from_exact_leaves_nothing() -> None:
    assert by_hand([paid("10.00")], from_exact=[paid("30.00")], booked=[]).payments == ()


def test_a_payment_that_was_paid_back_lowers_the_limit() -> None:
    assert by_hand([paid("30.00"), paid("-10.00")], from_exact=[], booked=[]).limit == Decimal("20.00")


@given(hand=PAID, ours=PAID, booked=PAID)
def test_what_is_found_is_at_most_what_was_paid_less_what_is_known(
    hand: list[Paid], ours: list[Paid], booked: list[Paid]
) -> None:
    found = by_hand([*hand, *ours, *booked], ours, booked)
    assert sorted(found.payments) == sorted(hand)
    assert found.limit == sum((each.amount for each in hand), ZERO)


@given(shown=PAID, ours=PAID)
def test_the_limit_holds_whatever_teamleader_shows(shown: list[Paid], ours: list[Paid]) -> None:
    found = by_hand(shown, ours, [])
    difference = sum((each.amount for each in shown), ZERO) - sum((each.amount for each in ours), ZERO)
    assert found.limit == max(difference, ZERO)
    assert not found.payments or found.limit > 0


# How much


@given(payments=PAID, gap=AMOUNT, spoken_for=AMOUNT)
def test_never_more_than_the_gap_nor_than_was_paid(payments: list[Paid], gap: Decimal, spoken_for: Decimal) -> None:
    planned = planned_payments("i-1", by_hand(payments, [], []), gap, spoken_for=spoken_for)
    total = sum((each.amount for each in planned), ZERO)
    assert total <= max(gap - spoken_for, ZERO)
    assert all(ZERO < each.amount <= each.paid.amount for each in planned)
    assert len({each.mark for each in planned}) == len(planned)


def test_older_payments_come_first_and_the_last_is_cut() -> None:
    found = by_hand([paid("50.00", NEXT), paid("40.00", DAY)], [], [])
    planned = planned_payments("i-1", found, Decimal("60.00"))
    assert [(each.paid.day, each.amount) for each in planned] == [(DAY, Decimal("40.00")), (NEXT, Decimal("20.00"))]


def test_the_mark_of_a_payment_does_not_depend_on_what_is_remembered() -> None:
    both = planned_payments("i-1", by_hand([paid("10.00"), paid("10.00")], [], []), Decimal(99))
    later = planned_payments(
        "i-1", by_hand([paid("10.00"), paid("10.00")], [], [paid("10.00")]), Decimal(99), booked=[paid("10.00")]
    )
    assert [each.mark for each in later] == [both[1].mark]
    assert mark("i-1", paid("10"), 1) == both[0].mark
    assert mark("i-2", paid("10"), 1) != both[0].mark


def test_the_text_of_the_longest_number_is_not_too_long() -> None:
    assert len(description("9" * 30, "f" * 12)) <= 60


# As what


def test_what_is_open_is_the_sum_over_the_terms_that_are_not_matched() -> None:
    owed = Receivable.from_rows([term("-71.00"), term("-50.00", status=50), term("-10.004")])
    assert (owed.due, owed.customer_code, owed.is_matched, owed.is_collecting) == (Decimal("81.00"), "11", False, False)
    assert Receivable.from_rows([term("-50.00", status=50)]).is_matched
    assert Receivable.from_rows([term("-1.00", status=30)]).is_collecting


@given(due=st.decimals(Decimal("0.01"), Decimal("999999.99"), places=2), rate=st.decimals("0.01", "99", places=4))
def test_the_rate_of_a_receivable_gives_its_amount_to_the_cent(due: Decimal, rate: Decimal) -> None:
    in_books = (due * rate).quantize(Decimal("0.01"))
    owed = Receivable.from_rows([term(str(-due), AmountDC=-in_books)])
    assert (owed.due * owed.rate).quantize(Decimal("0.01")) == in_books


def test_the_customer_is_credited_and_the_clearing_account_debited() -> None:
    (planned,) = planned_payments("i-1", by_hand([paid("50.00")], [], []), Decimal("121.00"))
    owed = Receivable.from_rows([term("-121.00")])
    clearing = GLAccount(id="g-499000", code="499000", type=90)
    plan = PaymentEntryPlan("90", clearing, owed, planned, date(2026, 6, 1), None, "Betaling 2026 / 1 · x")
    common = {"Date": "2026-06-01", "Description": "Betaling 2026 / 1 · x", "Notes": "Betaald op 2026-05-18"}
    assert plan.body() == {
        "JournalCode": "90",
        "Currency": "EUR",
        "GeneralJournalEntryLines": [
            {"GLAccount": "g-400000", "Account": "a-1", "AmountFC": Decimal("-50.00"), **common},
            {"GLAccount": "g-499000", "AmountFC": Decimal("50.00"), **common},
        ],
    }


def line(ledger: str, amount: str) -> dict[str, Any]:
    names = {"FinancialYear": 2026, "FinancialPeriod": 5, "JournalCode": "90", "EntryNumber": 26900007}
    return {"EntryID": "r-1", "GLAccount": ledger, "AmountFC": Decimal(amount), "AmountDC": Decimal(amount), **names}


@pytest.mark.parametrize(
    ("lines", "is_whole"),
    [
        ([line("g-400000", "-50"), line("g-499000", "50")], True),
        ([line("g-400000", "-50"), line("g-499000", "41.32"), line("g-451000", "8.68")], False),
        ([line("g-400000", "-50"), line("g-499000", "49")], False),
        ([line("g-400000", "-40"), line("g-499000", "40")], False),
        ([line("g-400000", "0"), line("g-499000", "0"), line("g-499000", "0")], False),
    ],
)
def test_an_entry_is_read_with_its_name_and_whether_it_is_what_was_sent(
    lines: list[dict[str, Any]], *, is_whole: bool
) -> None:
    booked = PaymentEntry.from_lines(lines, "g-400000", Decimal("50.00"))
    assert booked.is_whole is is_whole
    assert (booked.entry_number, booked.name) == (26900007, ("2026", "5", "90", "26900007"))


def test_a_match_names_both_entries_and_adds_up_to_zero() -> None:
    document = ET.fromstring(  # noqa: S314 - our own
        match_set(Receivable.from_rows([term("-121.00")]), ("2026", "5", "90", "7"), Decimal("50.00"))
    )
    (one,) = document.findall("MatchSets/MatchSet")
    assert [(child.tag, child.get("code")) for child in one][:2] == [("GLAccount", "400000"), ("Account", "11")]
    assert [each.attrib for each in one.iter("MatchLine")] == [
        {"finyear": "2026", "finperiod": "3", "journal": "70", "entry": "26700001", "amountdc": "50.00"},
        {"finyear": "2026", "finperiod": "5", "journal": "90", "entry": "7", "amountdc": "-50.00"},
    ]
