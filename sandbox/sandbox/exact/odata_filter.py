"""`$filter` applied to rows: types are checked, the tree becomes one predicate, equalities become look-ups."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from sandbox.exact.odata_syntax import Call, Comparison, Junction, Literal, Node, Not, Property, parse
from sandbox.exact.refusals import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.entities import Entity
    from sandbox.exact.entity_table import Row

    Value = Callable[[Row], Any]

_NUMBERS = frozenset({"Byte", "Int16", "Int32", "Int64", "Double"})
_ORDER = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}


class Filter:
    """A parsed `$filter` of one entity; raises QuerySyntaxError for unknown fields and types that do not fit."""

    def __init__(self, text: str, entity: Entity, reader: Callable[[str], Value]) -> None:
        self._entity = entity
        self._reader = reader
        self.tree = parse(text)
        type_, self.accepts = self._compile(self.tree)
        if type_ != "Boolean":
            raise QuerySyntaxError

    def properties(self) -> set[str]:
        """The fields that the filter names."""
        found: set[str] = set()
        pending = [self.tree]
        while pending:
            node = pending.pop()
            if isinstance(node, Property):
                found.add(node.name)
            elif isinstance(node, Call):
                pending += node.arguments
            elif isinstance(node, Comparison):
                pending += (node.left, node.right)
            elif isinstance(node, Not):
                pending.append(node.operand)
            elif isinstance(node, Junction):
                pending += node.operands
        return found

    def _compile(self, node: Node) -> tuple[str, Value]:
        if isinstance(node, Literal):
            value = node.value
            return node.type, lambda _row: value
        if isinstance(node, Property):
            field = self._entity.fields.get(node.name)
            if field is None or field.is_navigation or field.type == "Binary":
                raise QuerySyntaxError
            return field.type, self._reader(node.name)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Comparison):
            return "Boolean", self._comparison(node)
        if isinstance(node, Not):
            inner = self._condition(node.operand)
            return "Boolean", lambda row: not inner(row)
        return "Boolean", self._junction(node)

    def _condition(self, node: Node) -> Value:
        type_, value = self._compile(node)
        if type_ != "Boolean":
            raise QuerySyntaxError
        return value

    def _junction(self, node: Junction) -> Value:
        parts = [self._condition(operand) for operand in node.operands]
        if node.word == "and":
            return lambda row: all(part(row) for part in parts)
        return lambda row: any(part(row) for part in parts)

    def _call(self, node: Call) -> tuple[str, Value]:
        compiled = [self._compile(argument) for argument in node.arguments]
        if any(type_ != "String" for type_, _ in compiled):
            raise QuerySyntaxError
        first = compiled[0][1]
        if node.function == "trim":
            return "String", lambda row: None if (text := first(row)) is None else text.strip()
        second = compiled[1][1]
        if node.function == "substringof":
            return "Boolean", lambda row: (first(row) or "") in (second(row) or "")
        if node.function == "startswith":
            return "Boolean", lambda row: (first(row) or "").startswith(second(row) or "")
        return "Boolean", lambda row: (first(row) or "").endswith(second(row) or "")

    def _comparison(self, node: Comparison) -> Value:
        left_type, left = self._compile(node.left)
        right_type, right = self._compile(node.right)
        if not comparable(left_type, right_type):
            raise QuerySyntaxError
        if node.operator == "eq":
            return lambda row: left(row) == right(row)
        if node.operator == "ne":
            return lambda row: left(row) != right(row)
        if "Null" in {left_type, right_type} or "Boolean" in {left_type, right_type} or left_type == "Guid":
            raise QuerySyntaxError
        compare = _ORDER[node.operator]

        def ordered(row: Row) -> bool:
            a, b = left(row), right(row)
            return a is not None and b is not None and bool(compare(a, b))

        return ordered


def comparable(left: str, right: str) -> bool:
    """Whether values of two Edm types can be compared."""
    return left == right or "Null" in {left, right} or (left in _NUMBERS and right in _NUMBERS)


def equalities(node: Node) -> tuple[str, list[Any]] | None:
    """(field, values) when every row that the tree accepts has one of the values in that field, else None."""
    if isinstance(node, Comparison) and node.operator == "eq":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, Property) and isinstance(other, Literal):
                return one.name, [other.value]
    if isinstance(node, Junction):
        found = [equalities(operand) for operand in node.operands]
        if node.word == "or":
            return _merged(found)
    return None


def lookups(node: Node) -> list[tuple[str, list[Any]]]:
    """Every (field, values) that narrows the rows of the tree: of the tree itself, or of any operand of its `and`."""
    parts = node.operands if isinstance(node, Junction) and node.word == "and" else (node,)
    return [found for part in parts if (found := equalities(part)) is not None]


def _merged(found: list[tuple[str, list[Any]] | None]) -> tuple[str, list[Any]] | None:
    values: list[Any] = []
    names = set()
    for part in found:
        if part is None:
            return None
        names.add(part[0])
        values += part[1]
    return (names.pop(), list(dict.fromkeys(values))) if len(names) == 1 else None
