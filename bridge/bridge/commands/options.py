"""Arguments and options that the commands share."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click
import simplejson

from bridge.errors import Refused
from bridge.project import Project
from bridge.words import LANGUAGES
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS, PAYMENT
from connector_store.project import DEFAULT_URI

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.project import Coupling

Command = TypeVar("Command", bound="Callable[..., None]")


class Kind(click.Choice[str]):
    """The kinds that a person can help along; payments are not among them."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the kind."""
        if value == PAYMENT:
            self.fail("payments follow Exact by themselves, with: meltano run payments", param, ctx)
        return super().convert(value, param, ctx)


class Guid(click.ParamType[str]):
    """An id of Exact, in its own writing: lower case, with strokes."""

    name = "GUID"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the id."""
        try:
            guid = UUID(value)
        except ValueError:
            guid = UUID(int=0)
        if not guid.int:
            text = f"{value} is not the id of anything in Exact: that is a GUID, 8-4-4-4-12 hexadecimal digits"
            self.fail(text, param, ctx)
        return str(guid)


KIND = Kind([*DOCUMENT_KINDS, ACCOUNT])
DOCUMENT_KIND = Kind(DOCUMENT_KINDS)


COUPLING = "bridge.coupling"
"""Where a command's context keeps the coupling."""


def output_option(command: Command) -> Command:
    """Give a command the form of its output."""
    return click.option("--output", type=click.Choice(["text", "json"]), default="text", help="Form of the output.")(
        command
    )


def echo_json(document: object) -> None:
    """Write what a command tells as JSON, for a program and for an eye."""
    click.echo(simplejson.dumps(document, ensure_ascii=False, indent=2))


def coupling_option(command: Command) -> Command:
    """Give a command `--coupling`; `chosen` returns the coupling."""
    return click.option(
        "--coupling",
        metavar="NAME",
        is_eager=True,
        expose_value=False,
        callback=_keep_name,
        help="The coupling, as bridge add-coupling named it. Without it: the project's own.",
    )(command)


def _keep_name(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    ctx.meta[f"{COUPLING}.name"] = value


def chosen() -> Coupling:
    """Return the coupling that the command line names, its settings read once.

    Raises:
        Refused: There is no project here, or no such coupling.
    """
    meta = click.get_current_context().meta
    if COUPLING not in meta:
        meta[COUPLING] = Project.find().coupling(meta.get(f"{COUPLING}.name"))
    coupling: Coupling = meta[COUPLING]
    return coupling


class OfCoupling(click.Option):
    """An option that the command line or the environment gives, and else the project.

    The environment holds what `meltano invoke` tells of the project's own coupling, so that it counts for no other.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Read the environment for the coupling that has no name."""
        return None if ctx.meta.get(f"{COUPLING}.name") else super().resolve_envvar_value(ctx)

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - click's own
        """Ask the project; what has no project has the plugins' own default, or none."""
        if not call or ctx.resilient_parsing:
            return super().get_default(ctx, call)
        try:
            coupling = chosen()
        except Refused:
            if ctx.meta.get(f"{COUPLING}.name"):
                raise
            return super().get_default(ctx, call)
        if self.name == "store_uri":
            return coupling.store_uri
        # A project for which none was chosen yet may have a store that knows only one.
        return coupling.settings("target-exactonline").get("division")


class Duration(click.ParamType[timedelta]):
    """A time span such as 90m, 2h or 1d."""

    name = "TIME"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read the time span."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d+)([smhd])", value)
        if not found or not int(found[1]):
            self.fail(f"{value} is no time span; write 90m, 2h or 1d", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

max_age = click.option(
    "--max-age",
    "older_than",
    envvar="BRIDGE_MAX_AGE",
    type=Duration(),
    default="2h",
    show_default=True,
    help="How old the last success of either direction may be.",
)
language = click.option(
    "--lang", envvar="BRIDGE_LANG", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language."
)


def settings(command: Command) -> Command:
    """Give a command the settings and the form of its output."""
    for option in (
        output_option,
        click.option(
            "--division",
            cls=OfCoupling,
            envvar="BRIDGE_DIVISION",
            type=int,
            help="Number of the administration. Without it: the coupling's, or the only one that the store knows.",
        ),
        click.option(
            "--store-uri",
            cls=OfCoupling,
            envvar="BRIDGE_STORE_URI",
            default=DEFAULT_URI,
            show_default=True,
            help="URI of the connector store. Without it: the coupling's.",
        ),
    ):
        command = option(command)
    return coupling_option(command)
