"""Pages, skip tokens, the two forms of a list, and the options that some endpoints insist on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact


@pytest.fixture
def crowded(exact: Exact) -> Exact:
    """Exactly 120 accounts: two full pages."""
    for number in range(120 - len(exact.state["crm/Accounts"])):
        exact.clock.advance(1)
        exact.post("crm/Accounts", {"Name": f"Klant {number % 7}"})
    return exact


def pages(exact: Exact, address: str) -> list[list[dict[str, Any]]]:
    found = []
    following: str | None = address
    while following:
        d = exact.get(following).d
        found.append(d if isinstance(d, list) else d["results"])
        following = None if isinstance(d, list) else d.get("__next")
    return found


def test_pages_hold_60_rows_and_full_ones_may_be_followed_by_an_empty_one(crowded: Exact) -> None:
    found = pages(crowded, "crm/Accounts?$select=ID")
    assert [len(page) for page in found] == [60, 60, 0]
    ids = [row["ID"] for page in found for row in page]
    assert ids == sorted(ids)
    assert len(set(ids)) == 120


def test_top_beyond_the_page_is_carried_on_in_next(crowded: Exact) -> None:
    d = crowded.get("crm/Accounts?$orderby=Modified asc&$select=ID,Modified&$top=100").d
    assert len(d["results"]) == 60
    assert d["__next"].startswith(
        "http://127.0.0.1:8002/api/v1/123456/crm/Accounts?$orderby=Modified%20asc&$select=ID,Modified&$top=40&$skiptoken=datetime'"
    )
    rest = crowded.get(d["__next"]).d
    assert len(rest) == 40
    assert not {row["ID"] for row in d["results"]} & {row["ID"] for row in rest}


@pytest.mark.parametrize(
    ("query", "bare"),
    [
        ("$top=50", True),
        ("$top=60", True),
        ("$skip=0&$top=60", False),
        ("$skip=0&$top=50", True),
        ("$top=61", False),
        ("$top=1000", False),
        ("", False),
        ("$top=5&$inlinecount=allpages", False),
    ],
)
def test_a_top_within_the_page_gives_a_bare_list(exact: Exact, query: str, bare: bool) -> None:  # noqa: FBT001
    assert isinstance(exact.get(f"financial/GLAccounts?{query}").d, list) is bare


@pytest.mark.parametrize("orderby", ["Name desc", "Name", "Name desc,Code", "Modified desc", "Email,Name", "Blocked"])
def test_every_row_comes_once_in_any_order(crowded: Exact, orderby: str) -> None:
    rows = [row for page in pages(crowded, f"crm/Accounts?$orderby={orderby}") for row in page]
    assert len({row["ID"] for row in rows}) == len(rows) == 120
    name, _, direction = orderby.split(",", maxsplit=1)[0].partition(" ")
    values = [row[name] for row in rows if row[name] is not None]
    assert values == sorted(values, reverse=direction == "desc")


def test_skip_and_count(crowded: Exact) -> None:
    assert len(crowded.get("crm/Accounts?$skip=100").rows) == 20
    assert crowded.get("crm/Accounts?$inlinecount=allpages&$filter=Name eq 'Klant 1'&$top=3").d["__count"] == "17"
    count = crowded.get("crm/Accounts/$count?$filter=Name eq 'Klant 1'", accept="*/*")
    assert (count.text, count.headers["content-type"].split(";")[0]) == ("17", "text/plain")
    assert crowded.get("crm/Accounts/$count").status == 415


def test_bulk_and_sync_pages_hold_1000_rows(exact: Exact) -> None:
    for number in range(1005):
        exact.state.insert("crm/Accounts", {"Name": f"Klant {number}", "Code": f"{number + 100:>18}", "Status": "A"})
    total = len(exact.state["crm/Accounts"])
    exact.verb("fill", gl_accounts=1005)
    ledgers = len(exact.state["financial/GLAccounts"])
    assert [len(page) for page in pages(exact, "bulk/Financial/GLAccounts?$select=ID")] == [1000, ledgers - 1000]
    synced = pages(exact, "sync/CRM/Accounts?$select=ID,Timestamp&$filter=Timestamp gt 1L")
    assert [len(page) for page in synced] == [1000, total - 1000]
    first, second = ([int(row["Timestamp"]) for row in page] for page in synced)
    assert max(first) < min(second)
    assert len({*first, *second}) == total


def test_the_last_row_of_a_sync_page_is_not_the_newest(exact: Exact) -> None:
    exact.verb("fill", accounts=50)
    rows = exact.get("sync/CRM/Accounts?$select=ID,Timestamp&$filter=Timestamp gt 1L").rows
    stamps = [int(row["Timestamp"]) for row in rows]
    assert [row["ID"] for row in rows] == sorted(row["ID"] for row in rows)
    assert max(stamps) != stamps[-1]


def test_a_row_that_changes_between_two_pages_is_not_lost(exact: Exact) -> None:
    exact.verb("fill", accounts=1100)
    page = exact.get("sync/CRM/Accounts?$select=ID,Timestamp&$filter=Timestamp gt 1L").d
    every = {row["ID"] for row in exact.state["crm/Accounts"]}
    seen = {row["ID"] for row in page["results"]}
    one_read, one_not_read = min(seen), min(every - seen)
    for key in (one_read, one_not_read):
        exact.verb("edit_account", id=key, changes={"City": "Aalst"})
    rest = [row["ID"] for row in exact.get(page["__next"]).rows]
    assert {one_read, one_not_read} <= set(rest)
    assert seen | set(rest) == every


def test_sync_gives_what_changed_since_a_row_version(exact: Exact) -> None:
    path = "sync/CRM/Accounts?$select=ID,Name,Timestamp&$filter=Timestamp gt "
    newest = max(int(row["Timestamp"]) for row in exact.get(f"{path}1").rows)
    assert exact.get(f"{path}{newest}L").rows == []
    customer = exact.customer()
    exact.verb("edit_account", code="0000001", changes={"Name": "Anders"})
    assert {row["Name"] for row in exact.get(f"{path}{newest}L").rows} == {"Klant", "Anders"}
    exact.delete("crm/Accounts", customer)
    assert [row["Name"] for row in exact.get(f"{path}{newest}L").rows] == ["Anders"]
    assert exact.deleted() == [(2, customer)]


def test_deletions_are_told_for_two_months(exact: Exact) -> None:
    for days in (0, 40, 25):
        exact.clock.advance(days * 86_400)
        exact.verb("delete_account", id=exact.verb("add_account", Name=f"Klant {days}")["id"])
    answer = exact.token(refresh_token=exact.state.tokens.login())
    exact.headers["authorization"] = "Bearer " + json.loads(answer.content)["access_token"]
    assert len(exact.deleted()) == 2


def test_after_a_move_all_row_versions_start_anew(exact: Exact) -> None:
    before = {row["ID"]: int(row["Timestamp"]) for row in exact.get("sync/CRM/Accounts?$select=ID,Timestamp").rows}
    exact.verb("move_division")
    after = {row["ID"]: int(row["Timestamp"]) for row in exact.get("sync/CRM/Accounts?$select=ID,Timestamp").rows}
    assert after.keys() == before.keys()
    assert max(after.values()) < min(before.values())
    assert (
        exact.get("system/Divisions?$select=Code,DivisionMoveDate").rows[0]["DivisionMoveDate"]
        == "/Date(1782345600000)/"
    )


@pytest.mark.parametrize(
    "path",
    [
        "cashflow/Receivables",
        "cashflow/DirectDebitMandates",
        "bulk/Cashflow/Receivables",
        "bulk/Financial/GLAccounts",
        "sync/CRM/Accounts",
        "sync/Deleted",
    ],
)
def test_some_endpoints_insist_on_a_selection(exact: Exact, path: str) -> None:
    answer = exact.get(path)
    text = "Please add a $select or a $top=1 statement to the query string."
    assert (answer.status, answer.message) == (400, text)
    assert exact.get(f"{path}?$top=1").status == 200
    assert exact.get(f"{path}?$select=ID").status == 200


@pytest.mark.parametrize(
    "query",
    [
        "crm/Accounts?$select=ID,Nme",
        "system/Divisions?$select=Code,Main",
        "crm/Accounts?$orderby=Nme",
        "crm/Accounts?$orderby=Name up",
        "crm/Accounts?$top=many",
        "crm/Accounts?$skip=-1",
        "crm/Accounts?$expand=Contacts",
        "crm/Accounts?$skiptoken=42",
        "crm/Accounts?$orderby=Name&$skiptoken=guid'00000000-0000-0000-0000-000000000001'",
        "sync/CRM/Accounts?$select=*",
        "sync/CRM/Accounts?$select=ID&$filter=Name eq 'x'",
        "sync/CRM/Accounts?$select=ID&$orderby=Name",
        "bulk/Cashflow/Receivables?$select=ID&$filter=YourRef eq 'x'",
    ],
)
def test_what_an_endpoint_does_not_know_fails_the_whole_call(exact: Exact, query: str) -> None:
    assert exact.get(query).status == 400


def test_lines_come_behind_a_link_or_expanded(exact: Exact) -> None:
    entry = exact.entry(exact.line(Description="een"), exact.line(Description="twee")).d
    link = entry["SalesEntryLines"]["__deferred"]["uri"]
    assert [row["Description"] for row in exact.get(link).rows] == ["een", "twee"]
    expanded = exact.row(
        "salesentry/SalesEntries", entry["EntryID"], "?$select=EntryID,SalesEntryLines&$expand=SalesEntryLines"
    )
    assert expanded.keys() == {"__metadata", "EntryID", "SalesEntryLines"}
    assert [row["LineNumber"] for row in expanded["SalesEntryLines"]["results"]] == [1, 2]


def test_rows_are_found_by_key(exact: Exact) -> None:
    customer = exact.customer(Name="Eén")
    assert exact.row("crm/Accounts", customer.upper(), "?$select=Name")["Name"] == "Eén"
    assert exact.get("general/Currencies('EUR')").d["Description"] == "Euro"
    assert exact.get("documents/DocumentTypes(10)").d["Description"] == "Verkoopfactuur"
    unknown = "00000000-0000-4000-8000-000000000000"
    assert exact.get(f"crm/Accounts(guid'{unknown}')").status == 404
    assert exact.get("crm/Accounts(guid'nonsense')").status == 500
    assert exact.get("crm/Accounts('0000001')").status == 400
    assert exact.get("crm/Acounts").status == 404


def test_without_the_json_header_everything_is_atom(exact: Exact) -> None:
    answer = exact.get("crm/Accounts?$select=Name", accept="*/*")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.text.startswith("\ufeff<?xml")
    assert "<d:Name>Bakkerij 't Hoekje</d:Name>" in answer.text
    assert "Kantoor &amp; Zonen NV" in answer.text
    refused = exact.get("crm/Accounts?$select=Nme", accept="*/*")
    assert '<message xml:lang="">Error in query syntax.</message>' in refused.text
