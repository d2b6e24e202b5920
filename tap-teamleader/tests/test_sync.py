"""What a run reads, in which order, and what the next one need not read again."""

from __future__ import annotations

import json
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from connector_store import WHOLE_STORE, ConnectorStore
from tap_teamleader.changes import INVOICES, Change, changed_documents
from tap_teamleader.streams import STREAMS
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEPARTMENT = "d0000000-0000-4000-8000-000000000001"
LISTS = Counter(
    f"{name}.list"
    for name in (
        "departments",
        "taxRates",
        "productCategories",
        "paymentTerms",
        "companies",
        "contacts",
        "invoices",
        "creditNotes",
        "subscriptions",
    )
)


RECENT = Counter(["invoices.list", "creditNotes.list"])
"""Whether the newest documents are still there: both kinds when documents changed, one by turns otherwise."""


def teamleader_of(harness: Any) -> TeamleaderClient:
    config = harness.config
    return TeamleaderClient(
        **{name: config[name] for name in ("api_url", "auth_url", "client_id", "client_secret", "refresh_token")},
        tokens=ConnectorStore.open(config["store_uri"]).tokens("teamleader", config["client_id"]),
    )


@pytest.fixture(scope="module")
def teamleader(harness: Any) -> TeamleaderClient:
    """A person at work in Teamleader, with the tap's own login."""
    return teamleader_of(harness)


@pytest.fixture(scope="module")
def first(harness: Any) -> Any:
    """The first run on the harness."""
    run = harness.run()
    assert run.code == 0
    return run


def customers_of(documents: list[dict[str, Any]], kind: str) -> set[str]:
    named = [document["invoicee"]["customer"] for document in documents]
    return {customer["id"] for customer in named if customer["type"] == kind}


@pytest.fixture(autouse=True)
def _at_the_time_of_the_sandbox(harness: Any) -> Iterator[None]:
    with time_machine.travel(harness.sandbox.now()):
        yield


def run_later(harness: Any, state: Any) -> Any:
    """Run the tap some seconds later by its clock and by Teamleader's, whose times have no fractions."""
    harness.sandbox.advance(3)
    with time_machine.travel(harness.sandbox.now()):
        return harness.run(state)


def test_streams_come_in_the_order_of_their_dependence(first: Any) -> None:
    order = [message["stream"] for message in first.messages if message["type"] == "SCHEMA"]
    assert order == [stream.name for stream in STREAMS]


def test_every_booked_document_comes_once_and_no_draft(first: Any, teamleader: TeamleaderClient) -> None:
    invoices = list(teamleader.rows("invoices.list"))
    booked = {row["id"] for row in invoices if row["status"] != "draft"}
    assert sorted(first.ids("invoices")) == sorted(booked)
    assert {record["status"] for record in first.records("invoices")} <= {"outstanding", "matched"}
    notes = {row["id"] for row in teamleader.rows("creditNotes.list")}
    assert sorted(first.ids("credit_notes")) == sorted(notes)


def test_documents_come_in_the_order_of_their_last_change(first: Any) -> None:
    for stream in ("invoices", "credit_notes"):
        moments = [record["updated_at"] for record in first.records(stream)]
        assert moments == sorted(moments)
        assert all(moment.endswith("Z") for moment in moments)
        assert first.state["bookmarks"][stream]["replication_key_value"] == moments[-1]


def test_the_customers_of_the_documents_come_before_them_and_no_others(first: Any) -> None:
    documents = first.records("invoices") + first.records("credit_notes")
    assert set(first.ids("companies")) == customers_of(documents, "company")
    assert set(first.ids("contacts")) == customers_of(documents, "contact")
    assert len(first.ids("companies")) == len(set(first.ids("companies")))


def test_a_customer_comes_with_all_its_addresses(first: Any) -> None:
    kinds = {address["type"] for company in first.records("companies") for address in company["addresses"]}
    assert "primary" in kinds


def test_amounts_are_numbers_to_the_cent(first: Any) -> None:
    assert all("amount" in record["total"]["tax_exclusive"] for record in first.records("invoices"))
    assert all(record["grouped_lines"] for record in first.records("invoices"))


