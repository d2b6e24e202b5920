"""A person asks for one document: it is read again, it alone, once."""

from __future__ import annotations

from typing import Any

import pytest

from connector_store import ConnectorStore
from connector_store.asked_again import ask_again
from sandbox.teamleader.ids import DEPARTMENT_ID, OTHER_DEPARTMENT_ID


@pytest.fixture
def own(harness_of: Any, tmp_path: Any) -> Any:
    """An account of a few documents."""
    return harness_of(tmp_path, customers=4, invoices=6, credit_notes=3)


def ask(account: Any, kind: str, source_id: str) -> None:
    with ConnectorStore.open(account.config["store_uri"]) as store:
        ask_again(store, kind, source_id)


def test_what_a_person_asks_for_comes_again_alone_and_once(own: Any) -> None:
    first = own.run()
    invoice, note = first.ids("invoices")[2], first.ids("credit_notes")[0]
    ask(own, "invoice", invoice)
    ask(own, "credit_note", note)
    second = own.run(first.state)
    assert (second.ids("invoices"), second.ids("credit_notes")) == ([invoice], [note])
    third = own.run(second.state)
    assert (third.ids("invoices"), third.ids("credit_notes")) == ([], [])


def test_a_request_moves_no_bookmark_and_outlives_a_run_that_was_cut_off(own: Any) -> None:
    first = own.run()
    ask(own, "invoice", first.ids("invoices")[0])
    second = own.run(first.state)
    bookmarks = [run.state["bookmarks"]["invoices"]["replication_key_value"] for run in (first, second)]
    assert bookmarks[0] == bookmarks[1]
    assert own.run(first.state).ids("invoices") == second.ids("invoices")


def test_a_document_that_is_gone_does_not_come(own: Any) -> None:
    first = own.run()
    gone = first.ids("invoices")[-1]
    own.post("teamleader/delete_document", {"id": gone, "kind": "invoice"})
    ask(own, "invoice", gone)
    assert own.run(first.state).ids("invoices") == []


def test_a_document_of_another_department_is_left_to_its_own_coupling(own: Any) -> None:
    own.config["department_id"] = DEPARTMENT_ID
    first = own.run()
    other = own.post("teamleader/add_invoice", {"department": OTHER_DEPARTMENT_ID})["id"]
    ask(own, "invoice", other)
    assert own.run(first.state).ids("invoices") == []
    own.config["department_id"] = OTHER_DEPARTMENT_ID
    assert own.run().ids("invoices") == [other]
