"""Documents and their files."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
UNKNOWN = "11111111-1111-4111-8111-111111111111"


def document(exact: Exact, **fields: Any) -> dict[str, Any]:
    return exact.post(DOCUMENTS, {"Subject": "Factuur 2026 / 1", "Type": 10, **fields}).d


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"Subject": None}, "Verplicht: Onderwerp"),
        ({"Type": None}, "Verplicht: Documenttype"),
        ({"Type": 999}, "Ongeldige referentie: Documenttype"),
        ({"Type": 2}, "Niet toegestaan: Documenttype"),
        ({"Account": UNKNOWN}, "Ongeldige referentie: Relatie"),
        ({"FinancialTransactionEntryID": UNKNOWN}, "Ongeldige referentie: Boekstuk"),
    ],
)
def test_what_is_refused(exact: Exact, fields: dict[str, Any], text: str) -> None:
    answer = exact.post(DOCUMENTS, {"Subject": "x", "Type": 10, **fields})
    assert (answer.status, answer.message) == (500, text)


def test_documents_are_numbered_and_found_by_account_and_subject(exact: Exact) -> None:
    customer = exact.customer()
    first, second = document(exact, Account=customer), document(exact)
    assert second["HID"] == first["HID"] + 1
    assert (first["CategoryDescription"], second["CategoryDescription"]) == ("Customers", None)
    query = f"$filter=Account eq guid'{customer}' and Subject eq 'Factuur 2026 / 1'&$select=ID"
    assert [row["ID"] for row in exact.get(f"{DOCUMENTS}?{query}").rows] == [first["ID"]]


def test_a_file_is_downloaded_with_the_token(exact: Exact) -> None:
    content = b"%PDF-1.7 \x00\xff"
    sent = {"Document": document(exact)["ID"], "FileName": "f.pdf", "Attachment": base64.b64encode(content).decode()}
    attached = exact.post(ATTACHMENTS, sent).d
    assert (attached["FileSize"], attached["Attachment"]) == (len(content), None)
    assert exact.get(attached["Url"] + "&Download=1").content == content
    assert exact.get(attached["Url"] + "&Download=1", authorization="").status == 401


def test_what_an_attachment_needs(exact: Exact) -> None:
    assert exact.post(ATTACHMENTS, {}).message.split("\r\n") == [
        "Verplicht: Document",
        "Verplicht: Bestandsnaam",
        "Verplicht: Bijlage",
    ]
    sent = {"Document": UNKNOWN, "FileName": "f.pdf", "Attachment": "dGVzdA=="}
    assert exact.post(ATTACHMENTS, sent).message == "Ongeldige referentie: Document"


def test_attachments_are_replaced_by_deleting(exact: Exact) -> None:
    sent = {"Document": document(exact)["ID"], "FileName": "f.pdf", "Attachment": "dGVzdA=="}
    attached = exact.post(ATTACHMENTS, sent).d
    assert exact.put(ATTACHMENTS, attached["ID"], {"FileName": "g.pdf"}).status == 405
    assert exact.delete(ATTACHMENTS, attached["ID"]).status == 204
    assert exact.deleted() == [(4, attached["ID"])]


def test_a_deleted_document_takes_its_files_along(exact: Exact) -> None:
    made = document(exact)
    attached = exact.post(ATTACHMENTS, {"Document": made["ID"], "FileName": "f.pdf", "Attachment": "dGVzdA=="}).d
    assert exact.delete(DOCUMENTS, made["ID"]).status == 204
    assert set(exact.deleted()) == {(4, attached["ID"]), (6, made["ID"])}


def test_a_document_of_an_entry_stays(exact: Exact) -> None:
    made = document(exact)
    exact.entry(Document=made["ID"])
    assert exact.delete(DOCUMENTS, made["ID"]).message == "In gebruik: Document"


def test_documents_change_by_put(exact: Exact) -> None:
    made = document(exact)
    entry = exact.entry().d["EntryID"]
    assert exact.put(DOCUMENTS, made["ID"], {"FinancialTransactionEntryID": entry}).status == 204
    row = exact.row(DOCUMENTS, made["ID"])
    assert (row["FinancialTransactionEntryID"], row["Subject"]) == (entry, "Factuur 2026 / 1")
