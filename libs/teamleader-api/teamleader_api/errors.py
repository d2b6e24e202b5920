"""What a client of Teamleader raises; `api_core.errors` draws how they hang together."""

from api_core.errors import (
    AccessDenied,
    ApiError,
    ConfigurationError,
    LoginLost,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    TryLater,
    WriteNotAllowed,
    WrongAddress,
)

__all__ = [
    "AccessDenied",
    "ApiError",
    "ConfigurationError",
    "LoginLost",
    "NotFound",
    "OutcomeUnknown",
    "RecordRefused",
    "StopRun",
    "TryLater",
    "WriteNotAllowed",
    "WrongAddress",
]
