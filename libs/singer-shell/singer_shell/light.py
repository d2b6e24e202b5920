"""The Singer SDK without what no plugin of ours uses, so that a run with nothing to do starts in less time.

The SDK imports thread pools, file systems of the cloud and streams over REST and GraphQL the moment that it is
imported itself. Meanwhile a stand-in takes the place of each: its first use imports the real one, as everybody else
does who asks for it afterwards.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

UNUSED: Final = {
    "joblib": ("Parallel", "delayed", "parallel_config"),
    "upath": ("UPath",),
    "singer_sdk.streams.graphql": ("GraphQLStream",),
    "singer_sdk.streams.rest": ("RESTStream",),
}
"""Modules, and what the SDK takes of each while it is imported."""


def import_sdk() -> None:
    """Import the SDK, if nobody has yet; what is imported already stays what it is."""
    if "singer_sdk" in sys.modules:
        return
    absent = [name for name in UNUSED if name not in sys.modules]
    for name in absent:
        sys.modules[name] = _stand_in(name)
    try:
        import_module("singer_sdk")
    finally:
        for name in absent:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    for each in UNUSED[name]:
        setattr(module, each, _on_first_use(name, each))
    return module


def _on_first_use(module: str, name: str) -> Callable[..., Any]:
    def use(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the real one takes
        return getattr(import_module(module), name)(*arguments, **options)

    return use
