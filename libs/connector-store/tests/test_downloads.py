"""What a tap fetched is not fetched twice; what it could not fetch is tried again until it arrived."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from connector_store import ConnectorStore, Downloads

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)
PDF = {"fingerprint": "f", "content_hash": "c", "size": 10}


@pytest.fixture
def downloads(store: ConnectorStore) -> Downloads:
    return store.downloads("teamleader")


def test_a_file_is_known_by_the_state_of_its_document(downloads: Downloads) -> None:
    downloads.fetched("invoice", "a", "pdf", **PDF)
    known = downloads.of("invoice", "a")["pdf"]
    assert (known.fingerprint, known.content_hash, known.size, known.problem) == ("f", "c", 10, None)
    assert downloads.of("credit_note", "a") == {}
    assert downloads.to_come("invoice", NOON, 0) == []


def test_a_file_that_could_not_be_fetched_rests_longer_each_time(downloads: Downloads) -> None:
    with time_machine.travel(NOON, tick=False):
        downloads.failed("invoice", "a", "pdf", fingerprint="f", problem="file_damaged")
        assert downloads.to_come("invoice", NOON, 0) == ["a"]
        for _ in range(2):
            downloads.failed("invoice", "a", "pdf", fingerprint="f", problem="file_damaged")
    assert downloads.to_come("invoice", NOON + timedelta(minutes=59), 0) == []
    assert downloads.to_come("invoice", NOON + timedelta(hours=1), 0) == ["a"]
    with time_machine.travel(NOON, tick=False):
        downloads.failed("invoice", "a", "pdf", fingerprint="of a changed document", problem="file_damaged")
    assert downloads.to_come("invoice", NOON, 0) == ["a"]


def test_a_late_file_is_due_until_its_record_arrived(downloads: Downloads) -> None:
    downloads.fetched("invoice", "a", "pdf", **PDF, delivery=3)
    assert downloads.to_come("invoice", NOON, 2) == ["a"]
    assert downloads.to_come("invoice", NOON, 3) == []
    assert downloads.to_come("invoice", NOON, 0) == []


def test_a_content_that_was_lost_is_fetched_again(store: ConnectorStore, downloads: Downloads) -> None:
    downloads.fetched("invoice", "a", "pdf", **PDF)
    store.fetch_again("c", "file_lost")
    assert downloads.to_come("invoice", NOON, 0) == ["a"]
    assert downloads.of("invoice", "a")["pdf"].content_hash is None
    assert store.downloads("another").to_come("invoice", NOON, 0) == []
    downloads.forget("invoice", "a")
    assert downloads.to_come("invoice", NOON, 0) == []
