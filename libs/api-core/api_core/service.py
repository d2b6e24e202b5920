"""A service as our texts name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 300
_ADDRESS_OR_ACCOUNT = re.compile(r"[^\s@\"';]+@[^\s@\"';]+|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


@dataclass(frozen=True)
class Service:
    """What tells one service from another in a text for a person."""

    name: str
    """Such as `Exact`."""
    agent: str
    """Name of our library, which each request tells."""
    quoted: re.Pattern[str]
    """What the service's texts quote from records."""

    def shown(self, messages: Sequence[str]) -> str:
        """Join messages for an error text: not too long, without e-mail addresses, IBANs and what they quote."""
        text = "; ".join(message.strip() for message in messages if message.strip()) or "no reason given"
        return _ADDRESS_OR_ACCOUNT.sub("…", self.quoted.sub("…", text))[:LONGEST]
