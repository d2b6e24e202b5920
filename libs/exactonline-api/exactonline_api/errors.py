"""What can go wrong between us and Exact Online, one class per thing a caller can do about it.

No text of these errors holds a token, a body or a name: they may be logged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class ApiError(Exception):
    """Everything this library raises about an answer, or the lack of one."""


class TryLater(ApiError):  # noqa: N818 - named after what the caller should do
    """Nothing was written and nothing is wrong with the request: send it again in a later run."""


class RecordRefused(ApiError):  # noqa: N818 - named after what happened
    """This one record or request is wrong; others may go well.

    Attributes:
        endpoint: The path below the division, such as `salesentry/SalesEntries`.
        status: HTTP status; 500 for what breaks a business rule.
        messages: What Exact says, line by line, in the language of its user; may quote values of the record, so do
            not log them.
    """

    def __init__(self, endpoint: str, status: int, messages: Sequence[str] = ()) -> None:
        self.endpoint = endpoint
        self.status = status
        self.messages = list(messages)
        super().__init__(f"Exact refused {endpoint} ({status}): {shown(self.messages)}")


class NotFound(RecordRefused):
    """The row is not there, or not any more, or not for this user: Exact answers all three alike."""


class OutcomeUnknown(ApiError):  # noqa: N818 - named after what happened
    """A write was sent and no usable answer came: it may or may not have been done. Look before you repeat it.

    Attributes:
        endpoint: The path that was written to.
    """

    def __init__(self, endpoint: str, reason: str) -> None:
        self.endpoint = endpoint
        super().__init__(f"Exact may or may not have written to {endpoint}: {reason}")


class StopRun(ApiError):  # noqa: N818 - named after what the caller should do
    """No further call of this run can succeed."""


class LoginLost(StopRun):
    """Somebody has to log in to Exact again."""


class WrongDivision(StopRun):
    """The login has no access to the administration, or it does not exist."""


class AccessDenied(StopRun):
    """The user or the app lacks the right to an endpoint."""


class DayLimitReached(StopRun):
    """The calls of this day are used up.

    Attributes:
        resets_at: When there are new ones, in UTC.
    """

    def __init__(self, resets_at: datetime) -> None:
        self.resets_at = resets_at
        super().__init__(
            f"Exact's limit of calls per day is used up; the next run can go on after {resets_at:%Y-%m-%d %H:%M} UTC"
        )


class ConfigurationError(StopRun, ValueError):
    """A setting of the connection cannot be used."""


class WriteNotAllowed(StopRun):
    """A write was asked of a client that was opened for reading; nothing was sent."""


_QUOTED_VALUE = re.compile(r"\[(?![\d.,%/ -]*\])[^\]]*\]")
_ADDRESS_OR_ACCOUNT = re.compile(r"[^\s@]+@[^\s@]+|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


def shown(messages: Sequence[str]) -> str:
    """Join messages for an error text: not too long, without e-mail addresses, IBANs and the values in brackets."""
    text = "; ".join(message for message in messages if message) or "no reason given"
    return _ADDRESS_OR_ACCOUNT.sub("…", _QUOTED_VALUE.sub("[]", text))[:300]
