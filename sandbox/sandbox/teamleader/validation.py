"""Checks a request body against a rule.

A rule is: a name of a plain type (`str`, `num`, `int`, `bool`, `date`, `moment`; with `?` null is fine), a frozenset of
the values that are allowed, a list with the rule of its items, a dict with the rules of its properties (`!` after a
name: required), or `Either` of several rules. A property that no rule names is refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from sandbox.teamleader.refusals import Refusal, bad_request


class Either(tuple[Any, ...]):
    """Rules of which one must hold."""

    __slots__ = ()


Rule: TypeAlias = "str | frozenset[Any] | list[Any] | dict[str, Any] | Either"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_TYPES: dict[str, Any] = {"num": (int, Decimal), "int": int, "bool": bool}
_WORDS = {
    "str": "a string",
    "num": "a number",
    "int": "an integer",
    "bool": "a boolean",
    "date": "a date, e.g. 2026-01-31",
    "moment": "a date and time with offset, e.g. 2026-01-31T12:00:00+00:00",
}


def moment(text: str) -> datetime:
    """A moment with offset; raises ValueError."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.replace("Z", "+00:00"))
    return datetime.fromisoformat(re.sub(r"\.(\d+)", lambda found: "." + found[1][:6].ljust(6, "0"), text))


def check(value: Any, rule: Rule, path: str = "body") -> None:
    """Raise a 400 when the value does not keep to the rule."""
    if isinstance(rule, str):
        _check_plain(value, rule, path)
    elif isinstance(rule, frozenset):
        if isinstance(value, (bool, list, dict)) or value not in rule:
            allowed = ", ".join(sorted(str(each) for each in rule))
            raise bad_request(f"{path} must be one of {allowed}")
    elif isinstance(rule, Either):
        _check_either(value, rule, path)
    elif isinstance(rule, list):
        if not isinstance(value, list):
            raise bad_request(f"{path} must be an array")
        for number, item in enumerate(value):
            check(item, rule[0], f"{path}.{number}")
    else:
        _check_object(value, rule, path)


def _check_object(value: Any, rule: dict[str, Any], path: str) -> None:
    if not isinstance(value, dict):
        raise bad_request(f"{path} must be an object")
    required = {name[:-1] for name in rule if name.endswith("!")}
    rules = {name.rstrip("!"): each for name, each in rule.items()}
    for name in sorted(required - value.keys()):
        raise bad_request(f"{path}.{name} is required")
    for name, each in value.items():
        if name not in rules:
            raise bad_request(f"{path}.{name} is not a known property")
        check(each, rules[name], f"{path}.{name}")


def _check_either(value: Any, rules: Either, path: str) -> None:
    for rule in rules:
        with suppress(Refusal):
            check(value, rule, path)
            return
    raise bad_request(f"{path} has none of the shapes that are allowed")


def _check_plain(value: Any, rule: str, path: str) -> None:
    kind = rule.rstrip("?")
    if value is None and rule.endswith("?"):
        return
    if not _is(kind, value):
        raise bad_request(f"{path} must be {_WORDS[kind]}")


def _is(kind: str, value: Any) -> bool:
    types = _TYPES.get(kind, str)
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "bool"):
        return False
    try:
        if kind == "date":
            return _DATE.fullmatch(value) is not None and date.fromisoformat(value) is not None
        return kind != "moment" or moment(value) is not None
    except ValueError:
        return False
