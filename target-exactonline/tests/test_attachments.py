"""Files go with the entry or after it; what goes wrong with them never blocks or repeats the booking."""

from __future__ import annotations

import base64
import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from connector_store import DivisionStore, FileState
from connector_store.people import read_again, try_again
from exactonline_api import ExactClient
from sandbox.exact.rules.documents import MAX_BYTES
from singer_shell.unknown_outcomes import MAX_UNANSWERED

if TYPE_CHECKING:
    from conftest import Harness

FILES = "documents/DocumentAttachments"
ENTRIES = "salesentry/SalesEntries"
XML = {"filename": "factuur.xml", "media_type": "application/xml", "content": "PHhtbC8+"}


def pdf(text: str = "", **other: Any) -> dict[str, Any]:
    content = f"%PDF-1.4\n{text}\n%%EOF\n".encode()
    inline = {"content": base64.b64encode(content).decode()}
    return {"filename": "factuur.pdf", "media_type": "application/pdf", **(other or inline)}


def in_spool(harness: Harness, content: bytes) -> str:
    with harness.store() as store:
        return store.spool.put(io.BytesIO(content))


def spooled(harness: Harness) -> list[str]:
    """Return what the spool holds."""
    with harness.store() as store:
        return store.spool.kept_before(datetime(2100, 1, 1, tzinfo=timezone.utc))


def queued(harness: Harness, record: dict[str, Any]) -> list[tuple[FileState, str | None]]:
    with harness.store() as store:
        return [(file.state, file.problem) for file in store.files(harness.division).of(record["kind"], record["id"])]


def in_exact(harness: Harness, record: dict[str, Any]) -> list[tuple[str, int]]:
    """Return name and size of the files of a document's entry."""
    (document,) = harness.exact.documents(record["number"])
    (entry,) = harness.exact.entries(record["number"])
    assert entry["document"] == document["id"]
    return sorted((file["file_name"], int(file["size"])) for file in document["attachments"])


def test_pdf_and_ubl_go_with_the_entry_and_leave_the_spool(harness: Harness) -> None:
    record = harness.invoice(attachments=[pdf(), XML])
    harness.exact.forget_calls()
    harness.run(harness.company(), record)
    assert [name for name, _ in in_exact(harness, record)] == ["factuur.pdf", "factuur.xml"]
    assert harness.exact.calls().count(("POST", FILES)) == 2
    assert spooled(harness) == []


def test_a_file_that_lies_in_the_spool_goes_with_the_entry(harness: Harness) -> None:
    content = b"%PDF-1.7 from the tap %%EOF"
    record = harness.invoice(attachments=[pdf(sha256=in_spool(harness, content), size=len(content))])
    harness.run(harness.company(), record)
    assert in_exact(harness, record) == [("factuur.pdf", len(content))]
    assert spooled(harness) == []


@pytest.mark.parametrize("path", ["documents/Documents", FILES])
def test_a_file_that_is_refused_blocks_nothing_and_follows_alone(harness: Harness, path: str) -> None:
    record = harness.invoice(attachments=[pdf()])
    harness.exact.fault(match=path, method="POST", kind="business", message="Verplicht: iets", times=1)
    ran = harness.run(harness.company(), record)
    assert ran.counts == {"booked": 1, "files waiting": 1, "customers created": 1}
    assert "attachment_refused" in ran.log
    assert queued(harness, record) == [(FileState.TO_ATTACH, "attachment_refused")]
    harness.exact.forget_calls()
    ran = harness.run()
    assert ran.counts == {"files attached": 1}
    assert ("POST", ENTRIES) not in harness.exact.calls()
    assert len(in_exact(harness, record)) == 1
    assert queued(harness, record) == [(FileState.ATTACHED, None)]


def test_a_refused_entry_keeps_its_document_for_the_next_try(harness: Harness) -> None:
    record = harness.invoice(pdf=True)
    harness.exact.fault(match=ENTRIES, method="POST", kind="business", message="Neen", times=1)
    harness.run(harness.company(), record)
    assert harness.codes() == {record["id"]: "refused_by_exact"}
    harness.ask_for_all()
    harness.exact.forget_calls()
    ran = harness.run()
    assert ran.counts == {"booked": 1}
    assert len(in_exact(harness, record)) == 1
    assert ("POST", FILES) not in harness.exact.calls()


