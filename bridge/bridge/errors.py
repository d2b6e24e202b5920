"""What the tool cannot do, told in one line."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """What was asked cannot be done with what the store knows. Exit code 1."""
