"""Request bodies: JSON to inside values, refusing what OData does before any business rule (exact-online 3.30-3.33)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.entities import ENTITIES, EXPANDABLE, Entity
from sandbox.exact.refusals import BadRequest

if TYPE_CHECKING:
    from sandbox.exact.entity_table import Row

_STREAM = "Error processing request stream."
_EDM_NAMES = {"Binary": "Byte[]", "DateTime": "DateTime"}


def read_body(body: bytes, entity: Entity, *, update: bool = False) -> Row:
    """Writable values of a request body, by field name; nested lines as lists of the same.

    Read-only properties are dropped without a word (exact-online 3.30). Raises BadRequest for malformed JSON, unknown
    properties and values of the wrong type.
    """
    try:
        payload = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except ValueError:
        raise BadRequest(_STREAM) from None
    return _values(payload, entity, update=update)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _values(payload: Any, entity: Entity, *, update: bool) -> Row:
    if not isinstance(payload, dict):
        raise BadRequest(f"{_STREAM} The request should be a valid top-level resource object.")
    values: Row = {}
    for name, value in payload.items():
        if name == "__metadata":
            continue
        field = entity.fields.get(name)
        if field is None:
            raise BadRequest(
                f"{_STREAM} The property name '{name}' specified for type '{entity.model}' is not valid."
            )  # exact-online 3.31
        if field.is_navigation:
            if (entity.path, name) in EXPANDABLE and (field.create or field.update):
                values[name] = _children(entity, name, value, update=update)
            continue
        try:
            inside = wire.from_wire(field.type, value)
        except wire.ConversionError:
            raise BadRequest(
                f"{_STREAM} Error encountered in converting the value from request payload for property '{name}' to "
                f"type '{_EDM_NAMES.get(field.type, field.type)}', which is the property's expected type."
            ) from None  # exact-online 3.33
        if field.update if update else field.create:
            values[name] = inside
    return values


def _children(entity: Entity, name: str, value: Any, *, update: bool) -> list[Row]:
    if isinstance(value, dict) and "results" in value:
        value = value["results"]
    if update:
        raise BadRequest(
            f"{_STREAM} Binding to new entities is not supported for navigation property '{name}' when updating."
        )  # exact-online 3.32
    if not isinstance(value, list):
        raise BadRequest(f"{_STREAM} The request should be a valid top-level resource object.")  # exact-online 3.32
    child = ENTITIES[EXPANDABLE[entity.path, name][0]]
    return [_values(one, child, update=False) for one in value]
