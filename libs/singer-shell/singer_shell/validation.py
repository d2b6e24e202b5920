"""Checks input records against a target's own schemas, and says in one line what is wrong with one."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema.exceptions import ValidationError

LARGEST: Final = 10**15
"""No ledger holds an amount of so many units; one of 1e30 would stop the arithmetic instead of the document."""
FINEST: Final = -40
"""Power of ten of the last digit that a number may have."""
COMPILED_AFTER: Final = 100
"""A schema is compiled when so many records came: that takes as long as to check some hundred of them without."""


class InputSchemas:
    """The JSON Schemas of a target's input streams: `schemas/<stream>.json` in its package.

    Args:
        package: The target's.
        compiled_after: Records of a stream after which its schema is compiled.
    """

    def __init__(self, package: str, compiled_after: int = COMPILED_AFTER) -> None:
        self._folder = files(package) / "schemas"
        self._validator = cache(self._make_validator)
        self._compiled = cache(self._compile)
        self._compiled_after = compiled_after
        self._seen: Counter[str] = Counter()

    def schema(self, stream: str) -> dict[str, Any]:
        """Return the schema of an input stream."""
        loaded: dict[str, Any] = json.loads((self._folder / f"{stream}.json").read_text(encoding="utf-8"))
        return loaded

    def turn_ids_to_text(self, stream: str, record: dict[str, Any]) -> None:
        """Write ids that came as integers as text; an id is what the schema takes as either."""
        _turn_to_text(cast("dict[str, Any]", self._validator(stream).schema), record)

    def fault(self, stream: str, record: dict[str, Any]) -> str | None:
        """Say in one line what is wrong with a record, or return None.

        The line names fields and rules, never values: it may be logged.
        """
        if self._surely_fits(stream, record):
            return None
        errors = sorted(self._validator(stream).iter_errors(record), key=lambda error: error.json_path)
        if not errors:
            return None
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return f"{_sentence(errors[0])}{more}"

    def _surely_fits(self, stream: str, record: dict[str, Any]) -> bool:
        """Tell at a fraction of the cost that nothing is wrong with a record; False says that one has to look."""
        self._seen[stream] += 1
        if self._seen[stream] <= self._compiled_after:
            return False
        return self._compiled(stream)(record) and _holds_numbers(record)

    def _compile(self, stream: str) -> Callable[[dict[str, Any]], bool]:
        import fastjsonschema  # noqa: PLC0415 - most runs bring a few records only

        check = fastjsonschema.compile(self.schema(stream), formats={"date": _is_date}, use_default=False)

        def fits(record: dict[str, Any]) -> bool:
            try:
                check(record)
            except fastjsonschema.JsonSchemaValueException:
                return False
            return True

        return fits

    def _make_validator(self, stream: str) -> Draft202012Validator:
        return _Validator(self.schema(stream), format_checker=_DATES)


def is_number(value: Any) -> TypeGuard[int | float | Decimal]:  # noqa: ANN401 - a value of JSON
    """Tell whether a value is a number that a ledger can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    number = Decimal(value)
    if not number.is_finite():
        return False
    exponent = number.as_tuple().exponent
    return abs(number) < LARGEST and isinstance(exponent, int) and exponent >= FINEST


def _holds_numbers(value: Any) -> bool:  # noqa: ANN401 - a value of JSON
    if isinstance(value, dict):
        return all(map(_holds_numbers, value.values()))
    if isinstance(value, list):
        return all(map(_holds_numbers, value))
    return not isinstance(value, int | float | Decimal) or isinstance(value, bool) or is_number(value)


def _is_date(value: str) -> bool:
    return _DATES.conforms(value, "date")


def text_or_none(value: object) -> str | None:
    """Return a text as it is, None for anything else that a record may hold in its place."""
    return value if isinstance(value, str) else None


_DATES: Final = FormatChecker(formats=["date"])
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("number", lambda _, value: is_number(value))
_extend = cast("Callable[..., type[Draft202012Validator]]", extend)  # without types of its own
_Validator = _extend(Draft202012Validator, type_checker=_TYPES)


def _turn_to_text(schema: dict[str, Any], value: Any) -> None:  # noqa: ANN401 - a value of JSON
    if isinstance(value, list):
        for each in value:
            _turn_to_text(schema.get("items", {}), each)
    elif isinstance(value, dict):
        for name, wanted in schema.get("properties", {}).items():
            inner = value.get(name)
            if isinstance(inner, int) and not isinstance(inner, bool) and {"string", "integer"} <= set(_types(wanted)):
                value[name] = str(inner)
            else:
                _turn_to_text(wanted, inner)


def _types(schema: dict[str, Any]) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _sentence(error: ValidationError) -> str:
    where = error.json_path.removeprefix("$").removeprefix(".") or "the record"
    rule, wanted = str(error.validator), cast("Any", error.validator_value)
    if rule == "required":
        missing = next(name for name in wanted if name not in cast("Any", error.instance))
        return f"{where}: '{missing}' is missing"
    if rule == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        if "number" in types and isinstance(error.instance, int | Decimal):
            return f"{where}: no amount is so large, or has so many decimals"
        wrong = f"should be of type {' or '.join(types)}"
    elif rule == "enum":
        wrong = f"should be one of {', '.join(str(each) for each in wanted if each is not None)}"
    elif rule in {"minimum", "maximum"}:
        told = str(cast("Any", error.schema).get("description", ""))
        wrong = f"is {'less' if rule == 'minimum' else 'more'} than {wanted} ({told.rstrip('.')})"
    elif rule in {"format", "pattern", "anyOf"}:
        wrong = "does not have the right form"
    else:
        wrong = f"breaks the rule {rule} {wanted}"
    return f"{where}: {wrong}"
