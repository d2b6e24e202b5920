"""Entry date and financial period (accounting rules 15 and 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from exactonline_api.master_data import Period, PeriodTable
from target_exactonline.booking import EntryPlan, MasterData, compose_entry
from target_exactonline.reasons import Rejection

Make = Any

BROKEN_YEAR = PeriodTable(
    (
        Period(date(2025, 7, 1), date(2025, 9, 30), 2026, 1),
        Period(date(2025, 10, 1), date(2025, 12, 31), 2026, 2),
        Period(date(2026, 2, 1), date(2026, 6, 30), 2026, 3),
    )
)


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2025, 6, 30), None),
        (date(2025, 7, 1), (2026, 1)),
        (date(2025, 12, 31), (2026, 2)),
        (date(2026, 1, 15), None),
        (date(2026, 6, 30), (2026, 3)),
        (date(2026, 7, 1), None),
    ],
)
def test_the_period_comes_from_the_table_not_from_the_month(day: date, period: tuple[int, int] | None) -> None:
    found = BROKEN_YEAR.find(day)
    assert (found and (found.year, found.number)) == period


def test_the_table_is_read_from_rows_in_any_order() -> None:
    rows = [
        {"FinYear": 2026, "FinPeriod": 2, "StartDate": "/Date(1769904000000)/", "EndDate": "/Date(1772236800000)/"},
        {"FinYear": 2026, "FinPeriod": 1, "StartDate": "/Date(1767225600000)/", "EndDate": "/Date(1769817600000)/"},
    ]
    table = PeriodTable.from_rows(rows)
    assert [each.name for each in table.periods] == ["2026-01", "2026-02"]
    assert table.find(date(2026, 1, 31)) == table.periods[0]


def compose(document: Any, rules: Any, master: MasterData, day: str, closed: Any = (), **settings: Any) -> Any:
    changed = replace(master, periods=master.periods.with_closed(*closed))
    return compose_entry(document(date=day, due_date=None), rules(**settings), changed)


@pytest.mark.parametrize(
    ("name", "day", "closed", "settings", "outcome"),
    [
        ("an open period", "2026-03-05", [], {}, date(2026, 3, 5)),
        ("no period at all", "2027-01-01", [], {}, "period_missing"),
        ("no period, also not with next_open", "2027-01-01", [], {"on_closed_period": "next_open"}, "period_missing"),
        ("a closed period is held", "2026-03-05", [(2026, 3)], {}, "period_closed"),
        ("the last closed day", "2026-03-31", [], {"closed_until": "2026-03-31"}, "period_closed"),
        ("the first open day", "2026-04-01", [], {"closed_until": "2026-03-31"}, date(2026, 4, 1)),
        (
            "next_open books on the first day of the next open period",
            "2026-03-05",
            [(2026, 3), (2026, 4)],
            {"on_closed_period": "next_open"},
            date(2026, 5, 1),
        ),
        (
            "the day after closed_until, in the middle of a period",
            "2026-03-05",
            [],
            {"on_closed_period": "next_open", "closed_until": "2026-03-15"},
            date(2026, 3, 16),
        ),
        (
            "closed_until and closed periods together",
            "2026-02-05",
            [(2026, 4)],
            {"on_closed_period": "next_open", "closed_until": "2026-03-31"},
            date(2026, 5, 1),
        ),
        (
            "nothing open after it",
            "2026-12-05",
            [(2026, 12)],
            {"on_closed_period": "next_open"},
            "period_closed",
        ),
        (
            "an open period stays put with next_open",
            "2026-03-05",
            [],
            {"on_closed_period": "next_open"},
            date(2026, 3, 5),
        ),
    ],
)
def test_the_entry_date(
    document: Make,
    rules: Make,
    master: MasterData,
    name: str,
    day: str,
    closed: Any,
    settings: Any,
    outcome: date | str,
) -> None:
    composed = compose(document, rules, master, day, closed, **settings)
    if isinstance(outcome, str):
        assert isinstance(composed, Rejection), name
        assert composed.code == outcome
    else:
        assert isinstance(composed, EntryPlan), name
        assert composed.entry_date == outcome
        assert composed.body("c")["EntryDate"] == outcome.isoformat()


def test_a_moved_document_names_its_own_date(document: Make, rules: Make, master: MasterData) -> None:
    plan = compose(document, rules, master, "2026-03-05", [(2026, 3)], on_closed_period="next_open")
    assert plan.description == "Factuur 2026 / 12 (2026-03-05)"
    assert any("2026-03-05" in each for each in plan.warnings)


def test_a_moved_document_falls_due_as_if_it_was_not(document: Make, rules: Make, master: MasterData) -> None:
    """Without a due date of its own it would get one from the later entry date."""
    plan = compose(document, rules, master, "2026-03-05", [(2026, 3)], on_closed_period="next_open")
    assert plan.due_date == date(2026, 4, 4)
