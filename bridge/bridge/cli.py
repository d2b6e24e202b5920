"""The `bridge` command."""

from __future__ import annotations

from typing import Any

import click

from api_core.errors import ApiError
from bridge.commands.check import check
from bridge.commands.creating import add_coupling, init
from bridge.commands.customers import customers
from bridge.commands.documents import dismiss_command, exclude, forget, include, resend, retry, unlink
from bridge.commands.health import health, metrics
from bridge.commands.history import history_command
from bridge.commands.list_ import list_
from bridge.commands.login import login
from bridge.commands.matching import match
from bridge.commands.notify import notify
from bridge.commands.preview import preview
from bridge.commands.probe import probe
from bridge.commands.reconcile import reconcile
from bridge.commands.report import report_command
from bridge.commands.run import news_command, run
from bridge.commands.schedule import schedule
from bridge.commands.setup import setup
from bridge.commands.status import status
from bridge.commands.store import rebuild, rekey
from bridge.commands.suggest import suggest
from bridge.errors import Refused
from connector_store import StoreError


class OneLine(click.Group):
    """A group of commands whose errors are one line each."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - the signature of click
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (ApiError, StoreError) as error:
            raise Refused(str(error)) from error
        except click.UsageError as error:
            # With a context, click would show the usage above it.
            error.ctx = None
            raise


@click.group(cls=OneLine)
def main() -> None:
    """See what was booked in Exact, what was not and why, and help it along.

    Settings may come from the environment: BRIDGE_STORE_URI and BRIDGE_DIVISION.
    """


for _command in (
    init,
    add_coupling,
    setup,
    login,
    list_,
    check,
    suggest,
    customers,
    run,
    news_command,
    preview,
    probe,
    status,
    health,
    metrics,
    notify,
    schedule,
    history_command,
    reconcile,
    report_command,
    retry,
    resend,
    unlink,
    match,
    exclude,
    include,
    dismiss_command,
    rebuild,
    rekey,
    forget,
):
    main.add_command(_command)
