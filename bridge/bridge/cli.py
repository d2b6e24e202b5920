"""The `bridge` command. Each command is imported when it is called: a cycle that finds nothing to do costs little."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click

from api_core.starting import imports_that_stay

_COMMANDS: Final = {
    "init": "creating.init",
    "add-coupling": "creating.add_coupling",
    "setup": "setup.setup",
    "login": "login.login",
    "list": "list_.list_",
    "check": "check.check",
    "suggest": "suggest.suggest",
    "customers": "customers.customers",
    "run": "run.run",
    "news": "run.news_command",
    "preview": "preview.preview",
    "probe": "probe.probe",
    "status": "status.status",
    "health": "health.health",
    "metrics": "health.metrics",
    "notify": "notify.notify",
    "schedule": "schedule.schedule",
    "history": "history.history_command",
    "reconcile": "reconcile.reconcile",
    "report": "report.report_command",
    "retry": "documents.retry",
    "resend": "documents.resend",
    "unlink": "documents.unlink",
    "match": "matching.match",
    "exclude": "documents.exclude",
    "include": "documents.include",
    "dismiss": "documents.dismiss_command",
    "rebuild": "store.rebuild",
    "rekey": "store.rekey",
    "forget": "documents.forget",
}
"""Name -> where it stands within `bridge.commands`."""


class Commands(click.Group):
    """The commands by their names; their errors are one line each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a person's work."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None when there is none of that name."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        place, _, name = _COMMANDS[cmd_name].partition(".")
        module = f"bridge.commands.{place}"
        if module not in sys.modules:
            with imports_that_stay():
                import_module(module)
        command: click.Command = getattr(sys.modules[module], name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - the signature of click
        """Run the command."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            # With a context, click would show the usage above it.
            error.ctx = None
            raise
        except Exception as error:
            from api_core.errors import ApiError  # noqa: PLC0415 - what went well needs none of them
            from bridge.errors import Refused  # noqa: PLC0415
            from connector_store import StoreError  # noqa: PLC0415

            if isinstance(error, ApiError | StoreError):
                raise Refused(str(error)) from error
            raise


@click.group(cls=Commands)
def main() -> None:
    """See what was booked in Exact, what was not and why, and help it along.

    Settings may come from the environment: BRIDGE_STORE_URI and BRIDGE_DIVISION.
    """
