"""The vault of a script, and the clock of this machine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_core.clock import SystemClock
from api_core.tokens import MemoryTokens


def test_a_stored_pair_does_not_show_its_tokens() -> None:
    tokens, now = MemoryTokens(), SystemClock().now()
    with tokens.exclusive() as slot:
        slot.save(access_token="secret-a", refresh_token="secret-r", expires_at=now, obtained_at=now, seed="secret-s")
    assert "secret" not in repr(tokens.read())


def test_waiting_for_the_lock_of_the_vault_ends() -> None:
    tokens = MemoryTokens()
    with tokens.exclusive(), pytest.raises(TimeoutError), tokens.exclusive(timeout=0.01):
        pass


def test_the_clock_tells_utc_and_sleeps() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() > before
    assert clock.now().utcoffset() == timedelta(0)
