"""What calls `bridge run`: timers of systemd for a user, or lines of cron. Pure texts, and where they belong.

A missed call is made up for by the next one, and one that comes while another runs ends at once: both are harmless.
Couplings with a name are called at minutes of their own, so that those of many clients do not all begin at once.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARK: Final = "# teamleader-exactonline"
"""Ends each line of a crontab that is ours."""
_HOUR: Final = 60
_LOGS: Final = ".meltano/logs"
"""Within the project."""


@dataclass(frozen=True)
class Schedule:
    """When what is called.

    Attributes:
        folder: The Meltano project.
        program: Path of the command bridge.
        coupling: Name of the coupling, None for the project's own.
        minutes: Between two calls, 1 to 60.
        environment: Meltano's environment, None for its default.
    """

    folder: Path
    program: Path
    coupling: str | None = None
    minutes: int = 15
    environment: str | None = None

    @property
    def name(self) -> str:
        """The name of its units."""
        return (
            "bridge-run" if self.coupling is None else f"bridge-run-{re.sub(r'[^a-z0-9]+', '-', self.coupling.lower())}"
        )

    @property
    def minute(self) -> int:
        """The minute of the hour that its first call comes in: the name decides, so that it stays the same."""
        if self.coupling is None:
            return 0
        return int.from_bytes(hashlib.sha256(self.coupling.encode()).digest()) % self.minutes

    @property
    def command(self) -> list[str]:
        """The program and its arguments."""
        named = [] if self.coupling is None else ["--coupling", self.coupling]
        return [str(self.program), "run", "--only-news", *named]

    def units(self) -> dict[str, str]:
        """Return the units of systemd: name of the file -> text."""
        command = " ".join(_quoted(word) for word in self.command)
        environment = f"Environment=MELTANO_ENVIRONMENT={self.environment}\n" if self.environment else ""
        service = (
            "[Unit]\n"
            "Description=Teamleader and Exact Online: one cycle\n"
            "After=network-online.target\n\n"
            "[Service]\n"
            "Type=oneshot\n"
            f"WorkingDirectory={_escaped(str(self.folder))}\n"
            f"{environment}"
            f"ExecStart={command}\n"
            "UMask=0077\n"
            "NoNewPrivileges=yes\n"
            "TimeoutStartSec=infinity\n"
            "TimeoutStopSec=90\n"
        )
        timer = (
            "[Unit]\n"
            f"Description=Teamleader and Exact Online: every {self.minutes} minutes\n\n"
            "[Timer]\n"
            f"OnCalendar=*:{self.minute}{'' if self.minutes == _HOUR else f'/{self.minutes}'}\n"
            "RandomizedDelaySec=60\n"
            "Persistent=yes\n\n"
            "[Install]\n"
            "WantedBy=timers.target\n"
        )
        return {f"{self.name}.service": service, f"{self.name}.timer": timer}

    def cron_line(self) -> str:
        """Return the line of a crontab; cron takes a percent sign for the end of the line."""
        environment = f"MELTANO_ENVIRONMENT={shlex.quote(self.environment)} " if self.environment else ""
        # A line whose log cannot be opened calls nothing, and a fresh project has no folder for logs.
        there = f"cd {shlex.quote(str(self.folder))} && mkdir -p {_LOGS}"
        call = f"{environment}{shlex.join(self.command)} >> {_LOGS}/{self.name}.log 2>&1"
        first = f"{self.minute}-59" if self.minute else "*"
        minutes = str(self.minute) if self.minutes == _HOUR else f"{first}/{self.minutes}"
        return f"{minutes} * * * * {there} && {call} {MARK} {self.name}".replace("%", r"\%")

    def in_crontab(self, crontab: str) -> str:
        """Return a crontab with its line, instead of the one before it."""
        return f"{self.out_of_crontab(crontab)}{self.cron_line()}\n"

    def out_of_crontab(self, crontab: str) -> str:
        """Return a crontab without its line; those of others stay as they are."""
        kept = [line for line in crontab.splitlines() if not line.endswith(f"{MARK} {self.name}")]
        return "".join(f"{line}\n" for line in kept)


def unit_folder(home: Path, config_home: str | None) -> Path:
    """Return where systemd looks for a user's units."""
    return (Path(config_home) if config_home else home / ".config") / "systemd" / "user"


def _quoted(word: str) -> str:
    escaped = _escaped(word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$"))
    return f'"{escaped}"' if re.search(r"\s", word) else escaped


def _escaped(word: str) -> str:
    """Write a word so that systemd takes it as it is."""
    return word.replace("%", "%%")
