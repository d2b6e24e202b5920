"""What the settings of a connection may be."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from exactonline_api import ConfigurationError, MemoryTokens, StopRun

if TYPE_CHECKING:
    from conftest import Connect


@pytest.mark.parametrize(
    "url", ["https://start.exactonline.be", "http://localhost:1", "http://127.0.0.2/", "http://[::1]:1"]
)
def test_https_anywhere_and_http_on_this_machine_are_taken(connect: Connect, url: str) -> None:
    connect(api_url=url)


@pytest.mark.parametrize(
    "url", ["http://start.exactonline.be", "http://localhost.evil.example", "http://192.168.1.1", "ftp://x", "x", ""]
)
def test_other_addresses_are_refused_before_anything_is_sent(connect: Connect, url: str) -> None:
    with pytest.raises(ConfigurationError, match="api_url must"):
        connect(api_url=url)


def test_a_wrong_setting_ends_a_run_like_everything_that_no_retry_mends() -> None:
    assert issubclass(ConfigurationError, StopRun)
    assert issubclass(ConfigurationError, ValueError)


def test_a_stored_pair_does_not_show_its_tokens() -> None:
    tokens = MemoryTokens()
    now = datetime.now(timezone.utc)
    with tokens.exclusive() as slot:
        slot.save(access_token="secret-a", refresh_token="secret-r", expires_at=now, obtained_at=now, seed="secret-s")
    assert "secret" not in repr(tokens.read())


def test_waiting_for_the_lock_of_the_store_ends() -> None:
    tokens = MemoryTokens()
    with tokens.exclusive(), pytest.raises(TimeoutError), tokens.exclusive(timeout=0.01):
        pass
