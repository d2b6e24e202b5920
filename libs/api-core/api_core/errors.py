"""What can go wrong between us and a service, one class per thing that a caller can do about it.

    ApiError                    Everything that a client raises about an answer, or the lack of one
      TryLater                  Nothing was written, nothing is wrong with the request: send it in a later run
      RecordRefused             This one record or request is wrong: go on with the others
        NotFound                Its object is not there, or not any more
      OutcomeUnknown            A write may or may not have been done: look before it is repeated
      StopRun                   No further call of this run can succeed: a person or tomorrow has to help
        LoginLost               Log in again
        AccessDenied            Give the user or the app the right that the text names
        WrongDivision           Correct the administration, or log in as a user with access to it
        WrongAddress            Correct the address of the service
        DayLimitReached         Wait until `resets_at`
        ConfigurationError      Correct the setting; a ValueError too
        WriteNotAllowed         Nothing: the client was opened for reading, and has sent nothing

No text of these errors holds a token, a body or a name: they may be logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api_core.service import Service


class ApiError(Exception):
    """Everything that a client raises about an answer, or the lack of one."""


class TryLater(ApiError):  # noqa: N818 - named after what the caller should do
    """Nothing was written and nothing is wrong with the request: send it again in a later run."""


class RecordRefused(ApiError):  # noqa: N818 - named after what happened
    """This one record or request is wrong; others may go well.

    Attributes:
        endpoint: What was asked, such as `salesentry/SalesEntries` or `invoices.registerPayment`.
        status: HTTP status of the refusal.
        messages: What the service says, in the language of its user; may quote values of the record, so do not log
            them.
    """

    def __init__(self, service: Service, endpoint: str, status: int, messages: Sequence[str] = ()) -> None:
        self.endpoint = endpoint
        self.status = status
        self.messages = list(messages)
        super().__init__(f"{service.name} refused {endpoint} ({status}): {service.shown(self.messages)}")


class NotFound(RecordRefused):
    """The object is not there, or not any more, or not for this user."""


class OutcomeUnknown(ApiError):  # noqa: N818 - named after what happened
    """A write was sent and no usable answer came: it may or may not have been done. Look before you repeat it.

    Attributes:
        endpoint: What was asked.
    """

    def __init__(self, service: Service, endpoint: str, reason: str) -> None:
        self.endpoint = endpoint
        super().__init__(
            f"{service.name} may or may not have carried out the write to {endpoint}: no usable answer ({reason})"
        )


class StopRun(ApiError):  # noqa: N818 - named after what the caller should do
    """No further call of this run can succeed."""


class LoginLost(StopRun):
    """Somebody has to log in again."""


class AccessDenied(StopRun):
    """The user or the app lacks the right to an endpoint."""


class WrongDivision(StopRun):
    """The login has no access to the administration, or it does not exist."""


class WrongAddress(StopRun):
    """The service is not at the address in the settings."""


class DayLimitReached(StopRun):
    """The calls of this day are used up.

    Attributes:
        resets_at: When there are new ones, in UTC.
    """

    def __init__(self, service: Service, resets_at: datetime) -> None:
        self.resets_at = resets_at
        super().__init__(
            f"{service.name}'s limit of calls per day is used up; "
            f"the next run can go on after {resets_at:%Y-%m-%d %H:%M} UTC"
        )


class ConfigurationError(StopRun, ValueError):
    """A setting of the connection cannot be used."""


class WriteNotAllowed(StopRun):
    """A write was asked of a client that was opened for reading; nothing was sent."""
