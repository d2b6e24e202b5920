"""What a client of Exact raises; `api_core.errors` draws how they hang together."""

from api_core.errors import (
    AccessDenied,
    ApiError,
    ConfigurationError,
    DayLimitReached,
    LoginLost,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    TryLater,
    WriteNotAllowed,
    WrongAddress,
    WrongDivision,
)

__all__ = [
    "AccessDenied",
    "ApiError",
    "ConfigurationError",
    "DayLimitReached",
    "LoginLost",
    "NotFound",
    "OutcomeUnknown",
    "RecordRefused",
    "StopRun",
    "TryLater",
    "WriteNotAllowed",
    "WrongAddress",
    "WrongDivision",
]
