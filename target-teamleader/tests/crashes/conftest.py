"""A process that ends at any step of the protocol, before or after the step itself."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import RegisteredPayments
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


class Killed(BaseException):
    """No handler of the target knows it: it runs no further, as after SIGKILL."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], AbstractContextManager[Callable[[], bool]]]:
    """Kill at the n-th step of the protocol: an even one before a call is made, an odd one after it.

    The context tells whether it was reached.
    """
    verbs = ("intend", "progress", "confirm", "note", "withdraw")
    steps = [(TeamleaderClient, "call"), *((RegisteredPayments, verb) for verb in verbs)]

    @contextlib.contextmanager
    def killing(step: int) -> Iterator[Callable[[], bool]]:
        left = step

        def reach() -> None:
            nonlocal left
            left -= 1
            if left == -1:
                raise Killed

        def breaking(original: Any) -> Any:
            def stepped(*args: Any, **named: Any) -> Any:
                reach()
                answer = original(*args, **named)
                reach()
                return answer

            return stepped

        with monkeypatch.context() as patch:
            for owner, name in steps:
                patch.setattr(owner, name, breaking(getattr(owner, name)))
            yield lambda: left < 0

    return killing
