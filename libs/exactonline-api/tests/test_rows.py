"""Rows without padding, zero ids and plumbing; every body recorded on a live administration is understood."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import simplejson

from exactonline_api.rows import ZERO_GUID, normalised, rows_of
from sandbox.contracts import contract

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_padding_zero_ids_and_plumbing_are_gone() -> None:
    row = {
        "__metadata": {"uri": "https://x", "type": "T"},
        "Code": "           0000011",
        "Language": "FR        ",
        "Parent": ZERO_GUID,
        "GlnNumber": "",
        "AmountFC": Decimal("41.98"),
        "Blocked": False,
        "Remarks": None,
        "Contacts": {"__deferred": {"uri": "https://x/Contacts"}},
        "Lines": {"results": [{"__metadata": {}, "VATCode": "4  "}]},
    }
    assert normalised(row) == {
        "Code": "0000011",
        "Language": "FR",
        "Parent": None,
        "GlnNumber": "",
        "AmountFC": Decimal("41.98"),
        "Blocked": False,
        "Remarks": None,
        "Lines": [{"VATCode": "4"}],
    }


def test_a_list_comes_bare_or_in_results_and_one_row_alone() -> None:
    assert rows_of([{"ID": "1"}]) == rows_of({"results": [{"ID": "1"}]}) == rows_of({"ID": "1"}) == [{"ID": "1"}]
    assert rows_of([]) == rows_of({"results": []}) == []


def test_every_recorded_body_is_understood() -> None:
    bodies = [seen["body"] for answers in contract("exact-recorded").values() for seen in answers if seen["body"]]
    assert len(bodies) >= 25
    for body in bodies:
        parsed = simplejson.loads(simplejson.dumps(body), use_decimal=True)
        for row in rows_of(parsed["d"]):
            assert row
            assert set(_plumbing(row)) == set()


def _plumbing(value: Any) -> Iterator[Any]:
    """Find what normalising should have removed, at any depth."""
    if isinstance(value, dict):
        yield from {"__metadata", "__deferred", "__next"} & value.keys()
        for inner in value.values():
            yield from _plumbing(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _plumbing(inner)
    elif isinstance(value, str) and (value != value.strip() or value == ZERO_GUID):
        yield value
