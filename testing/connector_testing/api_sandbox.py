"""The sandbox behind a client of one service: fixtures that the tests of both API libraries import.

A module that imports them has a fixture `process` of its own, a sandbox as large as its tests need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api_core.testing import SandboxClock
from api_core.tokens import MemoryTokens

if TYPE_CHECKING:
    from sandbox.testing import SandboxProcess


@pytest.fixture
def sandbox(process: SandboxProcess) -> SandboxProcess:
    """Return the sandbox in which nothing goes wrong yet."""
    process.clear_faults()
    return process


@pytest.fixture(scope="module")
def tokens() -> MemoryTokens:
    """Return a login that the tests of a module share."""
    return MemoryTokens()


@pytest.fixture(scope="module")
def clock(process: SandboxProcess) -> SandboxClock:
    """Return the time of the sandbox."""
    return SandboxClock(process)
