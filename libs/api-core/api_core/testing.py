"""For tests of clients: clocks that do not wait, and a server that answers what a test scripts, or breaks.

A conftest imports the fixtures `clock`, `tokens` and `nobody_listens` by name, and makes its own server and clients.
"""

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
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs

import pytest

from api_core.tokens import MemoryTokens

Json = Any


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 25, 12, 0, tzinfo=timezone.utc)
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    def monotonic(self) -> float:
        """Return the same in seconds."""
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        if seconds < 0:
            raise ValueError("nobody can sleep for less than no time")
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


@dataclass
class Answer:
    """What the server answers, `body` as JSON unless it is bytes.

    `fault`: None, "reset" (after the request came in), "truncated" (half of the body), "silent" (nothing).
    """

    status: int = 200
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str | None = None

    @property
    def content(self) -> bytes:
        """What goes over the line."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Json:
        """Its body."""
        return json.loads(self.content)

    @property
    def form(self) -> dict[str, str]:
        """The fields of its form."""
        return {name: values[0] for name, values in parse_qs(self.content.decode()).items()}

    @property
    def bearer(self) -> str:
        """The access token it is signed with."""
        return self.headers["Authorization"].removeprefix("Bearer ")


class ScriptedServer:
    """Answers API requests with `answers`, in order; token requests with `token_answers`, else with a fresh pair.

    Args:
        clock: What its `Date` tells.
        token_path: Where it gives out tokens.
        life: `expires_in` of its pairs, as the service writes it.
    """

    def __init__(self, clock: FakeClock, token_path: str, life: str | int) -> None:
        self._token_path = token_path
        self._life = life
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
        """Take the next answer, and note what was asked."""
        with self._lock:
            if asked.path != self._token_path:
                self.asked.append(asked)
                if not self.answers:
                    self.unexpected.append(f"{asked.method} {asked.path}")
                    return Answer(418)
                return self.answers.popleft()
            self.token_asked.append(asked)
            if self.token_answers:
                return self.token_answers.popleft()
            self._pairs += 1
            return Answer(200, self._pair(self._pairs))

    def stop(self) -> None:
        """Stop listening; every request has to have been scripted."""
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if self.unexpected:
            raise AssertionError(f"nobody scripted an answer to {', '.join(self.unexpected)}")

    def _pair(self, number: int) -> Json:
        tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        return {**tokens, "token_type": "bearer", "expires_in": self._life}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - of socketserver
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
                server.released.wait(60)
            if answer.fault in {"silent", "reset"}:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            self.send_response_only(answer.status)
            self.send_header("Date", format_datetime(server.clock.now(), usegmt=True))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != HTTPStatus.NO_CONTENT:
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


class Adjustable(Protocol):
    """A sandbox, whose clock can be moved."""

    def advance(self, seconds: float) -> None:
        """Move it."""


class SandboxClock:
    """Time of a sandbox: to sleep is to move its clock."""

    def __init__(self, sandbox: Adjustable) -> None:
        self._sandbox = sandbox
        self._moved = timedelta()
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the time in the sandbox."""
        return datetime.now(timezone.utc) + self._moved

    def monotonic(self) -> float:
        """Return the same in seconds."""
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let the time pass, without having waited."""
        self._sandbox.advance(seconds)
        self._moved += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> FakeClock:
    """Time of a test."""
    return FakeClock()


@pytest.fixture
def tokens() -> MemoryTokens:
    """A vault without any login."""
    return MemoryTokens()


@pytest.fixture
def nobody_listens() -> str:
    """Return the address of a port that refuses connections."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
