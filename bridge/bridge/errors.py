"""What the tool cannot do, told in one line."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """What was asked cannot be done with what the store knows. Exit code 1."""


class Misused(click.ClickException):
    """What was asked is malformed, so nothing was looked at. Exit code 2."""

    exit_code = 2
