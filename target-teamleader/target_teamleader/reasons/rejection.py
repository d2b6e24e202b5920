"""Why a payment is not registered, in words an accountant can act on."""

from __future__ import annotations

from dataclasses import dataclass

from target_teamleader.reasons.catalogue import CATALOGUE


@dataclass(frozen=True)
class Rejection:
    """A record that is not written, and what to do about it. A value, never raised."""

    code: str
    """Stable identifier: a key of `CATALOGUE`, or a code of the mapper."""
    reason: str
    """What happened, in one sentence, without personal data."""
    hint: str
    """What to do, in one sentence."""

    @classmethod
    def of(cls, code: str, reason: str) -> Rejection:
        """Make a rejection with the hint of the catalogue; of a code that it lacks, that of an unforeseen shape."""
        return cls(code, reason, CATALOGUE.get(code, CATALOGUE["mapping_failed"]).hint)
