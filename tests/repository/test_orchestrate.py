"""What calls the coupling on a server or in a cluster, each read by a tool of its kind where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bridge.run.schedule import Schedule
from connector_testing.project import ROOT

FOLDER = ROOT / "orchestrate"
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
