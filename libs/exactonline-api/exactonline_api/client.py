"""The client of one administration: rows, one row, and the three ways to write."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from api_core.clock import SystemClock
from exactonline_api import odata, refusals, transport, xml_topics
from exactonline_api.auth import Authenticator
from exactonline_api.errors import NotFound, OutcomeUnknown, StopRun, TryLater, WriteNotAllowed
from exactonline_api.pacing import Pacing, backoff
from exactonline_api.paging import follow
from exactonline_api.rows import Row, normalised, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from requests import Response

    from api_core.clock import Clock
    from api_core.tokens import TokenStore
    from exactonline_api.pacing import Limits

TRIES = 4
"""How often a read is sent at most when Exact does not answer."""
ME = "current/Me"
"""The one endpoint that belongs to no administration (fact 0.2)."""


class ExactClient:
    """One administration of Exact Online, by `rows`, `row`, `post`, `put` and `delete`.

    Paths are those below the division, such as `financial/GLAccounts`. Numbers with a fraction come and go as
    `Decimal`. Reads are repeated a few times when Exact does not answer; writes never, except when Exact says that it
    did not execute them (401, 429). Not for use by several threads at once.

    Raised by every method: `TryLater` (nothing was written), `StopRun` and its kinds (login, rights, division, limit of
    the day), `RecordRefused` (this request is wrong); by those that write also `OutcomeUnknown`.

    Attributes:
        calls: Requests sent so far, those for tokens not counted.
    """

    def __init__(  # noqa: PLR0913 - the settings of a connection
        self,
        *,
        api_url: str,
        division: int,
        client_id: str,
        client_secret: str,
        refresh_token: str | None,
        tokens: TokenStore,
        clock: Clock | None = None,
        timeout: transport.Timeout = (10, 90),
        on_limits: Callable[[int | None, int | None], None] | None = None,
        read_only: bool = False,
    ) -> None:
        base = transport.base_url(api_url)
        self.calls = 0
        self._base = base
        self._root = f"{base}/api/v1"
        self._division = division
        self._read_only = read_only
        self._clock = clock or SystemClock()
        self._timeout = timeout
        self._session = transport.session()
        self._pacing = Pacing(self._clock, on_limits)
        self._auth = Authenticator(
            api_url=base,
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

    @property
    def limits(self) -> Limits:
        """What the last answers said of the calls that are left this minute and this day."""
        return self._pacing.limits

    def rows(
        self,
        path: str,
        *,
        select: Iterable[str],
        filter: str | None = None,  # noqa: A002 - the name of the option
        orderby: str | None = None,
        top: int | None = None,
        expand: str | None = None,
    ) -> Iterator[Row]:
        """Yield the rows of an endpoint, page after page, normalised (see `rows.normalised`).

        Args:
            path: Such as `sync/CRM/Accounts`.
            select: Names of fields; Exact refuses many endpoints without (fact 3.13).
            filter: A condition, its values written with `odata`; encoded here.
            orderby: A field, with ` desc` if need be.
            top: At most so many rows.
            expand: A collection to come along, such as `SalesEntryLines`.
        """
        fields = ",".join(select)
        options = odata.query(select=fields, filter=filter, orderby=orderby, top=top, expand=expand)
        pages = follow(f"{self._url(path)}?{options}", lambda url: self._get(path, url))
        yield from islice(chain.from_iterable(map(rows_of, pages)), top)

    def row(self, path: str, key: str | int, select: Iterable[str] | None = None) -> Row:
        """Return one row by its id, number or code; NotFound when it is not there, or not any more."""
        url = self._url(odata.row_path(path, key))
        options = odata.query(select=",".join(select) if select else None)
        found = rows_of(self._get(path, f"{url}?{options}" if options else url, of_row=True))
        if not found:
            raise NotFound(path, HTTPStatus.NOT_FOUND)
        return found[0]

    def me(self) -> Row:
        """Return who the login is for: UserID, CurrentDivision, AccountingDivision, language and server time.

        CurrentDivision follows what the user opened last: never write by it (fact 0.4).
        """
        fields = ("UserID", "CurrentDivision", "AccountingDivision", "LanguageCode", "ServerTime", "ServerUtcOffset")
        for row in self.rows(ME, select=fields):
            return row
        raise NotFound(ME, HTTPStatus.NOT_FOUND)

    def post(self, path: str, body: dict[str, Any]) -> Row:
        """Create a row and return it, as far as Exact shows it: some endpoints return the id alone (fact 3.27)."""
        answer = transport.parse(self._write("POST", path, self._url(path), body).content)
        row = answer.get("d") if isinstance(answer, dict) else None
        if not isinstance(row, dict) or not row:
            raise OutcomeUnknown(path, "the answer cannot be read")
        return rows_of(row)[0] if "results" in row else normalised(row)

    def put(self, path: str, key: str | int, body: dict[str, Any]) -> None:
        """Change the named fields of a row, others stay; NotFound when there is no such row."""
        self._change("PUT", path, key, body)

    def delete(self, path: str, key: str | int) -> None:
        """Remove a row; NotFound when there is none, also after an earlier removal."""
        self._change("DELETE", path, key)

    def upload(self, topic: str, document: bytes) -> list[xml_topics.Message]:
        """Send an XML document of a topic, such as `MatchSets`, and return what Exact says of it.

        The service is to end (fact 6.30): that an address is gone refuses this document only (`RecordRefused`).
        """
        endpoint = f"XML topic {topic}"
        try:
            response = self._write(
                "POST", endpoint, xml_topics.address(self._base, topic, self._division), document, of_row=True
            )
        except StopRun as error:
            if type(error) is not StopRun:
                raise
            raise NotFound(endpoint, HTTPStatus.NOT_FOUND) from None
        messages = xml_topics.messages(response.content)
        if messages is None:
            raise OutcomeUnknown(endpoint, "the answer cannot be read")
        return messages

    def _url(self, path: str) -> str:
        return f"{self._root}/{path}" if path == ME else f"{self._root}/{self._division}/{path}"

    def _get(self, path: str, url: str, *, of_row: bool = False) -> transport.Json:
        """Fetch the `d` of an address, trying a few times."""
        for number in range(1, TRIES):
            with suppress(transport.NoAnswerError):
                return self._got(path, url, of_row=of_row)
            self._clock.sleep(backoff(number))
        try:
            return self._got(path, url, of_row=of_row)
        except transport.NoAnswerError as failure:
            raise TryLater(f"Exact does not answer {path} ({failure}): the next run tries again") from None

    def _got(self, path: str, url: str, *, of_row: bool) -> transport.Json:
        response = self._executed("GET", path, url, of_row=of_row)
        answer = transport.parse(response.content)
        if not isinstance(answer, dict) or not isinstance(answer.get("d"), dict | list):
            raise transport.NoAnswerError("not an answer of Exact's API")  # HTML with 200, at maintenance (fact 4.3)
        return answer["d"]

    def _change(self, method: str, path: str, key: str | int, body: object = None) -> None:
        response = self._write(method, path, self._url(odata.row_path(path, key)), body, of_row=True)
        if response.content.strip() and transport.parse(response.content) is None:
            raise OutcomeUnknown(path, "the answer cannot be read")

    def _write(self, method: str, path: str, url: str, body: object, *, of_row: bool = False) -> Response:
        if self._read_only:
            raise WriteNotAllowed(f"Nothing may be written, so {path} was not: this is a dry run")
        try:
            return self._executed(method, path, url, body=body, of_row=of_row)
        except transport.NoAnswerError as failure:
            if failure.was_sent:
                raise OutcomeUnknown(path, f"no usable answer ({failure})") from None
            raise TryLater(f"Exact cannot be reached ({failure}): the next run tries again") from None

    def _executed(self, method: str, path: str, url: str, *, body: object = None, of_row: bool) -> Response:
        """Send until Exact takes the request (neither 429 nor 401 was executed) and return the answer of a success."""
        refused, renewed = 0, False
        while True:
            self._pacing.wait_for_room()
            token = self._auth.access_token()
            self.calls += 1
            response = transport.exchange(self._session, method, url, token=token, timeout=self._timeout, body=body)
            self._pacing.learn(response.headers)
            status = response.status_code
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return response
            lines = refusals.messages(response.content)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                if refusals.is_block(lines, response.headers):
                    raise TryLater(f"Exact has blocked {path} for an hour after too many refusals: try again after it")
                refused += 1
                self._pacing.wait_after_refusal(response.headers, refused)
            elif status == HTTPStatus.UNAUTHORIZED and not renewed:
                renewed = True
                self._auth.renew(token)
            elif refusals.is_fault(status, lines):
                raise transport.NoAnswerError(f"status {status}")
            else:
                raise refusals.refusal(path, status, lines, of_row=of_row, division=self._division)
