"""Stores of every version can be opened, keep every row, and never end up between two versions."""

from __future__ import annotations

import signal
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from connector_store import AccountDetail, ConnectorStore, DocumentDetail, StoreTooNewError
from connector_store.encryption import Cipher
from connector_store.engine import Database
from connector_store.schema import REVISION, VERSION_TABLE, metadata
from connector_store.upgrade import history, revision_of
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector_testing.store_children import Child

FIRST_LINK = "2025-03-01 10:00:00.000000"
MOMENT = datetime(2025, 3, 1, 10, tzinfo=timezone.utc)


def revision(uri: str) -> str | None:
    database = Database.at(uri)
    try:
        with database.reading() as connection:
            return revision_of(connection)
    finally:
        database.close()


def make_first_version(uri: str, key: str) -> None:
    """Make a store as revision 0001 left it, with a row in every table."""
    cipher = Cipher(key)
    values = {
        "check": cipher.seal_text("connector-store"),
        "token": cipher.seal_text("kept"),
        "payload": cipher.seal({"net": Decimal("12.50")}),
        "at": MOMENT if uri.startswith("postgres") else FIRST_LINK,
    }
    rows = {
        "meta": "'key_check', :check",
        "tokens": "'exact', 'client', :token, :token, :at, :at, 'seed'",
        "links": """1, 'invoice', 'a', 'linked', '2025 / 1', 'posted', 'guid-a', 25700001, '15.13', 'EUR', 'f',
                    '{"document_id":"d","payments":"digest","gross":"15.13"}', :at, :at, :at""",
        "links  ": """1, 'account', 'company:1', 'linked', NULL, 'posted', 'guid-c', NULL, NULL, NULL, 'f',
                    '{"country":"BE","vat_number":"BE0123456789"}', :at, :at, :at""",
        "links ": "1, 'invoice', 'b', 'intent', '2025 / 2', NULL, NULL, NULL, NULL, NULL, 'f', '{}', :at, :at, NULL",
        "rejects": """1, 1, 'invoice', 'c', '2025 / 3', 'rejected', 'period_closed', 'r', 'h', 4, :at, :at,
                    '15.13', 'EUR', :payload""",
        "audit": """1, :at, 'link.confirmed', 1, 'invoice', 'a', '{"vat_number":"BE0123456789","how":"posted"}'""",
        "runs": "1, 'target-exactonline', 1, :at, :at, 'ok', '{}', 'done'",
        "call_budget": "'exact', 'client', 1, '2025-03-01', 5000, 4000",
        "api_errors": "1, 'exact', 1, 'salesentry/SalesEntries', 'RecordRefused', :at",
    }
    database = Database.at(uri)
    with database.writing() as connection:
        command.upgrade(history(connection), "0001")
        for table, row in rows.items():
            # A colon that is not a parameter would have to be escaped.
            statement = text(f"INSERT INTO connector_{table} VALUES ({row})".replace('":"', '"\\:"'))  # noqa: S608
            connection.execute(statement, {name: value for name, value in values.items() if f":{name}" in row})
    database.close()


def assert_nothing_lost(store: ConnectorStore) -> None:
    token = store.tokens("exact", "client").read()
    assert token is not None
    assert (token.refresh_token, token.expires_at) == ("kept", MOMENT)
    link = store.links(1).get("invoice", "a")
    assert link is not None
    assert (link.exact_id, link.entry_number, link.amount) == ("guid-a", 25700001, Decimal("15.13"))
    assert link.detail == DocumentDetail(document_id="d", payments_seen="digest", gross=Decimal("15.13"))
    assert (link.created_at, link.changing_to) == (MOMENT, None)
    assert [intent.source_id for intent in store.links(1).intents()] == ["b"]
    [reject] = store.rejects(1).pending()
    assert (reject.source_id, reject.attempts, reject.payload) == ("c", 4, {"net": Decimal("12.50")})
    assert store.links(1).get("account", "company:1").account == AccountDetail(country="BE", has_vat_number=True)  # type: ignore[union-attr]
    assert [(entry.event, entry.detail) for entry in store.audit_trail()] == [("link.confirmed", {"how": "posted"})]
    [run] = store.runs.last(5)
    assert (run.counts, run.coupling, run.department) == ({}, None, None)


def test_a_store_of_the_first_version_is_brought_up_to_date_without_losing_a_row(uri: str, key: str) -> None:
    make_first_version(uri, key)
    with ConnectorStore.open(uri) as store:
        assert_nothing_lost(store)
        store.customers(1).put_many({"company:1": {"name": "new in this version"}})
    assert revision(uri) == REVISION


def test_an_upgraded_store_remembers_since_its_first_link(uri: str, key: str) -> None:
    make_first_version(uri, key)
    with ConnectorStore.open(uri) as store:
        assert store.remembers_since(1) == MOMENT
        assert store.remembers_since(2) > MOMENT


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE connector_links", "INSERT INTO connector_divisions", "CREATE TRIGGER", "UPDATE connector_version"],
)
def test_a_process_killed_while_upgrading_leaves_the_old_version_and_the_next_one_upgrades(
    uri: str, key: str, statement: str, start: Callable[..., Child]
) -> None:
    make_first_version(uri, key)
    assert start(store_children.die_at, uri, statement).end() == -signal.SIGKILL
    assert revision(uri) == "0001"
    with ConnectorStore.open(uri) as store:
        assert_nothing_lost(store)


def test_a_process_killed_while_making_the_store_leaves_nothing_in_the_way(
    uri: str, start: Callable[..., Child]
) -> None:
    assert start(store_children.die_at, uri, "CREATE TABLE connector_rejects").end() == -signal.SIGKILL
    assert revision(uri) is None
    with ConnectorStore.open(uri) as store:
        assert store.links(1).count() == {}


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(uri: str) -> None:
    ConnectorStore.open(uri).close()
    database = Database.at(uri)
    with database.writing() as connection:
        connection.execute(text("UPDATE connector_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreTooNewError) as caught:
        ConnectorStore.open(uri)
    assert "install that version or restore a backup" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert revision(uri) == "9999"


def test_the_revisions_end_where_the_code_expects_them_to() -> None:
    assert ScriptDirectory.from_config(history()).get_current_head() == REVISION


def test_the_revisions_build_exactly_the_tables_of_the_schema(store: ConnectorStore) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_a_database_may_be_shared_with_another_user_of_alembic(uri: str) -> None:
    database = Database.at(uri)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of-meltano')"))
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))
    with ConnectorStore.open(uri) as store:
        assert store.runs.last(1) == []
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "of-meltano"
    database.close()
