"""The client against the sandbox, a process that behaves as Exact is known to behave."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from api_core.testing import SandboxClock
from connector_testing.api_sandbox import clock, sandbox, tokens
from exactonline_api import (
    DayLimitReached,
    ExactClient,
    LoginLost,
    MemoryTokens,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    WrongDivision,
    odata,
)
from exactonline_api.dates import to_date
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRIES = "salesentry/SalesEntries"
ACCOUNTS = "crm/Accounts"


SIZE = ("--customers=2", "--invoices=2", "--credit-notes=0")
__all__ = ["clock", "sandbox", "tokens"]


@pytest.fixture(scope="module")
def process() -> Iterator[SandboxProcess]:
    with SandboxProcess(*SIZE, "--no-limits") as process:
        yield process


@pytest.fixture
def connect(process: SandboxProcess, tokens: MemoryTokens, clock: SandboxClock) -> Callable[..., ExactClient]:
    def make(**settings: Any) -> ExactClient:
        return ExactClient(**{**settings_of(process), "tokens": tokens, "clock": clock, **settings})

    return make


@pytest.fixture
def client(connect: Callable[..., ExactClient]) -> ExactClient:
    return connect()


def settings_of(process: SandboxProcess) -> dict[str, Any]:
    env = process.env()
    names = ("api_url", "client_id", "client_secret", "refresh_token")
    settings: dict[str, Any] = {name: env[f"TARGET_EXACTONLINE_{name.upper()}"] for name in names}
    return {**settings, "division": int(env["TARGET_EXACTONLINE_DIVISION"])}


def new_customer(client: ExactClient, name: str = "Café 't Hoekje & Zn.") -> str:
    return str(client.post(ACCOUNTS, {"Name": name, "Status": "C"})["ID"])


def new_entry(client: ExactClient, reference: str, amount: str = "41.98") -> dict[str, Any]:
    """Make the body of a sales entry with one line at 21 %."""
    account = next(client.rows("financial/GLAccounts", select=["ID"], filter="Code eq '700000'"))
    line = {"GLAccount": account["ID"], "AmountFC": Decimal(amount), "VATCode": "21"}
    header = {"Journal": "70", "Customer": new_customer(client), "YourRef": reference, "PaymentCondition": "30"}
    return {**header, "SalesEntryLines": [line]}


def entries(client: ExactClient, reference: str) -> list[dict[str, Any]]:
    fields = ["EntryID", "AmountFC", "VATAmountFC", "EntryDate", "YourRef"]
    return list(client.rows(ENTRIES, select=fields, filter=f"YourRef eq {odata.text(reference)}"))


def test_small_and_large_pages_hold_the_same_rows(client: ExactClient) -> None:
    before = client.calls
    small = {row["ID"]: row for row in client.rows("financial/GLAccounts", select=["ID", "Code"])}
    pages = client.calls - before
    large = {row["ID"]: row for row in client.rows("bulk/Financial/GLAccounts", select=["ID", "Code"])}
    assert pages >= 2
    assert len(small) > 60
    assert client.calls == before + pages + 1
    assert small == large


def test_a_customer_is_created_read_changed_and_removed(client: ExactClient) -> None:
    account = new_customer(client)
    client.put(ACCOUNTS, account, {"City": "Gent"})
    row = client.row(ACCOUNTS, account, select=["ID", "Name", "City", "Status", "Code"])
    assert (row["Name"], row["City"], row["Status"]) == ("Café 't Hoekje & Zn.", "Gent", "C")
    assert row["Code"] == row["Code"].strip()
    found = client.rows(ACCOUNTS, select=["ID"], filter=f"Name eq {odata.text(row['Name'])}")
    assert account in {each["ID"] for each in found}
    client.delete(ACCOUNTS, account)
    for again in (lambda: client.row(ACCOUNTS, account), lambda: client.delete(ACCOUNTS, account)):
        with pytest.raises(NotFound):
            again()


def test_a_sales_entry_is_booked_to_the_cent(client: ExactClient) -> None:
    row = client.post(ENTRIES, {**new_entry(client, "2026 / 1"), "EntryDate": "2026-06-25"})
    assert to_date(row["EntryDate"]).isoformat() == "2026-06-25"
    (booked,) = entries(client, "2026 / 1")
    assert round(booked["AmountFC"], 2) == Decimal("50.80")
    assert round(booked["VATAmountFC"], 2) == Decimal("8.82")
    assert booked["EntryID"] == row["EntryID"]


def test_what_breaks_a_rule_is_refused_with_its_reason(client: ExactClient) -> None:
    with pytest.raises(RecordRefused) as caught:
        client.post(ENTRIES, {**new_entry(client, "no journal"), "Journal": "ZZ"})
    assert caught.value.status == 500
    assert caught.value.messages


def test_a_field_that_does_not_exist_is_refused(client: ExactClient) -> None:
    with pytest.raises(RecordRefused) as caught:
        client.post(ACCOUNTS, {"Nmae": "X"})
    assert caught.value.status == 400
    with pytest.raises(RecordRefused):
        list(client.rows(ACCOUNTS, select=["Nmae"]))


def test_another_division_and_another_endpoint_stop_the_run(connect: Callable[..., ExactClient]) -> None:
    with pytest.raises(WrongDivision, match="999999"):
        list(connect(division=999999).rows(ACCOUNTS, select=["ID"]))
    with pytest.raises(StopRun):
        list(connect().rows("crm/NoSuchThing", select=["ID"]))


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated", "empty_500"])
def test_after_a_broken_write_a_search_tells_whether_it_was_done(
    sandbox: SandboxProcess, client: ExactClient, kind: str
) -> None:
    entry = new_entry(client, kind)
    sandbox.add_faults([{"service": "exact", "match": ENTRIES, "method": "POST", "kind": kind, "times": 1}])
    with pytest.raises(OutcomeUnknown):
        client.post(ENTRIES, entry)
    assert len(entries(client, kind)) == (1 if kind in {"reset_after", "truncated"} else 0)


@pytest.mark.parametrize("kind", ["reset_before", "truncated", "empty_500", "limit"])
def test_a_broken_read_is_repeated(sandbox: SandboxProcess, client: ExactClient, kind: str) -> None:
    sandbox.add_faults([{"service": "exact", "match": "financial/Journals", "kind": kind, "times": 1}])
    assert list(client.rows("financial/Journals", select=["Code"], filter="Code eq '70'")) == [{"Code": "70"}]


def test_tokens_are_replaced_when_their_time_has_come_and_the_chain_goes_on(
    connect: Callable[..., ExactClient], clock: SandboxClock
) -> None:
    client = connect()
    client.me()
    at_first = client.token_calls
    for _ in range(3):
        clock.advance(571)
        client.me()
        connect().me()
    assert client.token_calls == at_first + 3


def test_a_login_replaced_by_a_later_one_is_lost_and_the_later_one_works(
    sandbox: SandboxProcess, connect: Callable[..., ExactClient], clock: SandboxClock
) -> None:
    connect().me()
    clock.advance(600)
    later = sandbox.control("POST", "login", {"service": "exact"})["refresh_token"]
    with pytest.raises(LoginLost, match="log in again and set the new refresh_token"):
        connect().me()
    assert connect(refresh_token=later).me()["CurrentDivision"]


def test_no_call_is_refused_for_the_limit_of_the_minute_and_the_day_ends_the_run() -> None:
    with SandboxProcess(*SIZE, "--exact-minute-limit=5", "--exact-day-limit=23") as process:
        clock = SandboxClock(process)
        told: list[tuple[int | None, int | None]] = []
        client = ExactClient(
            **settings_of(process),
            tokens=MemoryTokens(),
            clock=clock,
            on_limits=lambda limit, remaining: told.append((limit, remaining)),
        )
        for _ in range(23):
            client.me()
        with pytest.raises(DayLimitReached):
            client.me()
        assert client.calls == 23
        assert told[-1] == (23, 0)
        assert len(clock.slept) == 4
