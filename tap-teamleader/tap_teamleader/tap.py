"""The tap: its settings, and its streams in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_teamleader.connection import TeamleaderTap
from tap_teamleader.settings import SETTINGS, faults
from tap_teamleader.streams import STREAMS

if TYPE_CHECKING:
    from collections.abc import Mapping


class TapTeamleader(TeamleaderTap):
    """Singer tap for Teamleader Focus: customers, booked invoices and credit notes, with their files."""

    name = "tap-teamleader"
    package_name = "teamleader-exactonline-tap-teamleader"
    config_jsonschema: ClassVar[dict[str, Any]] = SETTINGS
    stream_types = STREAMS

    @classmethod
    @override
    def faults(cls, config: Mapping[str, Any]) -> list[str]:
        return faults(config)
