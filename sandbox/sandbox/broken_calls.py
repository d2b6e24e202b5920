"""How a fault rule breaks a call: pure ASGI, around either service."""

from __future__ import annotations

import asyncio
import socket
import struct
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from sandbox import jsonio
from sandbox.dated import dated
from sandbox.limits import rate_headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sandbox.faults import FaultRule
    from sandbox.later import Later
    from sandbox.options import Clock


class BrokenCalls:
    """An application that lets calls through to a service, broken as the rules in force say."""

    def __init__(self, app: ASGIApp, service: str, clock: Clock, later: Later) -> None:
        self._app = app
        self._service = service
        self._clock = clock
        self._later = later

    async def broken(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry out the call as far as the rule lets it, and answer what the rule says."""
        if rule.kind == "reset_before":
            await _cut(send)
        elif rule.kind == "orphaned":
            self._later.add(rule.seconds, partial(self._app, scope, receive, _to_nobody))
            await _cut(send)
        elif rule.kind in ("reset_after", "truncated"):
            sent: list[Message] = []

            async def keep(message: Message) -> None:
                sent.append(message)

            await self._app(scope, receive, keep)
            if rule.kind == "truncated":
                await _send_half(sent, send)
            else:
                await _cut(send)
        else:
            await self._refusal(rule)(scope, receive, dated(send, self._clock))

    def _refusal(self, rule: FaultRule) -> Response:
        exact = self._service == "exact"
        if rule.kind == "empty_500":
            return Response(status_code=500)
        if rule.kind == "limit":
            reset = self._clock() + timedelta(seconds=rule.seconds)
            if not exact:
                too_many = {"errors": [{"title": "Too many requests"}]}
                return jsonio.answer(too_many, 429, rate_headers(200, 0, reset))
            minutely = {"Limit": "60", "Remaining": "0", "Reset": str(int(reset.timestamp() * 1000))}
            headers = {f"X-RateLimit-Minutely-{name}": value for name, value in minutely.items()}
            return Response(status_code=429, headers=headers)
        if exact or rule.kind == "business":
            body = {"error": {"code": "", "message": {"lang": "", "value": rule.message}}}
            return jsonio.answer(body, 500 if rule.kind == "business" else rule.status)
        return jsonio.answer({"errors": [{"title": rule.message}]}, rule.status)


async def _to_nobody(_message: Message) -> None:
    """The client of an orphaned call has gone."""


def _transport(send: Send) -> asyncio.Transport | None:
    """The connection behind uvicorn's `send`; None in a test client, which has none."""
    return getattr(getattr(send, "__self__", None), "transport", None)


async def _wait_until_closed(send: Send) -> None:
    """Let the server notice, so that it does not try to answer in our place."""
    cycle = getattr(send, "__self__", None)
    for _ in range(200):
        if getattr(cycle, "disconnected", True):
            return
        await asyncio.sleep(0.005)


async def _cut(send: Send) -> None:
    """Reset the connection without a byte of answer."""
    transport = _transport(send)
    if transport is None:
        raise ConnectionResetError("the sandbox cut the connection")
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _wait_until_closed(send)


async def _send_half(messages: list[Message], send: Send) -> None:
    """Send whole headers that announce the whole body, half of it, and hang up; 204 has no body, so nothing is sent."""
    start = messages[0]
    if start["status"] == 204:
        await _cut(send)
        return
    body = b"".join(message.get("body", b"") for message in messages[1:])
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    # An answer without a body is cut inside a body it never had, else nothing would be missing.
    announced = str(max(len(body), 2)).encode()
    await send({**start, "headers": [*headers, (b"content-length", announced)]})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    transport = _transport(send)
    if transport is None:
        raise ConnectionResetError("the sandbox cut the connection")
    transport.close()
    await _wait_until_closed(send)
