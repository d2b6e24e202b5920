"""What is settled of an entry in Exact, as Teamleader has to know it."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teamleader_exactonline_mappers.payments import payment

_spec = importlib.util.spec_from_file_location("mapper_shapes", Path(__file__).with_name("conftest.py"))
assert _spec
assert _spec.loader
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)
term, receivable = shapes.term, shapes.receivable


def mapped(*terms: dict[str, Any], **fields: Any) -> dict[str, Any]:
    entry = receivable(*terms, **fields)
    record = payment({**entry, "id": entry["TransactionEntryID"]})
    assert record is not None
    return record


def codes(record: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in record["problems"]]


def test_an_open_invoice_has_nothing_settled() -> None:
    record = mapped()

    assert (record["amount"], record["settled"], record["open"]) == (121, 0, 121)
    assert (record["number"], record["journal"], record["entry_number"]) == ("2026 / 12", "70", 26700012)
    assert (record["division"], record["currency"], record["invoice_date"]) == (123456, "EUR", "2026-06-25")
    assert (record["date"], record["settlements"], record["deleted"]) == (None, [], False)
    assert (record["invoice_id"], record["version"], record["problems"]) == (None, 77, [])


def test_a_payment_in_part_is_settled_by_its_own_term_on_its_own_day() -> None:
    record = mapped(term("21.00"), term("100.00", 50, settled_by=[40]))

    assert (record["amount"], record["settled"], record["open"]) == (121, 100, 21)
    assert record["date"] == "2026-07-20"
    assert record["settlements"] == [{"how": "money", "amount": Decimal("100.00"), "date": "2026-07-20"}]


def test_settlements_stand_in_the_order_of_their_days() -> None:
    later = term("60.50", 50, settled_by=[40], LastPaymentDate="2026-08-02")
    earlier = term("60.50", 50, settled_by=[21], LastPaymentDate="2026-07-02")

    record = mapped(later, earlier)

    found = [(each["date"], each["how"]) for each in record["settlements"]]
    assert found == [("2026-07-02", "credit_note"), ("2026-08-02", "money")]
    assert record["open"] == 0


def test_without_a_day_of_payment_the_day_it_was_matched_counts() -> None:
    record = mapped(term("121.00", 50, LastPaymentDate=None, EndDate="2026-07-03"))
    assert record["settlements"][0]["date"] == "2026-07-03"


@pytest.mark.parametrize(
    ("settled_by", "how"),
    [
        pytest.param([40], "money", id="a-bank-entry"),
        pytest.param([40, 82], "money", id="a-bank-entry-at-another-rate"),
        pytest.param([40, 83], "money", id="a-bank-entry-that-is-a-cent-short"),
        pytest.param([21], "credit_note", id="a-credit-note"),
        pytest.param([20], "credit_note", id="an-invoice-below-zero"),
        pytest.param([83], "write_off", id="a-payment-difference"),
        pytest.param([82], "unknown", id="only-a-difference-in-rate"),
        pytest.param([40, 21], "unknown", id="money-and-a-credit-note"),
        pytest.param([90], "unknown", id="a-general-journal"),
        pytest.param([], "unknown", id="nothing-that-is-known"),
        pytest.param(None, "unknown", id="not-told"),
        pytest.param(["40", {}], "unknown", id="nonsense"),
    ],
)
def test_what_settled_a_term_tells_how(settled_by: Any, how: str) -> None:
    record = mapped(term("121.00", 50, CounterTypes=settled_by))
    assert [each["how"] for each in record["settlements"]] == [how]


def test_an_invoice_below_zero_comes_through_with_its_signs() -> None:
    """Line 10."""
    record = mapped(term("-21.00"), term("-100.00", 50, settled_by=[20]), TransactionType=21)

    assert (record["amount"], record["settled"], record["open"]) == (-121, -100, -21)
    assert [each["amount"] for each in record["settlements"]] == [-100]
    assert record["problems"] == []


@pytest.mark.parametrize("kind", [40, 10, 83, 90])
def test_what_is_no_document_is_left_out(kind: int) -> None:
    entry = receivable(TransactionType=kind)
    assert payment({**entry, "id": entry["TransactionEntryID"]}) is None


@pytest.mark.parametrize("kind", [20, 21, None])
def test_an_entry_that_is_gone_is_told_whatever_it_was(kind: int | None) -> None:
    gone = {"AmountFC": 0, "SettledFC": 0, "OpenFC": 0, "Terms": [], "IsDeleted": True, "TransactionType": kind}

    record = mapped(**gone, Currency=None, YourRef=None)

    assert record["deleted"] is True
    assert (record["amount"], record["settled"], record["open"], record["settlements"]) == (0, 0, 0, [])
    assert record["problems"] == []


def test_what_the_terms_do_not_explain_is_settled_in_an_unknown_way() -> None:
    settled = term("100.00", 50, settled_by=[40])
    record = mapped(settled, AmountFC=Decimal("121.00"), SettledFC=Decimal("121.00"), OpenFC=0)

    assert {"how": "unknown", "amount": Decimal("21.00"), "date": "2026-07-20"} in record["settlements"]
    assert sum(each["amount"] for each in record["settlements"]) == record["settled"]


@pytest.mark.parametrize("field", ["Division", "TransactionType", "Currency", "AmountFC", "SettledFC", "Timestamp"])
def test_a_missing_field_is_named(field: str) -> None:
    record = mapped(**{field: None})

    assert codes(record) == ["receivable_unreadable"]
    assert field in record["problems"][0]["message"]
    assert "26700012" in record["problems"][0]["message"]


def test_amounts_that_contradict_each_other_are_a_problem() -> None:
    assert codes(mapped(OpenFC=Decimal("120.99"))) == ["receivable_amounts_differ"]
    assert codes(mapped(OpenFC=Decimal("121.0000000001"))) == []


cents = st.integers(-99_999_999, 99_999_999).map(lambda amount: Decimal(amount).scaleb(-2))
terms = st.builds(
    lambda amount, status, types, date: term(str(amount), status, settled_by=types, LastPaymentDate=date),
    cents,
    st.sampled_from([20, 30, 40, 50]),
    st.lists(st.sampled_from([10, 20, 21, 40, 82, 83, 90]), max_size=3),
    st.none() | st.dates().map(str),
)


@given(st.lists(terms, min_size=1, max_size=6))
def test_settlements_always_sum_to_what_is_settled(of_entry: list[dict[str, Any]]) -> None:
    record = mapped(*of_entry)

    assert sum((each["amount"] for each in record["settlements"]), Decimal(0)) == record["settled"]
    assert record["settled"] + record["open"] == record["amount"]
    assert record["problems"] == []
