"""POST, PUT, DELETE (exact-online 3.26-3.35)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.exact.blanks import BLANKS, ECHOED
from sandbox.exact.bodies import read_body
from sandbox.exact.refusals import Forbidden
from sandbox.exact.row_writer import RowWriter
from sandbox.exact.rules.registry import RULES

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entities import Entity
    from sandbox.exact.entity_table import Row


def create(state: ExactState, entity: Entity, base_url: str, body: bytes, *, representation: bool) -> dict[str, Any]:
    """Store a row and give what the answer shows of it.

    Without `Prefer: return=representation` accounts, contacts and bank accounts come back with nulls
    (exact-online 3.27). A key that is sent is not used (exact-online 3.34).
    """
    values = read_body(body, entity)
    values.pop(entity.key, None)
    row = RULES[entity.path].create(state, values)
    if representation or entity.path not in ECHOED:
        return RowWriter(state, entity, base_url).write(row)
    return _echo(state, entity, base_url, row)


def _echo(state: ExactState, entity: Entity, base_url: str, row: Row) -> dict[str, Any]:
    blanks = BLANKS[entity.path]
    kept = ECHOED[entity.path]
    plain = {
        name: blanks.get(name) if name in kept else None
        for name, field in entity.fields.items()
        if not field.is_navigation
    }
    if entity.path == "crm/Contacts":
        plain["AccountIsCustomer"] = False
    return {**RowWriter(state, entity, base_url).bare(row), **plain, entity.key: row[entity.key]}


def update(state: ExactState, entity: Entity, key: Any, body: bytes) -> None:
    """Merge the sent fields into a row (exact-online 3.28); one that is not there is forbidden (exact-online 4.3)."""
    row = _present(state, entity, key)
    values = read_body(body, entity, update=True)
    values.pop(entity.key, None)
    RULES[entity.path].update(state, row, values)


def delete(state: ExactState, entity: Entity, key: Any) -> None:
    """Remove a row; a second time is forbidden (exact-online 3.29)."""
    RULES[entity.path].delete(state, _present(state, entity, key))


def _present(state: ExactState, entity: Entity, key: Any) -> Row:
    row = state[entity.base].get(key)
    if row is None:
        raise Forbidden
    return row
