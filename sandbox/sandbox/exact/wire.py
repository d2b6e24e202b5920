"""Edm values on the wire and inside the sandbox.

Inside, a guid is lower-case text, a Double a `Decimal`, and a DateTime the number of milliseconds of its `/Date(ms)/`
form: UTC midnight for plain dates (exact-online 3.19), Dutch wall-clock time read as if it were UTC for moments
(exact-online 3.20).
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
ZERO_GUID = "00000000-0000-0000-0000-000000000000"
_EPOCH = date(1970, 1, 1)
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?")
_INTEGERS = {
    "Byte": (0, 255),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
}


class ConversionError(ValueError):
    """A value that does not fit its Edm type."""


def guid(text: str) -> str:
    """Canonical form of a guid; raises ConversionError."""
    if not _GUID.fullmatch(text):
        raise ConversionError(text)
    return str(uuid.UUID(text))


def day_ms(day: date) -> int:
    """UTC midnight of a calendar day in milliseconds."""
    return (day - _EPOCH).days * DAY_MS


def ms_day(ms: int) -> date:
    """Calendar day of a `/Date(ms)/`."""
    return _EPOCH + timedelta(days=ms // DAY_MS)


def moment_ms(now: datetime) -> int:
    """An aware moment as Exact writes it: Dutch wall clock encoded as if UTC (exact-online 3.20)."""
    local = now.astimezone(_AMSTERDAM).replace(tzinfo=timezone.utc)
    return int(local.timestamp() * 1000)


def utc_offset_seconds(now: datetime) -> int:
    """Offset of the Dutch wall clock, `Me.ServerUtcOffset`."""
    offset = now.astimezone(_AMSTERDAM).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def iso_ms(text: str) -> int:
    """Milliseconds of an ISO text.

    A zone is read over, not applied: `2026-06-24T22:00:00Z` lands on 24 June (exact-online 3.19).
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ConversionError(text)
    day, clock, fraction, _zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}").replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise ConversionError(text) from error
    return int(moment.timestamp()) * 1000 + (int(float(fraction) * 1000) if fraction else 0)


def ms_iso(ms: int) -> str:
    """ISO text without zone, as in a skip token: `2018-09-21T04:18:55.617`."""
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{ms % 1000:03d}" if ms % 1000 else text


def plain(number: Decimal | int) -> Decimal | int:
    """The shortest JSON number of an amount: 1 for 1.00, 316.5 for 316.50."""
    if isinstance(number, int):
        return number
    return int(number) if number == number.to_integral_value() else number.normalize()


def to_wire(type_: str, value: Any) -> Any:
    """JSON form of an inside value."""
    if value is None:
        return None
    if type_ == "DateTime":
        return f"/Date({value})/"
    if type_ == "Double":
        return plain(value)
    if type_ == "Int64":
        return str(value)  # exact-online 3.21
    return value


def from_wire(type_: str, value: Any) -> Any:
    """Inside form of a JSON value out of a request body; raises ConversionError when it does not fit."""
    if value is None:
        return None
    if type_ in _INTEGERS:
        return _integer(type_, value)
    reader = _READERS.get(type_)
    return value if reader is None else reader(value)


def _integer(type_: str, value: Any) -> int:
    low, high = _INTEGERS[type_]
    if type_ == "Int64" and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConversionError(str(value))
    return int(value)


def _double(value: Any) -> Decimal:
    """A number, or a decimal text (exact-online 3.22)."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ConversionError(str(value))
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ConversionError(str(value)) from error
    if not number.is_finite():
        raise ConversionError(str(value))
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ConversionError(str(value))
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ConversionError(str(value))
    return value


def _date_time(value: Any) -> int:
    text = _text(value)
    match = _DATE.fullmatch(text)
    return int(match[1]) if match else iso_ms(text)


def _binary(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ConversionError("no base64") from error


_READERS = {
    "Guid": lambda value: guid(_text(value)),
    "Double": _double,
    "String": _text,
    "Boolean": _boolean,
    "DateTime": _date_time,
    "Binary": _binary,
}
