"""How a run ends when it cannot go on: with one line for a person and an exit status, never with a stack trace."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from singer_sdk.exceptions import ConfigValidationError

from api_core.errors import ApiError
from connector_store import StoreError
from singer_shell.stop import Interrupted

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

FAILED = 1
"""Exit status of a run that could not work at all: login, settings, network, limit of the day."""


class RunEnded(Exception):  # noqa: N818 - it is an end with a line for a person, not a bug
    """The run cannot go on. Each of `lines` says what happened and what to do, without secrets or names."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


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
        line: What ended the run.
        stopped: A person stopped it.
    """

    def __init__(self, line: str, status: int = FAILED, *, stopped: bool = False) -> None:
        super().__init__(status)
        self.line = line
        self.stopped = stopped


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
    try:
        yield
    except Interrupted as error:
        logger.info("Stopped by signal %d; the next run goes on from here.", error.signum)
        raise Ended(str(error), 128 + error.signum if stop_is_failure else 0, stopped=True) from None
    except BrokenPipeError:
        # What is still in the buffer of the closed pipe would raise again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        lines = ("The program that receives the output has stopped",)
    except ConfigValidationError as error:
        lines = (_wrong_settings(plugin, error.errors),)
    except RunEnded as error:
        lines = error.lines
    except (StoreError, ApiError) as error:
        lines = (str(error),)
    else:
        return
    for line in lines:
        logger.critical("%s", line)
    raise Ended("; ".join(lines))


def _wrong_settings(plugin: str, errors: list[str]) -> str:
    """Return one line: what is wrong, and for what is missing the variables to set, as Meltano names them."""
    prefix = plugin.upper().replace("-", "_")
    missing = [found[1] for error in errors if (found := _MISSING.match(error))]
    variables = " and ".join(f"{prefix}_{name.upper()}" for name in missing)
    hint = f". Set {variables} first; --environment=sandbox needs no settings." if missing else ""
    return f"The settings of {plugin} are not right: {'; '.join(errors)}{hint}"
