"""Writing: once, and the difference between refused, not sent, and unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api import (
    AccessDenied,
    ApiError,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    WriteNotAllowed,
    WrongDivision,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect
    from exactonline_api import ExactClient

ID = "dd8de2c4-684e-de31-0545-6f5a0d3e2b11"
ENTRIES = "salesentry/SalesEntries"
ENTRY = {"Journal": "70", "YourRef": "2026 / 1", "SalesEntryLines": [{"AmountFC": Decimal("41.98")}]}

WRITES = [
    pytest.param(lambda client: client.post(ENTRIES, ENTRY), id="POST"),
    pytest.param(lambda client: client.put(ENTRIES, ID, {"Description": "x"}), id="PUT"),
    pytest.param(lambda client: client.delete(ENTRIES, ID), id="DELETE"),
]


def message(text: str) -> dict[str, Any]:
    return {"error": {"code": "", "message": {"lang": "", "value": text}}}


def signed_in(server: ScriptedServer, client: ExactClient) -> ExactClient:
    """Have the client fetch its token, so that the next request is the write."""
    server.will(200, {"d": []})
    list(client.rows("crm/Accounts", select=["ID"]))
    server.asked.clear()
    return client


def test_a_new_row_is_asked_back_whole(server: ScriptedServer, client: ExactClient) -> None:
    server.will(201, {"d": {"EntryID": ID, "EntryNumber": 26700001, "SalesEntryLines": {"__deferred": {}}}})
    assert client.post(ENTRIES, ENTRY) == {"EntryID": ID, "EntryNumber": 26700001}
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/api/v1/123456/salesentry/SalesEntries")
    assert asked.headers["Prefer"] == "return=representation"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["Content-Type"] == "application/json"


def test_amounts_are_sent_as_numbers_with_all_their_digits(server: ScriptedServer, client: ExactClient) -> None:
    server.will(201, {"d": {"EntryID": ID}})
    client.post(ENTRIES, ENTRY)
    assert b'"AmountFC": 41.98}' in server.asked[0].content


def test_a_change_sends_the_named_fields_to_the_row(server: ScriptedServer, client: ExactClient) -> None:
    server.will(204)
    server.will(204)
    client.put("crm/Accounts", ID, {"Status": "C"})
    client.delete("crm/Accounts", ID)
    put, delete = server.asked
    assert (put.method, put.json) == ("PUT", {"Status": "C"})
    assert (delete.method, delete.content) == ("DELETE", b"")
    assert put.path == delete.path == f"/api/v1/123456/crm/Accounts(guid'{ID}')"


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"fault": "reset"}, id="reset"),
        pytest.param({"status": 200, "body": b"<html>maintenance</html>"}, id="200 with HTML"),
        pytest.param({"status": 201, "body": b'{"d": {"Entry'}, id="half a JSON text"),
        pytest.param({"status": 500}, id="500 without a text"),
        pytest.param({"status": 500, "body": message("Object reference not set to an instance ...")}, id="bug"),
        pytest.param({"status": 500, "body": message("Time-out op de server")}, id="timeout at Exact"),
        pytest.param({"status": 502, "body": b"<html>"}, id="502"),
        pytest.param({"status": 503, "body": b"<html>"}, id="503"),
        pytest.param({"status": 408}, id="408"),
    ],
)
def test_a_write_without_a_usable_answer_is_unknown_and_never_repeated(
    server: ScriptedServer,
    client: ExactClient,
    clock: FakeClock,
    write: Callable[[ExactClient], object],
    answer: dict[str, Any],
) -> None:
    signed_in(server, client)
    server.will(**answer)
    with pytest.raises(OutcomeUnknown, match=r"may or may not .* salesentry/SalesEntries") as caught:
        write(client)
    assert caught.value.endpoint == ENTRIES
    assert len(server.asked) == 1
    assert clock.slept == []


def test_a_success_without_a_row_is_unknown(server: ScriptedServer, client: ExactClient) -> None:
    server.will(201)
    with pytest.raises(OutcomeUnknown):
        client.post(ENTRIES, ENTRY)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "Gegeven bestaat reeds."),
        (500, "Periode is afgesloten: 2024-03"),
        (500, "Mandatory: Relationship\r\nInvalid reference: Cost unit"),
        (400, "Error processing request stream. The property name 'X' specified for type 'Y' is not valid."),
        (413, ""),
    ],
)
def test_a_refusal_of_the_record_keeps_every_line(
    server: ScriptedServer, client: ExactClient, status: int, text: str
) -> None:
    server.will(status, message(text))
    with pytest.raises(RecordRefused) as caught:
        client.post(ENTRIES, ENTRY)
    assert caught.value.messages == [line for line in text.split("\r\n") if line]
    assert (caught.value.status, caught.value.endpoint) == (status, ENTRIES)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [403, 404, 410])
def test_changing_or_removing_what_is_gone_is_told_as_such(
    server: ScriptedServer, client: ExactClient, status: int
) -> None:
    server.will(status, message("Forbidden"))
    server.will(status, message("Forbidden"))
    with pytest.raises(NotFound):
        client.put(ENTRIES, ID, {"YourRef": "x"})
    with pytest.raises(NotFound):
        client.delete(ENTRIES, ID)


@pytest.mark.parametrize(("text", "error"), [("Forbidden", AccessDenied), ("Forbidden - WrongDivision", WrongDivision)])
def test_a_write_without_the_right_to_it_stops_the_run(
    server: ScriptedServer, client: ExactClient, text: str, error: type[ApiError]
) -> None:
    server.will(403, message(text))
    with pytest.raises(error):
        client.post(ENTRIES, ENTRY)


@pytest.mark.parametrize("write", WRITES)
def test_a_client_for_reading_sends_no_write(
    server: ScriptedServer, connect: Connect, write: Callable[[ExactClient], object]
) -> None:
    with pytest.raises(WriteNotAllowed, match="dry run"):
        write(connect(read_only=True))
    assert (server.asked, server.token_asked) == ([], [])


def test_texts_to_log_hold_no_addresses_accounts_or_values(server: ScriptedServer, client: ExactClient) -> None:
    said = [
        "Invalid: Email [jan.peeters@example.be]",
        "Ongeldig: Naam [Jan Peeters]",
        "Bestaat reeds: jan@example.be op BE68 5390 0754 7034",
        "Invalid: VAT percentage [0.21]",
    ]
    server.will(500, message("\r\n".join(said)))
    with pytest.raises(RecordRefused) as caught:
        client.post("crm/Accounts", {"Name": "Jan Peeters", "Email": "jan.peeters@example.be"})
    assert caught.value.messages == said
    assert str(caught.value) == (
        "Exact refused crm/Accounts (500): Invalid: Email […]; Ongeldig: Naam […]; Bestaat reeds: … op …; "
        "Invalid: VAT percentage [0.21]"
    )
