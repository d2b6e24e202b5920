"""What a run says to a person: the lines of the plugins in Meltano's log, without what stands before them. Pure."""

from __future__ import annotations

import re
from typing import Final

_OF_A_PLUGIN: Final = re.compile(r"\] +(?:tap|target)-[\w-]+ +(?P<said>\S.*)$")


def last_said(log: str) -> str:
    """Return what a plugin says last, or else the last line of a log."""
    lines = [line for line in log.splitlines() if line.strip()]
    said = [found["said"] for line in lines if (found := _OF_A_PLUGIN.search(line))]
    return (said or lines or ["it did not say why"])[-1].strip()
