"""The client against the sandbox, a process that behaves as Teamleader is known to behave."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from api_core.testing import SandboxClock
from connector_testing.api_sandbox import clock, sandbox, tokens
from sandbox.testing import SandboxProcess
from teamleader_api import LoginLost, MemoryTokens, NotFound, OutcomeUnknown, RecordRefused, TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOBODY = "00000000-0000-4000-8000-00000000dead"
BOOKED = {"filter": {"status": ["outstanding", "matched"]}}


SIZE = ("--customers=10", "--credit-notes=2")
__all__ = ["clock", "sandbox", "tokens"]


@pytest.fixture(scope="module")
def process() -> Iterator[SandboxProcess]:
    with SandboxProcess(*SIZE, "--no-limits", "--invoices=110") as process:
        yield process


@pytest.fixture
def connect(process: SandboxProcess, tokens: MemoryTokens, clock: SandboxClock) -> Callable[..., TeamleaderClient]:
    def make(**settings: Any) -> TeamleaderClient:
        return TeamleaderClient(**{**settings_of(process), "tokens": tokens, "clock": clock, **settings})

    return make


@pytest.fixture
def client(connect: Callable[..., TeamleaderClient]) -> TeamleaderClient:
    return connect()


def settings_of(process: SandboxProcess) -> dict[str, Any]:
    env = process.env()
    names = ("api_url", "auth_url", "client_id", "client_secret", "refresh_token")
    return {name: env[f"TAP_TEAMLEADER_{name.upper()}"] for name in names}


def outstanding(client: TeamleaderClient) -> dict[str, Any]:
    row: dict[str, Any] = next(client.rows("invoices.list", {"filter": {"status": ["outstanding"]}}))
    return row


def payment_of(invoice: dict[str, Any], amount: Decimal) -> dict[str, Any]:
    money = {"amount": amount, "currency": invoice["total"]["due"]["currency"]}
    return {"id": invoice["id"], "payment": money, "paid_at": "2026-06-25T12:00:00+00:00"}


def test_a_list_of_more_than_a_page_is_read_whole(client: TeamleaderClient) -> None:
    rows = list(client.rows("invoices.list", BOOKED))
    calls = client.calls
    assert len({row["id"] for row in rows}) == len(rows) == 110
    assert calls == 2
    kept = client.listed_until_stable("invoices.list", BOOKED, key=lambda row: row["id"], project=lambda row: row["id"])
    assert set(kept) == {row["id"] for row in rows}
    assert client.calls == calls + 4


@pytest.mark.parametrize("action", ["departments.list", "taxRates.list", "paymentTerms.list", "productCategories.list"])
def test_short_lists_cost_one_call(client: TeamleaderClient, action: str) -> None:
    assert list(client.rows(action))
    assert client.calls == 1


def test_amounts_are_decimal(client: TeamleaderClient) -> None:
    invoice = client.call("invoices.info", {"id": outstanding(client)["id"]})
    amount = invoice["total"]["tax_inclusive"]["amount"]
    assert isinstance(amount, Decimal | int)
    assert not isinstance(amount, float)


def test_the_pdf_of_an_invoice_is_downloaded_whole(sandbox: SandboxProcess, client: TeamleaderClient) -> None:
    invoice = outstanding(client)
    place = client.call("invoices.download", {"id": invoice["id"], "format": "pdf"})
    sandbox.add_faults([{"service": "teamleader", "method": "GET", "kind": "truncated", "times": 1}])
    into = io.BytesIO()
    client.download(place["location"], into)
    content = into.getvalue()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")


def test_a_payment_is_registered(client: TeamleaderClient) -> None:
    invoice = outstanding(client)
    due = Decimal(invoice["total"]["due"]["amount"])
    assert client.call("invoices.registerPayment", payment_of(invoice, due)) is None
    paid = client.call("invoices.info", {"id": invoice["id"]})
    assert paid["total"]["due"]["amount"] == 0


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated", "empty_500"])
def test_after_a_broken_write_a_look_tells_whether_it_was_done(
    sandbox: SandboxProcess, client: TeamleaderClient, kind: str
) -> None:
    before = client.call("companies.add", {"name": f"Before {kind}"})
    sandbox.add_faults([{"service": "teamleader", "match": "companies.add", "kind": kind, "times": 1}])
    with pytest.raises(OutcomeUnknown):
        client.call("companies.add", {"name": f"After {kind}"})
    names = [row["name"] for row in client.rows("companies.list")]
    assert before["id"]
    assert names.count(f"Before {kind}") == 1
    assert names.count(f"After {kind}") == (1 if kind in {"reset_after", "truncated"} else 0)


@pytest.mark.parametrize("kind", ["reset_before", "truncated", "empty_500", "limit"])
def test_a_broken_read_is_repeated(sandbox: SandboxProcess, client: TeamleaderClient, kind: str) -> None:
    sandbox.add_faults([{"service": "teamleader", "match": "departments.list", "kind": kind, "times": 1}])
    assert client.call("departments.list")


def test_what_is_not_there_or_not_right_is_refused(client: TeamleaderClient) -> None:
    with pytest.raises(NotFound):
        client.call("invoices.info", {"id": NOBODY})
    with pytest.raises(RecordRefused) as caught:
        client.call("companies.add", {})
    assert caught.value.status == 400
    assert caught.value.messages


def test_tokens_are_replaced_when_their_time_has_come_and_the_chain_goes_on(
    connect: Callable[..., TeamleaderClient], clock: SandboxClock
) -> None:
    client = connect()
    client.call("users.me")
    at_first = client.token_calls
    for _ in range(3):
        clock.advance(3541)
        client.call("users.me")
        connect().call("users.me")
    assert client.token_calls == at_first + 3


def test_a_login_replaced_by_a_later_one_is_lost_and_the_later_one_works(
    sandbox: SandboxProcess, connect: Callable[..., TeamleaderClient], clock: SandboxClock
) -> None:
    connect().call("users.me")
    clock.advance(3600)
    later = sandbox.control("POST", "login", {"service": "teamleader"})["refresh_token"]
    with pytest.raises(LoginLost, match="log in again and set the new refresh_token"):
        connect().call("users.me")
    assert connect(refresh_token=later).call("users.me")["id"]


def test_no_call_is_refused_for_the_limit() -> None:
    with SandboxProcess(*SIZE, "--invoices=2", "--tl-minute-limit=5") as process:
        clock = SandboxClock(process)
        client = TeamleaderClient(**settings_of(process), tokens=MemoryTokens(), clock=clock)
        for _ in range(23):
            client.call("users.me")
        assert client.calls == 23
        assert clock.slept
