"""Addresses, numbers, and what never goes over the line."""

from __future__ import annotations

import base64
import json
import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import requests

from api_core import transport
from api_core.errors import ConfigurationError, RecordRefused
from api_core.login import Credentials

if TYPE_CHECKING:
    from pathlib import Path

    from api_core.testing import ScriptedServer
    from conftest import ParcelClient


@pytest.mark.parametrize(
    "url",
    ["https://api.example/", "http://localhost:1", "http://127.0.0.2/", "http://[::1]:1", "https://api.example/x"],
)
def test_https_anywhere_and_http_on_this_machine_are_taken(url: str) -> None:
    assert transport.base_url(url, "api_url") == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["http://api.example", "http://localhost.evil.example", "http://192.168.1.1", "ftp://x", "https://", "x", ""]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="api_url must"):
        transport.base_url(url, "api_url")


def test_amounts_come_and_go_as_decimal(server: ScriptedServer, client: ParcelClient) -> None:
    server.will(200, b'\xef\xbb\xbf{"amount": 0.1, "rate": 0.123456789012345678}')
    assert client.get() == {"amount": Decimal("0.1"), "rate": Decimal("0.123456789012345678")}
    server.will(200, {})
    client.post({"amount": Decimal("41.90")})
    assert server.asked[1].content == b'{"amount": 41.90}'


def test_json_is_asked_for_by_a_library_that_names_itself(server: ScriptedServer, client: ParcelClient) -> None:
    server.will(200, {})
    client.get()
    assert (server.asked[0].headers["Accept"], server.asked[0].headers["User-Agent"]) == ("application/json", "parcels")


def test_a_redirect_is_not_followed(server: ScriptedServer, client: ParcelClient) -> None:
    server.will(400, {}, headers={"Location": f"{server.url}/elsewhere"})
    with pytest.raises(RecordRefused):
        client.get()
    server.will(302, {}, headers={"Location": f"{server.url}/elsewhere"})
    client.get()
    assert [asked.path for asked in server.asked] == ["/parcels", "/parcels"]


def test_a_password_of_netrc_for_that_host_is_not_sent(
    server: ScriptedServer, client: ParcelClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.will(200, {})
    client.get()
    assert "Authorization" not in server.token_asked[0].headers
    assert server.asked[0].bearer == "access-1"


def test_what_is_kept_of_a_request_and_a_login_shows_no_secret() -> None:
    request = transport.Request("parcels", "POST", "https://x", writes=True, content=b"Jan Peeters")
    assert "Peeters" not in repr(request)
    assert "secret" not in repr(Credentials("app", "secret-1", "secret-2"))


def test_the_environment_is_asked_once_per_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer is that of requests itself."""
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "near.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/certificates.pem")
    ours, plain = transport.session("test"), requests.Session()

    def settings(session: requests.Session, url: str) -> dict[str, object]:
        return dict(session.merge_environment_settings(url, {}, None, None, None))

    far, near = settings(plain, "https://far.example/a"), settings(plain, "https://near.example/a")
    assert far["proxies"] != near["proxies"]
    assert (settings(ours, "https://far.example/a"), settings(ours, "https://near.example/a")) == (far, near)
    monkeypatch.delenv("https_proxy")
    assert (settings(ours, "https://far.example/b"), settings(ours, "https://near.example/b")) == (far, near)


@pytest.mark.parametrize("size", [0, 1, 2, 3, transport.PIECE - 1, transport.PIECE, 2 * transport.PIECE + 5])
def test_a_file_is_written_as_base64_piece_by_piece(size: int) -> None:
    content = bytes(number % 256 for number in range(size))
    body = transport.dump({"Attachment": transport.Base64(content), "FileName": 'a "b".pdf', "Amount": Decimal("0.10")})
    written = b"".join(body)  # type: ignore[arg-type]
    assert len(written) == len(body)
    read = json.loads(written, parse_float=Decimal)
    assert read.pop("FileName") == 'a "b".pdf'
    assert read == {"Amount": Decimal("0.10"), "Attachment": base64.b64encode(content).decode()}


def test_sending_a_file_holds_no_second_copy_of_it() -> None:
    body = transport.dump({"Attachment": transport.Base64(bytes(40 << 20))})
    tracemalloc.start()
    try:
        sent = sum(map(len, body))  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent == len(body) > 40 << 20
    assert peak < 1 << 20


@pytest.mark.parametrize("content", [None, b'{"amount": 1}', transport.dump({"Attachment": transport.Base64(b"%PDF")})])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_request_goes_out_as_requests_itself_would_send_it(
    server: ScriptedServer, method: str, content: bytes | transport.InPieces | None
) -> None:
    session, url = transport.session("parcels"), f"{server.url}/parcels?name=a b&day='2026-01-01'"
    request = transport.Request("parcels", method, url, writes=False, content=content, headers={"X-Api-Version": "1"})
    server.will(200, {})
    server.will(200, {})
    session.carry_out(request, "access-1", (60, 60))
    signed = {**request.headers, "Authorization": "Bearer access-1"}
    session.request(method, url, data=content, headers=signed, auth=transport.Unsigned(), timeout=60)
    ours, plain = server.asked
    assert (ours.path, ours.content, dict(ours.headers)) == (plain.path, plain.content, dict(plain.headers))


def test_nothing_is_sent_when_what_comes_before_it_fails(server: ScriptedServer, client: ParcelClient) -> None:
    def fails() -> None:
        raise ConfigurationError("no")

    client.before_call = fails
    with pytest.raises(ConfigurationError):
        client.get()
    assert (server.asked, server.token_asked) == ([], [])
