"""`$filter`: what is understood, and what is refused with "Error in query syntax."."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Exact

BOOKS = "financial/Journals"


def codes(exact: Exact, filter_: str, path: str = BOOKS) -> set[str]:
    answer = exact.get(f"{path}?$select=Code&$filter={filter_}")
    assert answer.status == 200, answer.text
    return {row["Code"].strip() for row in answer.rows}


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("Code eq '70'", {"70"}),
        ("Code eq '70' or Code eq '71'", {"70", "71"}),
        ("'70' eq Code", {"70"}),
        ("Type eq 20 and IsBlocked eq false", {"70", "71", "72"}),
        ("Type eq 20 and not (Code eq '70')", {"71", "72", "79"}),
        ("not (Type eq 20) and Type lt 90", {"30", "50", "60", "61", "73"}),
        ("Type eq 20L", {"70", "71", "72", "79"}),
        ("Type eq 20.0 and IsBlocked", {"79"}),
        ("Code ge '72' and Code lt '79'", {"72", "73"}),
        ("Code eq '30' or Type eq 20 and IsBlocked eq true", {"30", "79"}),
        ("(Code eq '30' or Type eq 20) and IsBlocked eq true", {"79"}),
        ("GLAccount eq null", {"90"}),
        ("GLAccount ne null and Type eq 12", {"50"}),
        ("substringof('Credit',Description) eq true", {"61", "71"}),
        ("startswith(Description,'Verkopen')", {"70", "72", "79"}),
        ("endswith(Description,'EUR')", {"72"}),
        ("trim(Code) eq '70'", {"70"}),
        ("Description eq 'Creditnota''s verkoop'", {"71"}),
        ("Modified ge datetime'2026-06-25T16:21:04'", {"30", "50", "60", "61", "70", "71", "72", "73", "79", "90"}),
        ("Modified gt datetime'2026-06-25T16:21:04'", set()),
    ],
)
def test_understood(exact: Exact, filter_: str, expected: set[str]) -> None:
    assert codes(exact, filter_) == expected


@pytest.mark.parametrize(
    "filter_",
    [
        "Cod eq '70'",
        "Code",
        "Code eq",
        "Code = '70'",
        "Code eq 70",
        "Type eq '20'",
        "ID eq '70'",
        "ID eq guid'70'",
        "ID gt guid'00000000-0000-0000-0000-000000000000'",
        "IsBlocked eq 1",
        "Modified gt '2026-01-01'",
        "Modified gt datetime'2026-01-01T00:00:00Z'",
        "Modified gt datetime'soon'",
        "Code eq '70' or",
        "(Code eq '70'",
        "Code eq '70')",
        "Code eq '70' Type eq 20",
        "contains(Code,'7')",
        "substringof('7')",
        "substringof(7,Code)",
        "Type eq 1e1",
        "Code eq 'it's'",
        "Type in (20,21)",
        'Code eq "70"',
        "(" * 60 + "Type eq 20" + ")" * 60,
    ],
)
def test_refused(exact: Exact, filter_: str) -> None:
    answer = exact.get(f"{BOOKS}?$filter={filter_}")
    assert (answer.status, answer.message) == (400, "Error in query syntax.")


def test_codes_are_compared_with_their_padding(exact: Exact) -> None:
    assert codes(exact, "Code eq '21'", "vat/VATCodes") == set()
    assert codes(exact, "Code eq '21 '", "vat/VATCodes") == {"21"}
    assert codes(exact, "trim(Code) eq '21'", "vat/VATCodes") == {"21"}
    assert codes(exact, "Code eq '0000001'", "crm/Accounts") == set()
    assert codes(exact, "Code eq '           0000001'", "crm/Accounts") == {"0000001"}


def test_looked_up_and_scanned_rows_are_the_same(exact: Exact) -> None:
    customer = exact.customer()
    for number in range(1, 13):
        exact.entry(Customer=customer, YourRef=f"2026 / {number}")
    path = "salesentry/SalesEntries?$select=YourRef&$filter="
    assert [row["YourRef"] for row in exact.get(path + "YourRef eq '2026 / 1'").rows] == ["2026 / 1"]
    looked_up = exact.get(path + "(YourRef eq '2026 / 1' or YourRef eq '2026 / 9') and Journal eq '70'").rows
    scanned = exact.get(path + "trim(YourRef) eq '2026 / 1' or trim(YourRef) eq '2026 / 9'").rows
    assert len(looked_up) == 2
    assert [row["YourRef"] for row in looked_up] == [row["YourRef"] for row in scanned]
    assert exact.get(path + "YourRef eq '2026 / 1' and Journal eq '71'").rows == []


def test_an_address_of_more_than_8_kilobytes_is_refused(exact: Exact) -> None:
    terms = " or ".join(f"YourRef eq '2026 / {number}'" for number in range(40))
    assert exact.get(f"salesentry/SalesEntries?$filter={terms}").status == 200
    terms = " or ".join(f"YourRef eq '2026 / {number}'" for number in range(400))
    answer = exact.get(f"salesentry/SalesEntries?$filter={terms}")
    assert answer.status == 414
    assert answer.headers["content-type"].startswith("text/html")
