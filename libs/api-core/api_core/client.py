"""What every client does around its requests: signs, waits, repeats what may be repeated, refuses what may not be."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from api_core import transport
from api_core.errors import OutcomeUnknown, TryLater, WriteNotAllowed
from api_core.repeats import Repeat, backoff, should_repeat
from api_core.throttle import date_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from requests import Response

    from api_core.clock import Clock
    from api_core.login import Login
    from api_core.throttle import Throttle

T = TypeVar("T")


class BaseClient:
    """Carries out requests for a client of one service. Not for use by several threads at once.

    Attributes:
        calls: Requests sent so far, those for tokens not counted.
        before_call: Called before anything is sent or waited for; what it raises leaves the request unsent.
    """

    def __init__(
        self, login: Login, throttle: Throttle, *, clock: Clock, timeout: transport.Timeout, read_only: bool
    ) -> None:
        self.calls = 0
        self.before_call: Callable[[], object] = _nothing
        self._service = login.service
        self._login = login
        self._throttle = throttle
        self._clock = clock
        self._timeout = timeout
        self._read_only = read_only
        self._session = transport.session(self._service.agent)
        self._heard: tuple[datetime, float] | None = None

    @property
    def token_calls(self) -> int:
        """Requests for tokens sent so far."""
        return self._login.token_calls

    def log_in(self, code: str, redirect_address: str) -> None:
        """Begin a new login with the code that a consent gave; see `Login.log_in`."""
        self._login.log_in(code, redirect_address)

    def renew_early(self) -> bool:
        """Ask for a new access token while the one at hand is valid; tell whether the service gave one.

        Raises:
            StopRun: The login, or the way to it, has to be mended first.
        """
        try:
            self._login.renew(self._login.access_token())
        except TryLater:
            return False
        return True

    def service_now(self) -> datetime:
        """Return what time it is at the service, by its last answer that told it; before there was one, by our clock.

        What was sent and when is to be measured by one clock, and ours may be wrong, or be set right in between.
        """
        if self._heard is None:
            return self._clock.now()
        told, at = self._heard
        return told + timedelta(seconds=self._clock.monotonic() - at)

    def _carry_out(self, request: transport.Request, read: Callable[[Response], T]) -> T:
        """Send a request and return what `read` makes of the answer.

        Args:
            request: What to send.
            read: Reads an answer that counts. Raises NoAnswerError when it is none of the service's, else what a
                refusal means.

        Raises:
            WriteNotAllowed: It writes, and the client is for reading.
            OutcomeUnknown: A write was sent and no usable answer came.
            TryLater: The service does not answer a read, or cannot be reached; nothing was written.
            StopRun: Login or limit of the day.
        """
        if request.writes and self._read_only:
            raise WriteNotAllowed(f"Nothing may be written, so {request.endpoint} was not: this is a dry run")
        return self._patiently(request.endpoint, lambda: read(self._taken(request)), writes=request.writes)

    def _patiently(self, endpoint: str, attempt: Callable[[], T], *, writes: bool = False) -> T:
        """Attempt until there is an answer, or what there is allows no further attempt; raises as `_carry_out`."""
        self.before_call()
        unanswered = 0
        while True:
            try:
                return attempt()
            except transport.NoAnswerError as failure:
                if should_repeat(failure, writes=writes, times=unanswered) is Repeat.NEVER:
                    raise self._given_up(endpoint, failure, writes=writes) from None
            unanswered += 1
            self._clock.sleep(backoff(unanswered))

    def _given_up(self, endpoint: str, failure: transport.NoAnswerError, *, writes: bool) -> OutcomeUnknown | TryLater:
        name = self._service.name
        if not writes:
            return TryLater(f"{name} does not answer {endpoint} ({failure}): the next run tries again")
        if failure.was_sent:
            return OutcomeUnknown(self._service, endpoint, str(failure))
        return TryLater(f"{name} cannot be reached ({failure}): the next run tries again")

    def _taken(self, request: transport.Request) -> Response:
        """Send until the service takes the request: what it answers with 429 or 401 it did not carry out."""
        seen: Counter[int] = Counter()
        while True:
            self._throttle.wait_for_room()
            token = self._login.access_token()
            self.calls += 1
            response = transport.exchange(self._session, request, token, self._timeout)
            self._throttle.learn(response.headers)
            told = date_of(response.headers)
            self._heard = (told, self._clock.monotonic()) if told is not None else self._heard
            status = response.status_code
            repeat = should_repeat(status, writes=request.writes, times=seen[status])
            seen[status] += 1
            if repeat is Repeat.AFTER_LIMIT:
                self._throttle.wait_after_refusal(request.endpoint, response, seen[status])
            elif repeat is Repeat.AFTER_RENEWAL:
                self._login.renew(token)
            else:
                return response


def _nothing() -> None:
    pass
