"""Invoices that wait until they were sent come again when they were, whether that counts as a change or not."""

from __future__ import annotations

from typing import Any

import pytest

from connector_store import ConnectorStore
from connector_store.until_sent import keep_unsent
from sandbox.teamleader.ids import DEPARTMENT_ID, OTHER_DEPARTMENT_ID

DIVISION = 123456


@pytest.fixture
def own(harness_of: Any, tmp_path: Any) -> Any:
    """An account of a few documents."""
    return harness_of(tmp_path, customers=4, invoices=4, credit_notes=1)


def wait_for(account: Any, *ids: str) -> None:
    with ConnectorStore.open(account.config["store_uri"]) as store:
        keep_unsent(store, DIVISION, dict.fromkeys(ids, DEPARTMENT_ID))


def send(account: Any, invoice: dict[str, Any], *, sent: bool = True) -> None:
    """Let it be sent, without that its moment of change moves."""
    account.post("teamleader/edit_invoice", {"id": invoice["id"], "sent": sent, "updated_at": invoice["updated_at"]})


def test_an_invoice_that_waits_comes_when_it_was_sent_though_nothing_else_changed(own: Any) -> None:
    (first, *others) = own.run().records("invoices")
    for each in (first, *others):
        send(own, each, sent=False)
    run = own.run()
    wait_for(own, first["id"], others[0]["id"])
    own.forget_calls() if hasattr(own, "forget_calls") else None
    idle = own.run(run.state)
    assert idle.ids("invoices") == []

    send(own, first)
    (again,) = own.run(idle.state).records("invoices")
    assert (again["id"], again["sent"]) == (first["id"], True)


def test_who_waits_no_more_is_not_asked_for(own: Any) -> None:
    first = own.run()
    invoice = first.ids("invoices")[0]
    wait_for(own, invoice)
    assert own.run(first.state).ids("invoices") == [invoice]
    wait_for(own)
    assert own.run(first.state).ids("invoices") == []


def test_an_invoice_of_another_department_is_left_to_its_own_coupling(own: Any) -> None:
    first = own.run()
    wait_for(own, first.ids("invoices")[0])
    own.config["department_id"] = OTHER_DEPARTMENT_ID
    assert own.run().ids("invoices") == []
