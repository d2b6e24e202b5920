"""Writing the report: what is read for it, and the page that is made of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api_core.errors import ApiError
from bridge import owner_only
from bridge.errors import Refused
from bridge.reconciling.documents import Range
from bridge.reconciling.reading import reconcile_coupling
from bridge.telling import Reader, status_of
from bridge.view.amounts import amount_in
from bridge.view.differences import percent
from bridge.view.health import called
from bridge.view.payments import paid_since
from bridge.view.places import PLACES
from bridge.view.reconcile import SIDES
from bridge.view.reconciled import as_document
from bridge.view.report import NO_CALLS, Calls, Input, report
from bridge.view.status import program
from bridge.words import LOCALES, gettext_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.project import Coupling
    from bridge.view.standing import Row
    from connector_store import DivisionStore

LAST: Final = "bridge report"
"""Position in the store: when the last report was made."""
A_DAY: Final = timedelta(days=1)


class Wanted(NamedTuple):
    """What a reader wants: language, moment (UTC), how old a success may be, which documents by their dates."""

    language: str
    now: datetime
    max_age: timedelta
    first: date | None = None
    last: date | None = None


def write_report(store: DivisionStore, coupling: Coupling | None, wanted: Wanted, path: Path) -> str:
    """Write the page, which only its owner may read, and return the level of health.

    Args:
        store: Of the administration.
        coupling: Whose services are asked, for reading only; None asks none.
        wanted: By the reader.
        path: Of the file; what stands there is replaced once the new page is whole.
    """
    given = read(store, coupling, wanted)
    text = page(given, wanted, _title(coupling, store), store.division)
    try:
        owner_only.write(path, text)
    except OSError as error:
        raise Refused(f"The report cannot be written to {path}: {error.strerror}") from error
    store.store.set_position(store.division, LAST, wanted.now.isoformat())
    level: str = given.status["health"]["level"]
    return level


def read(store: DivisionStore, coupling: Coupling | None, wanted: Wanted) -> Input:
    """Read what a report is made of; a service that cannot be asked leaves out the sums, and says why."""
    words = gettext_for(wanted.language)
    status = status_of(store, Reader(wanted.language, wanted.max_age, wanted.now))
    last = store.store.position(store.division, LAST)
    since = datetime.fromisoformat(last) if last else wanted.now - A_DAY
    reconciled: Row | None = None
    calls, problem = NO_CALLS, None
    if coupling is None:
        problem = words("it was asked for without")
    else:
        try:
            reconciled, calls = _reconciled(store, coupling, Range(wanted.first, wanted.last))
        except (ApiError, Refused) as error:
            problem = str(error)
    return Input(status, reconciled, problem, tuple(paid_since(store, since)), since, calls)


def page(given: Input, wanted: Wanted, title: str, division: int) -> str:
    """Return the page as HTML, without anything that it would have to fetch."""
    words, locale = gettext_for(wanted.language), LOCALES[wanted.language]
    money = amount_in(wanted.language)
    templates = Environment(
        loader=PackageLoader("bridge"), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    kinds = {kind: words(kind.replace("_", " ")) for kind in ("invoice", "credit_note", "account", "payment")}
    return templates.get_template("report.html").render(
        report=report(given, money, words),
        title=title,
        division=division,
        language=wanted.language,
        now=wanted.now,
        columns=SIDES,
        places=PLACES,
        kinds=kinds,
        _=words,
        money=money,
        rate=percent,
        name=lambda row: f"{kinds[row['kind']].capitalize()} {row['number'] or row['source_id']}",
        value=partial(_value, money=money),
        called=called,
        program=program,
        number=lambda value: format_decimal(value, locale=locale),
        moment=lambda value: _moment(value, locale),
        day=lambda value: format_date(date.fromisoformat(value[:10]), "medium", locale=locale) if value else "",
        month=lambda value: format_date(date.fromisoformat(f"{value}-01"), "MMM yyyy", locale=locale),
    )


def _reconciled(store: DivisionStore, coupling: Coupling, days: Range) -> tuple[Row, Calls]:
    (found, calls), exact = reconcile_coupling(coupling, store, days)
    limits = exact.limits.day
    used = None if limits.limit is None or limits.remaining is None else limits.limit - limits.remaining
    return as_document(found, calls), Calls(used, limits.limit)


def _title(coupling: Coupling | None, store: DivisionStore) -> str:
    return coupling.title if coupling is not None else str(store.division)


def _moment(value: datetime | str | None, locale: str) -> str:
    if value is None:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(format_datetime(moment.astimezone(), "medium", locale=locale))


def _value(value: Any, *, money: Callable[[Decimal, str], str]) -> str:  # noqa: ANN401 - what either side says
    if value is None:
        return ""
    return money(value, "") if isinstance(value, Decimal) else str(value)
