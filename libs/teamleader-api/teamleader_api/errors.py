"""What can go wrong between us and Teamleader, one class per thing a caller can do about it.

No text of these errors holds a token, a body or a name: they may be logged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ApiError(Exception):
    """Everything this library raises about an answer, or the lack of one."""


class TryLater(ApiError):  # noqa: N818 - named after what the caller should do
    """Nothing was changed at Teamleader and nothing is wrong with the request: send it again in a later run."""


class RecordRefused(ApiError):  # noqa: N818 - named after what happened
    """This one record or request is wrong; others may go well.

    Attributes:
        status: HTTP status of the refusal.
        endpoint: The action, such as `invoices.registerPayment`.
        messages: What Teamleader says; may quote values of the record, so do not log them.
    """

    def __init__(self, endpoint: str, status: int, messages: Sequence[str] = ()) -> None:
        self.endpoint = endpoint
        self.status = status
        self.messages = list(messages)
        super().__init__(f"Teamleader refused {endpoint} ({status}): {shown(self.messages)}")


class NotFound(RecordRefused):
    """The object is not there, or not any more."""


class OutcomeUnknown(ApiError):  # noqa: N818 - named after what happened
    """A write was sent and no usable answer came: it may or may not have been done. Look before you repeat it.

    Attributes:
        endpoint: The action that was sent.
    """

    def __init__(self, endpoint: str, reason: str) -> None:
        self.endpoint = endpoint
        super().__init__(f"Teamleader may or may not have done {endpoint}: {reason}")


class StopRun(ApiError):  # noqa: N818 - named after what the caller should do
    """No further call of this run can succeed."""


class LoginLost(StopRun):
    """Somebody has to log in to Teamleader again."""


class AccessDenied(StopRun):
    """The login or the integration lacks a right."""


class ConfigurationError(StopRun, ValueError):
    """A setting of the connection cannot be used."""


def shown(messages: Sequence[str]) -> str:
    """Join messages for an error text: not too long, and without what they quote from records."""
    text = "; ".join(message.strip() for message in messages if message.strip()) or "no reason given"
    return re.sub(r"[^\s@\"']+@[^\s@\"']+", "…", re.sub(r"\"[^\"]*\"|'[^']*'", "…", text))[:300]
