"""Whether a request is sent again: the one place that decides."""

from __future__ import annotations

import random
from enum import Enum
from http import HTTPStatus

from api_core.transport import NoAnswerError

TRIES = 4
"""How often a read is sent at most when the service does not answer."""
_LONGEST_PAUSE = 30.0


class Repeat(Enum):
    """When to send a request again."""

    NEVER = "the answer counts, or its absence does"
    AFTER_LIMIT = "when the service has room"
    AFTER_RENEWAL = "with another access token"
    AFTER_PAUSE = "after a pause that grows"


def should_repeat(outcome: int | NoAnswerError, *, writes: bool, times: int = 0) -> Repeat:
    """Decide whether a request is sent again.

    A 429 and a 401 say that it was not carried out, so that a write goes again too. Without an answer nobody knows:
    then a read goes again, and a write never, not even one that could not be sent (a later run sends it).

    Args:
        outcome: HTTP status, or why there is no answer.
        writes: Whether the request may change something at the service.
        times: How often this outcome came before: the same token is rejected once, silence is borne a few times. How
            often a limit is waited for is the throttle's.
    """
    if isinstance(outcome, NoAnswerError):
        return Repeat.NEVER if writes or times + 1 >= TRIES else Repeat.AFTER_PAUSE
    if outcome == HTTPStatus.TOO_MANY_REQUESTS:
        return Repeat.AFTER_LIMIT
    if outcome == HTTPStatus.UNAUTHORIZED and times == 0:
        return Repeat.AFTER_RENEWAL
    return Repeat.NEVER


def backoff(attempt: int) -> float:
    """Return the seconds before repeat number `attempt` (1, 2, …): 1, 2, 4 … with jitter, so that processes spread."""
    return min(2.0 ** (attempt - 1), _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
