"""The client of one administration: rows, one row, and the three ways to write."""

from __future__ import annotations

from http import HTTPStatus
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from api_core import transport
from api_core.client import BaseClient
from api_core.clock import SystemClock
from api_core.errors import NotFound, WrongAddress
from api_core.login import Credentials
from exactonline_api import odata, refusals, xml_topics
from exactonline_api.login import ExactLogin
from exactonline_api.paging import follow
from exactonline_api.rows import Row, normalised, rows_of
from exactonline_api.service import EXACT
from exactonline_api.throttle import MinuteAndDay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from requests import Response

    from api_core.clock import Clock
    from api_core.tokens import TokenStore
    from exactonline_api.throttle import Limits

T = TypeVar("T")
ME = "current/Me"
"""The one endpoint that belongs to no administration (exact-online 0.2)."""
JSON = {"Content-Type": "application/json", "Prefer": "return=representation"}
"""What is sent is asked back whole (exact-online 3.27)."""
XML = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml"}
PATIENT: transport.Timeout = (10, 90)
UNREADABLE = "the answer cannot be read"

Body = dict[str, Any] | bytes | None


class ExactClient(BaseClient):
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
        read_only: bool = False,
        on_limits: Callable[[int | None, int | None], None] | None = None,
        calls_left: int | None = None,
        timeout: transport.Timeout = PATIENT,
        clock: Clock | None = None,
    ) -> None:
        self._base = transport.base_url(api_url, "api_url")
        self._division = division
        clock = clock or SystemClock()
        self._window = MinuteAndDay(clock, on_limits, calls_left)
        login = ExactLogin(
            EXACT,
            f"{self._base}/api/oauth2/token",
            Credentials(client_id, client_secret, refresh_token),
            tokens=tokens,
            clock=clock,
            # An answer that holds the next token is always waited for: without it the login is lost.
            timeout=PATIENT,
        )
        super().__init__(login, self._window, clock=clock, timeout=timeout, read_only=read_only)

    @property
    def limits(self) -> Limits:
        """What the last answers said of the calls that are left this minute and this day."""
        return self._window.limits

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
            select: Names of fields; Exact refuses many endpoints without (exact-online 3.13).
            filter: A condition, its values written with `odata`; encoded here.
            orderby: A field, with ` desc` if need be.
            top: At most so many rows.
            expand: A collection to come along, such as `SalesEntryLines`.
        """
        fields = ",".join(select)
        options = odata.query(select=fields, filter=filter, orderby=orderby, top=top, expand=expand)
        pages = follow(f"{self._url(path)}?{options}", lambda url: self._get(path, url))
        yield from islice(chain.from_iterable(map(rows_of, pages)), top)

    def first_of(self, path: str, *, select: Iterable[str], filter: str, orderby: str) -> tuple[Row | None, int]:  # noqa: A002 - the name of the option
        """Return the first row that the filter lets through, and how many there are: one call (exact-online 3.11)."""
        options = odata.query(select=",".join(select), filter=filter, orderby=orderby, top=1, inlinecount="allpages")
        data = self._get(path, f"{self._url(path)}?{options}")
        if not isinstance(data, dict) or "__count" not in data:
            raise transport.NoAnswerError("not a list with its count")
        return next(iter(rows_of(data)), None), int(data["__count"])

    def row(self, path: str, key: str | int, select: Iterable[str] | None = None) -> Row:
        """Return one row by its id, number or code; NotFound when it is not there, or not any more."""
        url = self._url(odata.row_path(path, key))
        options = odata.query(select=",".join(select) if select else None)
        found = rows_of(self._get(path, f"{url}?{options}" if options else url, of_row=True))
        if not found:
            raise NotFound(EXACT, path, HTTPStatus.NOT_FOUND)
        return found[0]

    def me(self) -> Row:
        """Return who the login is for: UserID, CurrentDivision, AccountingDivision, language and server time.

        CurrentDivision follows what the user opened last: never write by it (exact-online 0.4).
        """
        fields = ("UserID", "CurrentDivision", "AccountingDivision", "LanguageCode", "ServerTime", "ServerUtcOffset")
        for row in self.rows(ME, select=fields):
            return row
        raise NotFound(EXACT, ME, HTTPStatus.NOT_FOUND)

    def post(self, path: str, body: dict[str, Any]) -> Row:
        """Create a row and return it, as far as Exact shows it: some give the id alone (exact-online 3.27)."""
        return self._asked(self._request("POST", path, self._url(path), body), _new_row)

    def put(self, path: str, key: str | int, body: dict[str, Any]) -> None:
        """Change the named fields of a row, others stay; NotFound when there is no such row."""
        self._change("PUT", path, key, body)

    def delete(self, path: str, key: str | int) -> None:
        """Remove a row; NotFound when there is none, also after an earlier removal."""
        self._change("DELETE", path, key)

    def upload(self, topic: str, document: bytes) -> list[xml_topics.Message]:
        """Send an XML document of a topic, such as `MatchSets`, and return what Exact says of it.

        The service is to end (exact-online 6.30): that an address is gone refuses this document only (`RecordRefused`).
        """
        endpoint = f"XML topic {topic}"
        address = xml_topics.address(self._base, topic, self._division)
        try:
            return self._asked(self._request("POST", endpoint, address, document), _messages, of_row=True)
        except WrongAddress:
            raise NotFound(EXACT, endpoint, HTTPStatus.NOT_FOUND) from None

    def _url(self, path: str) -> str:
        within = path if path == ME else f"{self._division}/{path}"
        return f"{self._base}/api/v1/{within}"

    def _get(self, path: str, url: str, *, of_row: bool = False) -> transport.Json:
        return self._asked(self._request("GET", path, url), _data, of_row=of_row)

    def _change(self, method: str, path: str, key: str | int, body: Body = None) -> None:
        self._asked(self._request(method, path, self._url(odata.row_path(path, key)), body), _nothing, of_row=True)

    def _request(self, method: str, path: str, url: str, body: Body = None) -> transport.Request:
        """Make a request; a body of bytes is XML and goes as it is."""
        content: bytes | transport.InPieces | None
        if body is None:
            content, headers = None, {}
        elif isinstance(body, bytes):
            content, headers = body, XML
        else:
            content, headers = transport.dump(body), JSON
        return transport.Request(path, method, url, writes=method != "GET", content=content, headers=headers)

    def _asked(self, request: transport.Request, read: Callable[[Response], T], *, of_row: bool = False) -> T:
        """Carry out a request and read the answer of a success; `of_row` as `refusals.refusal` has it."""

        def judged(response: Response) -> T:
            status = response.status_code
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return read(response)
            lines = refusals.messages(response.content)
            if refusals.is_fault(status, lines):
                raise transport.NoAnswerError(f"status {status}")
            raise refusals.refusal(request.endpoint, status, lines, of_row=of_row, division=self._division)

        return self._carry_out(request, judged)


def _data(response: Response) -> transport.Json:
    answer = transport.parse(response.content)
    if not isinstance(answer, dict) or not isinstance(answer.get("d"), dict | list):
        raise transport.NoAnswerError("not an answer of Exact's API")  # HTML (exact-online 4.3)
    return answer["d"]


def _new_row(response: Response) -> Row:
    row = _data(response)
    if not isinstance(row, dict) or not row:
        raise transport.NoAnswerError(UNREADABLE)
    return rows_of(row)[0] if "results" in row else normalised(row)


def _nothing(response: Response) -> None:
    if response.content.strip() and transport.parse(response.content) is None:
        raise transport.NoAnswerError(UNREADABLE)


def _messages(response: Response) -> list[xml_topics.Message]:
    messages = xml_topics.messages(response.content)
    if messages is None:
        raise transport.NoAnswerError(UNREADABLE)
    return messages
