"""`bridge probe`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import click
import simplejson

from bridge.commands.options import chosen, coupling_option
from bridge.errors import Refused

HASTY = (10, 0.001)
"""Seconds for the way there and for the answer: nobody answers that soon."""


@click.command()
@click.option("--write", "test_administration", type=int, metavar="NUMBER", help="Number of a TEST administration.")
@click.option("--evidence", type=click.Path(dir_okay=False, path_type=Path), default=Path("probe.json"))
@coupling_option
def probe(test_administration: int | None, evidence: Path) -> None:
    """Ask both services whether the lines of docs/assumptions.md hold, and keep the raw evidence in a file.

    Without --write nothing is written. With it, invoices, entries and payments are made in the administration of that
    number and in the coupled department, and taken away again: name a test administration, never a real one. What was
    matched can be taken away only when a person un-matches it, which is asked for on a terminal.
    """
    from bridge import owner_only, services  # noqa: PLC0415 - other commands start without it
    from bridge.setup.probes.lab import Lab  # noqa: PLC0415 - as above
    from bridge.setup.probes.run import probed  # noqa: PLC0415 - as above

    coupling = chosen()
    if test_administration is not None and test_administration != coupling.division:
        raise Refused(
            f"The coupling is with administration {coupling.division}, not {test_administration}: nothing was written"
        )
    writes = test_administration is not None
    department = coupling.settings("tap-teamleader").get("department_id")
    if not department:
        raise Refused("department_id of tap-teamleader is not set: bridge list departments shows them")
    with services.opened(coupling) as store:
        lab = Lab(
            exact=services.exact(coupling, store, read_only=not writes),
            teamleader=services.teamleader(coupling, store, read_only=not writes),
            settings=coupling.settings("target-exactonline"),
            department_id=str(department),
            today=datetime.now(timezone.utc).date(),
            person=_asked,
            hasty=partial(services.exact, coupling, store, timeout=HASTY) if writes else None,
        )
        with lab:
            lines = []
            for line in probed(lab, writes=writes):
                click.echo(f"{line.line:4} {line.result:14} {line.what}")
                lines.append(asdict(line))
    text = simplejson.dumps(lines, use_decimal=True, default=str, indent=2)
    owner_only.write(evidence, f"{text}\n")
    if not writes:
        click.echo("What only a write can tell is left open: --write NUMBER tries it in a test administration.")
    click.echo(f"The evidence is in {evidence}; it holds no names and no secrets.")


def _asked(what: str, _entry: str) -> bool:
    """Ask the person at the terminal to do something in Exact; without one, nothing was done."""
    return sys.stdin.isatty() and click.confirm(f"Please {what}. Done?")
