"""The XML service beside REST, as far as it is needed: what REST cannot do, such as matching (exact-online 6.30).

It shares login and call limit with REST (exact-online 2.1). Its answer lists messages, also when nothing was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

ERROR, FATAL = 0, 3
"""`type` of a message that says that something was not done; 1 is a warning, 2 a success."""
_DECLARES_ENTITIES = b"<!"


@dataclass(frozen=True)
class Message:
    """What Exact says of one thing in a document that was uploaded."""

    kind: int
    text: str
    """In the language of the user; may quote what was sent, so do not log it."""

    @property
    def is_refusal(self) -> bool:
        """Tell whether the thing was not done."""
        return self.kind in {ERROR, FATAL}


def address(base: str, topic: str, division: int) -> str:
    """Return where a document of a topic is sent to."""
    return f"{base}/docs/XMLUpload.aspx?{urlencode({'Topic': topic, '_Division_': division})}"


def messages(content: bytes) -> list[Message] | None:
    """Read the messages of an answer; None when it is none of the XML service's (empty, cut off, a page of HTML)."""
    if _DECLARES_ENTITIES in content:
        return None
    try:
        root = ET.fromstring(content)  # noqa: S314 - without declarations there are no entities to expand
    except ET.ParseError:
        return None
    found = [Message(_kind(each), _text(each)) for each in root.iter("Message")]
    return found or None


def _kind(message: ET.Element) -> int:
    kind = message.get("type", "")
    return int(kind) if kind.isdecimal() else ERROR


def _text(message: ET.Element) -> str:
    return " ".join((message.findtext("Description") or "").split())
