"""What a run reads, what it asks for, and what the next one need not read again."""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api_core import transport
from tap_exactonline.streams import STREAMS, versioned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDLE = Counter(
    {
        "system/Divisions": 1,
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
def first(office: Any) -> Any:
    """The first run, on an administration with some entries, contacts and a deleted account."""
    customer = office.customer(Name="Bakkerij Peeters")
    for number in range(5):
        office.invoice(customer, "41.98", your_ref=f"2026 / {number}")
    office.person().post("crm/Contacts", {"Account": customer, "FirstName": "An", "LastName": "Peeters"})
    office.do("delete_account", id=office.customer(Name="Weg"))
    run = office.run()
    assert run.code == 0
    return run


def test_streams_come_in_the_order_of_their_dependence(first: Any) -> None:
    order = [message["stream"] for message in first.messages if message["type"] == "SCHEMA"]
    assert order == [stream.name for stream in STREAMS]
    assert all(first.records(stream.name) for stream in STREAMS)


def test_a_run_with_nothing_new_costs_one_call_per_endpoint_and_delivers_nothing(office: Any, first: Any) -> None:
    idle = office.run(state=first.state)
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


def test_a_change_comes_once(office: Any, first: Any) -> None:
    account = next(each for each in first.records("accounts") if each["Name"] == "Bakkerij Peeters")
    office.do("edit_account", id=account["ID"], changes={"City": "Gent"})
    office.do("edit_gl_account", code="700000", changes={"Description": "Verkopen"})
    office.do("edit_journal", code="70", changes={"Description": "Facturen"})
    office.do("edit_entry", your_ref="2026 / 3", changes={"Description": "Anders"})
    run = office.run(state=first.state)
    assert [each["City"] for each in run.records("accounts")] == ["Gent"]
    assert [each["Description"] for each in run.records("gl_accounts")] == ["Verkopen"]
    assert [each["Description"] for each in run.records("journals")] == ["Facturen"]
    assert [each["YourRef"] for each in run.records("sales_entries")] == ["2026 / 3"]
    again = office.run(state=run.state)
    assert [stream.name for stream in STREAMS if again.records(stream.name)] == []


def test_what_was_deleted_is_told_once(office: Any, first: Any) -> None:
    account = office.customer(Name="Straks weg")
    office.do("delete_account", id=account)
    run = office.run("deleted", state=first.state)
    assert [(each["EntityKey"], each["EntityType"]) for each in run.records("deleted")] == [(account, 2)]
    assert office.run("deleted", state=run.state).records("deleted") == []


# What is asked for


def test_only_selected_properties_and_keys_are_asked_for(office: Any, asked: Any) -> None:
    catalog = office.catalog("accounts", "journals", only=("accounts.Name", "journals.Code"))
    run = office.run(catalog=catalog)
    assert asked("sync/CRM/Accounts")["$select"].split(",") == ["Timestamp", "ID", "Name"]
    assert asked("financial/Journals")["$select"].split(",") == ["ID", "Code", "Modified"]
    assert all(each.keys() == {"ID", "Timestamp", "Name"} for each in run.records("accounts"))


def test_lines_come_with_their_entry_unless_they_are_deselected(office: Any, first: Any, asked: Any) -> None:
    office.run("sales_entries")
    assert asked("SalesEntries")["$expand"] == "SalesEntryLines"
    run = office.run(catalog=office.catalog("sales_entries", without=("sales_entries.SalesEntryLines",)))
    assert "$expand" not in asked("SalesEntries")
    assert all("SalesEntryLines" not in each for each in run.records("sales_entries"))
    assert len(run.records("sales_entries")) == len(first.records("sales_entries"))


def test_changes_are_asked_for_in_exacts_own_time_and_in_their_order(office: Any, first: Any, asked: Any) -> None:
    office.run("sales_entries", state=first.state)
    options = asked("SalesEntries")
    since = first.state["bookmarks"]["sales_entries"]["since"].removesuffix(".000")
    assert options["$filter"] == f"Modified ge datetime'{since}'"
    assert options["$orderby"] == "Modified"


def test_persons_are_never_asked_for_without_a_condition(office: Any, asked: Any) -> None:
    office.run("contacts")
    assert asked("crm/Contacts")["$filter"].startswith("Modified ge")


def test_the_administration_is_only_asked_for_when_row_versions_matter(office: Any) -> None:
    assert office.run("journals", "vat_codes").calls["system/Divisions"] == 0
    assert office.run("accounts", "gl_accounts", "deleted").calls["system/Divisions"] == 1


# States


def test_a_whole_table_comes_when_the_catalog_asks_for_it(office: Any, first: Any) -> None:
    catalog = office.catalog("journals", "gl_accounts", "receivables")
    for entry in catalog["streams"]:
        entry["replication_method"] = "FULL_TABLE"
    run = office.run(catalog=catalog, state=first.state)
    for stream in ("journals", "gl_accounts", "receivables"):
        assert set(run.ids(stream)) >= set(first.ids(stream))


def test_a_state_that_is_only_a_bookmark_is_understood(office: Any) -> None:
    everything = office.run("accounts")
    highest = max(each["Timestamp"] for each in everything.records("accounts"))
    state = {"bookmarks": {"accounts": {"replication_key": "Timestamp", "replication_key_value": highest}}}
    new = office.customer()
    assert office.run("accounts", state=state).ids("accounts") == [new]


def test_a_moved_administration_restarts_what_is_read_by_versions(
    office_of: Callable[..., Any], tmp_path: Path
) -> None:
    office = office_of(tmp_path)
    before = office.run("accounts", "gl_accounts", "journals")
    office.do("move_division")
    after = office.run("accounts", "gl_accounts", "journals", state=before.state)
    for stream in ("accounts", "gl_accounts"):
        assert sorted(after.ids(stream)) == sorted(before.ids(stream))
    assert after.ids("journals") == []
    assert office.run("accounts", "gl_accounts", state=after.state).ids("accounts") == []


def test_deletions_that_exact_may_have_forgotten_are_warned_of(
    office: Any, first: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(versioned, "KEPT", versioned.KEPT * 0)
    time.sleep(1.1)
    run = office.run("deleted", state=first.state)
    assert set(run.ids("deleted")) >= set(first.ids("deleted"))
    assert "kept for two months" in caplog.text


# Cut off


def test_a_run_that_is_cut_off_goes_on_where_it_stopped(office_of: Callable[..., Any], tmp_path: Path) -> None:
    office = office_of(tmp_path)
    office.do("fill", receivables=0, accounts=3500)
    everything = office.run("accounts")
    office.fault(kind="error", match="Accounts.*skiptoken", status=403, skip=2)
    cut_off = office.run("accounts")
    office.sandbox.clear_faults()
    assert cut_off.code == 1
    # Two pages came; the third would have told whether the second was the end of what is older.
    assert cut_off.ids("accounts") == everything.ids("accounts")[:2000]
    rest = office.run("accounts", state=cut_off.state)
    assert cut_off.ids("accounts") + rest.ids("accounts") == everything.ids("accounts")
    assert rest.calls["sync/CRM/Accounts"] == 2


def test_pages_of_changes_are_gone_on_with_too(office_of: Callable[..., Any], tmp_path: Path) -> None:
    office = office_of(tmp_path)
    customer = office.customer()
    for _ in range(150):
        office.invoice(customer)
    office.fault(kind="error", match="SalesEntries.*skiptoken", status=403, skip=1)
    cut_off = office.run("sales_entries")
    office.sandbox.clear_faults()
    rest = office.run("sales_entries", state=cut_off.state)
    delivered = cut_off.ids("sales_entries") + rest.ids("sales_entries")
    assert len(cut_off.ids("sales_entries")) == 120
    assert len(delivered) == len(set(delivered)) == 150


# Much at once


def test_after_a_mass_change_a_second_run_is_empty_and_costs_its_one_call(
    office_of: Callable[..., Any], tmp_path: Path
) -> None:
    """Line 29."""
    office = office_of(tmp_path)
    edited = office.invoice(office.customer())
    office.do("fill", receivables=3000)
    first = office.run("sales_entries")
    assert len(first.ids("sales_entries")) >= 3000
    idle = office.run("sales_entries", state=first.state)
    assert (idle.ids("sales_entries"), idle.calls) == ([], {"salesentry/SalesEntries": 1})
    assert idle.state["bookmarks"] == first.state["bookmarks"]

    new = office.invoice(office.customer())
    after = office.run("sales_entries", state=idle.state)
    assert (after.ids("sales_entries"), after.calls) == ([new], {"salesentry/SalesEntries": 2})
    assert office.run("sales_entries", state=after.state).calls == {"salesentry/SalesEntries": 1}

    office.do("edit_entry", id=edited, changes={"Description": "Anders"})
    again = office.run("sales_entries", state=after.state)
    assert edited in again.ids("sales_entries")
    assert office.run("sales_entries", state=again.state).ids("sales_entries") == []


def test_a_change_that_shows_late_among_many_is_delivered(office_of: Callable[..., Any], tmp_path: Path) -> None:
    """Line 29: the number of rows tells of it, although the newest is the same."""
    office = office_of(tmp_path)
    customer = office.customer()
    office.do("show_late", seconds=60, entities=["salesentry/SalesEntries"])
    late = office.invoice(customer)
    office.do("show_late", seconds=0)
    for _ in range(70):
        office.invoice(customer)
    first = office.run("sales_entries")
    assert late not in first.ids("sales_entries")
    office.sandbox.control("POST", "clock", {"seconds": 61})
    second = office.run("sales_entries", state=first.state)
    assert second.ids("sales_entries") == [late]
    third = office.run("sales_entries", state=second.state)
    assert (third.ids("sales_entries"), third.calls) == ([], {"salesentry/SalesEntries": 1})


def test_a_first_run_begins_with_the_start_date(office: Any, asked: Any) -> None:
    office.run("sales_entries", "contacts", start_date="2026-05-18")
    for path in ("SalesEntries", "crm/Contacts"):
        assert asked(path)["$filter"] == "Modified ge datetime'2026-05-18T00:00:00'"


def test_row_versions_that_began_anew_without_a_word_are_noticed(office: Any, first: Any) -> None:
    """Line 20: not even the rows that are read again come."""
    bookmark = {"replication_key": "Timestamp", "replication_key_value": 9**15, "since": 9**15, "seen": [9**15]}
    state = {"bookmarks": {"accounts": {**first.state["bookmarks"]["accounts"], **bookmark}}}
    run = office.run("accounts", state=state)
    assert set(run.ids("accounts")) >= set(first.ids("accounts"))
    assert office.run("accounts", state=run.state).ids("accounts") == []
