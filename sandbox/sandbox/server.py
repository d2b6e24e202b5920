"""Both services in one process: two uvicorn servers in one event loop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import uvicorn

from sandbox import jsonio
from sandbox.breaking import Breaking
from sandbox.control import build_app as build_control
from sandbox.exact.app import build_app as build_exact
from sandbox.teamleader.app import build_app as build_teamleader
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from sandbox.options import Options

HOST = "127.0.0.1"
CONTROL = "/_sandbox"


class Front:
    """What listens on a port: the control endpoints, and the service behind the call log and the faults."""

    def __init__(self, world: World, service: str, app: ASGIApp, control: ASGIApp) -> None:
        self._world = world
        self._service = service
        self._app = app
        self._control = control
        self._breaking = Breaking(app, service, world.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        if path.startswith(CONTROL):
            await self._control(scope, receive, send)
            return
        self._world.calls.add(self._service, method, path)
        query = scope["query_string"].decode("latin-1")
        delay, rule = self._world.faults.hit(self._service, method, f"{path}?{query}" if query else path)
        if delay:
            await asyncio.sleep(delay)
        if rule is None:
            await self._app(scope, receive, send)
        else:
            await self._breaking.broken(rule, scope, receive, send)


def fronts(world: World) -> dict[str, Front]:
    """Both services of a world as ASGI applications, by name."""
    control = build_control(world)
    apps = {"teamleader": build_teamleader(world), "exact": build_exact(world)}
    return {service: Front(world, service, app, control) for service, app in apps.items()}


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


async def serve(options: Options, teamleader_port: int, exact_port: int) -> None:
    """Serve until SIGTERM or SIGINT; print one JSON line with the addresses when both listen. Port 0: any free one."""
    with ExitStack() as stack:
        ports = {"teamleader": teamleader_port, "exact": exact_port}
        listeners = {service: stack.enter_context(_listen(port)) for service, port in ports.items()}
        urls = {service: f"http://{HOST}:{listener.getsockname()[1]}" for service, listener in listeners.items()}
        world = World.create(options)
        servers = []
        for service, app in fronts(world).items():
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                proxy_headers=False,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=1,
            )
            servers.append((_Server(config), listeners[service]))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _end, [server for server, _ in servers])
        tasks = [asyncio.create_task(server.serve([listener])) for server, listener in servers]
        await asyncio.gather(*(server.listens.wait() for server, _ in servers))
        page = f"{urls['exact']}{CONTROL}/page"
        ready = {"teamleader_url": urls["teamleader"], "exact_url": urls["exact"], "page_url": page}
        sys.stdout.write(jsonio.write(ready) + "\n")
        sys.stdout.flush()
        await asyncio.gather(*tasks)


def _end(servers: list[_Server]) -> None:
    for server in servers:
        server.should_exit = True
