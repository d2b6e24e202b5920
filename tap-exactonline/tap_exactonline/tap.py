"""The tap: its settings, and its streams in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_exactonline import large_blocks
from tap_exactonline.connection import ExactTap
from tap_exactonline.settings import SETTINGS, faults
from tap_exactonline.streams import STREAMS

if TYPE_CHECKING:
    from collections.abc import Mapping


class TapExactOnline(ExactTap):
    """Singer tap for Exact Online: what customers owe, and the master data around it."""

    name = "tap-exactonline"
    package_name = "teamleader-exactonline-tap-exactonline"
    config_jsonschema: ClassVar[dict[str, Any]] = SETTINGS
    stream_types = STREAMS

    @classmethod
    @override
    def faults(cls, config: Mapping[str, Any]) -> list[str]:
        return faults(config)

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        large_blocks.give_back()
        super().invoke(**arguments)
