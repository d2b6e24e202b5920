"""`bridge init` and `bridge add-coupling`."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from bridge.errors import Refused


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from",
    "place",
    metavar="PLACE",
    help="Where the plugins come from: a clone, a folder of wheels, or git+https://…@TAG. Without it: this clone.",
)
@click.option("--install/--no-install", default=True, help="Have Meltano install the plugins.")
def init(folder: Path, place: str | None, *, install: bool) -> None:
    """Make a project of your own in FOLDER, or bring the plugins of one up to this version."""
    from bridge.setup.creating import init as make  # noqa: PLC0415 - other commands start without it

    was_there = make(folder, place)
    if install:
        meltano = Path(sys.executable).with_name("meltano")
        if not meltano.exists():
            raise Refused(f"There is no Meltano beside this tool: install it, then: cd {folder} && meltano install")
        click.echo("Installing the plugins; this takes a few minutes the first time.")
        if subprocess.run([meltano, "install"], cwd=folder, check=False).returncode:  # noqa: S603 - Meltano beside us
            raise Refused(f"Meltano could not install the plugins: mend what it says above, then: bridge init {folder}")
    what = "is brought up to this version" if was_there else "is ready; nothing is written to either service yet"
    click.echo(f"The project in {folder} {what}. Go on with: cd {folder} && bridge setup")


@click.command("add-coupling")
@click.argument("name")
@click.option("--department", required=True, metavar="ID", help="As bridge list departments shows it.")
@click.option("--division", required=True, type=int, metavar="N", help="As bridge list divisions shows it.")
@click.option("--invoice-journal", metavar="CODE", help="As bridge list journals shows it.")
@click.option("--credit-note-journal", metavar="CODE", help="Idem.")
def add_coupling(
    name: str, department: str, division: int, invoice_journal: str | None, credit_note_journal: str | None
) -> None:
    """Add a coupling NAME: another department, in this or another administration."""
    from bridge.project import Project  # noqa: PLC0415 - other commands start without it
    from bridge.run.meltano import prepare  # noqa: PLC0415 - as above
    from bridge.setup.creating import add_coupling as add  # noqa: PLC0415 - as above

    journals = (invoice_journal, credit_note_journal)
    project = Project.find()
    # From now on several runs may start at the same second.
    prepare(project, nullcontext())
    coupling = add(project, name, department_id=department, division=division, journals=journals)
    click.echo(
        f"The coupling {name} is in couplings/{name}.meltano.yml, in a dry run. Run it with: "
        f"{coupling.project.meltano.name} run documents-{name} payments-{name}"
    )
