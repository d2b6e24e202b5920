"""Sending what is due through Apprise, to wherever the setting says."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bridge.errors import Refused
from bridge.run import alerts
from bridge.run.alerts import Message, Told, Wishes, due
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from bridge.view.standing import Row
    from connector_store import DivisionStore

POSITION: Final = "alerts"


@dataclass(frozen=True)
class Targets:
    """Where messages go, and what they may say."""

    urls: tuple[str, ...]
    wishes: Wishes

    @classmethod
    def of(cls, settings: Mapping[str, Any], name: str = "") -> Targets:
        """Read the settings of the plugin bridge; `notify_urls` is a list, or a text with blanks or commas."""
        told = settings.get("notify_urls") or ()
        urls = re.split(r"[\s,]+", told.strip()) if isinstance(told, str) else told
        wanted = {word: _is_on(settings.get(f"notify_{word}")) for word in ("details", "summary", "paid")}
        return cls(tuple(str(url) for url in urls if url), Wishes(**wanted, name=name))

    @property
    def position(self) -> str:
        """Where what they were told is kept: other targets were told nothing of it. The addresses are secrets."""
        told = hashlib.sha256("\n".join(sorted(self.urls)).encode()).hexdigest()
        return f"{POSITION} {told[:16]}"


def notify(memory: DivisionStore, document: Row, targets: Targets, _: Callable[[str], str] = str) -> list[Message]:
    """Send what is due and remember it; return what was sent. Without targets nothing is sent, nor remembered.

    Raises:
        Refused: No target took a message: it is sent again by the next run.
    """
    if not targets.urls:
        return []
    told = _told(memory, targets)
    messages, after = due(document, told, targets.wishes, _today(), _)
    send(messages, targets.urls)
    if after != told:
        memory.store.set_position(memory.division, targets.position, json.dumps(after.kept()))
    return messages


def is_quiet(memory: DivisionStore, health: Row, to_do: Collection[str], targets: Targets) -> bool:
    """Tell whether `notify` would send and remember nothing after a call that did nothing (see `alerts.is_quiet`)."""
    return not targets.urls or alerts.is_quiet(health, to_do, _told(memory, targets), targets.wishes, _today())


def send(messages: Sequence[Message], urls: Sequence[str]) -> None:
    """Send messages to every target.

    Raises:
        Refused: A target is malformed, or did not take a message.
    """
    if not messages:
        return
    # It takes longer to import than the rest of this tool, and is rarely needed.
    from apprise import Apprise  # noqa: PLC0415

    # Its own lines hold the address of the target, which is a secret with many services.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    sender = Apprise()
    for place, url in enumerate(urls, start=1):
        if not sender.add(url):
            raise Refused(f"Target {place} of notify_urls is no address that Apprise knows: correct the setting")
    for message in messages:
        if not sender.notify(title=message.title, body=message.body):
            raise Refused("A target of notify_urls took no message: bridge notify --test tries them again")


def _told(memory: DivisionStore, targets: Targets) -> Told:
    # Earlier versions kept it for all targets.
    kept = memory.store.position(memory.division, targets.position) or memory.store.position(memory.division, POSITION)
    return Told.read(json.loads(kept) if kept else {})


def _today() -> date:
    return utc_now().astimezone().date()


def _is_on(value: object) -> bool:
    return str(value).lower() in {"true", "1", "yes", "on"}
