"""Terms of one entry as one record, whatever the terms are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector_store import EntryTerms, Term
from tap_exactonline.receivables.counters import Counters
from tap_exactonline.receivables.entries import receivable

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
NOISE = st.sampled_from([Decimal(0), Decimal("4E-15"), Decimal("-7E-15")])
DAYS = st.sampled_from([None, "2026-01-31", "2026-02-28", "2026-03-31"])
STATUSES = st.sampled_from([20, 30, 40, 50])


def term(number: int = 1, amount: Decimal | str = "-121", **changes: Any) -> Term:
    """A term of an invoice, as Exact signs it; `status` 50 with its days for a settled one."""
    row: dict[str, Any] = {
        "TransactionType": 20,
        "YourRef": "2026 / 1",
        "Currency": "EUR",
        "AmountFC": Decimal(amount),
        "AmountDC": Decimal(amount),
        "DueDate": None,
        "EndDate": None,
        "LastPaymentDate": None,
        "Status": changes.get("status", 20),
        **changes.get("row", {}),
    }
    return Term(
        id=f"term {number}",
        entry_id=changes.get("entry", "entry"),
        timestamp=changes.get("at", number),
        account=changes.get("account", "customer"),
        status=row["Status"],
        end_date=row["EndDate"],
        row=row,
    )


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    return [
        term(
            number,
            draw(CENTS) + draw(NOISE),
            status=draw(STATUSES),
            at=draw(st.integers(1, 50)),
            row={name: draw(DAYS) for name in ("DueDate", "EndDate", "LastPaymentDate")},
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def record(of: list[Term] | tuple[Term, ...], last_row: dict[str, Any] | None = None) -> dict[str, Any]:
    return receivable(EntryTerms("entry", 1, 99, tuple(of), last_row), 123456, lambda _term: [40])


@given(terms())
def test_totals_close_to_the_cent(of: list[Term]) -> None:
    made = record(of)
    for field in ("FC", "DC"):
        assert made[f"Open{field}"] + made[f"Settled{field}"] == made[f"Amount{field}"]
        assert sum((each[f"Amount{field}"] for each in made["Terms"]), Decimal(0)) == made[f"Amount{field}"]
        assert made[f"Amount{field}"].as_tuple().exponent == -2
        assert not made[f"Amount{field}"].is_zero() or not made[f"Amount{field}"].is_signed()


@given(terms().flatmap(lambda of: st.tuples(st.just(of), st.permutations(of))))
def test_the_order_of_the_terms_is_irrelevant(both: tuple[list[Term], list[Term]]) -> None:
    assert record(both[0]) == record(both[1])


@given(terms())
def test_an_entry_is_paid_when_it_has_terms_and_none_is_open(of: list[Term]) -> None:
    made = record(of)
    assert made["IsFullyPaid"] == (bool(of) and all(each.status == 50 for each in of))
    assert made["IsDeleted"] == (not of)
    if made["IsFullyPaid"]:
        assert made["OpenFC"] == made["OpenDC"] == 0


@given(CENTS.filter(bool), st.data())
def test_a_split_changes_nothing_but_what_is_settled(amount: Decimal, data: st.DataObject) -> None:
    part = data.draw(CENTS)
    whole = record([term(1, amount)])
    split = record([term(1, part, status=50), term(2, amount - part)])
    assert split["AmountFC"] == whole["AmountFC"] == -amount
    assert (split["SettledFC"], split["OpenFC"]) == (-part, part - amount)


def test_a_customer_who_owes_is_positive() -> None:
    made = record([term(1, "-21", status=50), term(2, "-100.00000000000001")])
    assert (made["AmountFC"], made["OpenFC"], made["SettledFC"]) == (Decimal(121), Decimal(100), Decimal(21))
    assert record([term(1, "121")])["AmountFC"] == Decimal(-121)


def test_the_due_date_is_that_of_the_first_open_term() -> None:
    first = term(1, status=50, row={"DueDate": "2026-01-31"})
    second = term(2, row={"DueDate": "2026-02-28"})
    assert record([first, second])["DueDate"] == "2026-02-28"
    assert record([first])["DueDate"] == "2026-01-31"


def test_the_last_payment_is_that_of_settled_terms_and_else_their_end() -> None:
    paid = term(1, status=50, row={"LastPaymentDate": "2026-01-31", "EndDate": "2026-03-31"})
    set_off = term(2, status=50, row={"EndDate": "2026-02-28"})
    collected = term(3, status=40, row={"LastPaymentDate": "2026-03-31"})
    assert record([paid, set_off, collected])["LastPaymentDate"] == "2026-02-28"


def test_what_terms_have_in_common_is_that_of_the_last_change() -> None:
    old, new = term(1, at=7, row={"YourRef": "old"}), term(2, at=8, row={"YourRef": "new"})
    assert record([new, old])["YourRef"] == "new"


def test_an_entry_without_terms_keeps_its_names_and_has_no_amount() -> None:
    made = record([], {"YourRef": "2026 / 1", "TransactionType": 20, "DueDate": "2026-01-31"})
    assert (made["IsDeleted"], made["YourRef"], made["TransactionType"], made["Timestamp"]) == (
        True,
        "2026 / 1",
        20,
        99,
    )
    assert made["AmountFC"] == made["OpenFC"] == made["SettledFC"] == 0
    assert made["Terms"] == []
    assert record([])["YourRef"] is None


def test_only_settled_terms_have_counter_types() -> None:
    assert [each["CounterTypes"] for each in record([term(1, status=50), term(2)])["Terms"]] == [[40], []]


# What settled a term


def settled(number: int, amount: str, kind: int, entry: str, **row: Any) -> Term:
    fields = {"TransactionType": kind, "EndDate": "2026-11-20", **row}
    return term(number, amount, status=50, entry=entry, row=fields)


def counters(*of: Term) -> Counters:
    return Counters(lambda account, day: [each for each in of if (each.account, each.end_date) == (account, day)])


INVOICE = settled(1, "-121", 20, "invoice")


def test_the_opposite_amount_is_what_settled_it() -> None:
    payment, other = settled(2, "121", 40, "payment"), settled(3, "50", 21, "credit note")
    known = counters(INVOICE, payment, other)
    assert known.types(INVOICE) == [40]
    assert known.types(payment) == [20]


def test_one_payment_for_two_invoices_is_found_by_its_sign() -> None:
    payment = settled(2, "171", 40, "payment")
    assert counters(INVOICE, settled(3, "-50", 20, "second"), payment).types(INVOICE) == [40]


def test_the_same_amount_in_another_currency_comes_second() -> None:
    dollars = settled(2, "121", 40, "dollars", Currency="USD", AmountDC=Decimal(100))
    ours = settled(3, "130", 83, "euro", Currency="USD", AmountDC=Decimal(121))
    assert counters(INVOICE, dollars, ours).types(INVOICE) == [83]


def test_two_kinds_of_the_same_amount_are_both_told() -> None:
    assert counters(INVOICE, settled(2, "121", 40, "a"), settled(3, "121", 21, "b")).types(INVOICE) == [21, 40]


def test_a_term_is_not_settled_by_its_own_entry_another_day_or_another_account() -> None:
    own = settled(2, "121", 20, "invoice")
    late = settled(3, "121", 40, "late", EndDate="2026-11-21")
    stranger = term(4, "121", status=50, account="other", row={"EndDate": "2026-11-20", "TransactionType": 40})
    assert counters(INVOICE, own, late, stranger).types(INVOICE) == []


def test_without_account_or_day_nothing_is_known() -> None:
    assert counters(INVOICE).types(term(1, status=50)) == []
    nobody = term(1, status=50, account=None, row={"EndDate": "2026-11-20"})
    assert counters(nobody, settled(2, "121", 40, "payment")).types(nobody) == []


def test_a_day_is_asked_for_once() -> None:
    asked = []

    def settled_on(account: str, day: str) -> list[Term]:
        asked.append((account, day))
        return [INVOICE, settled(2, "121", 40, "payment")]

    known = Counters(settled_on)
    assert [known.types(INVOICE) for _ in range(3)] == [[40]] * 3
    assert asked == [("customer", "2026-11-20")]
