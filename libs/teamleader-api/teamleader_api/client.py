"""The client: one call, a list of pages, a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from api_core import transport
from api_core.client import BaseClient
from api_core.clock import SystemClock
from api_core.errors import AccessDenied, LoginLost, NotFound, RecordRefused, StopRun, WrongAddress
from api_core.login import Credentials
from teamleader_api import files
from teamleader_api.login import TeamleaderLogin
from teamleader_api.paging import PAGE_SIZE, UNPAGED, pages, read_until_stable
from teamleader_api.service import TEAMLEADER
from teamleader_api.throttle import SlidingWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from requests import Response

    from api_core.clock import Clock
    from api_core.tokens import TokenStore

Row = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")

API_VERSION = "2023-09-26"
READS = frozenset({"list", "info", "download", "me"})
"""What comes after the dot in actions that change nothing; all others count as writes."""
LARGEST_FILE = 50 * 1024 * 1024


class TeamleaderClient(BaseClient):
    """Teamleader Focus behind three verbs: `call`, `rows` and `download`.

    Numbers with a fraction come and go as `Decimal`. Reads are repeated a few times when Teamleader does not answer;
    writes never, except when Teamleader says that it did not execute them. Not for use by several threads at once.

    Attributes:
        calls: Requests sent so far, those for tokens not counted.
        first_page_meta: `meta` of the first page of the list that was read last, or None.
    """

    def __init__(  # noqa: PLR0913 - the settings of a connection
        self,
        *,
        api_url: str = "https://api.focus.teamleader.eu",
        auth_url: str = "https://focus.teamleader.eu",
        client_id: str,
        client_secret: str,
        refresh_token: str | None,
        tokens: TokenStore,
        timeout: transport.Timeout = (10, 60),
        clock: Clock | None = None,
        read_only: bool = False,
    ) -> None:
        self.first_page_meta: dict[str, Any] | None = None
        self._api_url = transport.base_url(api_url, "api_url")
        token_url = f"{transport.base_url(auth_url, 'auth_url')}/oauth2/access_token"
        credentials = Credentials(client_id, client_secret, refresh_token)
        clock = clock or SystemClock()
        login = TeamleaderLogin(TEAMLEADER, token_url, credentials, tokens=tokens, clock=clock, timeout=timeout)
        super().__init__(login, SlidingWindow(clock), clock=clock, timeout=timeout, read_only=read_only)

    def call(self, action: str, body: dict[str, Any] | None = None) -> transport.Json:
        """Send one action such as `invoices.info` and return its `data`, None when it answers with nothing.

        Raises:
            RecordRefused: Teamleader refuses this request (NotFound: its object is not there).
            OutcomeUnknown: A write was sent, and no usable answer came.
            TryLater: Teamleader is out of order or busy; nothing was changed.
            StopRun: Login, rights or settings have to be mended first; or it writes, and the client is for reading.
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

    def rows_with_ids(self, action: str, ids: Iterable[str], body: dict[str, Any] | None = None) -> Iterator[Row]:
        """Yield the rows of a list that have these ids, a hundred per call (teamleader 2.3); raises as `call`."""
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), PAGE_SIZE):
            yield from self.rows(action, {**(body or {}), "filter": {"ids": wanted[start : start + PAGE_SIZE]}})

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

    def download(self, location: str, into: BinaryIO, *, largest: int = LARGEST_FILE) -> int:
        """Fetch a file from the temporary `location` that a download action gave; no token is sent along.

        Args:
            location: Where it is.
            into: What it is written to, from the beginning; what was there is overwritten.
            largest: In bytes.

        Returns:
            Its size in bytes.

        Raises:
            NotFound: The location does not exist or has expired: ask for a new one.
            RecordRefused: The file is larger than `largest` bytes (status 413), or would come over an open line.
            TryLater: It could not be had now.
        """
        return self._patiently("the download of a file", lambda: self._fetched(location, into, largest))

    def _fetched(self, url: str, into: BinaryIO, largest: int) -> int:
        self.calls += 1
        return files.fetch(self._session, url, self._timeout, largest, into)

    def _answer(self, action: str, body: dict[str, Any]) -> transport.Json:
        request = transport.Request(
            endpoint=action,
            method="POST",
            url=f"{self._api_url}/{action}",
            writes=action.rpartition(".")[2] not in READS,
            content=transport.dump(body),
            headers={"Content-Type": "application/json", "X-Api-Version": API_VERSION},
        )
        return self._carry_out(request, lambda response: _read(action, response))


def _read(action: str, response: Response) -> transport.Json:
    """Return a whole answer, `{"data": …, "meta": …}`, or None when it has no content; raise what a refusal means."""
    status = response.status_code
    if status == HTTPStatus.NO_CONTENT:
        return None
    answer = transport.parse(response.content)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise WrongAddress("The address in api_url is not that of Teamleader's API: correct it")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _refusal(action, status, answer)
    if not response.ok or not isinstance(answer, dict) or "data" not in answer:
        raise transport.NoAnswerError(f"status {status}")
    return answer


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
            return WrongAddress(f"Teamleader does not know {action}: correct api_url")
        return NotFound(TEAMLEADER, action, status, messages)
    return RecordRefused(TEAMLEADER, action, status, messages)
