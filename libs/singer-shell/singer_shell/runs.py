"""The record of a run in the store: when it began, how it ended, in one line."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from connector_store import StoreError

if TYPE_CHECKING:
    from collections import Counter

    from connector_store.runs import Outcome, Runs


class RunRecord:
    """Written when a run begins and when it ends; a run that was killed has no end."""

    def __init__(self, runs: Runs, plugin: str, division: int | None) -> None:
        self._runs = runs
        self._id = runs.start(plugin, division)

    def end(
        self,
        counts: Counter[str],
        sentence: str,
        outcome: Outcome = "ok",
        *,
        trouble: str | None = None,
        stopped: bool = False,
    ) -> str:
        """Note how the run ended; return the line that tells it.

        Args:
            counts: Number of records by what became of them.
            sentence: The same in words.
            outcome: How it went, when nothing ended it early.
            trouble: What ended it early, in one line.
            stopped: A person stopped it.
        """
        if trouble is None:
            self._runs.finish(self._id, outcome, dict(counts), sentence)
            return sentence
        sentence = f"{trouble}; until then {sentence}"
        # A store that fails is what ended the run, perhaps: that line counts, not the one about this row.
        with suppress(StoreError):
            self._runs.finish(self._id, "degraded" if stopped else "failed", dict(counts), sentence)
        return sentence
