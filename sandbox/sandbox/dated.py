"""The `Date` of an answer: the sandbox's own time, against which a client reads when a limit ends."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Send

    from sandbox.options import Clock


def dated(send: Send, clock: Clock) -> Send:
    """A `send` that adds the header to what an application answers."""

    async def send_dated(message: Message) -> None:
        if message["type"] == "http.response.start":
            date = (b"date", format_datetime(clock(), usegmt=True).encode())
            message = {**message, "headers": [*message["headers"], date]}
        await send(message)

    return send_dated
