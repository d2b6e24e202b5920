"""Column types that read back exactly what was written, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(timezone.utc)


def as_the_source_writes(moment: datetime) -> str:
    """Write a moment (UTC) as versions of the source are kept: "2026-11-27T05:00:00Z"."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tag(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        # One more $ keeps a name of the record's own from being taken for a tag.
        return {f"${name}" if name.startswith("$") else name: _tag(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_tag(inner) for inner in value]
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    return value


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "$decimal": Decimal,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
}


def _untag(value: dict[str, Any]) -> Any:  # noqa: ANN401
    for name, inner in value.items():
        if name in _READERS:
            return _READERS[name](inner)
    return {name.removeprefix("$"): inner for name, inner in value.items()}


def to_json(value: dict[str, Any]) -> str:
    """Return `value` as JSON text in which Decimal, date and datetime are tagged, so that `from_json` restores them.

    A Decimal comes back as a Decimal with the same digits (`5`, `5.00` and `1E+2` stay apart), an int as an int.

    Raises:
        TypeError: a value is of a kind that JSON cannot hold.
    """
    return json.dumps(_tag(value), separators=(",", ":"))


def from_json(text: str | bytes) -> dict[str, Any]:
    """Return the value that `to_json` wrote."""
    value: dict[str, Any] = json.loads(text, object_hook=_untag)
    return value


def clean(text: str) -> str:
    """Return `text` without what a database cannot hold: NUL and lone surrogates are replaced."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class CleanText(TypeDecorator[str]):
    """Text from anywhere: what a database cannot hold (NUL, lone surrogates) is replaced, so that it never blocks."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value` with unstorable characters replaced."""
        return None if value is None else clean(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in (any zone), aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return `value` in UTC; a moment without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moments in the store carry a time zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC (SQLite keeps no zone, PostgreSQL answers in that of the session)."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class ExactDecimal(TypeDecorator[Decimal]):
    """An amount, kept as its digits: SQLite has no decimal type, and a float would lose cents."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the digits of `value`; a float is refused."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("amounts are Decimal, never float")
        return format(Decimal(value), "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the amount."""
        return None if value is None else Decimal(value)


class JsonObject(TypeDecorator[dict[str, Any]]):
    """A small JSON object of ids, codes and amounts (see `to_json`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the JSON text."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        """Return the object."""
        return None if value is None else from_json(value)
