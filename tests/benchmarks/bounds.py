"""What the product may cost at most, and read at least: promises of docs/performance.md."""

from __future__ import annotations

from typing import Final

DOCUMENTS: Final = 1_000
CPU_OF_BARE_SCRIPT: Final = 2.0
"""A document with its PDF through tap, mapper and target, in times the CPU of a script that makes the same calls."""
CPU_OF_EMPTY_RUN: Final = 2.2
"""Both jobs with nothing new, in times the CPU of an empty `meltano run`."""
CYCLE_OF_EMPTY_RUN: Final = 0.5
"""Both directions with nothing new as the schedule calls them, in times the CPU of an empty `meltano run`."""
ROWS_PER_CPU_SECOND: Final = 6_000
"""Ledger accounts that tap-exactonline reads, its start included."""
ROWS: Final = 30_000
CONNECTIONS_OF_A_CALL: Final = 10
"""To the server of a PostgreSQL store, of one coupling at work; one that is not called has none."""
