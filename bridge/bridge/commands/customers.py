"""`bridge customers match` and `bridge customers doubles`."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.commands.asking import acting, agree
from bridge.commands.options import chosen, coupling_option, echo_json, output_option
from bridge.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.customers.reading import BothSides
    from connector_store import DivisionStore

CRITERIA = ("vat", "number", "name")


@click.group()
def customers() -> None:
    """Bring the customers of both sides together, without doubles."""


def _criteria(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(each.strip() for each in value.split(",") if each.strip())
    if not wanted or not set(wanted) <= set(CRITERIA):
        raise click.BadParameter(f"it is one or more of {', '.join(CRITERIA)}, with commas between them")
    return wanted


@customers.command("match")
@click.option("--by", default=",".join(CRITERIA), callback=_criteria, help="Criteria: vat, number, name.")
@click.option("--preview", is_flag=True, help="Only tell; with --csv the lists go to that file.")
@click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="File of decisions.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output_option
@coupling_option
def match_customers(by: tuple[str, ...], file: Path | None, output: str, *, preview: bool, yes: bool) -> None:
    """Link the customers of Exact to those of Teamleader, as far as nothing is in doubt.

    With --preview nothing is done: per criterion it tells how many would be linked, created and in conflict. A file
    that --preview --csv wrote is corrected in its column "decision" (link, create or skip) and fed back with --csv.
    Links serve both directions from then on; who is to be created is created by: meltano run import-customers.
    """
    from bridge.customers import deciding, decisions_file, matching  # noqa: PLC0415 - other commands start without it

    with _both_sides() as (store, sides):
        decided = matching.match(sides, by)
        if preview:
            if file is not None:
                file.write_text(decisions_file.written(decided), encoding="utf-8")
            told = {"by": matching.by_criterion(sides, by), "rows": [each.row() for each in decided]}
            _tell(told, output, _preview)
            return
        lines = decisions_file.read(_text(file), sides) if file is not None else deciding.found(decided)
        if lines:
            agree(f"{len(lines)} decisions are kept; neither service is written to", yes=yes)
        with acting(store, "customers match", decisions=len(lines)):
            counts = deciding.keep(store, sides, lines, matching.match(sides), who=getpass.getuser())
        kinds = (decisions_file.LINK, decisions_file.CREATE, decisions_file.SKIP)
        _tell({each: counts[each] for each in kinds}, output, _kept)


@customers.command("doubles")
@output_option
@coupling_option
def show_doubles(output: str) -> None:
    """Tell which customers stand twice in Teamleader or in Exact. Merge them on their screens: no API can."""
    from bridge.customers.doubles import doubles  # noqa: PLC0415 - other commands start without it
    from bridge.view.addresses import addresses  # noqa: PLC0415 - as above

    with _both_sides() as (store, sides):
        division = store.division
    told: dict[str, Any] = {}
    for side, rows in (
        ("teamleader", sides.teamleader),
        ("exact", {id_: each.traits for id_, each in sides.accounts.items()}),
    ):
        told[side] = [
            {
                "by": each.by,
                "sure": each.sure,
                "ids": list(each.ids),
                "names": list(each.names),
                "differing": {name: list(values) for name, values in each.differing.items()},
                "urls": [
                    addresses("account", id_, id_ if side == "exact" else None, division)[side] for id_ in each.ids
                ],
            }
            for each in doubles(rows)
        ]
    _tell(told, output, _doubles)


@contextmanager
def _both_sides() -> Iterator[tuple[DivisionStore, BothSides]]:
    """Read both sides of the chosen coupling, with clients that cannot write."""
    from bridge import services  # noqa: PLC0415 - other commands start without it
    from bridge.customers.reading import read  # noqa: PLC0415 - as above
    from connector_store import DivisionStore  # noqa: PLC0415 - as above

    coupling = chosen()
    settings = coupling.settings("target-teamleader")
    names = {"company": "company_number_field", "contact": "contact_number_field"}
    fields = {type_: str(settings[name]) for type_, name in names.items() if settings.get(name)}
    with services.opened(coupling) as store:
        division = DivisionStore(store, coupling.division)
        exact = services.exact(coupling, store, read_only=True)
        teamleader = services.teamleader(coupling, store, read_only=True)
        statuses = settings.get("statuses") or ["C"]
        yield division, read(exact, teamleader, division, statuses=statuses, number_fields=fields)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: save it as CSV in UTF-8") from error


def _tell(told: dict[str, Any], output: str, text: Callable[[dict[str, Any]], None]) -> None:
    if output == "json":
        echo_json(told)
    else:
        text(told)


def _preview(told: dict[str, Any]) -> None:
    for criterion, counts in told["by"].items():
        click.echo(f"{criterion:6} {', '.join(f'{count} {decision}' for decision, count in counts.items())}")
    for row in told["rows"]:
        if row["decision"] in {"conflict", "link"}:
            whom = f"{row['exact_code']} {row['name']}: {row['reason']} {row['teamleader_id'] or ''}"
            click.echo(f"{row['decision']:8} {whom.rstrip()}")
    click.echo("Nothing was done.")


def _kept(told: dict[str, Any]) -> None:
    click.echo(f"{told['link']} linked, {told['create']} to be created, {told['skip']} left out.")


def _doubles(told: dict[str, Any]) -> None:
    for side, groups in told.items():
        click.echo(f"In {side.capitalize()}: {len(groups)}")
        for each in groups:
            sure = "" if each["sure"] else " (perhaps)"
            click.echo(f"  {' = '.join(each['names'])} by {each['by']}{sure}")
            for name, values in each["differing"].items():
                click.echo(f"    {name}: {' | '.join(value or '-' for value in values)}")
            for url in each["urls"]:
                click.echo(f"    {url}")
