"""The Singer target: its settings, its streams, and the run that books them."""

from __future__ import annotations

from typing import Any, ClassVar

from typing_extensions import override

from singer_shell.target import ShellTarget
from target_exactonline import settings
from target_exactonline.run import PLUGIN, Run
from target_exactonline.sinks import AccountsSink, DeletedEntriesSink, SalesEntriesSink
from target_exactonline.streams import kind_of


class TargetExactOnline(ShellTarget[Run]):
    """Books customers, invoices and credit notes in Exact Online, each exactly once."""

    name = PLUGIN
    package_name = "teamleader-exactonline-target-exactonline"
    config_jsonschema: ClassVar[dict[str, Any]] = settings.SCHEMA
    sinks = (DeletedEntriesSink, AccountsSink, SalesEntriesSink)
    checkpoint_records = SalesEntriesSink.batch

    @override
    def open_run(self) -> Run:
        return Run(self.config, self.logger, self.interruption)

    @override
    def keep_invalid(self, stream: str, record: dict[str, Any], reason: str) -> None:
        self.run.invalid(kind_of(stream, record), record, reason)
