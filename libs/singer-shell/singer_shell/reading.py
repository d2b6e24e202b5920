"""Reads Singer messages without showing them: lines hold customers' data, and the SDK logs one that it cannot read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from singer_sdk.exceptions import RecordsWithoutSchemaException
from singer_sdk.singerlib.encoding import SimpleSingerReader
from singer_sdk.singerlib.json import deserialize_json
from typing_extensions import override

from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import IO

PARTS: Final[dict[str, dict[str, type]]] = {
    "SCHEMA": {"stream": str, "schema": dict},
    "RECORD": {"stream": str, "record": dict},
    "STATE": {"value": dict},
}
"""What a message of each type has to hold."""
_JSON: Final[dict[Any, str]] = {str: "text", dict: "object"}


class NotSinger(RunEnded):
    """A line of the input is no Singer message; what came before it is."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(f"Line {line} of the input is not Singer: {fault}.")


class BeforeItsSchema(NotSinger, RecordsWithoutSchemaException):
    """A record whose stream has no schema yet, by the SDK's name for it too."""

    def __init__(self, line: int, stream: str) -> None:
        super().__init__(line, f"a record of stream '{stream}' comes before the SCHEMA of that stream")


class QuietReader(SimpleSingerReader):
    """Refuses a line by its number and what is wrong with its form, never by what it says. Blank lines are none."""

    @override
    def process_lines(
        self, file_input: IO[str] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        """Hand each message on.

        Raises:
            NotSinger: A line is no message, or a record comes before the schema of its stream.
        """
        source = file_input or self.default_input
        counts: Counter[str] = Counter()
        streams: set[str] = set()
        # Bytes where there are any, so that the line which is no UTF-8 is known by its number.
        for number, line in enumerate(getattr(source, "buffer", source), 1):
            if not line.strip():
                continue
            message = _message(number, line)
            fault = _fault(message, callbacks)
            if fault is not None:
                raise NotSinger(number, fault)
            if message["type"] == "SCHEMA":
                streams.add(message["stream"])
            if message["type"] == "RECORD" and message["stream"] not in streams:
                raise BeforeItsSchema(number, message["stream"])
            callbacks[message["type"]](message)
            counts[message["type"]] += 1
        return counts


def _message(number: int, line: str | bytes) -> Any:  # noqa: ANN401 - a value of JSON
    try:
        # Windows' shells begin a pipe with a byte-order mark.
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        # What is no number (NaN) is nothing, as the SDK writes it.
        return deserialize_json(text, parse_constant=lambda _: None)
    except UnicodeDecodeError:
        raise NotSinger(number, "it is not written in UTF-8") from None
    except (ValueError, RecursionError):
        raise NotSinger(number, f"its {len(line)} characters are not JSON") from None


def _fault(message: Any, types: Collection[str]) -> str | None:  # noqa: ANN401
    if not isinstance(message, dict):
        return "it is no JSON object"
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in types:
        return f"its type is none of {', '.join(sorted(types))}"
    for name, wanted in PARTS.get(kind, {}).items():
        if not isinstance(message.get(name), wanted):
            return f"a {kind} needs '{name}', which is {_JSON[wanted]}"
    if kind == "SCHEMA" and not isinstance(message["schema"].get("properties"), dict):
        return "the schema has no properties"
    return None