def test_state_goes_out_every_twenty_records(first: Any) -> None:
    since_state, longest = 0, 0
    for message in first.messages:
        since_state = 0 if message["type"] == "STATE" else since_state + (message["type"] == "RECORD")
        longest = max(longest, since_state)
    assert longest <= 20


def test_a_run_with_nothing_new_costs_five_calls_and_reads_neither_documents_nor_what_they_refer_to(
    harness: Any, first: Any
) -> None:
    idle = harness.run(first.state)
    assert idle.calls == Counter({"companies.list": 1, "contacts.list": 1, "invoices.list": 2, "creditNotes.list": 1})
    assert idle.ids("tax_rates") == []
    assert [idle.ids(stream) for stream in ("companies", "contacts", "invoices", "credit_notes")] == [[]] * 4
    assert idle.state["bookmarks"] == first.state["bookmarks"]


def test_a_payment_on_an_invoice_costs_one_call_and_brings_neither_its_customer_nor_anything_else(
    harness: Any, first: Any, teamleader: TeamleaderClient
) -> None:
    invoice = next(record for record in first.records("invoices") if record["status"] == "outstanding")
    teamleader.call(
        "invoices.registerPayment",
        {
            "id": invoice["id"],
            "payment": {"amount": 1, "currency": invoice["currency"]},
            "paid_at": "2026-11-20T10:00:00+00:00",
        },
    )
    run = run_later(harness, first.state)
    assert run.ids("invoices") == [invoice["id"]]
    assert run.ids("credit_notes") == []
    assert run.ids("companies") + run.ids("contacts") == []
    assert run.calls == LISTS + RECENT + Counter(["invoices.info"])


def test_what_documents_refer_to_is_read_in_every_run_that_has_no_documents(harness: Any) -> None:
    lists = harness.run(catalog=harness.catalog("tax_rates", "companies"))
    assert harness.run(lists.state, catalog=harness.catalog("tax_rates", "companies")).ids("tax_rates")


def test_a_new_invoice_brings_its_customer_though_that_went_out_before(harness: Any, first: Any) -> None:
    customer = next(each["invoicee"]["customer"] for each in first.records("invoices"))
    before = run_later(harness, first.state)
    (added,) = harness.sandbox.add_invoices(1, customer=f"{customer['type']}:{customer['id']}")["ids"]
    run = run_later(harness, before.state)
    assert (run.ids("invoices"), run.ids("companies") + run.ids("contacts")) == ([added], [customer["id"]])


def test_a_changed_customer_comes_without_its_documents(harness: Any, first: Any, teamleader: TeamleaderClient) -> None:
    company = first.ids("companies")[0]
    teamleader.call("companies.update", {"id": company, "website": "https://example.org"})
    run = run_later(harness, first.state)
    assert company in run.ids("companies")
    (record,) = [record for record in run.records("companies") if record["id"] == company]
    assert record["website"] == "https://example.org"
    assert len(run.ids("companies")) == len(set(run.ids("companies")))
    assert run_later(harness, run.state).ids("companies") == []


def fault(action: str, status: int, **fields: int) -> list[dict[str, Any]]:
    return [{"service": "teamleader", "kind": "error", "match": action, "status": status, **fields}]


def test_a_run_that_is_cut_off_goes_on_where_it_stopped(harness: Any) -> None:
    catalog = harness.catalog("companies", "invoices", "credit_notes", without=("companies.addresses",))
    everything = harness.run(catalog=catalog)
    harness.post("faults", fault("invoices.info", 403, skip=25))
    cut_off = harness.run(catalog=catalog)
    harness.delete("faults")
    assert cut_off.code == 1
    assert cut_off.ids("invoices") == everything.ids("invoices")[:25]
    assert cut_off.ids("credit_notes") == []
    rest = harness.run(cut_off.state, catalog=catalog)
    assert cut_off.ids("invoices") + rest.ids("invoices") == everything.ids("invoices")
    assert rest.ids("credit_notes") == everything.ids("credit_notes")
    # The customers of the rest come again: who receives them may not have needed them yet.
    assert set(rest.ids("companies")) >= customers_of(rest.records("invoices"), "company")


