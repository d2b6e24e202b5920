"""HTTP client for the Teamleader Focus API: sign-in, pacing, paging and typed errors."""

from teamleader_api.client import TeamleaderClient
from teamleader_api.errors import (
    AccessDenied,
    ApiError,
    ConfigurationError,
    LoginLost,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    TryLater,
)
from teamleader_api.pacing import Clock, SystemClock
from teamleader_api.tokens import MemoryTokens, Token, TokenPair, TokenSlot, TokenStore

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
]
