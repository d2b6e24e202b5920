"""The start of a program of ours, which a run of Meltano makes three times a direction."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from api_core.starting import imports_that_stay

if TYPE_CHECKING:
    from singer_sdk.plugin_base import PluginBase


def start(module: str, name: str) -> None:
    """Import a plugin by the name of its class, and run it on the command line that is there."""
    with imports_that_stay():
        plugin: type[PluginBase] = getattr(import_module(module), name)
    plugin.cli()
