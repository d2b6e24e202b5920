"""Files go with the entry or after it; what goes wrong with them never blocks or repeats the booking."""

from __future__ import annotations

import base64
import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import FileState
from sandbox.exact.rules.documents import MAX_BYTES

if TYPE_CHECKING:
    from conftest import Desk

FILES = "documents/DocumentAttachments"
ENTRIES = "salesentry/SalesEntries"
XML = {"filename": "factuur.xml", "media_type": "application/xml", "content": "PHhtbC8+"}


def pdf(text: str = "", **other: Any) -> dict[str, Any]:
    content = f"%PDF-1.4\n{text}\n%%EOF\n".encode()
    inline = {"content": base64.b64encode(content).decode()}
    return {"filename": "factuur.pdf", "media_type": "application/pdf", **(other or inline)}


def in_spool(desk: Desk, content: bytes) -> str:
    with desk.store() as store:
        return store.spool.put(io.BytesIO(content))


def spooled(desk: Desk) -> list[str]:
    """Return what the spool holds."""
    with desk.store() as store:
        return store.spool.kept_before(datetime(2100, 1, 1, tzinfo=timezone.utc))


def queued(desk: Desk, record: dict[str, Any]) -> list[tuple[FileState, str | None]]:
    with desk.store() as store:
        return [(file.state, file.problem) for file in store.files(desk.division).of(record["kind"], record["id"])]


def in_exact(desk: Desk, record: dict[str, Any]) -> list[tuple[str, int]]:
    """Return name and size of the files of a document's entry."""
    (document,) = desk.exact.documents(record["number"])
    (entry,) = desk.exact.entries(record["number"])
    assert entry["document"] == document["id"]
    return sorted((file["file_name"], int(file["size"])) for file in document["attachments"])


def test_pdf_and_ubl_go_with_the_entry_and_leave_the_spool(desk: Desk) -> None:
    record = desk.invoice(attachments=[pdf(), XML])
    desk.exact.forget_calls()
    desk.run(desk.company(), record)
    assert [name for name, _ in in_exact(desk, record)] == ["factuur.pdf", "factuur.xml"]
    assert desk.exact.calls().count(("POST", FILES)) == 2
    assert spooled(desk) == []


def test_a_file_that_lies_in_the_spool_goes_with_the_entry(desk: Desk) -> None:
    content = b"%PDF-1.7 from the tap %%EOF"
    record = desk.invoice(attachments=[pdf(sha256=in_spool(desk, content), size=len(content))])
    desk.run(desk.company(), record)
    assert in_exact(desk, record) == [("factuur.pdf", len(content))]
    assert spooled(desk) == []


@pytest.mark.parametrize("path", ["documents/Documents", FILES])
def test_a_file_that_is_refused_blocks_nothing_and_follows_alone(desk: Desk, path: str) -> None:
    record = desk.invoice(attachments=[pdf()])
    desk.exact.fault(match=path, method="POST", kind="business", message="Verplicht: iets", times=1)
    ran = desk.run(desk.company(), record)
    assert ran.counts == {"booked": 1, "files waiting": 1, "customers created": 1}
    assert "attachment_refused" in ran.log
    assert queued(desk, record) == [(FileState.TO_ATTACH, "attachment_refused")]
    desk.exact.forget_calls()
    ran = desk.run()
    assert ran.counts == {"files attached": 1}
    assert ("POST", ENTRIES) not in desk.exact.calls()
    assert len(in_exact(desk, record)) == 1
    assert queued(desk, record) == [(FileState.ATTACHED, None)]


def test_a_refused_entry_keeps_its_document_for_the_next_try(desk: Desk) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match=ENTRIES, method="POST", kind="business", message="Neen", times=1)
    desk.run(desk.company(), record)
    assert desk.codes() == {record["id"]: "refused_by_exact"}
    desk.ask_for_all()
    desk.exact.forget_calls()
    ran = desk.run()
    assert ran.counts == {"booked": 1}
    assert len(in_exact(desk, record)) == 1
    assert ("POST", FILES) not in desk.exact.calls()


