"""The Exact side's memory: the administration, and how a new one is filled."""

from sandbox.exact.administration import DIVISION, OTHER_DIVISION, ExactState
from sandbox.exact.seed import seed_exact

__all__ = ["DIVISION", "OTHER_DIVISION", "ExactState", "seed_exact"]
