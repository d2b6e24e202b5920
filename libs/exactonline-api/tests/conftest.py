"""A server on this machine that answers what a test scripts, and breaks connections as real ones break."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from exactonline_api import ExactClient, MemoryTokens
from sandbox.exact.entities import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Connect = Callable[..., ExactClient]

DIVISION = 123456
Json = Any


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 25, 12, 0, tzinfo=timezone.utc)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


@dataclass
class Answer:
    """`fault`: None, "reset" (after the request came in), "truncated" (half of the body), "silent" (nothing)."""

    status: int = 200
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str | None = None

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.content)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.content.decode()).items()}

    @property
    def bearer(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")


class ScriptedServer:
    """Answers API requests with `answers`, in order; token requests with `token_answers`, else with a fresh pair."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.answers: deque[Answer] = deque()
        self.token_answers: deque[Answer] = deque()
        self.asked: list[Asked] = []
        self.token_asked: list[Asked] = []
        self.unexpected: list[str] = []
        self.released = threading.Event()
        self._pairs = 0
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def will(
        self, status: int = 200, body: Json = None, *, headers: dict[str, str] | None = None, fault: str | None = None
    ) -> None:
        """Script the answer to the next API request that has none yet; bytes are sent as they are."""
        self.answers.append(Answer(status, body, headers or {}, fault))

    def will_on_login(
        self, status: int = 200, body: Json = None, *, headers: dict[str, str] | None = None, fault: str | None = None
    ) -> None:
        """Script the answer to the next token request."""
        self.token_answers.append(Answer(status, body, headers or {}, fault))

    def answer_to(self, asked: Asked) -> Answer:
        with self._lock:
            if asked.path != "/api/oauth2/token":
                self.asked.append(asked)
                if not self.answers:
                    self.unexpected.append(f"{asked.method} {asked.path}")
                    return Answer(418)
                return self.answers.popleft()
            self.token_asked.append(asked)
            if self.token_answers:
                return self.token_answers.popleft()
            self._pairs += 1
            return Answer(200, pair(self._pairs))

    def stop(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def pair(number: int) -> Json:
    """What the token endpoint answers; the lifetime is a text (exact-online 1.5)."""
    return {
        "access_token": f"access-{number}",
        "token_type": "bearer",
        "expires_in": "600",
        "refresh_token": f"refresh-{number}",
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle of an answer is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = server.answer_to(Asked(self.command, self.path, dict(self.headers.items()), content))
            if answer.fault == "silent":
                server.released.wait(5)
            if answer.fault in {"silent", "reset"}:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            self.send_response_only(answer.status)
            self.send_header("Date", format_datetime(server.clock.now(), usegmt=True))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            half = len(answer.content) // 2
            self.wfile.write(answer.content[:half] if answer.fault == "truncated" else answer.content)
            self.close_connection = answer.fault == "truncated"

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def finish(self) -> None:
            if not self.wfile.closed and self.connection.fileno() >= 0:
                super().finish()

        def log_message(self, *_: object) -> None:
            return

    return Handler


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server(clock: FakeClock) -> Iterator[ScriptedServer]:
    """Fields that a test asks for or sends have to be those of the vendor's reference."""
    server = ScriptedServer(clock)
    yield server
    server.stop()
    assert server.unexpected == []
    for asked in server.asked:
        path, _, query = asked.path.removeprefix("/api/v1/").removeprefix(f"{DIVISION}/").partition("?")
        entity = ENTITIES.get(path.partition("(")[0])
        if entity is not None:
            named = parse_qs(query).get("$select", [""])[0].split(",") if query else []
            assert set(named) <= entity.fields.keys(), asked.path
            sent = [entity.fields[name] for name in asked.json] if asked.content else []
            assert all(field.create if asked.method == "POST" else field.update for field in sent), asked.path


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def connect(server: ScriptedServer, clock: FakeClock, tokens: MemoryTokens) -> Connect:
    """Make a client of the scripted server; settings may be given another value."""

    def make(**settings: Json) -> ExactClient:
        return ExactClient(
            **{
                "api_url": server.url,
                "division": DIVISION,
                "client_id": "app",
                "client_secret": "app-secret",
                "refresh_token": "refresh-configured",
                "tokens": tokens,
                "clock": clock,
                "timeout": (2, 0.5),
                **settings,
            }
        )

    return make


@pytest.fixture
def client(connect: Connect) -> ExactClient:
    return connect()


@pytest.fixture
def nobody_listens() -> str:
    """The address of a port that refuses connections."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
