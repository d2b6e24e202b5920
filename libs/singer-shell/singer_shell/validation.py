"""Checks input records against a target's own schemas, and says in one line what is wrong with one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


class InputSchemas:
    """The JSON Schemas of a target's input streams: `schemas/<stream>.json` in its package."""

    def __init__(self, package: str) -> None:
        self._folder = files(package) / "schemas"
        self._validator = cache(self._make_validator)

    def schema(self, stream: str) -> dict[str, Any]:
        """Return the schema of an input stream."""
        loaded: dict[str, Any] = json.loads((self._folder / f"{stream}.json").read_text(encoding="utf-8"))
        return loaded

    def fault(self, stream: str, record: dict[str, Any]) -> str | None:
        """Say in one line what is wrong with a record, or return None.

        The line names fields and rules, never values: it may be logged.
        """
        errors = sorted(self._validator(stream).iter_errors(record), key=lambda error: error.json_path)
        if not errors:
            return None
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return f"{_sentence(errors[0])}{more}"

    def _make_validator(self, stream: str) -> Draft202012Validator:
        return Draft202012Validator(self.schema(stream), format_checker=FormatChecker(formats=["date"]))


def _sentence(error: ValidationError) -> str:
    where = error.json_path.removeprefix("$").removeprefix(".") or "the record"
    rule, wanted = str(error.validator), cast("Any", error.validator_value)
    if rule == "required":
        missing = next(name for name in wanted if name not in cast("Any", error.instance))
        return f"{where}: '{missing}' is missing"
    if rule == "type":
        return f"{where}: should be of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}"
    if rule == "enum":
        return f"{where}: should be one of {', '.join(str(each) for each in wanted if each is not None)}"
    if rule in {"format", "pattern", "anyOf"}:
        return f"{where}: does not have the right form"
    return f"{where}: breaks the rule {rule} {wanted}"
