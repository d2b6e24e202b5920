"""Lists: numbered pages, and rows that move while they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.contracts import contract
from teamleader_api.paging import UNPAGED

if TYPE_CHECKING:
    from api_core.testing import ScriptedServer
    from teamleader_api import TeamleaderClient


CONTRACT = contract("teamleader")


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": str(number), "updated_at": "2026-06-25"} for number in numbers]


def test_pages_of_a_hundred_until_one_is_not_full(server: ScriptedServer, client: TeamleaderClient) -> None:
    body = {"filter": {"status": ["outstanding"]}, "sort": [{"field": "invoice_date"}]}
    server.will(200, {"data": rows(*range(100))})
    server.will(200, {"data": rows(*range(100, 130))})
    assert [row["id"] for row in client.rows("invoices.list", body)] == [str(number) for number in range(130)]
    assert [asked.json for asked in server.asked] == [
        {**body, "page": {"size": 100, "number": 1}},
        {**body, "page": {"size": 100, "number": 2}},
    ]
    assert "page" not in body


def test_a_full_last_page_is_followed_by_an_empty_one(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, {"data": rows(*range(100))})
    server.will(200, {"data": []})
    assert len(list(client.rows("invoices.list"))) == 100


def test_a_count_of_matches_saves_the_empty_page(server: ScriptedServer, client: TeamleaderClient) -> None:
    meta = {"page": {"size": 100, "number": 1}, "matches": 100}
    server.will(200, {"data": rows(*range(100)), "meta": meta})
    assert len(list(client.rows("companies.list"))) == 100
    assert client.first_page_meta == meta


def test_a_service_that_gives_smaller_pages_than_asked_is_read_to_the_end(
    server: ScriptedServer, client: TeamleaderClient
) -> None:
    for number, page in enumerate([rows(1, 2), rows(3, 4), rows(5)], 1):
        server.will(200, {"data": page, "meta": {"page": {"size": 2, "number": number}, "matches": 5}})
    assert [row["id"] for row in client.rows("companies.list")] == ["1", "2", "3", "4", "5"]


def test_pages_come_as_they_are_read(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, {"data": rows(1, 2)})
    pages = client.pages("invoices.list", {}, size=2)
    assert next(pages) == rows(1, 2)
    assert len(server.asked) == 1


@pytest.mark.parametrize("action", sorted(UNPAGED))
def test_a_list_without_pages_is_asked_for_once_and_whole(
    server: ScriptedServer, client: TeamleaderClient, action: str
) -> None:
    server.will(200, {"data": rows(*range(100))})
    assert len(list(client.rows(action))) == 100
    assert server.asked[0].json == {}


def test_the_lists_without_pages_are_those_of_the_description() -> None:
    lists = {action for action in CONTRACT if action.endswith(".list")}
    without = {action for action in lists if "page" not in CONTRACT[action]["request"]["properties"]}
    assert without == UNPAGED & lists


def listed(client: TeamleaderClient) -> list[tuple[str, str]]:
    return client.listed_until_stable(
        "invoices.list", {}, key=lambda row: row["id"], project=lambda row: (row["id"], row["updated_at"])
    )


def test_a_list_of_one_page_is_read_once(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, {"data": rows(1, 2)})
    assert listed(client) == [("1", "2026-06-25"), ("2", "2026-06-25")]
    assert client.calls == 1


def test_a_row_that_slipped_over_a_page_border_is_found_in_a_second_pass(
    server: ScriptedServer, client: TeamleaderClient
) -> None:
    hundred = list(range(100))
    server.will(200, {"data": rows(*hundred)})
    server.will(200, {"data": rows(101)})  # 100 moved to the first page when 0 was removed
    server.will(200, {"data": rows(*hundred[1:], 100)})
    server.will(200, {"data": rows(101)})
    server.will(200, {"data": rows(*hundred[1:], 100)})
    server.will(200, {"data": rows(101)})
    assert {key for key, _ in listed(client)} == {str(number) for number in range(102)}
    assert client.calls == 6


def test_of_a_row_that_came_twice_the_last_version_counts(server: ScriptedServer, client: TeamleaderClient) -> None:
    first = rows(*range(100))
    server.will(200, {"data": first})
    server.will(200, {"data": []})
    server.will(200, {"data": [{**first[0], "updated_at": "2026-06-26"}, *first[1:]]})
    server.will(200, {"data": []})
    found = dict(listed(client))
    assert (found["0"], found["1"]) == ("2026-06-26", "2026-06-25")
    assert len(found) == 100


def test_a_list_that_never_holds_still_ends(server: ScriptedServer, client: TeamleaderClient) -> None:
    for reading in range(6):
        server.will(200, {"data": rows(*range(reading, reading + 100))})
        server.will(200, {"data": []})
    assert len(listed(client)) == 105
