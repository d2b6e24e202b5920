"""Lets `python -m tap_exactonline` run the tap."""

from tap_exactonline.tap import TapExactOnline

TapExactOnline.cli()
