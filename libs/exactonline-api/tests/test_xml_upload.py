"""Uploads to the XML service: what its messages mean, and what an answer that holds none means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api import (
    DayLimitReached,
    LoginLost,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    TryLater,
    WriteNotAllowed,
    WrongDivision,
)
from exactonline_api.xml_topics import Message

if TYPE_CHECKING:
    from api_core.testing import ScriptedServer
    from conftest import Connect
    from exactonline_api import ExactClient

DOCUMENT = b"<eExact><MatchSets/></eExact>"


def answer(*messages: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<Message type="{kind}"><Topic code="MatchSets"/><Description>{text}</Description></Message>'
        for kind, text in messages
    )
    return f"\ufeff<?xml version='1.0' encoding='utf-8'?><eExact><Messages>{listed}</Messages></eExact>".encode()


def test_a_document_goes_to_its_topic_with_the_login_of_rest(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, answer(("2", "Matched")))
    assert client.upload("MatchSets", DOCUMENT) == [Message(2, "Matched")]
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/docs/XMLUpload.aspx?Topic=MatchSets&_Division_=123456")
    assert asked.content == DOCUMENT
    assert asked.headers["Content-Type"].startswith("text/xml")
    assert asked.bearer
    assert client.calls == 1


def test_errors_and_fatal_errors_refuse_and_warnings_do_not(server: ScriptedServer, client: ExactClient) -> None:
    server.will(200, answer(("0", "Invalid"), ("1", "Careful"), ("2", "Done"), ("3", "No  XML\n"), ("?", "")))
    messages = client.upload("MatchSets", DOCUMENT)
    assert [message.is_refusal for message in messages] == [True, False, False, True, True]
    assert messages[3].text == "No XML"


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 405, 410])
def test_a_topic_that_is_gone_refuses_the_document_and_stops_nothing_else(
    server: ScriptedServer, client: ExactClient, status: int
) -> None:
    server.will(status, b"<html>gone</html>")
    with pytest.raises(RecordRefused) as caught:
        client.upload("MatchSets", DOCUMENT)
    assert caught.value.endpoint == "XML topic MatchSets"
    assert isinstance(caught.value, NotFound) is (status != 400)


@pytest.mark.parametrize(
    "scripted",
    [
        pytest.param({"fault": "reset"}, id="reset"),
        pytest.param({"fault": "silent"}, id="silence"),
        pytest.param({"body": answer(("2", "x")), "fault": "truncated"}, id="cut off"),
        pytest.param({"body": b"<html><body>maintenance</body></html>"}, id="HTML"),
        pytest.param({"body": b"<!DOCTYPE html><html></html>"}, id="HTML with a doctype"),
        pytest.param({"body": b""}, id="nothing"),
        pytest.param({"body": answer()}, id="no message"),
        pytest.param({"status": 500, "body": b"<html>"}, id="500"),
        pytest.param({"status": 503, "body": b"<html>"}, id="503"),
    ],
)
def test_without_a_message_nobody_knows_what_was_done(
    server: ScriptedServer, hasty: ExactClient, scripted: dict[str, Any]
) -> None:
    server.will(**scripted)
    with pytest.raises(OutcomeUnknown, match="XML topic MatchSets"):
        hasty.upload("MatchSets", DOCUMENT)
    assert len(server.asked) == 1


def test_limits_and_logins_are_as_with_rest(server: ScriptedServer, client: ExactClient) -> None:
    server.will(401)
    server.will(429)
    server.will(200, answer(("2", "Done")))
    assert client.upload("MatchSets", DOCUMENT)
    assert len(server.asked) == 3
    server.will(429, headers={"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0"})
    with pytest.raises(DayLimitReached):
        client.upload("MatchSets", DOCUMENT)


def test_a_login_that_is_refused_twice_or_has_no_such_administration_stops_the_run(
    server: ScriptedServer, connect: Connect
) -> None:
    server.will(401)
    server.will(401)
    with pytest.raises(LoginLost):
        connect().upload("MatchSets", DOCUMENT)
    server.will(403, {"error": {"code": "", "message": {"lang": "", "value": "Forbidden - WrongDivision"}}})
    with pytest.raises(WrongDivision):
        connect().upload("MatchSets", DOCUMENT)


def test_nothing_is_sent_by_a_client_for_reading_or_to_nobody(
    server: ScriptedServer, connect: Connect, client: ExactClient, nobody_listens: str
) -> None:
    with pytest.raises(WriteNotAllowed):
        connect(read_only=True).upload("MatchSets", DOCUMENT)
    server.will(200, {"d": []})
    list(client.rows("crm/Accounts", select=["ID"]))
    with pytest.raises(TryLater):
        connect(api_url=nobody_listens).upload("MatchSets", DOCUMENT)
    assert len(server.asked) == 1
