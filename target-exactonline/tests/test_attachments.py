"""Files go with the entry; what goes wrong with them never blocks or repeats the booking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk

FILES = "documents/DocumentAttachments"


def two_files() -> list[dict[str, Any]]:
    return [
        {"filename": "factuur.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjQ="},
        {"filename": "factuur.xml", "media_type": "application/xml", "content": "PHhtbC8+"},
    ]


def test_pdf_and_ubl_go_with_the_entry(desk: Desk) -> None:
    record = desk.invoice(attachments=two_files())
    desk.exact.forget_calls()
    desk.run(desk.company(), record)
    (document,) = desk.exact.documents(record["number"])
    (entry,) = desk.exact.entries(record["number"])
    assert entry["document"] == document["id"]
    assert desk.exact.calls().count(("POST", FILES)) == 2


@pytest.mark.parametrize("path", ["documents/Documents", FILES])
def test_a_file_that_is_refused_blocks_nothing_and_follows_alone(desk: Desk, path: str) -> None:
    record = desk.invoice(attachments=two_files())
    desk.exact.fault(match=path, method="POST", kind="business", message="Verplicht: iets", times=1)
    ran = desk.run(desk.company(), record)
    assert ran.counts == {"booked": 1, "waiting": 1, "customers created": 1}
    assert desk.codes() == {record["id"]: "attachment_refused"}
    desk.exact.forget_calls()
    ran = desk.run()
    assert ran.counts == {"files attached": 1}
    assert desk.codes() == {}
    assert ("POST", "salesentry/SalesEntries") not in desk.exact.calls()
    (document,) = desk.exact.documents(record["number"])
    (entry,) = desk.exact.entries(record["number"])
    assert entry["document"] == document["id"]


def test_a_refused_entry_keeps_its_document_for_the_next_try(desk: Desk) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="business", message="Neen", times=1)
    desk.run(desk.company(), record)
    assert desk.codes() == {record["id"]: "refused_by_exact"}
    desk.exact.forget_calls()
    ran = desk.run()
    assert ran.counts == {"booked": 1}
    assert len(desk.exact.documents(record["number"])) == 1
    assert ("POST", FILES) not in desk.exact.calls()


def test_a_document_that_a_person_deleted_meanwhile_is_made_anew(desk: Desk) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="business", message="Neen", times=1)
    desk.run(desk.company(), record)
    link = desk.link(record)
    with desk.store() as store:
        store.links(desk.division).progress("invoice", record["id"], document_id="11111111-1111-4111-8111-111111111111")
    assert link.document.document_id
    assert desk.run().counts["booked"] == 1
