"""`$filter` text to a tree: tokens, literals (exact-online 3.17), precedence `not` > comparison > `and` > `or`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.refusals import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Sequence

FUNCTIONS = {"substringof": 2, "startswith": 2, "endswith": 2, "trim": 1}
OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")
MAX_DEPTH = 50

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<guid>guid'[^']*')
    | (?P<datetime>datetime'[^']*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<number>-?\d+(?:\.\d+)?[LlMmDdFf]?(?![\w.]))
    | (?P<name>[A-Za-z_]\w*)
    | (?P<punctuation>[(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Literal:
    """A constant with its Edm type; `null` has type `Null`, a bare number `Int32`, with point `Double`."""

    type: str
    value: Any


@dataclass(frozen=True)
class Property:
    """A field of the entity."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Comparison:
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not:
    """Negation."""

    operand: Node


@dataclass(frozen=True)
class Junction:
    """`and` or `or` over two or more operands."""

    word: str
    operands: tuple[Node, ...]


Node = Literal | Property | Call | Comparison | Not | Junction


def literal(kind: str, text: str) -> Literal:
    """The constant of a token; raises QuerySyntaxError when its content is malformed."""
    try:
        if kind == "guid":
            return Literal("Guid", wire.guid(text[5:-1]))
        if kind == "datetime":
            if text.rstrip("'")[-1:] in {"Z", "z"}:
                raise QuerySyntaxError
            return Literal("DateTime", wire.iso_ms(text[9:-1]))
    except wire.ConversionError:
        raise QuerySyntaxError from None
    if kind == "string":
        return Literal("String", text[1:-1].replace("''", "'"))
    if text[-1] in "Ll":
        if "." in text:
            raise QuerySyntaxError
        return Literal("Int64", int(text[:-1]))
    number = text.rstrip("MmDdFf")
    return Literal("Double", Decimal(number)) if number != text or "." in text else Literal("Int32", int(text))


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) of each token; raises QuerySyntaxError at anything else."""
    found: list[tuple[str, str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise QuerySyntaxError
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


def parse(text: str) -> Node:
    """The tree of a whole `$filter`; raises QuerySyntaxError."""
    parser = _Parser(tokens(text))
    node = parser.disjunction()
    if parser.rest():
        raise QuerySyntaxError
    return node


class _Parser:
    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        self._tokens = found
        self._position = 0
        self._depth = 0

    def rest(self) -> bool:
        return self._position < len(self._tokens)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._position] if self.rest() else ("end", "")

    def _take(self, kind: str, text: str | None = None) -> str:
        found_kind, found_text = self._peek()
        if found_kind != kind or (text is not None and found_text != text):
            raise QuerySyntaxError
        self._position += 1
        return found_text

    def _takes(self, kind: str, text: str) -> bool:
        if self._peek() != (kind, text):
            return False
        self._position += 1
        return True

    def disjunction(self) -> Node:
        return self._junction("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._junction("and", self._negation)

    def _junction(self, word: str, part: Any) -> Node:
        operands = [part()]
        while self._takes("name", word):
            operands.append(part())
        return operands[0] if len(operands) == 1 else Junction(word, tuple(operands))

    def _negation(self) -> Node:
        if self._takes("name", "not"):
            return Not(self._comparison())
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._operand()
        kind, text = self._peek()
        if kind == "name" and text in OPERATORS:
            self._position += 1
            return Comparison(text, left, self._operand())
        return left

    def _operand(self) -> Node:
        if self._takes("punctuation", "("):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise QuerySyntaxError
            node = self.disjunction()
            self._take("punctuation", ")")
            self._depth -= 1
            return node
        kind, text = self._peek()
        if kind == "name":
            return self._name()
        if kind in {"end", "punctuation"}:
            raise QuerySyntaxError
        self._position += 1
        return literal(kind, text)

    def _name(self) -> Node:
        name = self._take("name")
        if name in {"true", "false"}:
            return Literal("Boolean", name == "true")
        if name == "null":
            return Literal("Null", None)
        if name in OPERATORS or name in {"and", "or", "not"}:
            raise QuerySyntaxError
        if not self._takes("punctuation", "("):
            return Property(name)
        if name not in FUNCTIONS:
            raise QuerySyntaxError
        arguments = [self._operand()]
        while self._takes("punctuation", ","):
            arguments.append(self._operand())
        self._take("punctuation", ")")
        if len(arguments) != FUNCTIONS[name]:
            raise QuerySyntaxError
        return Call(name, tuple(arguments))
