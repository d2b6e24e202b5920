"""Files, from the temporary addresses that Teamleader's download actions give."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

import requests

from api_core.errors import NotFound, RecordRefused
from api_core.transport import NoAnswerError, Unsigned, is_private
from teamleader_api.service import TEAMLEADER

if TYPE_CHECKING:
    from api_core.transport import Timeout

ENDPOINT = "download"
PIECE = 64 * 1024


def fetch(session: requests.Session, url: str, timeout: Timeout, largest: int, into: BinaryIO) -> int:
    """Read a file in pieces, so that none fills the memory; redirects are followed. Return its size in bytes.

    Raises:
        NoAnswerError: It did not come, or not as long as was announced.
        NotFound: It is not there, or not any more.
        RecordRefused: It has more than `largest` bytes, or would come over a line that others can listen in on.
    """
    _check_line(url)
    into.seek(0)
    into.truncate()
    try:
        with session.get(url, auth=Unsigned(), timeout=timeout, stream=True) as response:
            _check_line(response.url)
            _check_status(response.status_code)
            return _copied(response, largest, into)
    except requests.RequestException as error:
        raise NoAnswerError.of(error) from None


def _copied(response: requests.Response, largest: int, into: BinaryIO) -> int:
    announced = response.headers.get("Content-Length", "")
    size = int(announced) if announced.isdecimal() else 0
    if size <= largest:
        size = 0
        for piece in response.iter_content(PIECE):
            size += into.write(piece)
            if size > largest:
                break
    if size > largest:
        raise _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the file has more than {largest} bytes")
    return size


def _check_line(url: str) -> None:
    if not is_private(url):
        raise _refused(HTTPStatus.UPGRADE_REQUIRED, "the location of the file does not begin with https://")


def _check_status(status: int) -> None:
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NoAnswerError(f"status {status}")
    if status >= HTTPStatus.BAD_REQUEST:
        raise NotFound(TEAMLEADER, ENDPOINT, status, ["the file is not there, or not any more"])


def _refused(status: HTTPStatus, message: str) -> RecordRefused:
    return RecordRefused(TEAMLEADER, ENDPOINT, status, [message])
