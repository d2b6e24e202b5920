"""What ends a run of the target, and the one line that a person reads about it."""

from __future__ import annotations


class RunEnded(Exception):  # noqa: N818 - it is an end with a line for a person, not a bug
    """The run cannot go on. Each of `lines` says what happened and what to do, without secrets or names."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class UnknownStream(RunEnded):
    """The input has a stream that this target does not book; nothing was sent to Exact."""

    def __init__(self, stream: str) -> None:
        super().__init__(
            f"Stream '{stream}' is not one that target-exactonline takes: it takes 'accounts' and 'sales_entries'. "
            "Select only those, or put a mapper between the tap and this target."
        )


class SettingsRefused(RunEnded):
    """Settings that do not fit the administration; every problem has its own line. Nothing was written."""