def test_a_document_that_a_person_deleted_meanwhile_is_made_anew(harness: Harness) -> None:
    record = harness.invoice(pdf=True)
    harness.exact.fault(match=ENTRIES, method="POST", kind="business", message="Neen", times=1)
    harness.run(harness.company(), record)
    assert harness.link(record).document.document_id
    with harness.store() as store:
        gone = {"document_id": "11111111-1111-4111-8111-111111111111"}
        store.links(harness.division).progress("invoice", record["id"], **gone)
        name = record["attachments"][0]["filename"]
        store.files(harness.division).attached("invoice", record["id"], name, **gone, attachment_id="gone")
    harness.ask_for_all()
    assert harness.run().counts["booked"] == 1
    assert queued(harness, record) == [(FileState.TO_FETCH, "file_lost")]
    assert harness.run(record).counts["files attached"] == 1


@pytest.mark.parametrize("again", [try_again, read_again])
def test_an_entry_that_is_made_anew_has_the_files_of_the_one_that_was_deleted(harness: Harness, again: Any) -> None:
    record = harness.invoice(pdf=True)
    harness.run(harness.company(), record)
    harness.exact.do("delete_entry", your_ref=record["number"])
    harness.run(record)
    assert harness.codes() == {record["id"]: "entry_missing"}
    with harness.store() as store:
        again(DivisionStore(store, harness.division), "invoice", record["number"])
    harness.exact.forget_calls()
    assert harness.run(record).counts["booked"] == 1
    assert len(in_exact(harness, record)) == 1
    assert ("POST", FILES) not in harness.exact.calls()


@pytest.mark.parametrize(("choice", "kept"), [("replace", ["factuur.pdf"]), ("keep", ["factuur.pdf", "factuur "])])
def test_line_4_the_pdf_of_a_changed_document_follows_it(harness: Harness, choice: str, kept: list[str]) -> None:
    record = harness.invoice(attachments=[pdf("first")])
    harness.run(harness.company(), record, on_changed_file=choice)
    changed = harness.as_version(record, net="150.00", attachments=[pdf("second, and longer")])
    ran = harness.run(changed, on_changed_file=choice)
    assert ran.counts == {"updated": 1, "files attached": 1}
    found = in_exact(harness, record)
    assert all(any(name.startswith(start) for name, _ in found) for start in kept)
    assert len(found) == len(kept)
    assert len(base64.b64decode(pdf("second, and longer")["content"])) in [size for _, size in found]
    harness.exact.forget_calls()
    assert harness.run(changed, on_changed_file=choice).counts == {"unchanged": 1}
    assert ("POST", FILES) not in harness.exact.calls()


def test_line_4_a_refused_document_that_is_corrected_gets_its_present_pdf(harness: Harness) -> None:
    refused = harness.invoice(tax_rate="0.19", attachments=[pdf("wrong")])
    harness.run(harness.company(), refused)
    assert harness.codes() == {refused["id"]: "vat_code_unmapped"}
    corrected = harness.as_version(refused, net="100.00", attachments=[pdf("right, at last")])
    assert harness.run(harness.company(), corrected).counts["booked"] == 1
    size = len(base64.b64decode(pdf("right, at last")["content"]))
    assert in_exact(harness, refused) == [("factuur.pdf", size)]
    assert spooled(harness) == []


def test_line_4_a_changed_pdf_without_an_answer_is_neither_lost_nor_doubled(harness: Harness) -> None:
    record = harness.invoice(attachments=[pdf("one")])
    harness.run(harness.company(), record)
    # Same name, same size: only the id of the attachment tells them apart.
    changed = harness.as_version(record, attachments=[pdf("two")])
    harness.exact.fault(match=FILES, method="POST", kind="reset_after", times=1)
    harness.exact.fault(match=FILES, method="DELETE", kind="reset_before", times=1)
    harness.run(changed)
    assert harness.run().counts == {"files attached": 1}
    assert in_exact(harness, record) == [("factuur.pdf", len(base64.b64decode(pdf("two")["content"])))]


