"""The client: one call, a list of pages, a file."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from api_core.clock import SystemClock
from teamleader_api import transport
from teamleader_api.auth import Authenticator
from teamleader_api.errors import (
    AccessDenied,
    LoginLost,
    NotFound,
    OutcomeUnknown,
    RecordRefused,
    StopRun,
    TryLater,
)
from teamleader_api.pacing import Pacing, backoff
from teamleader_api.paging import PAGE_SIZE, UNPAGED, pages, read_until_stable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_core.clock import Clock
    from api_core.tokens import TokenStore

Row = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")

API_VERSION = "2023-09-26"
READS = frozenset({"list", "info", "download", "me"})
"""What comes after the dot in actions that change nothing; only these are ever repeated."""
TRIES = 4
LARGEST_FILE = 50 * 1024 * 1024


class TeamleaderClient:
    """Teamleader Focus behind three verbs: `call`, `rows` and `download`.

    Numbers with a fraction come and go as `Decimal`. Reads are repeated a few times when Teamleader does not answer;
    writes never, except when Teamleader says that it did not execute them. Not for use by several threads at once.

    Attributes:
        calls: Requests sent so far, those for tokens not counted.
        first_page_meta: `meta` of the first page of the list that was read last, or None.
    """

    def __init__(
        self,
        *,
        api_url: str = "https://api.focus.teamleader.eu",
        auth_url: str = "https://focus.teamleader.eu",
        client_id: str,
        client_secret: str,
        refresh_token: str | None,
        tokens: TokenStore,
        clock: Clock | None = None,
        timeout: transport.Timeout = (10, 60),
    ) -> None:
        self.calls = 0
        self.first_page_meta: dict[str, Any] | None = None
        self._api_url = transport.base_url(api_url, "api_url")
        self._clock = clock or SystemClock()
        self._timeout = timeout
        self._session = transport.session()
        self._pacing = Pacing(self._clock)
        self._auth = Authenticator(
            auth_url=transport.base_url(auth_url, "auth_url"),
            client_id=client_id,
            client_secret=client_secret,
            refresh_token=refresh_token,
            tokens=tokens,
            clock=self._clock,
            timeout=timeout,
        )

    @property
    def token_calls(self) -> int:
        """Requests for tokens sent so far."""
        return self._auth.token_calls

    def call(self, action: str, body: dict[str, Any] | None = None) -> transport.Json:
        """Send one action such as `invoices.info` and return its `data`, None when it answers with nothing.

        Raises:
            RecordRefused: Teamleader refuses this request (NotFound: its object is not there).
            OutcomeUnknown: A write was sent, and no usable answer came.
            TryLater: Teamleader is out of order or busy; nothing was changed.
            StopRun: Login, rights or settings have to be mended first.
        """
        answer = self._answer(action, body or {})
        return answer.get("data") if answer else None

    def pages(self, action: str, body: dict[str, Any] | None = None, size: int = PAGE_SIZE) -> Iterator[list[Row]]:
        """Yield the rows of a list page by page; raises as `call`."""
        self.first_page_meta = None
        if action in UNPAGED:
            answers = iter([self._answer(action, body or {})])
        else:
            answers = pages(lambda page: self._answer(action, page), body or {}, size)
        for number, answer in enumerate(answers):
            if number == 0:
                self.first_page_meta = answer.get("meta")
            yield answer["data"]

    def rows(self, action: str, body: dict[str, Any] | None = None) -> Iterator[Row]:
        """Yield the rows of a list one by one; raises as `call`."""
        for page in self.pages(action, body):
            yield from page

    def listed_until_stable(
        self,
        action: str,
        body: dict[str, Any] | None = None,
        *,
        key: Callable[[Row], K],
        project: Callable[[Row], V],
    ) -> list[V]:
        """Read a whole list, again if it has several pages and moved meanwhile; raises as `call`.

        Args:
            action: A list such as `invoices.list`.
            body: Filter and sorting.
            key: What tells rows apart, mostly `row["id"]`.
            project: What to keep of a row.

        Returns:
            One projection per key, that of the last version seen.
        """
        return read_until_stable(lambda: self.pages(action, body), key, project)

    def download(self, location: str, *, largest: int = LARGEST_FILE) -> bytes:
        """Fetch a file from the temporary `location` that a download action gave; no token is sent along.

        Raises:
            NotFound: The location does not exist or has expired: ask for a new one.
            RecordRefused: The file is larger than `largest` bytes, or would come over an open line.
            TryLater: It could not be had now.
        """
        return self._repeated("the download of a file", lambda: self._fetched(location, largest))

    def _answer(self, action: str, body: dict[str, Any]) -> transport.Json:
        if action.rpartition(".")[2] in READS:
            return self._repeated(action, lambda: self._attempt(action, body))
        try:
            return self._attempt(action, body)
        except transport.NoAnswerError as failure:
            if failure.was_sent:
                raise OutcomeUnknown(action, str(failure)) from None
            raise TryLater(f"Teamleader cannot be reached ({failure}): the next run tries again") from None

    def _repeated(self, what: str, attempt: Callable[[], V]) -> V:
        """Try a read a few times."""
        for number in range(1, TRIES):
            with suppress(transport.NoAnswerError):
                return attempt()
            self._clock.sleep(backoff(number))
        try:
            return attempt()
        except transport.NoAnswerError as failure:
            raise TryLater(f"Teamleader does not answer {what} ({failure}): the next run tries again") from None

    def _attempt(self, action: str, body: dict[str, Any]) -> transport.Json:
        response = self._executed(action, body)
        answer = transport.parse(response.content)
        status = response.status_code
        if status == HTTPStatus.NO_CONTENT:
            return None
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise StopRun("The address in api_url is not that of Teamleader's API: correct it")
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _refusal(action, status, answer)
        if not response.ok or not isinstance(answer, dict) or "data" not in answer:
            raise transport.NoAnswerError(f"status {status}")
        return answer

    def _fetched(self, url: str, largest: int) -> bytes:
        self.calls += 1
        try:
            return transport.fetch(self._session, url, self._timeout, largest)
        except transport.TooLargeError:
            message = f"the file has more than {largest} bytes"
            raise RecordRefused("download", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [message]) from None
        except transport.OpenLineError:
            message = "the location of the file does not begin with https://"
            raise RecordRefused("download", HTTPStatus.UPGRADE_REQUIRED, [message]) from None
        except requests.HTTPError as error:
            status = error.response.status_code
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
                raise NotFound("download", status, ["the file is not there, or not any more"]) from None
            raise transport.NoAnswerError(f"status {status}") from None
        except requests.RequestException as error:
            raise transport.NoAnswerError.of(error) from None

    def _executed(self, action: str, body: dict[str, Any]) -> requests.Response:
        """Send until Teamleader takes the request: neither a 429 nor a 401 was executed."""
        refusals, renewed = 0, False
        while True:
            self._pacing.wait_for_room()
            token = self._auth.access_token()
            self.calls += 1
            try:
                response = self._session.post(
                    f"{self._api_url}/{action}",
                    data=transport.dump(body),
                    headers={"Content-Type": "application/json", "X-Api-Version": API_VERSION},
                    auth=transport.Signature(token),
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise transport.NoAnswerError.of(error) from None
            self._pacing.learn(response.headers)
            if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                refusals += 1
                self._pacing.wait_after_refusal(response.headers, refusals)
            elif response.status_code == HTTPStatus.UNAUTHORIZED and not renewed:
                renewed = True
                self._auth.renew(token)
            else:
                return response


def _refusal(action: str, status: int, answer: transport.Json) -> RecordRefused | StopRun:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    messages = [str(error.get("title", "")) for error in errors or [] if isinstance(error, dict)]
    if status == HTTPStatus.UNAUTHORIZED:
        return LoginLost("Teamleader refuses a fresh access token: log in again and set the new refresh_token")
    if status == HTTPStatus.FORBIDDEN:
        return AccessDenied(
            f"The login to Teamleader may not use {action}: give the user and the integration that right"
        )
    if status == HTTPStatus.NOT_FOUND:
        if action.endswith(".list"):
            return StopRun(f"Teamleader does not know {action}: correct api_url")
        return NotFound(action, status, messages)
    return RecordRefused(action, status, messages)