def test_a_document_that_a_person_deleted_meanwhile_is_made_anew(desk: Desk) -> None:
    record = desk.invoice(pdf=True)
    desk.exact.fault(match=ENTRIES, method="POST", kind="business", message="Neen", times=1)
    desk.run(desk.company(), record)
    assert desk.link(record).document.document_id
    with desk.store() as store:
        gone = {"document_id": "11111111-1111-4111-8111-111111111111"}
        store.links(desk.division).progress("invoice", record["id"], **gone)
        name = record["attachments"][0]["filename"]
        store.files(desk.division).attached("invoice", record["id"], name, **gone, attachment_id="gone")
    desk.ask_for_all()
    assert desk.run().counts["booked"] == 1
    assert queued(desk, record) == [(FileState.TO_FETCH, "file_lost")]


@pytest.mark.parametrize(("choice", "kept"), [("replace", ["factuur.pdf"]), ("keep", ["factuur.pdf", "factuur "])])
def test_line_4_the_pdf_of_a_changed_document_follows_it(desk: Desk, choice: str, kept: list[str]) -> None:
    record = desk.invoice(attachments=[pdf("first")])
    desk.run(desk.company(), record, on_changed_file=choice)
    changed = desk.as_version(record, net="150.00", attachments=[pdf("second, and longer")])
    ran = desk.run(changed, on_changed_file=choice)
    assert ran.counts == {"updated": 1, "files attached": 1}
    found = in_exact(desk, record)
    assert all(any(name.startswith(start) for name, _ in found) for start in kept)
    assert len(found) == len(kept)
    assert len(base64.b64decode(pdf("second, and longer")["content"])) in [size for _, size in found]
    desk.exact.forget_calls()
    assert desk.run(changed, on_changed_file=choice).counts == {"unchanged": 1}
    assert ("POST", FILES) not in desk.exact.calls()


def test_line_4_a_refused_document_that_is_corrected_gets_its_present_pdf(desk: Desk) -> None:
    refused = desk.invoice(tax_rate="0.19", attachments=[pdf("wrong")])
    desk.run(desk.company(), refused)
    assert desk.codes() == {refused["id"]: "vat_code_unmapped"}
    corrected = desk.as_version(refused, net="100.00", attachments=[pdf("right, at last")])
    assert desk.run(desk.company(), corrected).counts["booked"] == 1
    size = len(base64.b64decode(pdf("right, at last")["content"]))
    assert in_exact(desk, refused) == [("factuur.pdf", size)]
    assert spooled(desk) == []


def test_line_4_a_changed_pdf_without_an_answer_is_neither_lost_nor_doubled(desk: Desk) -> None:
    record = desk.invoice(attachments=[pdf("one")])
    desk.run(desk.company(), record)
    # Same name, same size: only the id of the attachment tells them apart.
    changed = desk.as_version(record, attachments=[pdf("two")])
    desk.exact.fault(match=FILES, method="POST", kind="reset_after", times=1)
    desk.exact.fault(match=FILES, method="DELETE", kind="reset_before", times=1)
    desk.run(changed)
    assert desk.run().counts == {"files attached": 1}
    assert in_exact(desk, record) == [("factuur.pdf", len(base64.b64decode(pdf("two")["content"])))]


def test_line_13_a_file_that_is_to_come_is_told_and_attached_when_it_came(desk: Desk) -> None:
    record = desk.invoice(attachments=[pdf(problem="file_damaged")])
    ran = desk.run(desk.company(), record)
    assert ran.counts == {"booked": 1, "files waiting": 1, "customers created": 1}
    assert queued(desk, record) == [(FileState.TO_FETCH, "file_damaged")]
    desk.exact.forget_calls()
    desk.run()
    assert not [path for _, path in desk.exact.calls() if path.startswith("documents/")]
    ran = desk.run({**record, "attachments": [pdf()]})
    assert ran.counts == {"unchanged": 1, "files attached": 1}
    assert len(in_exact(desk, record)) == 1


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(pdf(content=base64.b64encode(b"<html>Log in</html>").decode()), id="page"),
        pytest.param(pdf(content=base64.b64encode(b"%PDF-1.4 half").decode()), id="half"),
        pytest.param(pdf(content="no Base64!"), id="no Base64"),
    ],
)
def test_line_13_what_is_no_whole_pdf_is_never_attached(desk: Desk, file: dict[str, Any]) -> None:
    record = desk.invoice(attachments=[file])
    assert desk.run(desk.company(), record).counts["booked"] == 1
    assert queued(desk, record) == [(FileState.TO_FETCH, "file_damaged")]
    assert desk.exact.documents(record["number"]) == []


