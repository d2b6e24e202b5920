"""Settings: what a person reads when one is wrong, and what the documentation says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.exceptions import ConfigValidationError

from tap_exactonline.settings import SETTINGS
from tap_exactonline.tap import TapExactOnline

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "client_id": "id",
    "client_secret": "the-secret",
    "refresh_token": "the-token",
    "api_url": "http://127.0.0.1:9",
    "division": 123456,
}


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tap_exactonline", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"api_url": "http://start.exactonline.be"}, "api_url must begin with https://"),
        ({"api_url": "start.exactonline.be"}, "api_url is not a web address that begins with https://"),
        ({"api_url": "https://[broken"}, "api_url is not a web address"),
        ({"division": "mine"}, "'mine' is not of type 'integer'"),
        ({"division": 0}, "0 is less than the minimum of 1"),
        ({"client_secret": 5}, "client_secret must be text"),
        ({"refresh_token": ["the-token"]}, "refresh_token must be text"),
    ],
)
def test_a_wrong_setting_is_told_in_one_readable_line(wrong: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigValidationError) as refused:
        TapExactOnline(config={**GOOD, **wrong})
    (line,) = refused.value.errors
    assert expected in line
    assert "the-token" not in line


def test_wrong_settings_end_the_run_before_anything_is_read(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({**GOOD, "api_url": "ftp://x", "division": "mine"}))
    ran = run("--config", str(config), cwd=tmp_path)
    assert ran.returncode == 1
    (line,) = [line for line in ran.stderr.splitlines() if "CRITICAL" in line or "ERROR" in line]
    assert "api_url" in line
    assert "'mine'" in line
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_missing_administration_is_named(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({name: value for name, value in GOOD.items() if name != "division"}))
    ran = run("--config", str(config), cwd=tmp_path)
    assert ran.returncode == 1
    assert "'division' is a required property" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_discovery_needs_no_settings(tmp_path: Path) -> None:
    ran = run("--discover", cwd=tmp_path)
    assert ran.returncode == 0
    assert len(json.loads(ran.stdout)["streams"]) == 10


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
