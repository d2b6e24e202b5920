"""All probes, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api_core.errors import ApiError
from bridge.setup.probes import entries, payments, teamleader
from bridge.setup.probes.lab import CannotTellError
from bridge.setup.probes.probe import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.probes.lab import Lab
    from bridge.setup.probes.probe import Probe, Result

MODULES = (entries, payments, teamleader)
"""Importing them is what fills `PROBES`."""


@dataclass(frozen=True)
class Line:
    """What became of one probe, with its raw evidence."""

    line: str
    what: str
    result: Result
    evidence: dict[str, Any]


def probed(lab: Lab, *, writes: bool) -> Iterator[Line]:
    """Yield what each probe came to, in the order of docs/assumptions.md; those that write only when asked for."""
    for name in sorted(PROBES, key=lambda line: (line[0], int(line[1:]))):
        each = PROBES[name]
        if each.writes and not writes:
            yield Line(name, each.what, "could not tell", {"why": "it writes: bridge probe --write"})
        else:
            yield _asked(each, lab)


def _asked(each: Probe, lab: Lab) -> Line:
    lab.notes.clear()
    result: Result
    try:
        answer = each.ask(lab)
    except CannotTellError as error:
        lab.note(why=str(error))
        result = "could not tell"
    except ApiError as error:
        # The service's own words may quote a name: its kind says enough.
        lab.note(error=type(error).__name__, status=getattr(error, "status", None))
        result = "does not hold"
    else:
        result = "could not tell" if answer is None else "holds" if answer else "does not hold"
    return Line(each.line, each.what, result, dict(lab.notes))
