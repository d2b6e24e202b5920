"""A small tap and a small target of ours, without a service behind them, on which the shell itself is tested.

`python -m singer_shell.specimen tap` and `… target` are two Singer programs. The tap counts up, one number every
`pause` seconds; the target keeps a line per number in the file `output`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from singer_sdk import typing as th
from typing_extensions import override

from api_core.errors import TryLater
from singer_shell import closing
from singer_shell.clock import InterruptibleClock
from singer_shell.login import open_store
from singer_shell.runs import RunRecord
from singer_shell.settings import address, connection, flag, text
from singer_shell.sinks import ShellSink
from singer_shell.tap import ShellStream, ShellTap
from singer_shell.target import ShellTarget
from singer_shell.validation import InputSchemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from singer_shell.endings import Trouble

API_URL: Final = address("api_url", "Address", "Where nothing answers.", "http://127.0.0.1:9")
COMMON: Final = connection("your specimen", API_URL, "runs")
NUMBERS: Final = "numbers"


class Numbers(ShellStream):
    """Counts up from where the last run came to."""

    name = NUMBERS
    primary_keys = ("id",)
    replication_key = "number"
    is_sorted = True
    STATE_MSG_FREQUENCY = 2
    schema: ClassVar = th.PropertiesList(
        th.Property("id", th.StringType), th.Property("number", th.IntegerType)
    ).to_dict()

    @override
    def read(self) -> Iterator[dict[str, Any]]:
        start = self.get_starting_replication_key_value(None) or 0
        for number in range(start + 1, self.config["numbers"] + 1):
            if number == self.config.get("breaks_at"):
                raise TryLater("The service does not answer: try again later.")
            InterruptibleClock(self._tap.interruption).sleep(float(self.config["pause"]))
            yield {"id": str(number), "number": number}


class SpecimenTap(ShellTap):
    """Reads numbers."""

    name = "tap-specimen"
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        *COMMON,
        th.Property("numbers", th.IntegerType, default=10, title="Numbers", description="How many there are."),
        th.Property("pause", th.NumberType, default=0, title="Pause", description="Seconds before each number."),
        th.Property("breaks_at", th.IntegerType, title="Breaks at", description="The service fails at this number."),
    ).to_dict()
    stream_types = (Numbers,)

    @classmethod
    @override
    def faults(cls, config: Mapping[str, Any]) -> list[str]:
        return ["numbers must not be 13"] if config.get("numbers") == 13 else []  # noqa: PLR2004 - unlucky


class Run:
    """Keeps a line per number."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._output = Path(config["output"])
        self._breaks_at = config.get("breaks_at")
        self._store = open_store(config)
        self._record = RunRecord(self._store.runs, SpecimenTarget.name, None, config)
        self.counts: Counter[str] = Counter()

    def keep(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Keep numbers; the service fails at one of them."""
        with self._output.open("a", encoding="utf-8") as output:
            for record in records:
                if record["number"] == self._breaks_at:
                    raise TryLater("The service does not answer: try again later.")
                output.write(f"{record['number']}\n")
                self.counts["kept"] += 1

    def reject(self) -> None:
        """Count what cannot be kept."""
        self.counts["rejected"] += 1

    def finish(self) -> None:
        """Close: nothing is left undone."""
        self.close()

    def close(self, trouble: Trouble | None = None) -> None:
        """Write the run's record and let the store go."""
        sentence = closing.sentence(self.counts, Counter(), ("kept", "rejected"), {"kept"}, dry_run=False)
        with self._store:
            self._record.end(self.counts, sentence, closing.outcome(self.counts), trouble=trouble)


class NumbersSink(ShellSink):
    """Numbers, two at a time."""

    name = NUMBERS
    batch = 2
    schemas = InputSchemas("singer_shell")
    target: SpecimenTarget

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.keep(context["records"])


class SpecimenTarget(ShellTarget[Run]):
    """Keeps numbers."""

    name = "target-specimen"
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        *COMMON,
        text("output", "Output", "The file.", required=True),
        th.Property("breaks_at", th.IntegerType, title="Breaks at", description="The service fails at this number."),
        flag("dry_run", "Dry run", "Pass on no state."),
    ).to_dict()
    sinks = (NumbersSink,)
    checkpoint_records = 4

    @override
    def open_run(self) -> Run:
        return Run(self.config)

    @override
    def keep_invalid(self, stream: str, record: dict[str, Any], reason: str) -> None:
        self.run.reject()


if __name__ == "__main__":
    {"tap": SpecimenTap, "target": SpecimenTarget}[sys.argv.pop(1)].cli()
