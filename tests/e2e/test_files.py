"""Files through the whole pipe: whatever is wrong with one, every document is booked, and the file follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import ConnectorStore
from sandbox.exact.administration import DIVISION

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 1024 * 1024


@pytest.fixture
def coupling(coupling_with: Callable[..., Any]) -> Any:
    return coupling_with("--no-limits", "--customers", "4", "--invoices", "5", "--credit-notes", "2")


def without_file(coupling: Any) -> set[str]:
    """Return the numbers of the entries without a file."""
    ledger = coupling.sandbox.ledger()
    filled = {document["id"] for document in ledger["documents"] if document["attachments"]}
    return {entry["your_ref"] for entry in ledger["entries"] if entry["document"] not in filled}


def waiting(coupling: Any) -> dict[str, str | None]:
    """Return the code of each file that waits, by the id of its document."""
    with ConnectorStore.open(coupling.store) as store:
        return {file.source_id: file.problem for file in store.files(DIVISION).waiting()}


def test_line_14_a_pdf_of_39_and_one_of_60_megabytes_hold_up_nothing(coupling: Any) -> None:
    documents = coupling.sandbox.teamleader_documents()
    large, larger, *_ = (document for document in documents if document["kind"] == "invoice")
    coupling.sandbox.teamleader("set_file", id=large["id"], bytes=39 * MEBIBYTE)
    coupling.sandbox.teamleader("set_file", id=larger["id"], bytes=60 * MEBIBYTE)

    ran = coupling.documents()

    assert ran.code == 0, ran.output
    assert len(coupling.sandbox.exact_entries()) == len(documents)
    assert without_file(coupling) == {large["number"], larger["number"]}
    assert waiting(coupling) == {large["id"]: "file_too_large", larger["id"]: "file_too_large"}


def test_line_13_files_that_came_as_a_login_page_follow_when_they_are_there(coupling: Any) -> None:
    coupling.sandbox.teamleader("set_file", how="html")
    ran = coupling.documents()
    assert ran.code == 0, ran.output
    documents = coupling.sandbox.teamleader_documents()
    assert len(without_file(coupling)) == len(documents)
    assert set(waiting(coupling).values()) == {"file_damaged"}

    coupling.sandbox.teamleader("set_file", how="whole")
    ran = coupling.documents()

    assert ran.code == 0, ran.output
    assert without_file(coupling) == set()
    assert waiting(coupling) == {}
    assert len(coupling.sandbox.exact_entries()) == len(documents)


def test_line_31_missing_rights_to_files_and_subscriptions_stop_no_booking(coupling: Any) -> None:
    coupling.sandbox.teamleader("deny", actions=["invoices.download", "subscriptions.list"])
    coupling.sandbox.exact("deny", entities=["documents/"])

    ran = coupling.run("documents", "payments")

    assert ran.code == 0, ran.output
    assert len(coupling.sandbox.exact_entries()) == len(coupling.sandbox.teamleader_documents())
    assert set(waiting(coupling).values()) == {"file_denied", "attachment_denied"}
