"""Steps of a protocol in few transactions: on disk before anything is sent, and all or nothing until then."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from connector_store import ConnectorStore, How, State, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

DIVISION = 123456
KIND = "invoice"


def intend(store: ConnectorStore, document: str) -> None:
    store.links(DIVISION).intend(KIND, document, number=document, fingerprint="f")


def confirm(store: ConnectorStore, document: str) -> None:
    store.links(DIVISION).confirm(KIND, document, exact_id=f"entry {document}", fingerprint="f", how=How.POSTED)


def on_disk(uri: str, document: str) -> State | None:
    with ConnectorStore.open(uri) as another:
        link = another.links(DIVISION).get(KIND, document)
    return link.state if link is not None else None


def commits(store: ConnectorStore, act: Callable[[], None]) -> int:
    made: list[object] = []
    event.listen(store._database.engine, "commit", made.append)
    act()
    return len(made)


def test_what_is_said_is_on_disk_when_it_is_settled_and_known_here_at_once(uri: str) -> None:
    with ConnectorStore.open(uri) as store, store.gathering():
        intend(store, "1")
        known = store.links(DIVISION).get(KIND, "1")
        assert known is not None
        store.settle()
        assert on_disk(uri, "1") is State.INTENT
        confirm(store, "1")
        intend(store, "2")
        store.settle()
        assert (on_disk(uri, "1"), on_disk(uri, "2")) == (State.LINKED, State.INTENT)


def test_the_end_of_one_document_and_the_beginning_of_the_next_are_one_transaction(uri: str) -> None:
    def two_documents() -> None:
        with store.gathering():
            for document in ("1", "2"):
                intend(store, document)
                store.settle()
                confirm(store, document)

    with ConnectorStore.open(uri) as store:
        assert commits(store, two_documents) == 3


def test_without_gathering_each_step_is_on_disk_when_it_returns(uri: str) -> None:
    with ConnectorStore.open(uri) as store:
        intend(store, "1")
        assert on_disk(uri, "1") is State.INTENT


def test_the_end_of_the_block_settles_even_when_an_error_ends_it(uri: str) -> None:
    class StoppedError(Exception):
        pass

    def stopped() -> None:
        with store.gathering(), store.gathering():
            confirm(store, "1")
            raise StoppedError

    with ConnectorStore.open(uri) as store:
        with pytest.raises(StoppedError):
            stopped()
        assert on_disk(uri, "1") is State.LINKED


def test_a_step_that_fails_undoes_what_was_not_settled_and_the_next_one_begins_anew(uri: str) -> None:
    with ConnectorStore.open(uri) as store, store.gathering():
        intend(store, "1")
        store.settle()
        confirm(store, "1")
        with pytest.raises(StoreError, match="knows no"):
            store.links(DIVISION).progress(KIND, "unknown", document_id="d")
        assert on_disk(uri, "1") is State.INTENT
        intend(store, "2")
        store.settle()
        assert on_disk(uri, "2") is State.INTENT


def test_what_others_write_of_the_store_settles_first(uri: str) -> None:
    with ConnectorStore.open(uri) as store, store.gathering():
        intend(store, "1")
        store.set_position(DIVISION, "anything", "here")
        assert on_disk(uri, "1") is State.INTENT


def test_a_content_goes_when_it_is_on_disk_that_nothing_waits_for_it(uri: str) -> None:
    with ConnectorStore.open(uri) as store, store.gathering():
        files = store.files(DIVISION)
        kept = store.spool.put(io.BytesIO(b"%PDF"))
        files.fetched(KIND, "1", "1.pdf", kept)
        store.settle()
        files.attached(KIND, "1", "1.pdf", document_id="d", attachment_id="a")
        store.spool.open(kept).close()
        store.settle()
        with pytest.raises(StoreError):
            store.spool.open(kept)
