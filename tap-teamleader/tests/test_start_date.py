"""The forms of the setting `start_date`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import time_machine

from connector_store import ConnectorStore
from tap_teamleader.scope import keep_scope, scope_of
from teamleader_api.start_date import StartDateError, first_day

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("setting", "today", "expected"),
    [
        ("2026-05-17", "2026-11-21", date(2026, 5, 17)),
        ("fiscal_year", "2026-11-21", date(2026, 1, 1)),
        ("fiscal_year", "2026-01-01", date(2026, 1, 1)),
        ("quarter", "2026-11-21", date(2026, 10, 1)),
        ("quarter", "2026-03-31", date(2026, 1, 1)),
        ("quarter", "2026-04-01", date(2026, 4, 1)),
        ("quarter", "2026-09-30", date(2026, 7, 1)),
        ("month", "2026-11-21", date(2026, 11, 1)),
        ("month", "2028-02-29", date(2028, 2, 1)),
        ("all", "2026-11-21", None),
    ],
)
def test_first_day(setting: str, today: str, expected: date | None) -> None:
    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        assert first_day(setting) == expected


@pytest.mark.parametrize("setting", ["yesterday", "", "2026-13-01", "2026-02-30", "01/02/2026", "2026-05-17T00:00:00Z"])
def test_another_form_is_refused_with_the_ones_that_work(setting: str) -> None:
    with pytest.raises(StartDateError, match="fiscal_year, quarter, month, all"):
        first_day(setting)


def test_a_named_start_date_means_in_january_what_it_meant_in_the_first_run(tmp_path: Path) -> None:
    """Line 12: the Singer state was lost, and December's last invoices are not read yet."""
    with ConnectorStore.open(f"sqlite:///{tmp_path}/store.db") as store:
        with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
            keep_scope(store, scope_of(store, "antwerp", "fiscal_year"))
        with time_machine.travel("2027-01-02T12:00:00Z", tick=False):
            assert scope_of(store, "antwerp", "fiscal_year")["from"] == "2026-01-01"
            assert scope_of(store, "ghent", "fiscal_year")["from"] == "2027-01-01"
            assert scope_of(store, "antwerp", "quarter")["from"] == "2027-01-01"
