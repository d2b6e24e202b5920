"""Line 11: a document that was deleted in Teamleader is told, before the one that took its number."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from connector_store import ConnectorStore
from tap_teamleader import deletions

Deleted = list[tuple[str, str, str]]


@pytest.fixture
def own(harness_of: Any, tmp_path: Any) -> Any:
    """An account of a few documents."""
    return harness_of(tmp_path, customers=4, invoices=6, credit_notes=3)


def deleted(run: Any) -> Deleted:
    return [(each["kind"], each["id"], each["number"]) for each in run.records("deleted_documents")]


def delete(harness: Any, document: dict[str, Any], kind: str) -> None:
    harness.post("teamleader/delete_document", {"id": document["id"], "kind": kind})


def last(run: Any, stream: str, number: str) -> dict[str, Any]:
    def place(each: dict[str, Any]) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", each[number])]

    found: dict[str, Any] = max(run.records(stream), key=place)
    return found


def test_a_deletion_comes_before_the_document_that_took_the_number(own: Any) -> None:
    first = own.run()
    gone = last(first, "invoices", "invoice_number")
    delete(own, gone, "invoice")
    new = own.post("teamleader/add_invoice", {"number": gone["invoice_number"]})["id"]
    run = own.run(first.state)
    assert deleted(run) == [("invoice", gone["id"], gone["invoice_number"])]
    assert run.ids("invoices") == [new]
    streams = [message["stream"] for message in run.messages if message["type"] == "RECORD"]
    assert streams.index("deleted_documents") < min(streams.index(each) for each in ("companies", "invoices"))
    assert deleted(own.run(run.state)) == []


def test_a_deletion_without_any_change_is_noticed_within_two_runs(own: Any) -> None:
    first = own.run()
    gone = last(first, "credit_notes", "credit_note_number")
    delete(own, gone, "credit_note")
    second = own.run(first.state)
    third = own.run(second.state)
    assert deleted(second) + deleted(third) == [("credit_note", gone["id"], gone["credit_note_number"])]


def test_what_nobody_took_in_comes_again(own: Any) -> None:
    """The run after the tap was cut off, so its state was not kept."""
    first = own.run()
    gone = last(first, "invoices", "invoice_number")
    delete(own, gone, "invoice")
    assert deleted(own.run(first.state)) == deleted(own.run(first.state)) != []


def test_each_document_of_the_last_400_days_is_looked_for_once_a_day(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = own.run()
    monkeypatch.setattr(deletions, "BATCH", 1)
    oldest = min(first.records("invoices"), key=lambda each: (each["invoice_date"], each["invoice_number"]))
    delete(own, oldest, "invoice")
    again = own.run(first.state)
    assert deleted(again) == []
    with ConnectorStore.open(own.config["store_uri"]) as store:
        store.set_position(deletions.WHOLE_STORE, deletions._POSITION, '{"day": "2020-01-01"}')
    assert [each[1] for each in deleted(own.run(again.state))] == [oldest["id"]]


def test_a_login_of_another_account_deletes_nothing(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = own.run()
    monkeypatch.setattr(deletions, "PLAUSIBLE", 1)
    delete(own, last(first, "invoices", "invoice_number"), "invoice")
    with ConnectorStore.open(own.config["store_uri"]) as store:
        strangers = {
            f"5b16f6ee-e302-0079-901b-50a7a2a9d5e{each}": {"number": None, "date": "2026-01-01"} for each in "12"
        }
        store.seen(deletions.WHOLE_STORE, "tap-teamleader invoices").put(strangers)
    assert deleted(own.run(first.state)) == []


def test_a_run_without_changes_makes_one_more_call(own: Any) -> None:
    first = own.run()
    idle = own.run(first.state)
    again = own.run(idle.state)
    assert idle.calls - again.calls == Counter(["invoices.list"])
    assert again.calls - idle.calls == Counter(["creditNotes.list"])


def test_what_a_version_put_out_that_noted_nothing_is_noted_once(own: Any) -> None:
    """What was deleted before the upgrade cannot be told any more; all later deletions are."""
    first = own.run()
    with ConnectorStore.open(own.config["store_uri"]) as store:
        for kind in deletions.KINDS.values():
            remembered = deletions._remembered(store, kind)
            remembered.drop(list(remembered.all()))
            store.set_position(deletions.WHOLE_STORE, f"{deletions._POSITION} {kind.resource}", "")
    upgraded = own.run(first.state)
    gone = last(first, "invoices", "invoice_number")
    delete(own, gone, "invoice")
    second = own.run(upgraded.state)
    third = own.run(second.state)
    assert deleted(second) + deleted(third) == [("invoice", gone["id"], gone["invoice_number"])]
