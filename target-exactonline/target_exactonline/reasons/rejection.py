"""Why a document or customer is not booked, in words an accountant can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from target_exactonline.reasons.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class FieldDifference:
    """One field that differs between the document and what Exact holds."""

    field: str
    expected: str
    """What the Teamleader document asks for."""
    found: str
    """What stands in Exact."""

    def __str__(self) -> str:
        return f"{self.field}: {self.found} in Exact, {self.expected} in Teamleader"


@dataclass(frozen=True)
class Rejection:
    """A record that is not written, and what to do about it. A value, never raised across the package border."""

    code: str
    """Stable identifier, a key of `CATALOGUE`."""
    reason: str
    """What happened, in one sentence, without personal data."""
    hint: str
    """What to do, in one sentence."""
    field_differences: tuple[FieldDifference, ...] = ()
    is_refusal: bool = False
    """Exact was asked and refused: asking again costs of the errors that it allows."""

    @classmethod
    def of(cls, code: str, reason: str, *, differences: Iterable[FieldDifference] = (), **facts: Any) -> Rejection:  # noqa: ANN401
        """Make a rejection with the hint of the catalogue, its placeholders filled from `facts`.

        Raises:
            KeyError: the code is not in the catalogue, or the hint needs a fact that is not given.
        """
        return cls(code, reason, CATALOGUE[code].hint.format_map(facts), tuple(differences))

    def __str__(self) -> str:
        return f"{self.reason} ({self.code}). {self.hint}"


class Rejected(Exception):  # noqa: N818 - not an error of the program: a verdict on one record
    """Carries a rejection from a single rule up to the function that composes; never leaves this package."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(str(rejection))
        self.rejection = rejection


def refuse(code: str, reason: str, **facts: Any) -> Rejected:  # noqa: ANN401
    """Make the exception that one rule raises; `facts` fill the hint of the catalogue."""
    return Rejected(Rejection.of(code, reason, **facts))