def test_one_document_that_vanished_does_not_stop_the_others(harness: Any, caplog: pytest.LogCaptureFixture) -> None:
    harness.post("faults", fault("invoices.info", 404, skip=3, times=1))
    run = harness.run(catalog=harness.catalog("invoices"))
    assert run.code == 0
    assert "was deleted in Teamleader" in caplog.text
    assert len(run.ids("invoices")) == run.calls["invoices.info"] - 1


def test_a_document_that_teamleader_refuses_to_show_is_tried_again_in_the_next_run(harness: Any) -> None:
    catalog = harness.catalog("invoices")
    harness.post("faults", fault("invoices.info", 400, skip=3, times=1))
    run = harness.run(catalog=catalog)
    harness.delete("faults")
    following = harness.run(run.state, catalog=catalog)
    assert len(following.ids("invoices")) == 1
    assert set(following.ids("invoices")).isdisjoint(run.ids("invoices"))
    assert harness.run(following.state, catalog=catalog).ids("invoices") == []


def test_deselected_addresses_save_a_call_per_customer(harness: Any, first: Any) -> None:
    catalog = harness.catalog(without=("companies.addresses", "contacts.addresses"))
    run = harness.run(catalog=catalog)
    assert run.calls["companies.info"] == run.calls["contacts.info"] == 0
    assert set(run.ids("companies")) >= set(first.ids("companies"))
    assert any(record.get("primary_address") for record in run.records("companies"))
    assert all("addresses" not in record for record in run.records("companies"))


def test_all_customers_come_when_that_is_asked_or_no_document_is_selected(
    harness: Any, teamleader: TeamleaderClient
) -> None:
    there_are = {row["id"] for row in teamleader.rows("companies.list")}
    only_companies = harness.run(catalog=harness.catalog("companies"))
    assert set(only_companies.ids("companies")) == there_are
    assert set(harness.run(customers="all").ids("companies")) == there_are
    assert harness.run(only_companies.state, catalog=harness.catalog("companies")).ids("companies") == []


