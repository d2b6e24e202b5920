"""The data that the sandbox starts with: realistic, and always the same for the same seed and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.seed.customers import seed_customers
from sandbox.seed.documents import seed_documents
from sandbox.teamleader.state import TeamleaderState

if TYPE_CHECKING:
    from random import Random

    from sandbox.options import Clock, Options

__all__ = ["seed_teamleader"]


def seed_teamleader(options: Options, rng: Random, clock: Clock) -> TeamleaderState:
    """An account with the settings of settings.py, and customers and documents of the last ten months."""
    state = TeamleaderState(options, rng, clock)
    seed_customers(state, rng, options.customers)
    seed_documents(state, rng, options.invoices, options.credit_notes)
    return state
