"""HTTP without any knowledge of a service: addresses, sessions, one exchange, JSON, and what its failure means."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
import simplejson
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from api_core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = Any
"""What `parse` makes of an answer: objects, lists, texts, integers, Decimal, booleans, None."""

PIECE: Final = 3 << 14
"""Bytes of a file that are written at once: a multiple of three, so that its Base64 is that of the whole."""

Timeout = tuple[float, float]
"""Seconds to connect, seconds between two pieces of the answer."""


@dataclass(frozen=True)
class Base64:
    """A file among the values of a JSON object, which holds it as a text in Base64."""

    content: bytes = field(repr=False)


@dataclass(frozen=True)
class InPieces:
    """A JSON object with a file, written while it is sent: as Base64 and as JSON the file is never whole in memory."""

    before: bytes = field(repr=False)
    file: Base64
    after: bytes = field(repr=False)

    def __len__(self) -> int:
        return len(self.before) + (len(self.file.content) + 2) // 3 * 4 + len(self.after)

    def __iter__(self) -> Iterator[bytes]:
        yield self.before
        whole = memoryview(self.file.content)
        for start in range(0, len(whole), PIECE):
            yield b64encode(whole[start : start + PIECE])
        yield self.after


@dataclass(frozen=True)
class Request:
    """What is sent, but for the token."""

    endpoint: str
    """What is asked, as errors name it."""
    method: str
    url: str
    writes: bool
    """Whether it may change something at the service: then it is never repeated once it may have been carried out."""
    content: bytes | InPieces | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class NoAnswerError(Exception):
    """An exchange ended without a usable answer; `was_sent` tells whether the server may have the request.

    Its text names the kind of failure alone.
    """

    def __init__(self, reason: str, *, was_sent: bool = True) -> None:
        self.was_sent = was_sent
        super().__init__(reason)

    @classmethod
    def of(cls, error: requests.RequestException) -> NoAnswerError:
        """Describe a failed exchange by its kind: its own text may hold addresses and data."""
        return cls(type(error).__name__, was_sent=_was_sent(error))


class Unsigned(requests.auth.AuthBase):
    """Adds nothing to a request, and keeps requests from looking for passwords in ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave it as it is."""
        return request


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


class Session(requests.Session):
    """A session that asks the environment once per server for its proxy and certificates, and not before each call."""

    def __init__(self) -> None:
        super().__init__()
        self._surroundings: dict[tuple[Any, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:  # noqa: ANN401
        """Return what the environment adds to the settings of a call; what a call brings itself is not kept."""
        if proxies:
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        server = urlsplit(url)
        key = (server.scheme, server.netloc, stream, verify, cert)
        if key not in self._surroundings:
            self._surroundings[key] = super().merge_environment_settings(url, proxies, stream, verify, cert)
        return dict(self._surroundings[key])

    def carry_out(self, request: Request, token: str, timeout: Timeout) -> requests.Response:
        """Send a request as it is and read its whole answer: without redirects, cookies and passwords of ~/.netrc.

        Raises:
            requests.RequestException: No answer came, or half of one.
        """
        ready = requests.PreparedRequest()
        ready.method, ready.url, ready.body = request.method, _encoded(request.url), request.content  # type: ignore[assignment]
        headers: dict[str, Any] = {**self.headers, **request.headers, "Authorization": f"Bearer {token}"}
        if request.content is not None or request.method != "GET":
            headers["Content-Length"] = str(len(request.content or b""))
        ready.headers = CaseInsensitiveDict(headers)
        surroundings = self.merge_environment_settings(request.url, {}, None, None, None)
        response = self.get_adapter(request.url).send(ready, timeout=timeout, **surroundings)
        response.content  # noqa: B018 - read while the connection is there
        return response


@lru_cache(maxsize=128)
def _encoded(url: str) -> str:
    """Return an address as it may be sent; the same few are written to again and again."""
    ready = requests.PreparedRequest()
    ready.prepare_url(url, None)
    return str(ready.url)


def session(agent: str) -> Session:
    """Make a session that asks for JSON and never repeats a request by itself."""
    made = Session()
    made.headers.update({"Accept": "application/json", "User-Agent": agent})
    for scheme in ("https://", "http://"):
        made.mount(scheme, requests.adapters.HTTPAdapter(max_retries=0))
    return made


def exchange(session: Session, request: Request, token: str, timeout: Timeout) -> requests.Response:
    """Send a request, once, and read its whole answer; a redirect is returned, not followed.

    Raises:
        NoAnswerError: No answer came, or half of one.
    """
    try:
        return session.carry_out(request, token, timeout)
    except requests.RequestException as error:
        raise NoAnswerError.of(error) from None


def _was_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return not isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError)


def parse(content: bytes) -> Json:
    """Read JSON, fractions as Decimal; None when it is no JSON (empty, cut off, an HTML page of a maintenance)."""
    try:
        return simplejson.loads(content.decode("utf-8-sig"), use_decimal=True)
    except ValueError:
        return None


def dump(body: object) -> bytes | InPieces:
    """Write JSON, Decimal as numbers with all their digits; an object may have one file (`Base64`) among its values."""
    members = body if isinstance(body, dict) else {}
    for name, value in members.items():
        if isinstance(value, Base64):
            others = {each: other for each, other in members.items() if each != name}
            before = simplejson.dumps({**others, name: ""}, use_decimal=True).encode()
            return InPieces(before.removesuffix(b'"}'), value, b'"}')
    return simplejson.dumps(body, use_decimal=True).encode()
