"""Created and Modified as Exact writes them: Dutch wall-clock time that pretends to be UTC (exact-online 3.20).

Bookmarks stay in that time, because filters compare in it. It jumps in spring, which harms nothing, and runs through an
hour twice in autumn: then what is changed later may carry an earlier time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from exactonline_api import dates

LATE: Final = timedelta(minutes=10)
"""So much later than its time a change may show: a transaction in Exact counts when it ends."""
REPEATED: Final = timedelta(hours=1)

_FORM: Final = "%Y-%m-%dT%H:%M:%S.%f"


def text(notation: str) -> str:
    """Write `/Date(1782404464260)/` as `2026-06-25T16:21:04.260`: of one width, comparable as text.

    Raises:
        ValueError: The text is not in Exact's notation.
    """
    return write(dates.to_wall_clock(notation))


def write(moment: datetime) -> str:
    """Write a naive moment in the form of `text`."""
    return moment.strftime(_FORM)[:-3]


def read(written: str) -> datetime:
    """Read a moment in the form of `text`; the earliest there is from no text at all."""
    return datetime.strptime(written, _FORM) if written else datetime.min  # noqa: DTZ007, DTZ901 - a wall clock's


def utc(notation: str) -> str:
    """Write `/Date(1782404464260)/` as the moment it was, `2026-06-25T14:21:04.260Z`; raises as `text`."""
    return write(dates.to_datetime_utc(notation)) + "Z"


def overlap_from(bookmark: str) -> datetime:
    """Tell from which second on to read again, so that no change shows behind the bookmark (in the form of `text`)."""
    start = read(bookmark).replace(microsecond=0) - LATE
    return start - REPEATED if _comes_twice(start) else start


def second_of(bookmark: str) -> datetime:
    """Return the second of a bookmark (in the form of `text`): filters know no smaller part."""
    return read(bookmark).replace(microsecond=0)


def is_final(bookmark: str, now: datetime) -> bool:
    """Tell whether no change can show any more with a time up to the bookmark's, whatever hour comes twice.

    Our own clock may be an hour ahead of Exact's.
    """
    latest = read(bookmark).replace(tzinfo=dates.EXACT_TIME_ZONE, fold=1)
    return now - latest > LATE + REPEATED


def _comes_twice(moment: datetime) -> bool:
    zone = dates.EXACT_TIME_ZONE
    # In spring the two differ as well, in an hour that does not exist; reading more then costs nothing.
    return moment.replace(tzinfo=zone, fold=0).utcoffset() != moment.replace(tzinfo=zone, fold=1).utcoffset()
