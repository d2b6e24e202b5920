"""Both services in one process: two uvicorn servers in one event loop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from sandbox import jsonio
from sandbox.broken_calls import BrokenCalls
from sandbox.control import build_app as build_control
from sandbox.dated import dated
from sandbox.exact.app import build_app as build_exact
from sandbox.oauth import ARRIVED
from sandbox.teamleader.app import build_app as build_teamleader
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sandbox.options import Options

HOST = "127.0.0.1"
CONTROL = "/_sandbox"


class Gateway:
    """What listens on a port: the control endpoints, and the service behind the call log and the faults."""

    def __init__(self, world: World, service: str, app: ASGIApp, control: ASGIApp) -> None:
        self._world = world
        self._service = service
        self._app = app
        self._control = control
        self._broken_calls = BrokenCalls(app, service, world.clock, world.later)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call. One that came in whole is carried out even if its client leaves, as by a real server."""
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        await self._world.later.run_due()
        send_dated = dated(send, self._world.clock)
        if path.startswith(CONTROL):
            await self._control(scope, receive, send_dated)
            return
        body = await _whole_body(receive)
        if body is None:
            return
        scope[ARRIVED] = self._world.clock()
        self._world.calls.add(self._service, method, path)
        query = scope["query_string"].decode("latin-1")
        is_held, rule = self._world.faults.hit(self._service, method, f"{path}?{query}" if query else path)
        if is_held:
            await self._world.faults.hold()
        if rule is None:
            await self._app(scope, _replayed(body), send_dated)
        else:
            await self._broken_calls.broken(rule, scope, _replayed(body), send)


async def _whole_body(receive: Receive) -> bytes | None:
    """The body of a request; None when the client left before all of it had come."""
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)
    return None


def _replayed(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def gateways(world: World) -> dict[str, Gateway]:
    """Both services of a world as ASGI applications, by name."""
    control = build_control(world)
    apps = {"teamleader": build_teamleader(world.teamleader), "exact": build_exact(world.exact)}
    return {service: Gateway(world, service, app, control) for service, app in apps.items()}


class _Server(uvicorn.Server):
    """A server without handlers of its own for signals: `serve` ends both at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell who waits for that."""
        await super().startup(sockets)
        self.listens.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _listen(port: int) -> socket.socket:
    listener = socket.create_server((HOST, port), backlog=256)
    # asyncio sets this for sockets it opens itself; accepted ones inherit it. Without it every answer waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
    return listener


async def serve(
    world: World, ports: Mapping[str, int], when_ready: Callable[[dict[str, str], Callable[[], None]], None]
) -> None:
    """Serve both services of a world until they are told to end.

    Args:
        world: What both hold.
        ports: Port per service, `teamleader` and `exact`; 0 for any free one.
        when_ready: Called once both listen, with the addresses (`teamleader_url`, `exact_url`, `page_url`) and a
            function that ends them, to be called in this event loop.
    """
    with ExitStack() as stack:
        listeners = {service: stack.enter_context(_listen(port)) for service, port in ports.items()}
        urls = {service: f"http://{HOST}:{listener.getsockname()[1]}" for service, listener in listeners.items()}
        servers = {service: _Server(_config(app)) for service, app in gateways(world).items()}
        tasks = [asyncio.create_task(server.serve([listeners[service]])) for service, server in servers.items()]
        await asyncio.gather(*(server.listens.wait() for server in servers.values()))
        page = f"{urls['exact']}{CONTROL}/page"
        addresses = {"teamleader_url": urls["teamleader"], "exact_url": urls["exact"], "page_url": page}
        when_ready(addresses, partial(_end, servers.values()))
        await asyncio.gather(*tasks)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        ws="none",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=600,  # a client that thinks long on a busy machine finds its connection as it was
    )


def _end(servers: Iterable[_Server]) -> None:
    for server in servers:
        server.should_exit = True


async def serve_until_signal(options: Options, ports: Mapping[str, int]) -> None:
    """Serve until SIGTERM or SIGINT; print one JSON line with the addresses when both listen."""
    loop = asyncio.get_running_loop()

    def tell(addresses: dict[str, str], end: Callable[[], None]) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        sys.stdout.write(jsonio.write(addresses) + "\n")
        sys.stdout.flush()

    await serve(World.create(options), ports, tell)
