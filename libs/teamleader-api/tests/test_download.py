"""Files: from a temporary address, without our token, whole or not at all."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_api import NotFound, RecordRefused, TryLater

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from teamleader_api import TeamleaderClient

PDF = b"%PDF-1.7 " + bytes(range(256)) * 400


def fetched(client: TeamleaderClient, location: str) -> bytes:
    into = io.BytesIO(b"what an earlier attempt left")
    assert client.download(location, into) == len(into.getvalue())
    return into.getvalue()


def test_a_file_is_fetched_from_its_location_without_a_token(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, PDF, headers={"Content-Type": "application/pdf"})
    assert fetched(client, f"{server.url}/file?signature=a%2Fb") == PDF
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("GET", "/file?signature=a%2Fb")
    assert "Authorization" not in asked.headers
    assert server.token_asked == []
    assert client.calls == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"body": PDF, "fault": "truncated"}, id="cut off"),
        pytest.param({"fault": "reset"}, id="reset"),
        pytest.param({"fault": "silent"}, id="silence"),
        pytest.param({"status": 503}, id="503"),
        pytest.param({"status": 429}, id="429"),
    ],
)
def test_a_file_that_did_not_come_whole_is_fetched_again(
    server: ScriptedServer, hasty: TeamleaderClient, clock: FakeClock, answer: dict[str, Any]
) -> None:
    server.will(**answer)
    server.will(200, PDF)
    assert fetched(hasty, f"{server.url}/file") == PDF
    assert len(clock.slept) == 1


def test_a_file_that_never_comes_is_for_later(server: ScriptedServer, client: TeamleaderClient) -> None:
    for _ in range(4):
        server.will(503)
    with pytest.raises(TryLater, match="503"):
        fetched(client, f"{server.url}/file?signature=secret")


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_location_is_told_as_such(server: ScriptedServer, client: TeamleaderClient, status: int) -> None:
    server.will(status)
    with pytest.raises(NotFound):
        fetched(client, f"{server.url}/file")
    assert client.calls == 1


def test_a_file_that_is_too_large_does_not_fill_the_memory(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, PDF)
    into = io.BytesIO()
    with pytest.raises(RecordRefused, match="more than 1000 bytes"):
        client.download(f"{server.url}/file", into, largest=1000)
    assert into.getvalue() == b""


def test_a_file_is_not_fetched_over_an_open_line(client: TeamleaderClient) -> None:
    with pytest.raises(RecordRefused, match="https://"):
        fetched(client, "http://files.example/file")
