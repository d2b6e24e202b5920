"""HTTP without any knowledge of Exact's endpoints: addresses, sessions, JSON, and what a failed exchange means."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests
import simplejson
import urllib3.exceptions

from exactonline_api.errors import ConfigurationError

Json = Any
"""What `parse` makes of an answer: objects, lists, texts, integers, Decimal, booleans, None."""

Timeout = tuple[float, float]
"""Seconds to connect, seconds between two pieces of the answer."""


_NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
)


class NoAnswerError(Exception):
    """An exchange ended without a usable answer; `was_sent` tells whether the server may have the request."""

    def __init__(self, reason: str, *, was_sent: bool = True) -> None:
        self.was_sent = was_sent
        super().__init__(reason)


def base_url(url: str) -> str:
    """Return the address of the country host, without a slash at its end.

    Raises:
        ConfigurationError: It is no address, or plain http to a host that is not this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ConfigurationError("api_url must begin with https://; http:// is for this machine only")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("api_url must be an address such as https://start.exactonline.be")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def session() -> requests.Session:
    """Make a session that asks for JSON (fact 3.1) and never repeats a request by itself."""
    made = requests.Session()
    made.headers.update({"Accept": "application/json", "User-Agent": "exactonline-api"})
    for scheme in ("https://", "http://"):
        made.mount(scheme, requests.adapters.HTTPAdapter(max_retries=0))
    return made


class Bearer(requests.auth.AuthBase):
    """Signs a request with an access token, or with nothing; keeps requests from looking for passwords in ~/.netrc."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign."""
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    token: str,
    timeout: Timeout,
    body: object = None,
) -> requests.Response:
    """Send one request, once, and read its whole answer; a redirect is returned, not followed.

    What is sent is asked back whole (fact 3.27). A `body` of bytes is XML and goes as it is.

    Raises:
        NoAnswerError: No answer came, or half of one. Its text names the kind of failure alone.
    """
    headers = {} if body is None else {"Content-Type": "application/json", "Prefer": "return=representation"}
    if isinstance(body, bytes):
        headers = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml"}
    elif body is not None:
        body = simplejson.dumps(body, use_decimal=True).encode()
    try:
        return session.request(
            method,
            url,
            data=body,
            headers=headers,
            auth=Bearer(token),
            timeout=timeout,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise NoAnswerError(type(error).__name__, was_sent=_was_sent(error)) from None


def _was_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
    return not isinstance(reason, _NEVER_CONNECTED)


def parse(content: bytes) -> Json:
    """Read JSON, fractions as Decimal; None when it is no JSON (empty, cut off, an HTML page of a maintenance)."""
    try:
        return simplejson.loads(content.decode("utf-8-sig"), use_decimal=True)
    except ValueError:
        return None
