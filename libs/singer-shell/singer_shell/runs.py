"""A run among others: one at a time in an administration, and its record in the store, in one line."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from connector_store import LockBusyError, StoreError
from connector_store.project import coupling_of, project_uri, store_file
from connector_store.variables import DIVISION
from singer_shell.endings import AnotherRun
from singer_shell.login import open_store

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import Any

    from connector_store.runs import Outcome, Runs
    from singer_shell.endings import Trouble


class RunRecord:
    """Written when a run begins and when it ends; a run that was killed has no end."""

    def __init__(self, runs: Runs, plugin: str, division: int | None, config: Mapping[str, Any]) -> None:
        self._runs = runs
        self._id = _start(runs, plugin, division, config)

    def end(
        self,
        counts: Counter[str],
        sentence: str,
        outcome: Outcome = "ok",
        *,
        trouble: Trouble | None = None,
    ) -> str:
        """Note how the run ended; return the line that tells it.

        Args:
            counts: Number of records by what became of them.
            sentence: The same in words.
            outcome: How it went, when nothing ended it early.
            trouble: What ended it early.
        """
        if trouble is None:
            self._runs.finish(self._id, outcome, dict(counts), sentence)
            return sentence
        sentence = f"{trouble.line}; until then {sentence}"
        # A store that fails is what ended the run, perhaps: that line counts, not the one about this row.
        with suppress(StoreError):
            self._runs.finish(self._id, trouble.outcome, dict(counts), sentence)
        return sentence


def record_refusal(config: Mapping[str, Any], plugin: str, trouble: Trouble) -> None:
    """Leave a record of a run that could not begin, in a store that is there already.

    Args:
        config: The settings, which may be what is wrong.
        plugin: Name of the plugin.
        trouble: Why it could not begin.
    """
    division = config.get("division")
    # What is wrong with the store itself is told by the run, and cannot be kept in it.
    with suppress(StoreError, KeyError, TypeError, ValueError):
        file = store_file(project_uri(config["store_uri"]))
        if file is not None and not file.exists():
            return
        with open_store(config) as store:
            run = _start(store.runs, plugin, division if isinstance(division, int) else None, config)
            store.runs.finish(run, trouble.outcome, {}, trouble.line)


def _start(runs: Runs, plugin: str, division: int | None, config: Mapping[str, Any]) -> int:
    department = config.get("department_id")
    return runs.start(
        plugin,
        _division(division),
        coupling=coupling_of(plugin),
        department=department if isinstance(department, str) else None,
    )


def _division(told: int | None) -> int | None:
    named = os.environ.get(DIVISION, "")
    return int(named) if told is None and named.isdecimal() else told


@contextmanager
def alone(config: Mapping[str, Any], lock: Callable[..., AbstractContextManager[None]], doing: str) -> Iterator[None]:
    """Hold a lock of the store within the block, so that no other run does the same.

    Args:
        config: The settings, with `lock_timeout`.
        lock: Takes it, with `timeout` in seconds.
        doing: What the other one does that holds it, such as "writing to administration 1".

    Raises:
        AnotherRun: Another run holds it, and went on for longer than the settings allow.
    """
    seconds = float(config.get("lock_timeout", 30))
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(timeout=seconds))
        except LockBusyError as error:
            raise AnotherRun(
                f"Another run is {doing}; waited {seconds:.0f} s. Nothing is lost: the next run goes on from here."
            ) from error
        yield
