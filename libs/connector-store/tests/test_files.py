"""Files have a queue of their own, and their contents a place until they are attached."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine

from connector_store import ConnectorStore, DivisionStore, Files, FileState, StoreError
from connector_store.spool import FolderSpool

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)
PDF = b"%PDF-1.7 one %%EOF"


@pytest.fixture
def division(store: ConnectorStore) -> DivisionStore:
    return DivisionStore(store, 1)


@pytest.fixture
def files(division: DivisionStore) -> Files:
    return division.files


def keep(store: ConnectorStore, content: bytes = PDF) -> str:
    return store.spool.put(io.BytesIO(content))


def test_a_content_is_kept_under_its_hash_and_read_again(store: ConnectorStore) -> None:
    content = bytes(range(256)) * 10_000
    kept = keep(store, content)
    assert kept == hashlib.sha256(content).hexdigest() == keep(store, content)
    with store.spool.open(kept) as stream:
        assert stream.read() == content
    store.spool.discard(kept)
    store.spool.discard(kept)
    with pytest.raises(StoreError, match="not in the store any more"):
        store.spool.open(kept)


def test_a_file_is_fetched_attached_and_leaves_no_content_behind(store: ConnectorStore, files: Files) -> None:
    files.expect("invoice", "a", "a.pdf")
    assert [each.state for each in files.due(NOON)] == [FileState.TO_FETCH]
    content = keep(store)
    assert files.fetched("invoice", "a", "a.pdf", content)
    [due] = files.due(NOON)
    assert (due.state, due.content_hash) == (FileState.TO_ATTACH, content)
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="x")
    assert files.due(NOON) == []
    [attached] = files.of("invoice", "a")
    assert (attached.state, attached.document_id, attached.attachment_id) == (FileState.ATTACHED, "d", "x")
    with pytest.raises(StoreError):
        store.spool.open(content)


def test_a_changed_file_is_attached_again_and_an_unchanged_one_is_not(store: ConnectorStore, files: Files) -> None:
    files.fetched("invoice", "a", "a.pdf", keep(store))
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="x")
    files.expect("invoice", "a", "a.pdf")
    assert not files.fetched("invoice", "a", "a.pdf", keep(store))
    assert files.due(NOON) == []
    assert files.fetched("invoice", "a", "a.pdf", keep(store, b"%PDF-1.7 two %%EOF"))
    [due] = files.due(NOON)
    assert (due.state, due.attachment_id) == (FileState.TO_ATTACH, "x")


def test_a_changed_file_that_comes_twice_before_it_is_attached_is_not_taken_for_the_older_one(
    store: ConnectorStore, files: Files
) -> None:
    files.fetched("invoice", "a", "a.pdf", keep(store))
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="x")
    second = b"%PDF-1.7 two %%EOF"
    for _ in range(2):
        assert files.fetched("invoice", "a", "a.pdf", keep(store, second))
        assert [each.state for each in files.due(NOON)] == [FileState.TO_ATTACH]
    for forget in (lambda: files.expect("invoice", "a", "a.pdf"), lambda: files.replaced("invoice", "a", "a.pdf")):
        forget()
        assert files.fetched("invoice", "a", "a.pdf", keep(store, second))
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="y")
    files.expect("invoice", "a", "a.pdf")
    assert not files.fetched("invoice", "a", "a.pdf", keep(store, second))


def test_a_content_stays_while_another_file_waits_for_it(store: ConnectorStore, files: Files) -> None:
    content = keep(store)
    for source_id in ("a", "b"):
        files.fetched("invoice", source_id, "terms.pdf", content)
    files.attached("invoice", "a", "terms.pdf", document_id="d", attachment_id="x")
    store.spool.open(content).close()
    files.remove("invoice", "b")
    with pytest.raises(StoreError):
        store.spool.open(content)


def test_what_failed_rests_longer_each_time(files: Files) -> None:
    files.expect("invoice", "a", "a.pdf")
    with time_machine.travel(NOON, tick=False):
        files.failed("invoice", "a", "a.pdf", "file_incomplete")
        assert len(files.due(NOON)) == 1
        files.failed("invoice", "a", "a.pdf", "file_incomplete")
        assert files.due(NOON + timedelta(minutes=14)) == []
        files.failed("invoice", "a", "a.pdf", "file_incomplete")
    assert files.due(NOON + timedelta(minutes=59)) == []
    [due] = files.due(NOON + timedelta(hours=1))
    assert (due.attempts, due.problem) == (3, "file_incomplete")


def test_a_file_that_is_being_sent_rests_until_its_outcome_is_told(store: ConnectorStore, files: Files) -> None:
    files.fetched("invoice", "a", "a.pdf", keep(store))
    ended = NOON + timedelta(minutes=5)
    files.sending("invoice", "a", "a.pdf", until=ended)
    assert files.due(NOON) == []
    assert [each.filename for each in files.due(ended)] == ["a.pdf"]
    files.failed("invoice", "a", "a.pdf", "attachment_refused", rests_until=ended)
    assert files.due(NOON) == []
    files.failed("invoice", "a", "a.pdf", "attachment_refused")
    files.sending("invoice", "a", "a.pdf", until=ended)
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="x")
    [attached] = files.of("invoice", "a")
    assert attached.not_before is None


def test_a_file_that_the_document_has_no_more_is_told_apart(store: ConnectorStore, files: Files) -> None:
    with pytest.raises(StoreError, match=r"no file a\.pdf"):
        files.replaced("invoice", "a", "a.pdf")
    files.fetched("invoice", "a", "a.pdf", keep(store))
    files.attached("invoice", "a", "a.pdf", document_id="d", attachment_id="x")
    files.replaced("invoice", "a", "a.pdf")
    assert [each.state for each in files.of("invoice", "a")] == [FileState.REPLACED]


def test_a_content_that_another_took_the_place_of_leaves_the_spool(store: ConnectorStore, files: Files) -> None:
    first, second = keep(store), keep(store, b"%PDF-1.7 two %%EOF")
    files.fetched("invoice", "a", "a.pdf", first)
    files.fetched("invoice", "a", "a.pdf", second)
    with pytest.raises(StoreError):
        store.spool.open(first)
    files.expect("invoice", "a", "a.pdf", "file_damaged", "Nothing to do.")
    with pytest.raises(StoreError):
        store.spool.open(second)
    [waits] = files.waiting()
    assert (waits.problem, waits.hint) == ("file_damaged", "Nothing to do.")


def test_a_file_that_comes_again_unchanged_keeps_its_turn(store: ConnectorStore, files: Files) -> None:
    content = keep(store)
    files.fetched("invoice", "a", "a.pdf", content)
    files.failed("invoice", "a", "a.pdf", "attachment_refused")
    before = files.get("invoice", "a", "a.pdf")
    assert files.fetched("invoice", "a", "a.pdf", content)
    assert files.get("invoice", "a", "a.pdf") == before


def test_contents_that_nothing_waits_for_are_forgotten_in_time(store: ConnectorStore, files: Files) -> None:
    forgotten, waited_for = keep(store), keep(store, b"%PDF-1.7 two %%EOF")
    files.fetched("invoice", "a", "a.pdf", waited_for)
    store.discard_forgotten_contents(datetime(2020, 1, 1, tzinfo=timezone.utc))
    store.spool.open(forgotten).close()
    store.discard_forgotten_contents(datetime(2100, 1, 1, tzinfo=timezone.utc))
    store.spool.open(waited_for).close()
    with pytest.raises(StoreError):
        store.spool.open(forgotten)


def test_contents_that_another_program_takes_away_meanwhile_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target attaches and discards while a tap, at its end, looks for what was forgotten."""
    spool = FolderSpool(tmp_path)
    gone, there = spool.put(io.BytesIO(b"one")), spool.put(io.BytesIO(b"two"))
    listed = list(tmp_path.iterdir())
    spool.discard(gone)
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    assert spool.kept_before(datetime(2100, 1, 1, tzinfo=timezone.utc)) == [there]
