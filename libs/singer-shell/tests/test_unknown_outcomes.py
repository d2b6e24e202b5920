"""How long a write without an answer rests before it counts as not carried out (line 9)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from singer_shell.unknown_outcomes import REST, resting_since

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def test_a_write_rests_until_the_service_can_no_longer_be_at_it() -> None:
    assert resting_since(NOW - REST + SECOND, NOW) == NOW - REST + SECOND
    assert resting_since(NOW - REST, NOW) is None


def test_a_moment_that_is_not_known_counts_from_now() -> None:
    assert resting_since(None, NOW) == NOW


def test_a_clock_that_was_wrong_costs_one_more_rest_and_never_blocks() -> None:
    since = resting_since(NOW + timedelta(days=400), NOW)
    assert since == NOW
    assert resting_since(since, NOW + REST) is None


def test_a_rest_outlasts_the_patience_of_our_clients() -> None:
    assert timedelta(seconds=90) * 3 < REST
