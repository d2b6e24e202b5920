"""Which customer is which: numbers and names in one spelling, and who is the same, without guessing."""

from customer_identity.index import CustomerIndex, Match, Verdict
from customer_identity.traits import Likeness, Traits

__all__ = ["CustomerIndex", "Likeness", "Match", "Traits", "Verdict"]
