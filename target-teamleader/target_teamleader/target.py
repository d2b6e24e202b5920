"""The Singer target: its settings, its streams, and the run that writes to Teamleader."""

from __future__ import annotations

from typing import Any, ClassVar

from typing_extensions import override

from singer_shell.target import ShellTarget
from target_teamleader import settings
from target_teamleader.run import PLUGIN, Run
from target_teamleader.sinks import CompaniesSink, ContactsSink, PaymentsSink


class TargetTeamleader(ShellTarget[Run]):
    """Brings into Teamleader Focus what was settled in the books, each payment once, and who buys there."""

    name = PLUGIN
    package_name = "teamleader-exactonline-target-teamleader"
    config_jsonschema: ClassVar[dict[str, Any]] = settings.SCHEMA
    sinks = (PaymentsSink, CompaniesSink, ContactsSink)
    checkpoint_records = PaymentsSink.batch

    @override
    def open_run(self) -> Run:
        return Run(self.config, self.logger, self.interruption, self._sinks_active)

    @override
    def keep_invalid(self, stream: str, record: dict[str, Any], reason: str) -> None:
        self.run.invalid(stream, record, reason)
