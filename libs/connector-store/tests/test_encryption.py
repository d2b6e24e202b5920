"""What is secret or personal is unreadable without the key, and a key problem says what to do."""

from __future__ import annotations

import os
import stat
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from connector_store import ConnectorStore, How, StoreKeyError
from connector_store.columns import from_json, to_json
from connector_store.encryption import KEY_VARIABLE, Cipher
from connector_store.rejects import UNREADABLE, UNREADABLE_HINT
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.store_children import Child

NOW = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


def save_tokens(store: ConnectorStore) -> None:
    with store.tokens("exact", "client").exclusive() as slot:
        slot.save(access_token="SECRET-A", refresh_token="SECRET-R", expires_at=NOW, obtained_at=NOW, seed="s")


def test_tokens_payloads_and_customers_are_unreadable_at_rest(folder: Path, key: str) -> None:
    with ConnectorStore.open(f"sqlite:///{folder}/store.db", key=key) as store:
        save_tokens(store)
        store.rejects(1).put("invoice", "a", code="c", reason="r", hint="h", payload={"name": "SECRET Janssens"})
        store.customers(1).put_many({"company:1": {"name": "SECRET Peeters"}})
        files = [path for path in folder.iterdir() if path.name.startswith("store.db")]
        assert any(b"company:1" in path.read_bytes() for path in files)
        assert not any(b"SECRET" in path.read_bytes() for path in files)


def test_a_sqlite_store_makes_its_own_key_and_finds_it_again(folder: Path) -> None:
    with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
        save_tokens(store)
    file = folder / "store.db.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Fernet(file.read_text())
    with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
        token = store.tokens("exact", "client").read()
    assert token is not None
    assert token.refresh_token == "SECRET-R"


