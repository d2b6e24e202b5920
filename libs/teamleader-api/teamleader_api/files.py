"""Files, from the temporary addresses that Teamleader's download actions give."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import requests

from api_core.errors import NotFound, RecordRefused
from api_core.transport import Bearer, NoAnswerError, Timeout, is_private
from teamleader_api.service import TEAMLEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

ENDPOINT = "download"
PIECE = 64 * 1024


def fetch(session: requests.Session, url: str, timeout: Timeout, largest: int) -> bytes:
    """Read a file in pieces, so that one of the wrong size does not fill the memory; redirects are followed.

    Raises:
        NoAnswerError: It did not come, or not whole.
        NotFound: It is not there, or not any more.
        RecordRefused: It has more than `largest` bytes, or would come over a line that others can listen in on.
    """
    _check_line(url)
    try:
        with session.get(url, auth=Bearer(), timeout=timeout, stream=True) as response:
            _check_line(response.url)
            _check_status(response.status_code)
            return _joined(response.iter_content(PIECE), largest)
    except requests.RequestException as error:
        raise NoAnswerError.of(error) from None


def _joined(pieces: Iterable[bytes], largest: int) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > largest:
            raise _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the file has more than {largest} bytes")
    return bytes(content)


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