def test_a_start_date_leaves_out_what_is_older_and_an_earlier_one_brings_it(harness: Any) -> None:
    days = sorted(
        record["invoice_date"] for record in harness.run(catalog=harness.catalog("invoices")).records("invoices")
    )
    middle = days[len(days) // 2]
    catalog = harness.catalog("invoices", "credit_notes")
    recent = harness.run(catalog=catalog, start_date=middle)
    assert sorted(record["invoice_date"] for record in recent.records("invoices")) == [
        day for day in days if day >= middle
    ]
    assert all(record["credit_note_date"] >= middle for record in recent.records("credit_notes"))
    earlier = harness.run(recent.state, catalog=catalog, start_date=days[0])
    assert len(earlier.ids("invoices")) == len(days)


def test_a_whole_table_comes_when_the_catalog_asks_for_it(harness: Any, first: Any) -> None:
    catalog = harness.catalog("credit_notes")
    for entry in catalog["streams"]:
        entry["replication_method"] = "FULL_TABLE"
    assert harness.run(first.state, catalog=catalog).ids("credit_notes") == first.ids("credit_notes")


def test_a_customer_that_is_gone_is_a_warning(
    harness: Any, teamleader: TeamleaderClient, caplog: pytest.LogCaptureFixture
) -> None:
    catalog = harness.catalog("companies", "invoices", without=("companies.addresses",))
    before = harness.run(catalog=catalog)
    company = before.ids("companies")[-1]
    teamleader.call("companies.delete", {"id": company})
    run = harness.run(catalog=catalog)
    assert run.code == 0
    assert run.ids("invoices") == before.ids("invoices")
    assert company not in run.ids("companies")
    assert f"company {company} is not in Teamleader any more" in caplog.text


def test_the_log_of_a_run_names_no_person_and_no_secret(harness: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run = harness.run()
    named = [record["name"] for record in run.records("companies")]
    named += [record["last_name"] for record in run.records("contacts")]
    secrets = [harness.config[name] for name in ("client_secret", "refresh_token")]
    assert [word for word in named + secrets if word and word in caplog.text] == []


def test_pages_that_shift_while_they_are_read_lose_nothing(
    harness_of: Callable[..., Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teamleader lists the newest first: an invoice booked during the listing pushes another over the page border."""
    harness = harness_of(tmp_path, invoices=150)
    here, person = teamleader_of(harness), teamleader_of(harness)
    before = {change.id for change in listed(here)}
    drafts = [person.call("invoices.draft", new_invoice(person))["id"] for _ in range(3)]
    waiting = list(drafts)
    ask = here._answer

    def somebody_books_between_two_pages(action: str, body: dict[str, Any]) -> Any:
        if waiting and body.get("page", {}).get("number", 1) > 1:
            person.call("invoices.book", {"id": waiting.pop(), "on": "2026-11-20"})
        return ask(action, body)

    monkeypatch.setattr(here, "_answer", somebody_books_between_two_pages)
    during = {change.id for change in listed(here)}
    assert waiting == []
    assert before <= during
    assert {change.id for change in listed(here)} == before | set(drafts)


def listed(client: TeamleaderClient) -> list[Change]:
    return changed_documents(client, INVOICES, since=None, first_day=None, department_id=None)


def new_invoice(person: TeamleaderClient) -> dict[str, Any]:
    customer = next(iter(person.rows("companies.list")))
    tax_rate = next(iter(person.rows("taxRates.list", {"filter": {"department_id": DEPARTMENT}})))
    line = {
        "quantity": 1,
        "description": "Booked meanwhile",
        "unit_price": {"amount": 10, "tax": "excluding"},
        "tax_rate_id": tax_rate["id"],
    }
    return {
        "invoicee": {"customer": {"type": "company", "id": customer["id"]}},
        "department_id": DEPARTMENT,
        "payment_term": {"type": "cash"},
        "grouped_lines": [{"line_items": [line]}],
    }


def test_a_lost_state_keeps_the_day_that_a_named_start_date_meant(harness_of: Any, tmp_path: Any) -> None:
    """Line 12: what was dated in the year of the first run is read again, whatever the year is now."""
    harness = harness_of(tmp_path, customers=5, invoices=12, credit_notes=2)
    first = harness.run(start_date="fiscal_year")
    assert first.ids("invoices")
    with ConnectorStore.open(harness.config["store_uri"]) as store:
        kept = json.loads(store.position(WHOLE_STORE, f"tap-teamleader scope {DEPARTMENT}") or "{}")
        last_year = str(int(kept["from"][:4]) - 1)
        # As if that first run had been a year ago.
        kept["from"] = f"{last_year}-01-01"
        store.set_position(WHOLE_STORE, f"tap-teamleader scope {DEPARTMENT}", json.dumps(kept))
    older = harness.post("teamleader/add_invoice", {"date": f"{last_year}-12-30"})["id"]
    again = harness.run(start_date="fiscal_year")
    assert older in again.ids("invoices")
    assert set(first.ids("invoices")) <= set(again.ids("invoices"))


def test_a_lost_store_makes_the_next_run_read_every_document_again(harness_of: Any, tmp_path: Any) -> None:
    """Line 19: what the lost store knew of waiting documents is known to nobody else."""
    harness = harness_of(tmp_path, customers=5, invoices=12, credit_notes=2)
    first = harness.run()
    assert not harness.run(first.state).ids("invoices")
    token = harness.post("login", {"service": "teamleader"})["refresh_token"]
    elsewhere = {"store_uri": f"sqlite:///{tmp_path}/new.db", "refresh_token": token}
    again = harness.run(first.state, **elsewhere)
    assert again.ids("invoices") == first.ids("invoices")
    assert again.ids("credit_notes") == first.ids("credit_notes")
    assert not harness.run(again.state, **elsewhere).ids("invoices")
