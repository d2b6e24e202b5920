"""Lets `python -m tap_teamleader` run the tap."""

from tap_teamleader.tap import TapTeamleader

TapTeamleader.cli()
