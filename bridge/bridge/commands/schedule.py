"""`bridge schedule`: install, show and remove what calls `bridge run`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bridge.commands.options import chosen, coupling_option
from bridge.errors import Refused
from bridge.run.schedule import Schedule, unit_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.project import Coupling

Command = TypeVar("Command", bound="Callable[..., None]")

SYSTEMD = "systemd"
KINDS = (SYSTEMD, "cron")
_INTERVALS = (1, 2, 3, 5, 10, 15, 20, 30, 60)


@click.group()
def schedule() -> None:
    """What calls bridge run: timers of systemd for this user, or cron."""


def _kind(command: Command) -> Command:
    return click.option(
        "--with", "kind", type=click.Choice(KINDS), help="Who calls. Without it: systemd where there is one."
    )(coupling_option(command))


@schedule.command()
@_kind
@click.option(
    "--every",
    "minutes",
    type=click.Choice([str(each) for each in _INTERVALS]),
    default="15",
    show_default=True,
    help="Minutes between two calls.",
)
def install(kind: str | None, minutes: str) -> None:
    """Have bridge run --only-news called from now on."""
    kind = put_in_place(schedule_of(chosen(), int(minutes)), kind)
    click.echo(f"{kind} calls it every {minutes} minutes: bridge schedule show")
    if kind == SYSTEMD:
        click.echo("So that it also does while you are not logged in: loginctl enable-linger")


@schedule.command()
@_kind
def show(kind: str | None) -> None:
    """Show what calls it, and when it does so next."""
    wanted = schedule_of(chosen())
    found = False
    if kind != "cron" and (timer := _units() / f"{wanted.name}.timer").exists():
        found = True
        click.echo(timer.read_text(encoding="utf-8"))
        _systemctl("list-timers", f"{wanted.name}.timer", "--no-pager")
    if kind != "systemd":
        mine = [line for line in _crontab().splitlines() if line.endswith(wanted.name)]
        found = found or bool(mine)
        click.echo("\n".join(mine), nl=bool(mine))
    if not found:
        raise Refused("Nothing calls bridge run: bridge schedule install")


@schedule.command()
@_kind
def remove(kind: str | None) -> None:
    """Have it called no more; a run under way goes on to its end."""
    wanted = schedule_of(chosen())
    if kind != "systemd" and shutil.which("crontab"):
        _write_crontab(wanted.out_of_crontab(_crontab()))
    files = [path for name in wanted.units() if (path := _units() / name).exists()]
    if kind != "cron" and files:
        _systemctl("disable", "--now", f"{wanted.name}.timer")
        for path in files:
            path.unlink()
        _systemctl("daemon-reload")
    click.echo("Nothing calls it any more.")


def put_in_place(wanted: Schedule, kind: str | None = None) -> str:
    """Have a schedule kept by systemd or cron, by the usual one without a word; return which it is.

    Raises:
        Refused: There is none here, or it does not take it.
    """
    kind = kind or _usual()
    if kind != SYSTEMD:
        _write_crontab(wanted.in_crontab(_crontab()))
        return kind
    folder = _units()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.units().items():
        (folder / name).write_text(text, encoding="utf-8")
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", f"{wanted.name}.timer")
    return kind


def schedule_of(coupling: Coupling, minutes: int = 15) -> Schedule:
    """Return what has the cycles of a coupling called by this very program."""
    program = Path(sys.argv[0]).absolute()
    environment = os.environ.get("MELTANO_ENVIRONMENT")
    return Schedule(coupling.project.folder, program, coupling.name, minutes, environment)


def _usual() -> str:
    return "systemd" if shutil.which("systemctl") and Path("/run/systemd/system").exists() else "cron"


def _units() -> Path:
    return unit_folder(Path.home(), os.environ.get("XDG_CONFIG_HOME"))


def _systemctl(*arguments: str) -> None:
    _call("systemctl", "--user", *arguments)


def _crontab() -> str:
    program = shutil.which("crontab")
    if program is None:
        return ""
    # Without a crontab it ends with an error, and says nothing on standard output.
    return subprocess.run([program, "-l"], capture_output=True, text=True, check=False).stdout  # noqa: S603


def _write_crontab(text: str) -> None:
    _call("crontab", "-", given=text)


def _call(name: str, *arguments: str, given: str | None = None) -> None:
    program = shutil.which(name)
    if program is None:
        raise Refused(f"There is no {name} here: choose the other one with --with, or see orchestrate/")
    done = subprocess.run([program, *arguments], input=given, text=True, check=False)  # noqa: S603 - found on the path
    if done.returncode:
        raise Refused(f"{name} {' '.join(arguments)} ended with code {done.returncode}")
