"""A coupling with the sandbox whose runs are measured, and the two programs that it is compared with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector_testing.project import BIN, ROOT, project_config

from .usage import Usage, measured

if TYPE_CHECKING:
    from connector_testing.coupling import Coupling
    from sandbox.testing import SandboxProcess

PROGRAMS = frozenset(
    {"bridge", "meltano", "tap-teamleader", "tap-exactonline", "target-exactonline", "target-teamleader"}
    | {"teamleader-exactonline-mappers"}
)
BARE = Path(__file__).with_name("bare.py")
NOTHING_PLUGINS = """\
plugins:
  extractors:
  - {name: tap-nothing, namespace: tap_nothing, executable: ./tap-nothing}
  loaders:
  - {name: target-nothing, namespace: target_nothing, executable: ./target-nothing}
"""
NOTHING = {"tap-nothing": "#!/bin/sh\n", "target-nothing": "#!/bin/sh\ncat >/dev/null\n"}


_IN_ORDER = re.compile(r"\[(info|warning)")


class RunFailedError(Exception):
    """A measured program did not do its work; the text is the end of what it said."""


@dataclass(frozen=True)
class Measure:
    """What a piece of work used, with the calls that it made to each service."""

    usage: Usage
    calls: dict[str, int]


@dataclass
class Measured:
    """A coupling under measurement."""

    coupling: Coupling

    @property
    def sandbox(self) -> SandboxProcess:
        """The services, in a process whose own CPU nobody counts."""
        return self.coupling.sandbox

    def run(self, *jobs: str) -> Measure:
        """Measure a `meltano run` of these jobs.

        Raises:
            RunFailedError: It failed.
        """
        self.sandbox.forget_calls()
        return self._finished(self.coupling.start(*jobs), self.coupling.folder / "log.txt")

    def cycle(self, *arguments: str) -> Measure:
        """Measure a command of the tool for people on this coupling.

        Raises:
            RunFailedError: It failed.
        """
        self.sandbox.forget_calls()
        told = self.coupling.folder / "bridge.txt"
        command = [str(BIN / "bridge"), *arguments]
        with told.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.coupling.bridge_env, stdout=log, stderr=log, text=True
            )
        return self._finished(process, told)

    def _finished(self, process: subprocess.Popen[str], log: Path) -> Measure:
        code, usage = measured(process, PROGRAMS)
        if code:
            told = log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise RunFailedError("\n".join([line for line in told if not _IN_ORDER.search(line)][-30:]))
        return Measure(usage, self.sandbox.calls())

    def plugin(self, name: str, *arguments: str, **settings: Any) -> Measure:
        """Measure one plugin that runs alone, without Meltano; its output is thrown away."""
        config = self.coupling.folder / f"{name}.json"
        config.write_text(json.dumps(self._config(name) | settings), encoding="utf-8")
        self.sandbox.forget_calls()
        return self._program([str(BIN / name), "--config", str(config), *arguments], "")

    def catalog(self, tap: str, *streams: str) -> Path:
        """Write the catalog of a tap in which these streams alone are selected; return where it is."""
        config = self.coupling.folder / f"{tap}.json"
        config.write_text(json.dumps(self._config(tap)), encoding="utf-8")
        command = [str(BIN / tap), "--config", str(config), "--discover"]
        catalog = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for entry in catalog["streams"]:
            for each in entry["metadata"]:
                if not each["breadcrumb"]:
                    each["metadata"]["selected"] = entry["tap_stream_id"] in streams
        path = self.coupling.folder / f"{tap}.catalog.json"
        path.write_text(json.dumps(catalog), encoding="utf-8")
        return path

    def bare(self, what: str, **given: Any) -> Measure:
        """Measure the script that makes the same calls."""
        self.sandbox.forget_calls()
        return self._program([sys.executable, str(BARE), what], json.dumps(self._logins() | given))

    def empty_run(self) -> Usage:
        """Measure a `meltano run` of a tap and a target that do nothing, in a project that is otherwise the same."""
        folder = self.coupling.folder / "empty"
        if not folder.exists():
            (folder / "plugins").mkdir(parents=True)
            shutil.copy(ROOT / "meltano.yml", folder)
            for path in (ROOT / "plugins").glob("*.meltano.yml"):
                shutil.copy(path, folder / "plugins")
            (folder / "plugins" / "nothing.meltano.yml").write_text(NOTHING_PLUGINS, encoding="utf-8")
            for name, script in NOTHING.items():
                (folder / name).write_text(script, encoding="utf-8")
                (folder / name).chmod(0o755)
        env = {**self.coupling.env, "MELTANO_DATABASE_URI": f"sqlite:///{folder}/meltano.db"}
        command = [str(BIN / "meltano"), "--environment=sandbox", "run", "--no-install", *NOTHING]
        with (folder / "log.txt").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True
            )
            code, usage = measured(process, {"meltano"})
        if code:
            raise RunFailedError((folder / "log.txt").read_text(encoding="utf-8")[-3000:])
        return usage

    def _program(self, command: list[str], told: str) -> Measure:
        errors = self.coupling.folder / "errors.txt"
        given = self.coupling.folder / "given.txt"
        given.write_text(told, encoding="utf-8")
        with given.open(encoding="utf-8") as source, errors.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=log, text=True)
            code, usage = measured(process)
        if code:
            raise RunFailedError(errors.read_text(encoding="utf-8")[-3000:])
        return Measure(usage, self.sandbox.calls())

    def _config(self, plugin: str) -> dict[str, Any]:
        prefix = plugin.upper().replace("-", "_") + "_"
        given: dict[str, Any] = {
            name.removeprefix(prefix).lower(): value
            for name, value in self.sandbox.env().items()
            if name.startswith(prefix)
        }
        given |= {"division": int(given["division"])} if "division" in given else {}
        return {**project_config(plugin), **given, "store_uri": self.coupling.store}

    def _logins(self) -> dict[str, Any]:
        """Return what the bare script needs; a person logs in for it, so that the coupling's own login stays."""
        env, tokens = self.sandbox.env(), self.sandbox.logged_in_again()
        target = project_config("target-exactonline")
        form = {
            plugin: {
                "client_id": env[f"{plugin}_CLIENT_ID"],
                "client_secret": env[f"{plugin}_CLIENT_SECRET"],
                "refresh_token": tokens[f"{plugin}_REFRESH_TOKEN"],
            }
            for plugin in ("TAP_TEAMLEADER", "TARGET_EXACTONLINE")
        }
        teamleader, exact = self.sandbox.teamleader_url, self.sandbox.exact_url
        return {
            "teamleader": teamleader,
            "exact": exact,
            "division": target["division"],
            "teamleader_login": {"url": f"{teamleader}/oauth2/access_token", "form": form["TAP_TEAMLEADER"]},
            "exact_login": {"url": f"{exact}/api/oauth2/token", "form": form["TARGET_EXACTONLINE"]},
            **{
                name: target[name]
                for name in (
                    *("vat_codes", "default_gl_account", "invoice_journal", "credit_note_journal"),
                    "default_payment_condition",
                )
            },
        }
