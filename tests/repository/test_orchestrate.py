"""What calls the coupling on a server or in a cluster, each read by a tool of its kind where there is one."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from bridge.cli import main
from bridge.commands.run import NOTHING_NEW
from bridge.run.schedule import Schedule
from bridge.setup.project_files import coupling_file
from connector_testing.project import ROOT

FOLDER = ROOT / "orchestrate"
DAGS = FOLDER / "airflow" / "coupling_dags.py"
SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")


def read(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))


def verified(units: dict[str, str], folder: Path) -> str:
    """What systemd has to say of units; programs that are not on this machine stand in for by one that is."""
    for name, text in units.items():
        with_a_program = re.sub(r"^ExecStart=(\"[^\"]*\"|\S+)", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        without_a_user = re.sub(r"^User=.*$", "", with_a_program, flags=re.MULTILINE)
        (folder / name).write_text(without_a_user, encoding="utf-8")
    files = [str(folder / name) for name in units]
    command = ["systemd-analyze", "verify", "--man=no", *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in ran.stderr.splitlines() if str(folder) in line or any(name in line for name in units)]
    return "\n".join(told)


@SYSTEMD
def test_systemd_takes_the_units_of_a_server(tmp_path: Path) -> None:
    units = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "systemd").iterdir()}
    assert set(units) == {"coupling.service", "coupling.timer"}
    assert verified(units, tmp_path) == ""


@SYSTEMD
@pytest.mark.parametrize("folder", ["/srv/coupling", "/srv/100% ours/the coupling"])
@pytest.mark.parametrize("minutes", [1, 15, 60])
def test_systemd_takes_the_units_that_bridge_installs(tmp_path: Path, folder: str, minutes: int) -> None:
    schedule = Schedule(Path(folder), Path(f"{folder}/.venv/bin/bridge"), "north & south", minutes, "prod")
    assert verified(schedule.units(), tmp_path) == ""


@SYSTEMD
def test_systemd_tells_of_a_unit_that_is_wrong(tmp_path: Path) -> None:
    assert "Nonsense" in verified({"wrong.service": "[Service]\nNonsense=yes\nExecStart=/bin/true\n"}, tmp_path)


def test_a_line_of_cron_is_put_in_once_and_taken_out_again() -> None:
    others = "MAILTO=somebody\n0 3 * * * /usr/bin/backup\n"
    quarter = Schedule(Path("/srv/100% ours"), Path("/srv/bridge"), None, 15)
    hourly = Schedule(Path("/srv/100% ours"), Path("/srv/bridge"), None, 60)
    crontab = hourly.in_crontab(quarter.in_crontab(others))
    (line,) = crontab.removeprefix(others).splitlines()
    there = r"0 * * * * cd '/srv/100\% ours' && mkdir -p .meltano/logs"
    assert line.startswith(f"{there} && /srv/bridge run --only-news >> .meltano/logs/bridge-run.log ")
    assert hourly.out_of_crontab(crontab) == others
    assert "*/15 * * * * cd " in quarter.in_crontab(others)


@pytest.mark.parametrize("minutes", [5, 15, 60])
def test_the_calls_of_many_couplings_are_spread_over_the_time_between_two_of_them(minutes: int) -> None:
    names = [f"client-{number}" for number in range(1, 201)]
    schedules = [Schedule(Path("/srv"), Path("/srv/bridge"), name, minutes) for name in names]
    calls = Counter(schedule.minute for schedule in schedules)
    assert set(calls) <= set(range(minutes))
    assert max(calls.values()) <= 2 * len(names) / minutes + 5


def test_a_coupling_with_a_name_is_called_at_a_minute_of_its_own() -> None:
    quarter = Schedule(Path("/srv/office"), Path("/srv/bridge"), "client-4", 15)
    hourly = Schedule(Path("/srv/office"), Path("/srv/bridge"), "client-4", 60)
    assert (quarter.minute, hourly.minute) == (12, 57)
    assert quarter.cron_line().startswith("12-59/15 * * * * cd ")
    assert hourly.cron_line().startswith("57 * * * * cd ")
    assert "OnCalendar=*:12/15\n" in quarter.units()["bridge-run-client-4.timer"]
    assert "OnCalendar=*:57\n" in hourly.units()["bridge-run-client-4.timer"]


def test_the_job_of_a_cluster_never_runs_twice_at_once_and_has_no_rights() -> None:
    job = read("kubernetes/cronjob.yaml")["spec"]
    pod = job["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (job["concurrencyPolicy"], job["jobTemplate"]["spec"]["backoffLimit"]) == ("Forbid", 0)
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert container["args"] == ["run", "--only-news"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl here")
def test_kustomize_takes_the_folder_of_a_cluster() -> None:
    command = ["kubectl", "kustomize", str(FOLDER / "kubernetes")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "image: coupling:0.1.0" in ran.stdout


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no Docker here")
def test_compose_takes_its_file(tmp_path: Path) -> None:
    for name in ("compose.yaml", "Dockerfile"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "coupling.env").write_text("EXACT_DIVISION=1\n", encoding="utf-8")
    command = ["docker", "compose", "-f", str(tmp_path / "compose.yaml"), "--profile", "run", "config", "--quiet"]
    env = {"DATABASE_PASSWORD": "x", "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if "is not a docker command" in ran.stderr or "unknown shorthand" in ran.stderr:
        pytest.skip("Docker has no compose here")
    assert ran.returncode == 0, ran.stderr


def test_every_container_runs_without_root_and_calls_the_same_command() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert "USER coupling" in text
    assert text.rstrip().endswith('ENTRYPOINT ["bridge"]\nCMD ["run", "--only-news"]')
    compose = read("compose.yaml")["services"]["coupling"]
    assert (compose["cap_drop"], compose["build"]["dockerfile"]) == (["ALL"], "orchestrate/Dockerfile")
    service = (FOLDER / "systemd" / "coupling.service").read_text(encoding="utf-8")
    assert "ExecStart=/srv/coupling/.venv/bin/bridge run --only-news\n" in service


# Airflow: here without it; `make test-airflow` has it run ten couplings.


@pytest.fixture
def with_couplings(tmp_path: Path) -> Path:
    """A project with three couplings beside its own: one that the file gives a login, one that a variable does."""
    apps: dict[str, dict[str, Any]] = {"east": {}, "north": {"client_id": "of-north"}, "west-end": {}}
    (tmp_path / "couplings").mkdir()
    (tmp_path / "meltano.yml").touch()
    lines = ["EXACT_DIVISION='1'", "TEAMLEADER_CLIENT_ID='common'", 'TAP_TEAMLEADER__WEST_END_CLIENT_ID="of-west"']
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    for division, (name, app) in enumerate(apps.items(), start=1):
        settings = {"tap-teamleader": app, "target-exactonline": {"division": division}}
        with (tmp_path / "couplings" / f"{name}.meltano.yml").open("w", encoding="utf-8") as file:
            YAML().dump(coupling_file(name, settings), file)
    return tmp_path


@pytest.fixture
def dag_file(with_couplings: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What stands in the file, run as a program, which it may be without Airflow."""
    monkeypatch.setenv("COUPLINGS_PROJECT", str(with_couplings))
    return runpy.run_path(str(DAGS), run_name="__main__")


