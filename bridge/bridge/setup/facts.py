"""All that the checks and the suggestions look at, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bridge.setup.administration import AdministrationFacts
    from bridge.setup.department import DepartmentFacts
    from bridge.setup.machine import MachineFacts


@dataclass(frozen=True)
class Facts:
    """Both sides, this machine and the settings, at one moment."""

    now: datetime
    """Of this machine, UTC."""
    administration: AdministrationFacts
    department: DepartmentFacts
    machine: MachineFacts
    target: Mapping[str, Any]
    """Settings of target-exactonline."""
    tap: Mapping[str, Any]
    """Settings of tap-teamleader."""
    payments: Mapping[str, Any] = field(default_factory=dict)
    """Settings of target-teamleader."""

    @property
    def today(self) -> date:
        """The day, UTC."""
        return self.now.date()

    def text(self, setting: str) -> str | None:
        """Return a setting of target-exactonline as a text, None when it is not set."""
        value = self.target.get(setting)
        return str(value).strip() or None if value is not None else None

    def codes(self, setting: str) -> dict[str, str]:
        """Return a setting of target-exactonline that is an object of names and codes."""
        value = self.target.get(setting) or {}
        return {str(name): str(code).strip() for name, code in value.items()}
