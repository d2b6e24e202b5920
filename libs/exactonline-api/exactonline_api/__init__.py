"""HTTP client for the Exact Online REST API: sign-in, throttle, paging and typed errors."""

from api_core.clock import Clock, SystemClock
from api_core.tokens import MemoryTokens, Token, TokenPair, TokenSlot, TokenStore
from api_core.transport import Base64
from exactonline_api.client import ExactClient
from exactonline_api.errors import (
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
from exactonline_api.throttle import Limits, Window
from exactonline_api.xml_topics import Message

__all__ = [
    "AccessDenied",
    "ApiError",
    "Base64",
    "Clock",
    "ConfigurationError",
    "DayLimitReached",
    "ExactClient",
    "Limits",
    "LoginLost",
    "MemoryTokens",
    "Message",
    "NotFound",
    "OutcomeUnknown",
    "RecordRefused",
    "StopRun",
    "SystemClock",
    "Token",
    "TokenPair",
    "TokenSlot",
    "TokenStore",
    "TryLater",
    "Window",
    "WriteNotAllowed",
    "WrongAddress",
    "WrongDivision",
]
