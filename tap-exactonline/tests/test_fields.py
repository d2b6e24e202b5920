"""From Exact's values to those of a record."""

from __future__ import annotations

from decimal import Decimal

from tap_exactonline.fields import converter

TEXT, DAY = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date"}
PROPERTIES = {
    "ID": {"type": ["string"]},
    "Timestamp": {"type": ["integer"]},
    "StartDate": DAY,
    "Modified": {"type": ["string", "null"], "format": "date-time"},
    "AmountFC": {"type": ["number", "null"]},
    "Percentage": {"type": ["number", "null"]},
    "Blocked": {"type": ["boolean", "null"]},
    "Lines": {"type": ["array", "null"], "items": {"type": "object", "properties": {"From": DAY, "Notes": TEXT}}},
}


def test_values_get_the_types_of_the_schema() -> None:
    row = {
        "ID": "x",
        "Timestamp": "8400321",
        "StartDate": "/Date(1782345600000)/",
        "Modified": "/Date(1782404464260)/",
        "AmountFC": Decimal("38.980000000000004"),
        "Percentage": Decimal("0.055"),
        "Blocked": False,
        "Lines": [{"From": "/Date(1782345600000)/", "Notes": "a", "Unknown": 1}],
    }
    assert converter(PROPERTIES)(row) == {
        "ID": "x",
        "Timestamp": 8400321,
        "StartDate": "2026-06-25",
        "Modified": "2026-06-25T14:21:04.260Z",
        "AmountFC": Decimal("38.98"),
        "Percentage": Decimal("0.055"),
        "Blocked": False,
        "Lines": [{"From": "2026-06-25", "Notes": "a"}],
    }


def test_null_stays_null_and_what_is_unknown_is_left_out() -> None:
    row = {**dict.fromkeys(PROPERTIES), "ClientGroup": "x"}
    assert converter(PROPERTIES)(row) == dict.fromkeys(PROPERTIES)
