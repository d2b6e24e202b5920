"""How it goes in an administration, as every command tells it: by the couplings that the project still has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.project import has_coupling
from bridge.view.health import MAX_AGE
from bridge.view.status import brief, status_document
from bridge.words import gettext_for
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bridge.view.standing import Row
    from connector_store import DivisionStore


@dataclass(frozen=True)
class Reader:
    """Who is told: in which language, at which moment (UTC), and how old the last success may be for them."""

    language: str = "en"
    max_age: timedelta = MAX_AGE
    now: datetime = field(default_factory=utc_now)


def status_of(store: DivisionStore, reader: Reader) -> Row:
    """Return the status document (see `view.status.status_document`)."""
    words = gettext_for(reader.language)
    return status_document(store, now=reader.now, max_age=reader.max_age, is_there=has_coupling, _=words)


def brief_of(store: DivisionStore, reader: Reader) -> tuple[Row, frozenset[str]]:
    """Return health, and the keys of what needs a person (see `view.status.brief`)."""
    return brief(store, now=reader.now, max_age=reader.max_age, is_there=has_coupling, _=gettext_for(reader.language))