def test_line_4_a_changed_pdf_that_comes_again_before_it_is_attached_is_not_lost(harness: Harness) -> None:
    record = harness.invoice(attachments=[pdf("one")])
    harness.run(harness.company(), record)
    changed = harness.as_version(record, attachments=[pdf("two, and longer")])
    harness.exact.fault(match=FILES, method="POST", kind="reset_before", times=1)
    harness.run(changed)
    harness.run(changed)
    harness.exact.later()
    harness.run()
    assert in_exact(harness, record) == [("factuur.pdf", len(base64.b64decode(pdf("two, and longer")["content"])))]


def test_line_13_a_file_that_is_to_come_is_told_and_attached_when_it_came(harness: Harness) -> None:
    record = harness.invoice(attachments=[pdf(problem="file_damaged")])
    ran = harness.run(harness.company(), record)
    assert ran.counts == {"booked": 1, "files waiting": 1, "customers created": 1}
    assert queued(harness, record) == [(FileState.TO_FETCH, "file_damaged")]
    harness.exact.forget_calls()
    harness.run()
    assert not [path for _, path in harness.exact.calls() if path.startswith("documents/")]
    ran = harness.run({**record, "attachments": [pdf()]})
    assert ran.counts == {"unchanged": 1, "files attached": 1}
    assert len(in_exact(harness, record)) == 1


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(pdf(content=base64.b64encode(b"<html>Log in</html>").decode()), id="page"),
        pytest.param(pdf(content=base64.b64encode(b"%PDF-1.4 half").decode()), id="half"),
        pytest.param(pdf(content="no Base64!"), id="no Base64"),
    ],
)
def test_line_13_what_is_no_whole_pdf_is_never_attached(harness: Harness, file: dict[str, Any]) -> None:
    record = harness.invoice(attachments=[file])
    assert harness.run(harness.company(), record).counts["booked"] == 1
    assert queued(harness, record) == [(FileState.TO_FETCH, "file_damaged")]
    assert harness.exact.documents(record["number"]) == []


def test_line_13_a_content_that_is_lost_is_asked_for_again(harness: Harness) -> None:
    content_hash = "0" * 64
    with harness.store() as store:
        fetched = {"fingerprint": "f", "content_hash": content_hash, "size": 20}
        store.downloads("teamleader:").fetched("invoices", "a", "pdf", **fetched)
    record = harness.invoice(attachments=[pdf(sha256=content_hash, size=20)])
    assert harness.run(harness.company(), record).counts["booked"] == 1
    assert queued(harness, record) == [(FileState.TO_FETCH, "file_lost")]
    with harness.store() as store:
        assert store.downloads("teamleader:").to_come("invoices", datetime.now(timezone.utc), 0) == ["a"]


def test_line_14_a_file_that_is_too_large_for_exact_waits_and_nothing_else_does(harness: Harness) -> None:
    large = b"%PDF-1.4\n" + bytes(39 * 1024 * 1024) + b"\n%%EOF\n"
    assert len(large) > MAX_BYTES
    record = harness.invoice(attachments=[pdf(sha256=in_spool(harness, large), size=len(large))])
    others = [harness.invoice(pdf=True) for _ in range(3)]
    ran = harness.run(harness.company(), others[0], record, *others[1:])
    assert ran.counts == {"booked": 4, "files waiting": 1, "customers created": 1}
    assert queued(harness, record) == [(FileState.TO_ATTACH, "file_too_large")]
    assert all(len(in_exact(harness, other)) == 1 for other in others)


