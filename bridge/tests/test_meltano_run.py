"""A program that is run as Meltano is: nothing secret is left readable, a stop is passed on, and none is silent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.run import meltano
from connector_testing.programs import wait_until


def python(
    code: str, tmp_path: Path, *, stop: meltano.Stop | None = None, signal_at: str | None = None
) -> tuple[meltano.Ended, list[str]]:
    lines: list[str] = []

    def on_line(line: str) -> None:
        lines.append(line)
        if line == signal_at:
            os.kill(os.getpid(), signal.SIGTERM)

    with stop or meltano.Stop() as wish:
        command = [sys.executable, "-u", "-c", code]
        ended = meltano.run(command, tmp_path, os.environ, stop=wish, on_line=on_line, on_tick=lambda: None)
    return ended, lines


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_what_it_writes_is_its_owners_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        python("open('tap.config.json', 'w').write('secret')", tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "tap.config.json").stat().st_mode & 0o777 == 0o600


def test_its_lines_come_one_by_one_and_the_last_error_is_kept(tmp_path: Path) -> None:
    ended, lines = python("print('one'); print('[error    ] two'); print('three'); raise SystemExit(3)", tmp_path)
    assert lines == ["one", "[error    ] two", "three"]
    assert ended == meltano.Ended(3, "[error    ] two")


def test_a_stop_is_passed_on_and_waited_for(tmp_path: Path) -> None:
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('finished well'), exit(0)))\n"
        "print('ready')\n"
        "time.sleep(6000)\n"
    )
    stop = meltano.Stop()
    ended, lines = python(code, tmp_path, stop=stop, signal_at="ready")
    assert (ended, lines, stop.signum) == (meltano.Ended(0, ""), ["ready", "finished well"], signal.SIGTERM)


def test_who_does_not_stop_is_killed_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meltano, "GRACE_SECONDS", 0.2)
    child = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    code = (
        f"import signal, time\nsignal.signal(15, signal.SIG_IGN)\n{child}print(p.pid)\nprint('ready')\ntime.sleep(6000)"
    )
    ended, lines = python(code, tmp_path, signal_at="ready")
    assert ended == meltano.Ended(-signal.SIGKILL, "")
    # A kill is carried out when the system comes to it, each process of the group in its own time.
    wait_until(lambda: is_gone(int(lines[0])))


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; one that nobody asked for its end yet is a zombie."""
    path = Path(f"/proc/{pid}/stat")
    try:
        return path.read_text(encoding="utf-8").split()[2] in "XZ"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_it_ticks_while_nothing_is_said(tmp_path: Path) -> None:
    tick = tmp_path / "tick"
    command = [sys.executable, "-c", "import pathlib, time\nwhile not pathlib.Path('tick').exists(): time.sleep(0.05)"]
    with meltano.Stop() as stop:
        ended = meltano.run(command, tmp_path, os.environ, stop=stop, on_line=lambda _: None, on_tick=tick.touch)
    assert ended.code == 0


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / ".meltano" / "run" / "tap-exactonline"
    folder.mkdir(parents=True)
    for name in ("tap.0f.config.json", "tap.properties.json"):
        (folder / name).write_text("{}")
    assert meltano.remove_secrets(tmp_path / ".meltano", ["tap-exactonline", "target-teamleader"]) == 1
    assert [path.name for path in folder.iterdir()] == ["tap.properties.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_kill_of_this_tool_ends_what_it_runs(tmp_path: Path) -> None:
    tell = f"open({str(tmp_path / 'stopped')!r}, 'w').write('well')"
    inner = (
        "import os, signal, time\n"
        f"signal.signal(signal.SIGTERM, lambda *_: ({tell}, os._exit(0)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(6000)\n"
    )
    outer = (
        "import os, sys\nfrom pathlib import Path\nfrom bridge.run import meltano\n"
        "with meltano.Stop() as stop:\n"
        f"    meltano.run([sys.executable, '-c', {inner!r}], Path(), os.environ, stop=stop,\n"
        "        on_line=lambda _: os.kill(os.getpid(), 9), on_tick=lambda: None)\n"
    )
    assert subprocess.run([sys.executable, "-c", outer], check=False).returncode == -signal.SIGKILL
    wait_until((tmp_path / "stopped").exists)
