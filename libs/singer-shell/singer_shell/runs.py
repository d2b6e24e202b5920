"""A run among others: one at a time in an administration, and its record in the store, in one line."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from connector_store import LockBusyError, StoreError
from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import Any

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


@contextmanager
def alone(config: Mapping[str, Any], lock: Callable[..., AbstractContextManager[None]], doing: str) -> Iterator[None]:
    """Hold a lock of the store within the block, so that no other run does the same.

    Args:
        config: The settings, with `lock_timeout`.
        lock: Takes it, with `timeout` in seconds.
        doing: What the other one does that holds it, such as "writing to administration 1".

    Raises:
        RunEnded: Another run holds it, and went on for longer than the settings allow.
    """
    seconds = float(config.get("lock_timeout", 30))
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(timeout=seconds))
        except LockBusyError as error:
            raise RunEnded(
                f"Another run is {doing}; waited {seconds:.0f} s. Nothing is lost: the next run goes on from here."
            ) from error
        yield
