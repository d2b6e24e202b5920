"""What every reason for not writing a record tells a person."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One code of a target's catalogue.

    Attributes:
        title: What is wrong.
        hint: What to do; it may hold placeholders, filled by the rule that refuses.
    """

    title: str
    hint: str