def test_the_dag_file_tells_a_pool_for_each_login_at_teamleader(with_couplings: Path) -> None:
    command = [sys.executable, str(DAGS)]
    environment = {"COUPLINGS_PROJECT": str(with_couplings), "COUPLINGS_SLOTS": "3"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    pools = json.loads(told.stdout)
    assert [pool["description"] for pool in pools.values()] == [
        "Login of own, east",
        "Login of north",
        "Login of west-end",
    ]
    assert {pool["slots"] for pool in pools.values()} == {3}
    assert not [name for name in pools if "of-north" in name or "common" in name]


def test_the_dag_file_reads_the_couplings_that_have_an_administration(
    dag_file: dict[str, Any], with_couplings: Path
) -> None:
    def read() -> list[tuple[str, int]]:
        return [(each.title, each.division) for each in dag_file["couplings"](with_couplings, {})]

    assert read() == [("own", 1), ("east", 1), ("north", 2), ("west-end", 3)]
    (with_couplings / ".env").unlink()
    assert read() == [("east", 1), ("north", 2), ("west-end", 3)]
    (with_couplings / "meltano.yml").unlink()
    with pytest.raises(FileNotFoundError, match="set COUPLINGS_PROJECT to its folder"):
        read()


def test_each_task_of_the_dag_file_is_a_command_of_bridge(dag_file: dict[str, Any], with_couplings: Path) -> None:
    page = (FOLDER / "airflow" / "README.md").read_text(encoding="utf-8")
    *_, west = dag_file["couplings"](with_couplings, {})
    for task, words in dag_file["TASKS"].items():
        assert f"| `{task}` | `bridge {' '.join(words)}`" in page
        assert west.command(task).endswith(f"/.venv/bin/bridge {' '.join(words)} --coupling west-end")
        name, *arguments = words
        command = main.get_command(click.Context(main), name)
        assert command is not None
        with click.Context(command, info_name=name) as context:
            _, left, _ = command.make_parser(context).parse_args([*arguments, "--coupling", "west-end"])
            assert left == []
    assert dag_file["NOTHING_NEW"] == NOTHING_NEW


def test_the_dag_file_spreads_the_administrations_over_the_time_between_two_runs(dag_file: dict[str, Any]) -> None:
    assert [dag_file["_cron"](division) for division in (30, 31, 44)] == [
        "0-59/15 * * * *",
        "1-59/15 * * * *",
        "14-59/15 * * * *",
    ]


def test_the_dag_file_imports_nothing_of_ours() -> None:
    tree = ast.parse(DAGS.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    others = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert others == {"airflow", "yaml"}


def test_every_file_of_airflows_environment_has_its_hash() -> None:
    text = (FOLDER / "airflow" / "constraints.txt").read_text(encoding="utf-8")
    required = re.findall(r"^[a-z][^\n]*==[^\n]*\n(?:    --hash=sha256:\S+)?", text, re.MULTILINE)
    assert len(required) > 100
    assert [line for line in required if "--hash" not in line] == []
    assert "apache-airflow-core==3." in text
    assert "teamleader-exactonline" not in text
    assert "://" not in text