def test_line_31_a_missing_right_to_documents_does_not_stop_the_booking(harness: Harness) -> None:
    records = [harness.invoice(pdf=True) for _ in range(3)]
    harness.exact.do("deny", entities=["documents/"])
    try:
        harness.exact.forget_calls()
        ran = harness.run(harness.company(), *records)
        assert ran.error is None
        assert ran.counts == {"booked": 3, "files waiting": 3, "customers created": 1}
        assert all(queued(harness, record) == [(FileState.TO_ATTACH, "attachment_denied")] for record in records)
        assert len([path for _, path in harness.exact.calls() if path.startswith("documents/")]) == 1
    finally:
        harness.exact.do("deny", entities=[])
    assert harness.run().counts["files attached"] == 3
    assert all(len(in_exact(harness, record)) == 1 for record in records)


def test_an_entry_that_a_person_booked_gets_no_files(harness: Harness) -> None:
    record = harness.invoice(pdf=True)
    harness.book_by_hand(record, harness.known_customer())
    harness.exact.forget_calls()
    assert harness.run(record).counts["adopted"] == 1
    assert not [path for _, path in harness.exact.calls() if path.startswith("documents/")]
    assert spooled(harness) == []
    changed = harness.as_version(record, attachments=[pdf("second")])
    harness.run(changed)
    assert queued(harness, record) == []
    assert harness.exact.documents(record["number"]) == []


def test_the_files_of_a_lost_store_are_recognised_one_call_for_forty(harness: Harness) -> None:
    records = [harness.invoice(pdf=True) for _ in range(3)]
    harness.run(harness.company(), *records)
    before = [in_exact(harness, record) for record in records]
    harness.lose_store()
    harness.exact.forget_calls()
    assert harness.run(harness.company(), *records).counts["adopted"] == 3
    assert [call for call in harness.exact.calls() if call[1].startswith("documents/")] == [("GET", FILES)]
    assert [in_exact(harness, record) for record in records] == before
    assert all(queued(harness, record) == [(FileState.ATTACHED, None)] for record in records)
    assert spooled(harness) == []


def test_a_file_that_was_late_when_the_store_was_lost_is_told_and_attached_when_it_came(harness: Harness) -> None:
    late = harness.invoice(attachments=[pdf(problem="file_not_delivered")])
    harness.run(harness.company(), late)
    harness.lose_store()
    ran = harness.run(harness.company(), late)
    assert ran.counts == {"adopted": 1, "files waiting": 1, "customers matched": 1}
    assert queued(harness, late) == [(FileState.TO_FETCH, "file_not_delivered")]
    assert harness.run({**late, "attachments": [pdf()]}).counts == {"unchanged": 1, "files attached": 1}
    assert len(in_exact(harness, late)) == 1


def test_a_file_that_came_only_after_the_store_was_lost_is_attached(harness: Harness) -> None:
    late = harness.invoice(attachments=[pdf(problem="file_not_delivered")])
    harness.run(harness.company(), late)
    harness.lose_store()
    ran = harness.run(harness.company(), {**late, "attachments": [pdf()]})
    assert ran.counts == {"adopted": 1, "files attached": 1, "customers matched": 1}
    assert len(in_exact(harness, late)) == 1


def test_a_file_that_only_the_deleted_entry_had_follows_the_one_that_a_lost_store_booked(harness: Harness) -> None:
    """An older copy of the store was put back: it knows of the deleted entry, and not of the one after it."""
    record = harness.invoice(pdf=True)
    harness.run(harness.company(), record)
    (deleted,) = harness.exact.entries(record["number"])
    harness.exact.do("delete_entry", your_ref=record["number"])
    harness.run(record)
    assert harness.codes() == {record["id"]: "entry_missing"}
    harness.book_by_hand(record, harness.accounts()[0]["id"], description=deleted["description"])
    with harness.store() as store:
        read_again(DivisionStore(store, harness.division), "invoice", record["number"])
    assert harness.run(record).counts == {"adopted": 1, "files waiting": 1}
    assert queued(harness, record) == [(FileState.TO_FETCH, "file_lost")]
    harness.exact.forget_calls()
    assert harness.run(record).counts["files attached"] == 1
    assert len(in_exact(harness, record)) == 1
    assert ("POST", FILES) not in harness.exact.calls()


