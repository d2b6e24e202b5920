"""Checks a request body by the contract; a property that the contract does not name is refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema

from sandbox.contracts import contract
from sandbox.teamleader.refusals import bad_request

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_WORDS = {
    "date": "a date, e.g. 2026-01-31",
    "date-time": "a date and time with offset, e.g. 2026-01-31T12:00:00+00:00",
}
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: Any) -> bool:
    return not isinstance(value, str) or (len(value) == len("2026-01-31") and bool(date.fromisoformat(value)))


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: Any) -> bool:
    return not isinstance(value, str) or bool(moment(value))


def moment(text: str) -> datetime:
    """A moment with offset; raises ValueError."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.replace("Z", "+00:00"))
    return datetime.fromisoformat(re.sub(r"\.(\d+)", lambda found: "." + found[1][:6].ljust(6, "0"), text))


_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "number", lambda _checker, value: isinstance(value, (int, Decimal)) and not isinstance(value, bool)
)
JsonSchema: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, type_checker=_TYPES
)
"""JSON Schema whose numbers are Decimals, as jsonio.py reads them."""


@cache
def _validator(action: str) -> Any:
    return JsonSchema(_closed(contract("teamleader")[action]["request"]), format_checker=_FORMATS)


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a request in which nothing stands beside the properties that it names."""
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
        closed["unevaluatedProperties" if "anyOf" in schema else "additionalProperties"] = False
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    return closed


def check(action: str, body: Any) -> None:
    """Raise a 400 that names the first thing that is wrong with the body of an action."""
    error = next(iter(_validator(action).iter_errors(body)), None)
    if error is not None:
        raise bad_request(_sentence(error))


def _sentence(error: ValidationError) -> str:
    path = ".".join(str(part) for part in ("body", *error.absolute_path))
    schema: Any = error.schema
    wanted: Any = error.validator_value
    value: Any = error.instance
    if error.validator == "required":
        missing = next(name for name in wanted if name not in value)
        return f"{path}.{missing} is required"
    if error.validator == "additionalProperties":
        unknown = next(name for name in value if name not in schema["properties"])
        return f"{path}.{unknown} is not a known property"
    if error.validator == "enum":
        return f"{path} must be one of {', '.join(wanted)}"
    if error.validator == "format":
        return f"{path} must be {_WORDS[wanted]}"
    if error.validator == "type":
        return f"{path} must be of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}"
    return f"{path} has none of the shapes that are allowed"
