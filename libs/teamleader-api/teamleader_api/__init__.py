"""HTTP client for the Teamleader Focus API: sign-in, throttle, paging and typed errors."""

from api_core.clock import Clock, SystemClock
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
from api_core.tokens import MemoryTokens, Token, TokenPair, TokenSlot, TokenStore
from teamleader_api.client import TeamleaderClient

__all__ = [
    "AccessDenied",
    "ApiError",
    "Clock",
    "ConfigurationError",
    "LoginLost",
    "MemoryTokens",
    "NotFound",
    "OutcomeUnknown",
    "RecordRefused",
    "StopRun",
    "SystemClock",
    "TeamleaderClient",
    "Token",
    "TokenPair",
    "TokenSlot",
    "TokenStore",
    "TryLater",
    "WriteNotAllowed",
    "WrongAddress",
]
