"""One call: what comes back, what is tried again, and what each refusal means."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_api import (
    AccessDenied,
    ApiError,
    ConfigurationError,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    WriteNotAllowed,
)

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect
    from teamleader_api import TeamleaderClient

PAYMENT = {
    "id": "i",
    "payment": {"amount": Decimal("41.90"), "currency": "EUR"},
    "paid_at": "2026-06-25T12:00:00+00:00",
}


def refusal(*titles: str) -> dict[str, Any]:
    return {"errors": [{"title": title} for title in titles]}


def test_an_action_is_posted_with_the_pinned_version_and_gives_its_data(
    server: ScriptedServer, client: TeamleaderClient
) -> None:
    server.will(200, {"data": {"id": "i"}})
    assert client.call("invoices.info", {"id": "i"}) == {"id": "i"}
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.json) == ("POST", "/invoices.info", {"id": "i"})
    assert asked.headers["X-Api-Version"] == "2023-09-26"
    assert asked.headers["Accept"] == "application/json"


def test_an_action_without_an_answer_gives_nothing(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(204)
    assert client.call("invoices.registerPayment", PAYMENT) is None


def test_amounts_come_and_go_as_decimal(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(200, b'{"data": {"total": {"due": {"amount": 0.1}}, "exchange_rate": 0.123456789012345678}}')
    data = client.call("invoices.info", {"id": "i"})
    assert data == {"total": {"due": {"amount": Decimal("0.1")}}, "exchange_rate": Decimal("0.123456789012345678")}
    server.will(204)
    client.call("invoices.registerPayment", PAYMENT)
    assert b'"amount": 41.90,' in server.asked[1].content


NO_ANSWER = [
    pytest.param({"status": 500, "body": {"errors": [{"title": "Oops"}]}}, id="500"),
    pytest.param({"status": 502, "body": b"<html>"}, id="502"),
    pytest.param({"status": 503}, id="503"),
    pytest.param({"status": 200, "body": b"<html>maintenance"}, id="200 with HTML"),
    pytest.param({"status": 200}, id="200 without content"),
    pytest.param({"status": 200, "body": {"status": "ok"}}, id="200 without data"),
    pytest.param({"fault": "reset"}, id="reset"),
]


@pytest.mark.parametrize("answer", NO_ANSWER)
@pytest.mark.parametrize(
    ("action", "body"), [("invoices.info", {"id": "i"}), ("invoices.download", {"id": "i", "format": "pdf"})]
)
def test_a_read_without_an_answer_is_tried_again(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock, action: str, body: Any, answer: dict[str, Any]
) -> None:
    server.will(**answer)
    server.will(200, {"data": {"id": "i"}})
    assert client.call(action, body) == {"id": "i"}
    assert len(clock.slept) == 1
    assert 0.5 <= clock.slept[0] <= 1


@pytest.mark.parametrize("answer", NO_ANSWER)
@pytest.mark.parametrize(
    ("action", "body"), [("invoices.registerPayment", PAYMENT), ("companies.add", {"name": "Jan Peeters"})]
)
def test_a_write_without_an_answer_is_unknown_and_never_repeated(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock, action: str, body: Any, answer: dict[str, Any]
) -> None:
    server.will(200, {"data": {}})
    client.call("users.me")
    server.will(**answer)
    with pytest.raises(OutcomeUnknown, match=f"may or may not have carried out the write to {action}") as caught:
        client.call(action, body)
    assert caught.value.endpoint == action
    assert "Peeters" not in str(caught.value)
    assert len(server.asked) == 2
    assert clock.slept == []


@pytest.mark.parametrize(
    ("action", "status", "error", "hint"),
    [
        ("invoices.info", 404, NotFound, "invoices.info"),
        ("invoices.registerPayment", 404, NotFound, "invoices.registerPayment"),
        ("invoices.list", 404, StopRun, "invoices.list.*api_url"),
        ("invoices.info", 403, AccessDenied, "invoices.info.*that right"),
        ("invoices.registerPayment", 400, RecordRefused, "amount must be positive"),
        ("invoices.registerPayment", 422, RecordRefused, "amount must be positive"),
        ("invoices.info", 302, StopRun, "api_url"),
    ],
)
def test_a_refusal_is_not_repeated_and_says_what_to_do(
    server: ScriptedServer, client: TeamleaderClient, action: str, status: int, error: type[ApiError], hint: str
) -> None:
    body: Any = {"invoices.list": {}, "invoices.info": {"id": "i"}, "invoices.registerPayment": PAYMENT}[action]
    server.will(status, refusal("amount must be positive"))
    with pytest.raises(error, match=hint):
        client.call(action, body)
    assert client.calls == 1


def test_a_refusal_keeps_all_that_was_said_and_logs_no_personal_data(
    server: ScriptedServer, client: TeamleaderClient
) -> None:
    said = ['The email "jan@example.be" is not valid', "name 'Jan Peeters' is taken", "see jan@example.be"]
    server.will(400, refusal(*said))
    with pytest.raises(RecordRefused) as caught:
        client.call("companies.add", {"name": "Jan Peeters"})
    assert caught.value.messages == said
    assert str(caught.value) == (
        "Teamleader refused companies.add (400): The email … is not valid; name … is taken; see …"
    )


@pytest.mark.parametrize("setting", ["api_url", "auth_url"])
@pytest.mark.parametrize("url", ["http://api.focus.teamleader.eu", "http://localhost.evil.example", "ftp://x", "x", ""])
def test_other_addresses_are_refused_before_anything_is_sent(connect: Connect, setting: str, url: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{setting} must"):
        connect(**{setting: url})


@pytest.mark.parametrize("action", ["invoices.registerPayment", "companies.add", "invoices.draft"])
def test_a_client_for_reading_sends_no_write(server: ScriptedServer, connect: Connect, action: str) -> None:
    with pytest.raises(WriteNotAllowed, match=f"{action} was not: this is a dry run"):
        connect(read_only=True).call(action, {})
    assert (server.asked, server.token_asked) == ([], [])


@pytest.mark.parametrize("action", ["invoices.info", "invoices.download"])
def test_a_client_for_reading_reads(server: ScriptedServer, connect: Connect, action: str) -> None:
    body = {"invoices.info": {"id": "i"}, "invoices.download": {"id": "i", "format": "pdf"}}[action]
    server.will(200, {"data": {"id": "i"}})
    assert connect(read_only=True).call(action, body) == {"id": "i"}
