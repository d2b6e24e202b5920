"""Bars per month as one drawing inside a page: what is booked, what waits, what was left out. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

WIDTH: Final = 720
HEIGHT: Final = 220
LEFT: Final = 8
FOOT: Final = 28
TOP: Final = 10
GAP: Final = Decimal("0.3")
"""Of a month's room, between two bars."""


class Bar(NamedTuple):
    """One month: its label, and amounts to pile up, each with the class that colours it."""

    label: str
    parts: tuple[tuple[str, Decimal], ...]

    @property
    def total(self) -> Decimal:
        """Return the height of the pile."""
        return sum((amount for _, amount in self.parts if amount > 0), Decimal(0))


class Piece(NamedTuple):
    """A rectangle of the drawing."""

    kind: str
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


class Label(NamedTuple):
    """A text of the drawing, in the middle of its bar."""

    x: Decimal
    text: str


class Chart(NamedTuple):
    """What a page draws."""

    pieces: list[Piece]
    labels: list[Label]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def chart(bars: list[Bar]) -> Chart:
    """Place bars; amounts below zero are not drawn, for a month of credit notes alone has no pile."""
    highest = max((bar.total for bar in bars), default=Decimal(0))
    room = Decimal(WIDTH - 2 * LEFT) / max(len(bars), 1)
    pieces: list[Piece] = []
    labels: list[Label] = []
    for place, bar in enumerate(bars):
        left = LEFT + place * room + room * GAP / 2
        width = room * (1 - GAP)
        labels.append(Label(_short(left + width / 2), bar.label))
        top = Decimal(HEIGHT - FOOT)
        for kind, amount in bar.parts:
            if amount > 0 and highest > 0:
                height = amount / highest * (HEIGHT - FOOT - TOP)
                top -= height
                pieces.append(Piece(kind, _short(left), _short(top), _short(width), _short(height)))
    return Chart(pieces, labels)


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
