"""HTTP without any knowledge of Teamleader's actions: addresses, sessions, JSON, and what a failed exchange means."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
import simplejson
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from teamleader_api.errors import ConfigurationError

Json = Any
"""What `parse` makes of an answer: objects, lists, texts, integers, Decimal, booleans, None."""

Timeout = tuple[float, float]
"""Seconds to connect, seconds between two pieces of the answer."""


def base_url(url: str, setting: str) -> str:
    """Return the address in a setting, without a slash at its end.

    Raises:
        ConfigurationError: It is no address, or plain http to a host that is not this machine.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ConfigurationError(f"{setting} must be an address that begins with https://")
    if not is_private(url):
        raise ConfigurationError(f"{setting} must begin with https://; http:// is for this machine only")
    return url.rstrip("/")


def is_private(url: str) -> bool:
    """Tell whether nobody can listen in on what goes to an address and comes from it."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname or ""))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def session() -> requests.Session:
    """Make a session that never repeats a request by itself."""
    made = requests.Session()
    made.headers.update({"Accept": "application/json", "User-Agent": "teamleader-api"})
    for scheme in ("https://", "http://"):
        made.mount(scheme, requests.adapters.HTTPAdapter(max_retries=0))
    return made


class Signature(requests.auth.AuthBase):
    """Signs a request with an access token, or with nothing; keeps requests from looking for passwords in ~/.netrc."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign."""
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoAnswerError(Exception):
    """An exchange ended without a usable answer; `was_sent` tells whether the server may have the request."""

    def __init__(self, reason: str, *, was_sent: bool = True) -> None:
        self.was_sent = was_sent
        super().__init__(reason)

    @classmethod
    def of(cls, error: requests.RequestException) -> NoAnswerError:
        """Describe a failed exchange by its kind alone: its text may hold addresses and data."""
        return cls(type(error).__name__, was_sent=_was_sent(error))


def _was_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return not isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError)


def parse(content: bytes) -> Json:
    """Read JSON, fractions as Decimal; None when it is no JSON (empty, an HTML page of a maintenance)."""
    try:
        return simplejson.loads(content.decode("utf-8-sig"), use_decimal=True)
    except ValueError:
        return None


def dump(body: object) -> bytes:
    """Write JSON, Decimal as numbers."""
    return simplejson.dumps(body, use_decimal=True).encode()


class TooLargeError(Exception):
    """A file has more bytes than are wanted."""


class OpenLineError(Exception):
    """A file would come over a line that others can listen in on."""


def fetch(session: requests.Session, url: str, timeout: Timeout, largest: int) -> bytes:
    """Read a file in pieces, so that one of the wrong size does not fill the memory; redirects are followed.

    Raises:
        requests.HTTPError: Its status is not that of a file.
        requests.RequestException: It did not come, or not whole.
        TooLargeError: It has more than `largest` bytes.
        OpenLineError: The address, or one that it leads to, is plain http.
    """
    if not is_private(url):
        raise OpenLineError
    content = bytearray()
    with session.get(url, auth=Signature(), timeout=timeout, stream=True) as response:
        if not is_private(response.url):
            raise OpenLineError
        response.raise_for_status()
        for piece in response.iter_content(64 * 1024):
            content += piece
            if len(content) > largest:
                raise TooLargeError
    return bytes(content)
