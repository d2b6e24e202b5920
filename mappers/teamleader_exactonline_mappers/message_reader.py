"""Reading and writing the pipe without breaking it for the programs on both sides.

Meltano kills the target when a mapper crashes, so a line that was cut off by the end of the program before must not
crash this one, and neither may a signal leave half a line behind. Lines hold customers' data and never reach a log.
"""

from __future__ import annotations

import logging
from typing import IO, TYPE_CHECKING, Any

from singer_sdk.exceptions import InvalidInputLine
from singer_sdk.singerlib.encoding import SimpleSingerReader
from singer_sdk.singerlib.json import deserialize_json
from typing_extensions import override

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

logger = logging.getLogger("teamleader-exactonline-mappers")


class WholeLineReader(SimpleSingerReader):
    """Reads messages; a last line without end is dropped, the sender died while it wrote it."""

    busy = False
    """Whether a message is being handled: the moment in which the program must not be stopped."""

    @override
    def process_lines(
        self, file_input: IO[str] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        lines = self._whole(file_input or self.default_input)
        return super().process_lines(lines, callbacks)  # type: ignore[arg-type]  # it is only iterated over

    @override
    def deserialize_json(self, line: str) -> dict[str, Any]:
        message = _message(line)
        if message is None:
            raise InvalidInputLine(f"A line of {len(line)} characters is not a Singer message")
        return message

    def _whole(self, lines: IO[str]) -> Iterator[str]:
        for line in lines:
            if not line.endswith("\n") and _message(line) is None:
                logger.warning("The input ends in the middle of a message: the program before this one was cut off")
                return
            self.busy = True
            yield line
            self.busy = False


def _message(line: str) -> dict[str, Any] | None:
    try:
        message = deserialize_json(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and isinstance(message.get("type"), str) else None
