"""What ends a run of the target, and the one line that a person reads about it."""

from __future__ import annotations


class RunEnded(Exception):  # noqa: N818 - it is an end with a line for a person, not a bug
    """The run cannot go on. Each of `lines` says what happened and what to do, without secrets or names."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class UnknownStream(RunEnded):
    """The input has a stream that this target does not take; nothing was sent to Teamleader."""

    def __init__(self, stream: str) -> None:
        super().__init__(
            f"Stream '{stream}' is not one that target-teamleader takes: it takes 'payments'. "
            "Select only that one, or put a mapper between the tap and this target."
        )
