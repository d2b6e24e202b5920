"""What a run reads, what it asks for, and what the next one need not read again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from api_core import transport
from tap_exactonline import administration
from tap_exactonline.streams import STREAMS, versioned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDLE = Counter(
    {
        "sync/Financial/GLAccounts": 1,
        "financial/Journals": 1,
        "vat/VATCodes": 1,
        "cashflow/PaymentConditions": 1,
        "financial/FinancialPeriods": 1,
        "sync/CRM/Accounts": 1,
        "crm/Contacts": 1,
        "salesentry/SalesEntries": 1,
        "sync/Cashflow/PaymentTerms": 1,
        "sync/Deleted": 2,
    }
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, str]]:
    """The options of the last call to an endpoint."""
    addresses: list[str] = []
    send = transport.exchange

    def noting(session: Any, request: transport.Request, token: str, timeout: transport.Timeout) -> Any:
        addresses.append(request.url)
        return send(session, request, token, timeout)

    monkeypatch.setattr(transport, "exchange", noting)

    def options_of(endpoint: str) -> dict[str, str]:
        address = [each for each in addresses if endpoint in each][-1]
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    return options_of


@pytest.fixture(scope="module")
def first(harness: Any) -> Any:
    """The first run, on an administration with some entries, contacts and a deleted account."""
    customer = harness.customer(Name="Bakkerij Peeters")
    for number in range(5):
        harness.invoice(customer, "41.98", your_ref=f"2026 / {number}")
    harness.person().post("crm/Contacts", {"Account": customer, "FirstName": "An", "LastName": "Peeters"})
    harness.do("delete_account", id=harness.customer(Name="Weg"))
    run = harness.run()
    assert run.code == 0
    return run


def test_streams_come_in_the_order_of_their_dependence(first: Any) -> None:
    order = [message["stream"] for message in first.messages if message["type"] == "SCHEMA"]
    assert order == [stream.name for stream in STREAMS]
    assert all(first.records(stream.name) for stream in STREAMS)


def test_a_run_with_nothing_new_costs_one_call_per_endpoint_and_delivers_nothing(harness: Any, first: Any) -> None:
    idle = harness.run(state=first.state)
    assert idle.calls == IDLE
    assert [stream.name for stream in STREAMS if idle.records(stream.name)] == []
    known = first.state["bookmarks"] | {"deleted": idle.state["bookmarks"]["deleted"]}
    assert idle.state["bookmarks"] == known


def test_records_are_exacts_rows_without_padding_and_noise(first: Any) -> None:
    account = next(each for each in first.records("accounts") if each["Name"] == "Bakkerij Peeters")
    assert account["Code"] == account["Code"].strip()
    assert isinstance(account["Timestamp"], int)
    assert account["Modified"].endswith("Z")
    assert len(account["StartDate"]) == len("2026-06-25")
    assert {each["Code"] for each in first.records("vat_codes")} >= {"21", "6", "0"}
    entry = first.records("sales_entries")[0]
    assert entry["AmountFC"] == Decimal("50.8")
    assert [line["AmountFC"] for line in entry["SalesEntryLines"]] == [Decimal("41.98")]


def test_a_change_comes_once(harness: Any, first: Any) -> None:
    account = next(each for each in first.records("accounts") if each["Name"] == "Bakkerij Peeters")
    harness.do("edit_account", id=account["ID"], changes={"City": "Gent"})
    harness.do("edit_gl_account", code="700000", changes={"Description": "Verkopen"})
    harness.do("edit_journal", code="70", changes={"Description": "Facturen"})
    harness.do("edit_entry", your_ref="2026 / 3", changes={"Description": "Anders"})
    run = harness.run(state=first.state)
    assert [each["City"] for each in run.records("accounts")] == ["Gent"]
    assert [each["Description"] for each in run.records("gl_accounts")] == ["Verkopen"]
    assert [each["Description"] for each in run.records("journals")] == ["Facturen"]
    assert [each["YourRef"] for each in run.records("sales_entries")] == ["2026 / 3"]
    again = harness.run(state=run.state)
    assert [stream.name for stream in STREAMS if again.records(stream.name)] == []


def test_what_was_deleted_is_told_once(harness: Any, first: Any) -> None:
    account = harness.customer(Name="Straks weg")
    harness.do("delete_account", id=account)
    run = harness.run("deleted", state=first.state)
    assert [(each["EntityKey"], each["EntityType"]) for each in run.records("deleted")] == [(account, 2)]
    assert harness.run("deleted", state=run.state).records("deleted") == []


# What is asked for


def test_only_selected_properties_and_keys_are_asked_for(harness: Any, asked: Any) -> None:
    catalog = harness.catalog("accounts", "journals", only=("accounts.Name", "journals.Code"))
    run = harness.run(catalog=catalog)
    assert asked("sync/CRM/Accounts")["$select"].split(",") == ["Timestamp", "ID", "Name"]
    assert asked("financial/Journals")["$select"].split(",") == ["ID", "Code", "Modified"]
    assert all(each.keys() == {"ID", "Timestamp", "Name"} for each in run.records("accounts"))


def test_lines_come_with_their_entry_unless_they_are_deselected(harness: Any, first: Any, asked: Any) -> None:
    harness.run("sales_entries")
    assert asked("SalesEntries")["$expand"] == "SalesEntryLines"
    run = harness.run(catalog=harness.catalog("sales_entries", without=("sales_entries.SalesEntryLines",)))
    assert "$expand" not in asked("SalesEntries")
    assert all("SalesEntryLines" not in each for each in run.records("sales_entries"))
    assert len(run.records("sales_entries")) == len(first.records("sales_entries"))


def test_changes_are_asked_for_in_exacts_own_time_and_in_their_order(harness: Any, first: Any, asked: Any) -> None:
    harness.run("sales_entries", state=first.state)
    options = asked("SalesEntries")
    since = first.state["bookmarks"]["sales_entries"]["since"].removesuffix(".000")
    assert options["$filter"] == f"Modified ge datetime'{since}'"
    assert options["$orderby"] == "Modified"


def test_persons_are_never_asked_for_without_a_condition(harness: Any, asked: Any) -> None:
    harness.run("contacts")
    assert asked("crm/Contacts")["$filter"].startswith("Modified ge")


def test_the_administration_is_only_asked_for_when_row_versions_matter_and_every_six_hours(
    harness_of: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = harness_of(tmp_path)
    assert timedelta(hours=6) == administration.KEPT
    assert harness.run("journals", "vat_codes").calls["system/Divisions"] == 0
    asked = [harness.run("accounts", "gl_accounts", "deleted").calls["system/Divisions"] for _ in range(2)]
    monkeypatch.setattr(administration, "KEPT", timedelta(0))
    asked += [harness.run("accounts", "gl_accounts", "deleted").calls["system/Divisions"] for _ in range(2)]
    assert asked == [1, 0, 1, 1]


# States


def test_a_whole_table_comes_when_the_catalog_asks_for_it(harness: Any, first: Any) -> None:
    catalog = harness.catalog("journals", "gl_accounts", "receivables")
    for entry in catalog["streams"]:
        entry["replication_method"] = "FULL_TABLE"
    run = harness.run(catalog=catalog, state=first.state)
    for stream in ("journals", "gl_accounts", "receivables"):
        assert set(run.ids(stream)) >= set(first.ids(stream))


def test_a_state_that_is_only_a_bookmark_is_understood(harness: Any) -> None:
    everything = harness.run("accounts")
    highest = max(each["Timestamp"] for each in everything.records("accounts"))
    state = {"bookmarks": {"accounts": {"replication_key": "Timestamp", "replication_key_value": highest}}}
    new = harness.customer()
    assert harness.run("accounts", state=state).ids("accounts") == [new]


def test_a_moved_administration_restarts_what_is_read_by_versions(
    harness_of: Callable[..., Any], tmp_path: Path
) -> None:
    harness = harness_of(tmp_path)
    before = harness.run("accounts", "gl_accounts", "journals")
    harness.do("move_division")
    after = harness.run("accounts", "gl_accounts", "journals", state=before.state)
    for stream in ("accounts", "gl_accounts"):
        assert sorted(after.ids(stream)) == sorted(before.ids(stream))
    assert after.ids("journals") == []
    assert harness.run("accounts", "gl_accounts", state=after.state).ids("accounts") == []


def test_deletions_that_exact_may_have_forgotten_are_warned_of(
    harness: Any, first: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(versioned, "KEPT", versioned.KEPT * 0)
    with time_machine.travel(datetime.now(timezone.utc) + timedelta(seconds=5)):
        run = harness.run("deleted", state=first.state)
    assert set(run.ids("deleted")) >= set(first.ids("deleted"))
    assert "kept for two months" in caplog.text


# Cut off


def test_a_run_that_is_cut_off_goes_on_where_it_stopped(harness_of: Callable[..., Any], tmp_path: Path) -> None:
    harness = harness_of(tmp_path)
    harness.do("fill", receivables=0, accounts=3500)
    everything = harness.run("accounts")
    harness.fault(kind="error", match="Accounts.*skiptoken", status=403, skip=2)
    cut_off = harness.run("accounts")
    harness.sandbox.clear_faults()
    assert cut_off.code == 1
    # Two pages came; the third would have told whether the second was the end of what is older.
    assert cut_off.ids("accounts") == everything.ids("accounts")[:2000]
    rest = harness.run("accounts", state=cut_off.state)
    assert cut_off.ids("accounts") + rest.ids("accounts") == everything.ids("accounts")
    assert rest.calls["sync/CRM/Accounts"] == 2


def test_pages_of_changes_are_gone_on_with_too(harness_of: Callable[..., Any], tmp_path: Path) -> None:
    harness = harness_of(tmp_path)
    customer = harness.customer()
    for _ in range(150):
        harness.invoice(customer)
    harness.fault(kind="error", match="SalesEntries.*skiptoken", status=403, skip=1)
    cut_off = harness.run("sales_entries")
    harness.sandbox.clear_faults()
    rest = harness.run("sales_entries", state=cut_off.state)
    delivered = cut_off.ids("sales_entries") + rest.ids("sales_entries")
    assert len(cut_off.ids("sales_entries")) == 120
    assert len(delivered) == len(set(delivered)) == 150


# Much at once


def test_after_a_mass_change_a_second_run_is_empty_and_costs_its_one_call(
    harness_of: Callable[..., Any], tmp_path: Path
) -> None:
    """Line 29."""
    harness = harness_of(tmp_path)
    edited = harness.invoice(harness.customer())
    harness.do("fill", receivables=3000)
    first = harness.run("sales_entries")
    assert len(first.ids("sales_entries")) >= 3000
    idle = harness.run("sales_entries", state=first.state)
    assert (idle.ids("sales_entries"), idle.calls) == ([], {"salesentry/SalesEntries": 1})
    assert idle.state["bookmarks"] == first.state["bookmarks"]

    new = harness.invoice(harness.customer())
    after = harness.run("sales_entries", state=idle.state)
    assert (after.ids("sales_entries"), after.calls) == ([new], {"salesentry/SalesEntries": 2})
    assert harness.run("sales_entries", state=after.state).calls == {"salesentry/SalesEntries": 1}

    harness.do("edit_entry", id=edited, changes={"Description": "Anders"})
    again = harness.run("sales_entries", state=after.state)
    assert edited in again.ids("sales_entries")
    assert harness.run("sales_entries", state=again.state).ids("sales_entries") == []


def test_a_change_that_shows_late_among_many_is_delivered(harness_of: Callable[..., Any], tmp_path: Path) -> None:
    """Line 29: the number of rows tells of it, although the newest is the same."""
    harness = harness_of(tmp_path)
    customer = harness.customer()
    harness.do("show_late", seconds=60, entities=["salesentry/SalesEntries"])
    late = harness.invoice(customer)
    harness.do("show_late", seconds=0)
    for _ in range(70):
        harness.invoice(customer)
    first = harness.run("sales_entries")
    assert late not in first.ids("sales_entries")
    harness.sandbox.control("POST", "clock", {"seconds": 61})
    second = harness.run("sales_entries", state=first.state)
    assert second.ids("sales_entries") == [late]
    third = harness.run("sales_entries", state=second.state)
    assert (third.ids("sales_entries"), third.calls) == ([], {"salesentry/SalesEntries": 1})


def test_a_first_run_begins_with_the_start_date(harness: Any, asked: Any) -> None:
    harness.run("sales_entries", "contacts", start_date="2026-05-18")
    for path in ("SalesEntries", "crm/Contacts"):
        assert asked(path)["$filter"] == "Modified ge datetime'2026-05-18T00:00:00'"


def test_row_versions_that_began_anew_without_a_word_are_noticed(harness: Any, first: Any) -> None:
    """Line 20: not even the rows that are read again come."""
    bookmark = {"replication_key": "Timestamp", "replication_key_value": 9**15, "since": 9**15, "seen": [9**15]}
    state = {"bookmarks": {"accounts": {**first.state["bookmarks"]["accounts"], **bookmark}}}
    run = harness.run("accounts", state=state)
    assert set(run.ids("accounts")) >= set(first.ids("accounts"))
    assert harness.run("accounts", state=run.state).ids("accounts") == []
