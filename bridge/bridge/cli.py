"""The `bridge` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
import simplejson

from bridge import table, verbs
from bridge.errors import Refused
from bridge.memory import opened
from bridge.status import status_document
from connector_store import StoreError
from connector_store.memory import ACCOUNT, DOCUMENT_KINDS, PAYMENT
from connector_store.project import DEFAULT_URI

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.lookup import Known

Command = TypeVar("Command", bound="Callable[..., None]")


class Kind(click.Choice[str]):
    """The kinds that a person can help along; payments are not among them."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the kind."""
        if value == PAYMENT:
            self.fail("payments follow Exact by themselves, with: meltano run payments", param, ctx)
        return super().convert(value, param, ctx)


KIND = Kind([*DOCUMENT_KINDS, ACCOUNT])


class OneLine(click.Group):
    """A group of commands whose errors are one line each."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - the signature of click
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StoreError as error:
            raise Refused(str(error)) from error
        except click.UsageError as error:
            # With a context, click would show the usage above it.
            error.ctx = None
            raise


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


@click.group(cls=OneLine)
def main() -> None:
    """See what was booked in Exact, what was not and why, and help it along.

    Settings may come from the environment: BRIDGE_STORE_URI and BRIDGE_DIVISION.
    """


@main.command()
@click.option("--all", "everything", is_flag=True, help="List what is linked or left out, too (JSON always does).")
@settings
def status(store_uri: str, division: int, output: str, *, everything: bool) -> None:
    """Show what a person must do, what follows by itself, counts and the last runs."""
    with opened(store_uri, division) as memory:
        document = status_document(memory)
    if output == "json":
        click.echo(simplejson.dumps(document, ensure_ascii=False, indent=2))
    else:
        table.show(document, everything=everything)


@main.command()
@click.argument("kind", type=KIND)
@click.argument("number_or_id")
@settings
def unlink(store_uri: str, division: int, output: str, **arguments: str) -> None:
    """Release a document or customer whose counterpart in Exact is gone or wrong."""
    _act(verbs.unlink, store_uri, division, output, **arguments)


@main.command()
@click.argument("kind", type=KIND)
@click.argument("number_or_id")
@settings
def resend(store_uri: str, division: int, output: str, **arguments: str) -> None:
    """Have the next run try again what was refused or deleted in Exact."""
    _act(verbs.resend, store_uri, division, output, **arguments)


@main.command()
@click.argument("kind", type=KIND)
@click.argument("number_or_id")
@click.argument("exact_id", metavar="GUID")
@settings
def match(store_uri: str, division: int, output: str, **arguments: str) -> None:
    """Link by hand: a document to the entry in Exact, or a customer (by its id) to the account, with that GUID."""
    _act(verbs.match, store_uri, division, output, **arguments)


def _act(verb: Callable[..., tuple[Known, str]], store_uri: str, division: int, output: str, **arguments: str) -> None:
    with opened(store_uri, division) as memory, memory.writing_to_exact():
        known, message = verb(memory, **arguments)
    if output == "json":
        told = {"kind": known.kind, "source_id": known.source_id, "number": known.number, "message": message}
        click.echo(simplejson.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{message}.")
