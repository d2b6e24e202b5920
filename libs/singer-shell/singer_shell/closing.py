"""The last line of a run: what became of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection

    from connector_store.runs import Outcome

UNWRITTEN = ("rejected", "waiting", "unknown", "held back")


def outcome(counts: Counter[str]) -> Outcome:
    """Return "ok", or "degraded" when some record of the run could not be written."""
    return "degraded" if any(counts[each] for each in UNWRITTEN) else "ok"


def sentence(
    counts: Counter[str], codes: Counter[str], verbs: tuple[str, ...], always: Collection[str], *, dry_run: bool
) -> str:
    """Tell what became of the records of a target's run.

    Args:
        counts: Number of records per verb; those that are not among `verbs` come last, by name.
        codes: Number of rejects per code.
        verbs: In this order.
        always: Verbs that are told when there is nothing to count, too.
        dry_run: Nothing was written.
    """
    shown = [verb for verb in verbs if counts[verb] or verb in always]
    shown += sorted(verb for verb in counts if verb not in verbs)
    line = ", ".join(f"{counts[verb]} {verb}" for verb in shown)
    if codes:
        told = ", ".join(f"{code}: {number}" for code, number in codes.most_common())
        line += f" ({told}; the status command tells which and what to do)"
    return f"Dry run, nothing was written: {line}" if dry_run else line