@pytest.mark.parametrize("path", [FILES, "documents/Documents"])
def test_a_file_in_doubt_is_sent_again_only_when_exact_can_no_longer_be_at_it(harness: Harness, path: str) -> None:
    record = harness.invoice(attachments=[pdf()])
    harness.exact.fault(match=path, method="POST", kind="orphaned", seconds=120, times=1)
    assert harness.run(harness.company(), record).counts["files waiting"] == 1
    harness.exact.forget_calls()
    harness.run(record)
    assert not [call for call in harness.exact.calls() if call[1].startswith("documents/")]
    harness.exact.later()
    assert harness.run(record).counts == {"unchanged": 1, "files attached": 1}
    assert len(in_exact(harness, record)) == 1


def test_files_that_get_no_answer_hold_up_three_documents_and_no_other(harness: Harness) -> None:
    """Exact takes as long as a call may, of each."""
    records = [harness.invoice(pdf=True) for _ in range(MAX_UNANSWERED + 2)]
    harness.exact.fault(match=FILES, method="POST", kind="reset_before")
    harness.exact.forget_calls()
    ran = harness.run(harness.company(), *records)
    assert (ran.error, ran.counts["booked"], ran.counts["files waiting"]) == (None, len(records), len(records))
    assert harness.exact.calls().count(("POST", FILES)) == MAX_UNANSWERED
    harness.exact.no_faults()
    assert harness.run().counts["files attached"] == 2
    harness.exact.later()
    assert harness.run().counts["files attached"] == MAX_UNANSWERED
    assert all(len(in_exact(harness, record)) == 1 for record in records)


def test_a_document_that_the_entry_may_not_point_to_any_more_names_the_entry_itself(harness: Harness) -> None:
    """It was made before the entry, without an answer; the entry was settled before it showed."""
    record = harness.invoice(attachments=[pdf()])
    harness.exact.fault(match="documents/Documents", method="POST", kind="orphaned", seconds=120, times=1)
    assert harness.run(harness.company(), record).counts["files waiting"] == 1
    harness.exact.do("match_entries", entries=[{"your_ref": record["number"], "journal": "70"}])
    harness.exact.later()
    assert harness.run(record).counts["files attached"] == 1
    (document,) = harness.exact.documents(record["number"])
    (entry,) = harness.exact.entries(record["number"])
    assert (document["entry_id"], len(document["attachments"])) == (entry["entry_id"], 1)


def test_a_file_whose_run_was_killed_while_it_was_sent_is_looked_for_after_the_rest(harness: Harness) -> None:
    class Killed(BaseException): ...

    record = harness.invoice(attachments=[pdf()])
    post = ExactClient.post

    def killed(client: ExactClient, path: str, body: dict[str, Any]) -> Any:
        answer = post(client, path, body)
        if path == FILES:
            raise Killed
        return answer

    with mock.patch.object(ExactClient, "post", killed):
        assert isinstance(harness.run(harness.company(), record).error, Killed)
    harness.exact.forget_calls()
    harness.run(record)
    assert ("POST", FILES) not in harness.exact.calls()
    harness.exact.later()
    harness.run(record)
    assert ("POST", FILES) not in harness.exact.calls()
    assert len(in_exact(harness, record)) == 1


def test_an_older_version_does_not_bring_back_its_file(harness: Harness) -> None:
    record = harness.invoice(attachments=[pdf("first")])
    harness.run(harness.company(), harness.as_version(record, attachments=[pdf("second, and longer")]))
    harness.run(record)
    assert in_exact(harness, record) == [("factuur.pdf", len(base64.b64decode(pdf("second, and longer")["content"])))]


def test_files_that_an_older_version_kept_as_a_reject_are_attached(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    with harness.store() as store:
        kept = {"code": "attachment_refused", "reason": "r", "hint": "h", "payload": {**record, "attachments": [pdf()]}}
        store.rejects(harness.division).put("attachment", record["id"], **kept)
    assert harness.run().counts == {"files attached": 1}
    assert len(in_exact(harness, record)) == 1
    assert harness.codes() == {}
