"""What a service still does after its client has gone: calls that are carried out at a later moment of the clock."""

from __future__ import annotations

import heapq
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sandbox.options import Clock

    Work = Callable[[], Awaitable[None]]


class Later:
    """Work by the moment at which it is due. It is carried out when the clock is moved past that, or by the next call.

    Nobody can tell the difference to a service that works at the very moment: a service is seen through calls only.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._order = count()
        self._waiting: list[tuple[datetime, int, Work]] = []

    def add(self, seconds: float, work: Work) -> None:
        """Carry the work out so many seconds from now."""
        heapq.heappush(self._waiting, (self._clock() + timedelta(seconds=seconds), next(self._order), work))

    async def run_due(self) -> None:
        """Carry out what is due by now, the oldest first."""
        while self._waiting and self._waiting[0][0] <= self._clock():
            _, _, work = heapq.heappop(self._waiting)
            await work()

    async def move_to(self, moment: datetime) -> None:
        """Move the clock on to a moment, and carry out at its own moment what falls due on the way."""
        while self._waiting and self._waiting[0][0] <= moment:
            self._clock.move_to(self._waiting[0][0])
            await self.run_due()
        self._clock.move_to(moment)