def test_processes_that_make_a_store_together_agree_on_its_key(
    folder: Path, start: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    uri = f"sqlite:///{folder}/store.db"
    children = [start(store_children.open_store, uri) for _ in range(4)]
    assert [child.end() for child in children] == [0, 0, 0, 0]
    assert [path.name for path in folder.iterdir() if ".key" in path.name] == ["store.db.key"]
    with ConnectorStore.open(uri) as store:
        assert len(store.audit_trail(event="opened")) == 4


def test_the_argument_wins_over_the_environment_and_that_over_the_key_file(uri: str, key: str) -> None:
    other = Fernet.generate_key().decode()
    with ConnectorStore.open(uri, key=other) as store:
        save_tokens(store)
    with ConnectorStore.open(uri) as store:
        assert not store.has_its_key
    with ConnectorStore.open(uri, key=other) as store:
        assert store.tokens("exact", "client").read() is not None
    assert key != other


def test_a_key_with_a_line_end_from_a_mounted_secret_is_the_same_key(uri: str, key: str) -> None:
    ConnectorStore.open(uri).close()
    ConnectorStore.open(uri, key=f"{key}\n").close()


def lose_the_key(folder: Path) -> None:
    (folder / "store.db.key").rename(folder / "kept")


def test_a_lost_key_costs_logins_and_records_but_never_the_links(folder: Path) -> None:
    """Line 35: the whole store was refused."""
    uri = f"sqlite:///{folder}/store.db"
    with ConnectorStore.open(uri) as store:
        save_tokens(store)
        store.links(1).confirm("invoice", "a", exact_id="e", fingerprint="f", how=How.POSTED)
        store.rejects(1).put("invoice", "b", code="c", reason="Janssens", hint="h", payload={"n": 1}, number="2026 / 2")
        store.customers(1).put_many({"company:1": {"name": "Peeters"}})
    lose_the_key(folder)
    with ConnectorStore.open(uri) as store:
        assert not store.has_its_key
        assert store.links(1).get("invoice", "a") is not None
        assert store.audit_trail(kind="invoice", source_id="a") != []
        (told,) = store.rejects(1).all()
        kept = store.rejects(1).get("invoice", "b")
        assert kept is not None
        assert (told.reason, told.hint, told.number) == (UNREADABLE, UNREADABLE_HINT, "2026 / 2")
        assert (kept.reason, kept.payload, kept.is_readable) == (UNREADABLE, None, False)
        assert store.customers(1).get("company:1") is None
        token = store.tokens("exact", "client").read()
        assert token is not None
        assert (token.access_token, token.refresh_token, token.seed) == ("", "", "s")
    assert not (folder / "store.db.key").exists()
    (folder / "kept").rename(folder / "store.db.key")
    with ConnectorStore.open(uri) as store:
        assert store.has_its_key
        kept = store.rejects(1).get("invoice", "b")
        assert kept is not None
        assert kept.payload == {"n": 1}


def test_the_next_login_makes_the_present_key_that_of_the_store(folder: Path) -> None:
    """Line 35: a new key file is made when something has to be sealed; the taps then meet a store new to them."""
    uri = f"sqlite:///{folder}/store.db"
    with ConnectorStore.open(uri) as store:
        save_tokens(store)
        identity = store.identity
    lose_the_key(folder)
    with ConnectorStore.open(uri) as store:
        assert store.identity == identity
        save_tokens(store)
        assert store.identity != identity
    assert (folder / "store.db.key").read_text() != (folder / "kept").read_text()
    with ConnectorStore.open(uri) as store:
        assert store.has_its_key
        token = store.tokens("exact", "client").read()
        assert token is not None
        assert token.refresh_token == "SECRET-R"
        assert len(store.audit_trail(event="key.changed")) == 1


def test_a_record_that_comes_again_takes_the_place_of_the_unreadable_one(folder: Path) -> None:
    """Line 35."""
    uri = f"sqlite:///{folder}/store.db"
    with ConnectorStore.open(uri) as store:
        store.rejects(1).put("invoice", "b", code="c", reason="r", hint="h", payload={"n": 1})
    lose_the_key(folder)
    with ConnectorStore.open(uri) as store:
        store.rejects(1).put("invoice", "b", code="c", reason="r", hint="h", payload={"n": 2})
        kept = store.rejects(1).get("invoice", "b")
        assert kept is not None
        assert (kept.reason, kept.hint, kept.payload) == ("r", "h", {"n": 2})


def test_a_malformed_key_is_refused_without_showing_it(uri: str) -> None:
    with pytest.raises(StoreKeyError, match="malformed") as caught:
        ConnectorStore.open(uri, key="my-cat-is-called-minou")
    assert "minou" not in str(caught.value)


def test_postgresql_has_no_key_file_so_the_environment_must_give_the_key(
    postgres_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(StoreKeyError, match=f"set {KEY_VARIABLE}"):
        ConnectorStore.open(postgres_uri)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_can_read_is_refused(folder: Path, mode: int) -> None:
    uri = f"sqlite:///{folder}/store.db"
    ConnectorStore.open(uri).close()
    file = folder / "store.db.key"
    file.chmod(mode)
    with pytest.raises(StoreKeyError, match=f"chmod 600 {file}"):
        ConnectorStore.open(uri)
    file.chmod(0o600)
    ConnectorStore.open(uri).close()


def test_a_key_that_was_there_before_the_store_is_used(folder: Path) -> None:
    file = folder / "store.db.key"
    file.write_bytes(before := Fernet.generate_key())
    file.chmod(0o600)
    ConnectorStore.open(f"sqlite:///{folder}/store.db").close()
    assert file.read_bytes() == before


def test_a_damaged_record_is_told_and_the_rest_stays_readable(store: ConnectorStore) -> None:
    rejects = store.rejects(1)
    for source_id in ("a", "b"):
        rejects.put("invoice", source_id, code="c", reason="r", hint="h", payload={"n": source_id})
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE connector_rejects SET payload = 'x' WHERE source_id = 'a'")
    damaged = rejects.get("invoice", "a")
    assert damaged is not None
    assert (damaged.reason, damaged.payload) == (UNREADABLE, None)
    kept = rejects.get("invoice", "b")
    assert kept is not None
    assert kept.payload == {"n": "b"}


def test_a_payload_of_several_megabytes_survives(store: ConnectorStore) -> None:
    content = os.urandom(3_000_000).hex()
    store.rejects(1).put("invoice", "a", code="c", reason="r", hint="h", payload={"content": content})
    [reject] = store.rejects(1).pending()
    assert reject.payload == {"content": content}


NAMES = st.text() | st.sampled_from(["$decimal", "$date", "$datetime", "$$decimal", "$"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes(timezones=st.just(timezone.utc)).map(lambda moment: moment.replace(fold=0)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, values, max_size=4))
def test_what_is_sealed_comes_back_with_its_types_and_digits(record: dict[str, Any]) -> None:
    cipher = Cipher(Fernet.generate_key().decode())
    assert repr(cipher.open(cipher.seal(record))) == repr(record)


@pytest.mark.parametrize("digits", ["5", "5.00", "0.10", "-1234567.89", "1E+2", "0"])
def test_amounts_stay_decimal_to_the_digit(digits: str) -> None:
    [back] = from_json(to_json({"amount": Decimal(digits)})).values()
    assert isinstance(back, Decimal)
    assert str(back) == digits


def test_dates_and_moments_stay_what_they_are() -> None:
    record = {
        "date": date(2026, 6, 25),
        "at": NOW,
        "days": 30,
        "$decimal": "not ours",
        "tag": {"$decimal": "1"},
        "$$": 0,
    }
    assert from_json(to_json(record)) == record
