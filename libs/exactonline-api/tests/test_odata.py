"""Literals, filters and addresses of Exact's OData (exact-online 3.17)."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import unquote

import pytest

from exactonline_api import odata

ID = "dd8de2c4-684e-de31-0545-6f5a0d3e2b11"


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (odata.text("O'Brien & Zn"), "'O''Brien & Zn'"),
        (odata.guid(ID), f"guid'{ID}'"),
        (odata.guid("{DD8DE2C4-684E-DE31-0545-6F5A0D3E2B11}"), f"guid'{ID}'"),
        (odata.int64(12), "12L"),
        (odata.moment(datetime(2026, 1, 31, 23, 30, tzinfo=timezone.utc)), "datetime'2026-02-01T00:30:00'"),
        (odata.moment(datetime(2026, 7, 1, 10, 0)), "datetime'2026-07-01T10:00:00'"),  # noqa: DTZ001
        (odata.any_of("YourRef", [odata.text("2026 / 1")]), "(YourRef eq '2026 / 1')"),
        (odata.any_of("Code", ["'70'", "'71'"]), "(Code eq '70' or Code eq '71')"),
    ],
)
def test_literals(literal: str, written: str) -> None:
    assert literal == written


@pytest.mark.parametrize("value", ["", "x' or 1 eq 1", "1234"])
def test_what_is_no_id_is_not_written_as_one(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        odata.guid(value)


def test_a_filter_for_nothing_is_refused_rather_than_sent() -> None:
    with pytest.raises(ValueError, match="YourRef"):
        odata.any_of("YourRef", [])


def test_long_lists_are_cut_to_what_fits_in_an_address() -> None:
    assert [len(chunk) for chunk in odata.chunks(range(85))] == [40, 40, 5]
    assert list(odata.chunks([])) == []


def test_terms_of_any_length_are_packed_as_far_as_forty_ids_reach() -> None:
    ids = odata.terms("Customer", [odata.guid(ID)] * 41)
    numbers = odata.terms("YourRef", [odata.text(f"2026/{number}") for number in range(100)])
    packs = list(odata.packs(ids + numbers))
    assert [term for pack in packs for term in pack] == ids + numbers
    assert len(packs[0]) == 40
    assert all(odata.room_for(pack) <= odata.SAFE_LENGTH for pack in packs)
    assert list(odata.packs([])) == []


@pytest.mark.parametrize(
    ("key", "path"),
    [(ID, f"x/Y(guid'{ID}')"), (10, "x/Y(10)"), ("EUR", "x/Y(%27EUR%27)")],
)
def test_a_row_is_addressed_by_the_kind_of_its_key(key: str | int, path: str) -> None:
    assert odata.row_path("x/Y", key) == path


def test_every_value_of_a_query_is_percent_encoded_and_missing_options_are_left_out() -> None:
    written = odata.query(select="ID,Code", filter="Name eq 'A+B & C#1'", orderby=None)
    assert written == "$select=ID,Code&$filter=Name%20eq%20%27A%2BB%20%26%20C%231%27"
    assert unquote(written.rpartition("$filter=")[2]) == "Name eq 'A+B & C#1'"
