"""Arguments and options that the commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import click

from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS, PAYMENT
from connector_store.project import DEFAULT_URI

if TYPE_CHECKING:
    from collections.abc import Callable

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


def settings(command: Command) -> Command:
    """Give a command the settings and the form of its output."""
    for option in (
        click.option("--output", type=click.Choice(["text", "json"]), default="text", help="Form of the output."),
        click.option(
            "--division", envvar="BRIDGE_DIVISION", type=int, required=True, help="Number of the administration."
        ),
        click.option(
            "--store-uri",
            envvar="BRIDGE_STORE_URI",
            default=DEFAULT_URI,
            show_default=True,
            help="URI of the connector store.",
        ),
    ):
        command = option(command)
    return command
