"""What is known of a division beside its documents: counters, master data with its age, and what was seen once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from uuid import uuid4

from sqlalchemy import and_, delete, insert, select, update

from connector_store.columns import utc_now
from connector_store.schema import generations, master_data, meta, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

Key = TypeVar("Key")

WHOLE_STORE: Final = 0
"""Stands in the place of a division where something belongs to none; no administration has this number."""
KNOWN_FOR: Final = timedelta(days=1)
_IDENTITY: Final = "identity"
_SINCE: Final = "identity since"


def identity_of(database: Database) -> str:
    """Return the GUID of a store, given when first asked for; a backup has that of its original."""
    with database.writing(_IDENTITY) as connection:
        known: bytes | None = connection.scalar(_value(_IDENTITY))
        return _named(connection) if known is None else known.decode()


def renew_identity(database: Database) -> str:
    """Give a store another GUID, so that nobody takes it for what it was before it was restored from a backup."""
    with database.writing(_IDENTITY) as connection:
        return _named(connection)


def identity_since(database: Database) -> datetime | None:
    """Return when a store was given its GUID: what it holds of before may be of an older copy. None: long ago."""
    with database.reading() as connection:
        value: bytes | None = connection.scalar(_value(_SINCE))
    return None if value is None else datetime.fromisoformat(value.decode())


def drop_identity(connection: Connection) -> None:
    """Have a new GUID given when next asked for, in a transaction: what was read for this store is read again."""
    connection.execute(delete(meta).where(meta.c.name == _IDENTITY))


def _value(name: str) -> Select[tuple[bytes]]:
    return select(meta.c.value).where(meta.c.name == name)


def _named(connection: Connection) -> str:
    """Give a store a new GUID, as of now."""
    identity = str(uuid4())
    given = {_IDENTITY: identity, _SINCE: utc_now().isoformat()}
    connection.execute(delete(meta).where(meta.c.name.in_(given)))
    connection.execute(insert(meta), [{"name": name, "value": text.encode()} for name, text in given.items()])
    return identity


class Generations:
    """Counters of one division that a run moves on, so that state kept elsewhere can be told from that of a backup."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def get(self, name: str) -> int:
        """Return a counter, 0 before it was first moved on."""
        query = select(generations.c.generation).where(self._is(name))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def advance(self, name: str) -> int:
        """Move a counter on by one; return what it is now."""
        with self._database.writing(f"generation {self._division} {name}") as connection:
            now = (connection.scalar(select(generations.c.generation).where(self._is(name))) or 0) + 1
            if connection.execute(update(generations).where(self._is(name)).values(generation=now)).rowcount == 0:
                connection.execute(insert(generations).values(division=self._division, name=name, generation=now))
        return now

    def _is(self, name: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
        return and_(generations.c.division == self._division, generations.c.name == name)


class MasterData:
    """Rows of an administration that seldom change, by name, each with the moment when it was fetched."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def put(self, name: str, rows: Iterable[Mapping[str, Any]], fetched_at: datetime) -> None:
        """Keep rows in place of the older ones. Decimal, date and datetime come back as they are."""
        content = {"rows": [dict(row) for row in rows]}
        with self._database.writing(f"master data {self._division} {name}") as connection:
            connection.execute(delete(master_data).where(self._is(name)))
            named = {"division": self._division, "name": name}
            connection.execute(insert(master_data).values(**named, content=content, fetched_at=fetched_at))

    def get(self, name: str) -> tuple[list[dict[str, Any]], datetime] | None:
        """Return the rows and when they were fetched (UTC), None when there are none."""
        with self._database.reading() as connection:
            row = connection.execute(select(master_data).where(self._is(name))).one_or_none()
        return None if row is None else (row.content["rows"], row.fetched_at)

    def drop(self, name: str) -> None:
        """Forget rows, so that they are fetched afresh."""
        with self._database.writing() as connection:
            connection.execute(delete(master_data).where(self._is(name)))

    def _is(self, name: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
        return and_(master_data.c.division == self._division, master_data.c.name == name)


class RefusedFor(Generic[Key]):
    """What Exact refuses documents for, such as closed periods: known for a day, or until somebody says otherwise.

    Args:
        rows: Where it is kept.
        what: Its name.
        read: Makes the key of a thing of what was kept of it, a list.
    """

    def __init__(self, rows: MasterData, what: str, read: Callable[[list[Any]], Key]) -> None:
        self._rows = rows
        self._name = f"refused for {what}"
        self._read = read

    def known(self) -> set[Key]:
        """Return the keys of those that are known now."""
        now = utc_now()
        return {self._read(row["key"]) for row in self._all() if row["until"] > now}

    def learn(self, *key: Any) -> None:  # noqa: ANN401 - what JSON holds
        """Keep that Exact refused something for it just now."""
        now = utc_now()
        others = [row for row in self._all() if row["until"] > now and row["key"] != list(key)]
        self._rows.put(self._name, [*others, {"key": list(key), "until": now + KNOWN_FOR}], now)

    def forget(self, *first: Any) -> None:  # noqa: ANN401 - what JSON holds
        """Let the next document ask Exact again; when some are given, only for keys that begin with one of these."""
        left = [row for row in self._all() if first and row["key"][0] not in first]
        if left:
            self._rows.put(self._name, left, utc_now())
        else:
            self._rows.drop(self._name)

    def _all(self) -> list[dict[str, Any]]:
        kept = self._rows.get(self._name)
        return [] if kept is None else kept[0]


class Seen:
    """Things of one kind (tax rates, product categories) that were seen once, archived ones too, by id."""

    def __init__(self, database: Database, division: int, kind: str) -> None:
        self._database = database
        self._mine = and_(seen.c.division == division, seen.c.kind == kind)
        self._key = {"division": division, "kind": kind}

    def put(self, things: Mapping[str, Mapping[str, Any]]) -> None:
        """Remember things by id, with their fields as they are now; what is not named stays remembered."""
        moment = utc_now()
        with self._database.writing(f"seen {self._key}") as connection:
            for key, fields in things.items():
                values = {"fields": dict(fields), "seen_at": moment}
                changed = update(seen).where(self._mine, seen.c.id == key).values(values)
                if connection.execute(changed).rowcount == 0:
                    connection.execute(insert(seen).values(**self._key, id=key, **values))

    def drop(self, ids: Iterable[str]) -> None:
        """Forget things."""
        with self._database.writing() as connection:
            for key in ids:
                connection.execute(delete(seen).where(self._mine, seen.c.id == key))

    def all(self) -> dict[str, dict[str, Any]]:
        """Return the fields of all that was ever seen, by id."""
        with self._database.reading() as connection:
            rows = connection.execute(select(seen.c.id, seen.c.fields).where(self._mine).order_by(seen.c.id))
            return {row.id: row.fields for row in rows}
