"""Reading: pages, one row, and patience with a service that does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from exactonline_api import AccessDenied, NotFound, RecordRefused, StopRun, WrongDivision
from exactonline_api.refusals import SCOPE_OF
from sandbox.contracts import contract

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from exactonline_api import ExactClient

ID = "dd8de2c4-684e-de31-0545-6f5a0d3e2b11"


def message(text: str) -> dict[str, Any]:
    """An error as Exact writes it (exact-online 4.1)."""
    return {"error": {"code": "", "message": {"lang": "", "value": text}}}


def ids(client: ExactClient, **options: Any) -> list[Any]:
    return [row["ID"] for row in client.rows("crm/Accounts", select=["ID", "Code"], **options)]


def test_the_query_names_its_fields_and_asks_for_json(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": []})
    assert ids(client, filter="Name eq 'A & B'", orderby="Modified desc", top=5, expand="BankAccounts") == []
    asked = server.asked[0]
    assert urlsplit(asked.path).path == "/api/v1/123456/crm/Accounts"
    assert parse_qs(urlsplit(asked.path).query) == {
        "$select": ["ID,Code"],
        "$filter": ["Name eq 'A & B'"],
        "$orderby": ["Modified desc"],
        "$top": ["5"],
        "$expand": ["BankAccounts"],
    }
    assert "%20" in asked.path
    assert "+" not in asked.path
    assert asked.headers["Accept"] == "application/json"


def test_pages_are_followed_by_exacts_own_address_as_it_is(server: ScriptedServer, client: ExactClient) -> None:
    second = "/api/v1/123456/crm/Accounts?$select=ID,Code&$skiptoken=datetime'2026-06-25T16:21:04',guid'" + ID + "'"
    third = "/api/v1/123456/crm/Accounts?$select=ID,Code&$filter=Name%20eq%20%27%C3%A9%27&$skiptoken=guid'" + ID + "'"
    server.will(200, {"d": {"results": [{"ID": "1"}, {"ID": "2"}], "__next": server.url + second}})
    server.will(200, {"d": {"results": [{"ID": "3"}], "__next": server.url + third}})
    server.will(200, {"d": {"results": []}})  # exact-online 3.10
    assert ids(client) == ["1", "2", "3"]
    assert [asked.path for asked in server.asked[1:]] == [second, third]


def test_a_bare_list_has_no_next_page(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": [{"ID": "1"}]})
    assert ids(client) == ["1"]


def test_pages_are_fetched_when_their_rows_are_wanted(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": {"results": [{"ID": "1"}, {"ID": "2"}], "__next": f"{server.url}/next"}})
    assert ids(client, top=2) == ["1", "2"]
    assert next(iter(client.rows("crm/Accounts", select=["ID"], top=0)), None) is None
    assert len(server.asked) == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/api", "http://127.0.0.1:1/api"])
def test_a_next_page_on_another_host_never_gets_our_token(
    server: ScriptedServer, client: ExactClient, elsewhere: str
) -> None:
    server.will(200, {"d": {"results": [{"ID": "1"}], "__next": elsewhere}})
    with pytest.raises(StopRun, match="api_url"):
        ids(client)


def test_a_page_that_names_itself_does_not_go_on_for_ever(server: ScriptedServer, client: ExactClient) -> None:
    itself = f"{server.url}/api/v1/123456/crm/Accounts?$select=ID,Code"
    server.will(200, {"d": {"results": [{"ID": "1"}], "__next": itself}})
    with pytest.raises(StopRun):
        ids(client)


def test_one_row_by_its_key(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": {"ID": ID, "Name": "X "}})
    assert client.row("crm/Accounts", ID, select=["ID", "Name"]) == {"ID": ID, "Name": "X"}
    assert server.asked[0].path == f"/api/v1/123456/crm/Accounts(guid'{ID}')?$select=ID,Name"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_row_that_is_gone_is_not_found_whatever_the_status(
    server: ScriptedServer, client: ExactClient, status: int
) -> None:
    server.will(status, message("Forbidden"))
    with pytest.raises(NotFound) as caught:
        client.row("crm/Accounts", ID)
    assert (caught.value.status, caught.value.endpoint) == (status, "crm/Accounts")


def test_who_am_i_belongs_to_no_division(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": {"results": [{"UserID": ID, "CurrentDivision": 7}]}})
    assert client.me()["CurrentDivision"] == 7
    path, _, query = server.asked[0].path.partition("?$select=")
    assert path == "/api/v1/current/Me"
    assert set(query.split(",")) <= contract("exact")["current/Me"]["fields"].keys()


NO_ANSWER = [
    pytest.param({"status": 500}, id="500 without a text"),
    pytest.param({"status": 500, "body": b"<html>"}, id="500 with HTML"),
    pytest.param({"status": 500, "body": message("Object reference not set to an instance of an object.")}, id="bug"),
    pytest.param({"status": 500, "body": message("De objectverwijzing is niet op een exemplaar ...")}, id="bug, nl"),
    pytest.param({"status": 500, "body": message("Transaction was deadlocked")}, id="deadlock"),
    pytest.param({"status": 500, "body": message("Execution Timeout Expired")}, id="timeout at Exact"),
    pytest.param({"status": 502, "body": b"<html>"}, id="502"),
    pytest.param({"status": 503, "body": b"<html>maintenance"}, id="503"),
    pytest.param({"status": 200, "body": b"<html>maintenance"}, id="200 with HTML"),
    pytest.param({"status": 200}, id="200 without content"),
]


@pytest.mark.parametrize("answer", NO_ANSWER)
def test_a_read_without_an_answer_is_tried_again(
    server: ScriptedServer, client: ExactClient, clock: FakeClock, answer: dict[str, Any]
) -> None:
    server.will(**answer)
    server.will(200, {"d": [{"ID": "1"}]})
    assert ids(client) == ["1"]
    assert len(clock.slept) == 1
    assert 0.5 <= clock.slept[0] <= 1


def test_a_failing_page_is_read_again_and_not_the_whole_list(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, {"d": {"results": [{"ID": "1"}], "__next": f"{server.url}/next"}})
    server.will(fault="reset")
    server.will(200, {"d": {"results": [{"ID": "2"}]}})
    assert ids(client) == ["1", "2"]
    assert [asked.path for asked in server.asked[1:]] == ["/next", "/next"]


@pytest.mark.parametrize(
    ("path", "status", "text", "error", "hint"),
    [
        ("crm/Accounts", 403, "Forbidden - WrongDivision", WrongDivision, "administration 123456.*setting division"),
        ("vat/VATCodes", 403, "Forbidden", AccessDenied, "vat/VATCodes.*scope Financial accounting"),
        ("sync/Deleted", 403, "Forbidden", AccessDenied, "sync/Deleted.*scope Organization administration"),
        ("budget/Budgets", 403, "", AccessDenied, "budget/Budgets: the user needs the right to it$"),
        ("crm/Accounts", 404, "", StopRun, "crm/Accounts.*api_url"),
        ("crm/Accounts", 302, "", StopRun, "api_url"),
        ("crm/Accounts", 400, "Error in query syntax.", RecordRefused, "Error in query syntax"),
        ("crm/Accounts", 500, "Ongeldig: Dagboek", RecordRefused, "Ongeldig: Dagboek"),
    ],
)
def test_a_refused_read_is_not_repeated_and_says_what_to_do(
    server: ScriptedServer, client: ExactClient, path: str, status: int, text: str, error: type[Exception], hint: str
) -> None:
    server.will(status, message(text))
    with pytest.raises(error, match=hint):
        list(client.rows(path, select=["ID"]))
    assert client.calls == 1


def test_the_scopes_are_those_of_known_entities() -> None:
    known = {path.rpartition("/")[2] for path in contract("exact")}
    assert set(SCOPE_OF) <= known
    assert {"SalesEntries", "Accounts", "GLAccounts", "VATCodes", "Documents", "PaymentConditions"} <= set(SCOPE_OF)


def test_a_redirect_is_not_followed(server: ScriptedServer, client: ExactClient) -> None:
    server.will(302, headers={"Location": f"{server.url}/login"})
    with pytest.raises(StopRun):
        ids(client)
    assert [asked.path.partition("?")[0] for asked in server.asked] == ["/api/v1/123456/crm/Accounts"]
