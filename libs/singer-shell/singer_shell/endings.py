"""How a run ends when it cannot go on: with one line for a person and an exit status, never with a stack trace."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from singer_sdk.exceptions import ConfigValidationError

from api_core.errors import ApiError, DayLimitReached, OutcomeUnknown, TryLater
from connector_store import StoreError
from singer_shell.stop import Interrupted

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

    from connector_store.runs import Outcome

FAILED = 1
"""Exit status of a run that could not work at all: login, settings, network, limit of the day."""


class RunEnded(Exception):  # noqa: N818 - it is an end with a line for a person, not a bug
    """The run cannot go on. Each of `lines` says what happened and what to do, without secrets or names."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class AnotherRun(RunEnded):
    """Another run does this work just now."""


class SettingsRefused(RunEnded):
    """Settings that do not fit the service; every problem has its own line. Nothing was written."""


class UnknownStream(RunEnded):
    """The input has a stream that the target does not take; nothing was sent."""

    def __init__(self, stream: str, target: str, taken: list[str]) -> None:
        known = " and ".join(f"'{each}'" for each in taken)
        only = "that one" if len(taken) == 1 else "those"
        super().__init__(
            f"Stream '{stream}' is not one that {target} takes: it takes {known}. "
            f"Select only {only}, or put a mapper between the tap and this target."
        )


class Ended(SystemExit):
    """The run is over and its line was told; the SDK logs no stack trace of it.

    Attributes:
        trouble: What ended the run.
    """

    def __init__(self, trouble: Trouble, status: int = FAILED) -> None:
        super().__init__(status)
        self.trouble = trouble


class Trouble(NamedTuple):
    """What ended a run early.

    Attributes:
        line: What happened and what to do.
        outcome: How the run counts.
    """

    line: str
    outcome: Outcome = "failed"

    @classmethod
    def of(cls, error: BaseException, line: str | None = None) -> Trouble:
        """Return what an error tells: whether a person has to help, or a later run goes on by itself."""
        known = isinstance(error, Interrupted | RunEnded | ApiError | StoreError)
        line = line or (str(error) if known else f"unexpected {type(error).__name__}")
        if isinstance(error, Interrupted):
            return cls(line, "degraded")
        if isinstance(error, AnotherRun):
            return cls(line, "skipped")
        # Who receives the output tells itself why it stopped.
        if isinstance(error, TryLater | OutcomeUnknown | DayLimitReached | BrokenPipeError):
            return cls(line, "postponed")
        return cls(line)


_MISSING: Final = re.compile(r"'(\w+)' is a required property")


@contextmanager
def in_one_line(logger: logging.Logger, plugin: str, *, stop_is_failure: bool) -> Iterator[None]:
    """End the program with one line when the reason lies outside of it.

    Args:
        logger: Where the line goes.
        plugin: Name of the plugin.
        stop_is_failure: Whether a run that was asked to stop exits with 128 and the signal's number, or with 0.

    Raises:
        Ended: Instead of the error; Python's exit status is 1, or that of a stop.
    """
    lines: tuple[str, ...]
    reason: Exception
    try:
        yield
    except Interrupted as error:
        logger.info("Stopped by signal %d; the next run goes on from here.", error.signum)
        raise Ended(Trouble.of(error), 128 + error.signum if stop_is_failure else 0) from None
    except BrokenPipeError as error:
        # What is still in the buffer of the closed pipe would raise again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        lines, reason = ("The program that receives the output has stopped",), error
    except ConfigValidationError as error:
        lines, reason = (wrong_settings(plugin, error.errors),), error
    except RunEnded as error:
        lines, reason = error.lines, error
    except (StoreError, ApiError) as error:
        lines, reason = (str(error),), error
    else:
        return
    for line in lines:
        logger.critical("%s", line)
    raise Ended(Trouble.of(reason, "; ".join(lines)))


def wrong_settings(plugin: str, errors: list[str]) -> str:
    """Return one line: what is wrong, and for what is missing the variables to set, as Meltano names them."""
    prefix = plugin.upper().replace("-", "_")
    missing = [found[1] for error in errors if (found := _MISSING.match(error))]
    variables = " and ".join(f"{prefix}_{name.upper()}" for name in missing)
    hint = f". Set {variables} first." if missing else ""
    return f"The settings of {plugin} are not right: {'; '.join(errors)}{hint}"