def test_line_13_a_content_that_is_lost_is_asked_for_again(desk: Desk) -> None:
    content_hash = "0" * 64
    with desk.store() as store:
        fetched = {"fingerprint": "f", "content_hash": content_hash, "size": 20}
        store.downloads("teamleader:").fetched("invoices", "a", "pdf", **fetched)
    record = desk.invoice(attachments=[pdf(sha256=content_hash, size=20)])
    assert desk.run(desk.company(), record).counts["booked"] == 1
    assert queued(desk, record) == [(FileState.TO_FETCH, "file_lost")]
    with desk.store() as store:
        assert store.downloads("teamleader:").to_come("invoices", datetime.now(timezone.utc), 0) == ["a"]


def test_line_14_a_file_that_is_too_large_for_exact_waits_and_nothing_else_does(desk: Desk) -> None:
    large = b"%PDF-1.4\n" + bytes(39 * 1024 * 1024) + b"\n%%EOF\n"
    assert len(large) > MAX_BYTES
    record = desk.invoice(attachments=[pdf(sha256=in_spool(desk, large), size=len(large))])
    others = [desk.invoice(pdf=True) for _ in range(3)]
    ran = desk.run(desk.company(), others[0], record, *others[1:])
    assert ran.counts == {"booked": 4, "files waiting": 1, "customers created": 1}
    assert queued(desk, record) == [(FileState.TO_ATTACH, "file_too_large")]
    assert all(len(in_exact(desk, other)) == 1 for other in others)


def test_line_31_a_missing_right_to_documents_does_not_stop_the_booking(desk: Desk) -> None:
    records = [desk.invoice(pdf=True) for _ in range(3)]
    desk.exact.do("deny", entities=["documents/"])
    try:
        desk.exact.forget_calls()
        ran = desk.run(desk.company(), *records)
        assert ran.error is None
        assert ran.counts == {"booked": 3, "files waiting": 3, "customers created": 1}
        assert all(queued(desk, record) == [(FileState.TO_ATTACH, "attachment_denied")] for record in records)
        assert len([path for _, path in desk.exact.calls() if path.startswith("documents/")]) == 1
    finally:
        desk.exact.do("deny", entities=[])
    assert desk.run().counts["files attached"] == 3
    assert all(len(in_exact(desk, record)) == 1 for record in records)


def test_an_entry_that_a_person_booked_gets_no_files(desk: Desk) -> None:
    record = desk.invoice(pdf=True)
    desk.run(desk.company(), record)
    desk.lose_memory()
    desk.exact.forget_calls()
    assert desk.run(desk.company(), record).counts["adopted"] == 1
    assert ("POST", FILES) not in desk.exact.calls()
    assert spooled(desk) == []
    assert queued(desk, record) == []


def test_an_older_version_does_not_bring_back_its_file(desk: Desk) -> None:
    record = desk.invoice(attachments=[pdf("first")])
    desk.run(desk.company(), desk.as_version(record, attachments=[pdf("second, and longer")]))
    desk.run(record)
    assert in_exact(desk, record) == [("factuur.pdf", len(base64.b64decode(pdf("second, and longer")["content"])))]


def test_files_that_an_older_version_kept_as_a_reject_are_attached(desk: Desk) -> None:
    record = desk.invoice()
    desk.run(desk.company(), record)
    with desk.store() as store:
        kept = {"code": "attachment_refused", "reason": "r", "hint": "h", "payload": {**record, "attachments": [pdf()]}}
        store.rejects(desk.division).put("attachment", record["id"], **kept)
    assert desk.run().counts == {"files attached": 1}
    assert len(in_exact(desk, record)) == 1
    assert desk.codes() == {}
