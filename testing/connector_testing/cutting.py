"""Runs that are cut off at any moment of their choice, within the process of the test.

A cut-off run is one in which a step (a call to a service, or a write to the store) raises what nobody catches, just
before or just after it was carried out, so that what is in memory only is lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Cut(BaseException):
    """The process is gone."""


@contextmanager
def cut_off(steps: Sequence[tuple[type, str]], step: int | None) -> Iterator[list[int]]:
    """Let the process die at the nth moment: even ones are before a step, odd ones after it.

    Yields the moments passed; there is one more than `step` when it died.
    """
    passed = [0]

    def watched(function: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            for moment in range(2):
                if moment:
                    result = function(*arguments, **named)
                passed[0] += 1
                if passed[0] - 1 == step:
                    raise Cut
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in steps:
            patch.setattr(owner, name, watched(getattr(owner, name)))
        yield passed
