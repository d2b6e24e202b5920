"""Settings: what a person reads when one is wrong, and what the documentation says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.exceptions import ConfigValidationError

from tap_teamleader.settings import SETTINGS
from tap_teamleader.tap import TapTeamleader

ROOT = Path(__file__).parents[1]
GOOD = {
    "client_id": "id",
    "client_secret": "the-secret",
    "refresh_token": "the-token",
    "api_url": "http://127.0.0.1:9",
    "auth_url": "http://127.0.0.1:9",
}


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tap_teamleader", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"start_date": "yesterday"}, "start_date 'yesterday' is not a date such as 2026-01-01, or fiscal_year"),
        ({"attachments": ["docx"]}, "'docx' is not one of ['pdf', 'ubl'] in config['attachments']"),
        ({"api_url": "http://api.example.org"}, "api_url must begin with https://"),
        ({"auth_url": "focus.teamleader.eu"}, "auth_url is not a web address that begins with https://"),
        ({"auth_url": "https://[broken"}, "auth_url is not a web address"),
        ({"lookback_minutes": -1}, "-1 is less than the minimum of 0"),
        ({"customers": "some"}, "'some' is not one of ['invoiced', 'all']"),
        ({"client_secret": 5}, "client_secret must be text"),
        ({"refresh_token": ["the-token"]}, "refresh_token must be text"),
    ],
)
def test_a_wrong_setting_is_told_in_one_readable_line(wrong: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigValidationError) as refused:
        TapTeamleader(config={**GOOD, **wrong})
    (line,) = refused.value.errors
    assert expected in line
    assert "the-token" not in line


def test_a_wrong_setting_ends_the_run_before_anything_is_read(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({**GOOD, "start_date": "yesterday", "attachments": ["docx"]}))
    ran = run("--config", str(config), cwd=tmp_path)
    assert ran.returncode == 1
    (line,) = [line for line in ran.stderr.splitlines() if "CRITICAL" in line or "ERROR" in line]
    assert "'yesterday'" in line
    assert "'docx'" in line
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    ran = run(cwd=tmp_path)
    assert ran.returncode == 1
    assert "'client_secret' is a required property" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_discovery_needs_no_settings(tmp_path: Path) -> None:
    ran = run("--discover", cwd=tmp_path)
    assert ran.returncode == 0
    assert len(json.loads(ran.stdout)["streams"]) == 9


def test_a_service_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({**GOOD, "store_uri": f"sqlite:///{tmp_path}/store.db"}))
    ran = run("--config", str(config), cwd=tmp_path)
    assert ran.returncode == 1
    assert len([line for line in ran.stderr.splitlines() if "CRITICAL" in line]) == 1
    assert "Traceback" not in ran.stderr
    assert "the-secret" not in ran.stderr


def test_every_setting_has_a_title_and_a_description() -> None:
    for name, setting in SETTINGS["properties"].items():
        assert setting.get("title"), name
        assert setting.get("description", "").endswith("."), name


def test_secrets_are_marked() -> None:
    marked = {name for name, setting in SETTINGS["properties"].items() if setting.get("secret")}
    assert marked == {"client_secret", "refresh_token", "store_uri"}


def test_only_what_works_is_promised() -> None:
    about = json.loads(run("--about", "--format=json").stdout)
    assert {"batch", "activate-version"}.isdisjoint(about["capabilities"])
    assert "batch_config" not in about["settings"]["properties"]
