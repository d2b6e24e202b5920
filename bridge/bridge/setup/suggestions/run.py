"""All suggestions over one reading of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.setup.suggestions import ledger, others, vat
from bridge.setup.suggestions.proposal import Suggestions

if TYPE_CHECKING:
    from bridge.setup.facts import Facts


def suggestions(facts: Facts) -> Suggestions:
    """Return what is proposed, and what a person must choose."""
    found = Suggestions()
    for rule in (others.journals, vat.suggest, ledger.suggest, others.conditions, others.payment_methods):
        for each in rule(facts):
            found.add(each)
    return found
