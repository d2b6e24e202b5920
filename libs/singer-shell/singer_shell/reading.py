"""Reads Singer messages without showing them: lines hold customers' data, and the SDK logs one that it cannot read."""

from __future__ import annotations

from typing import Any

from singer_sdk.singerlib.encoding import SimpleSingerReader
from singer_sdk.singerlib.exceptions import InvalidInputLine
from singer_sdk.singerlib.json import deserialize_json
from typing_extensions import override


class QuietReader(SimpleSingerReader):
    """Refuses a line that is no JSON by its length alone."""

    @override
    def deserialize_json(self, line: str) -> dict[str, Any]:
        try:
            message: dict[str, Any] = deserialize_json(line)
        except (ValueError, RecursionError):
            raise InvalidInputLine(f"A line of {len(line)} characters is not a JSON message") from None
        return message
