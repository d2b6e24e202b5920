"""What is wrong with the settings ends the run with one line that names it, before anything is written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_testing.coupling import Coupling

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "target-exactonline" / "examples" / "three-documents.singer"
EXAMPLES = {"target-teamleader": ROOT / "target-teamleader" / "examples" / "three-payments.singer"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--no-limits", "--customers", "12", "--invoices", "15", "--credit-notes", "4") as running:
        yield running


def preset(plugin: str) -> dict[str, Any]:
    project = YAML(typ="safe").load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    plugins = next(each for each in project["environments"] if each["name"] == "sandbox")["config"]["plugins"]
    return next(dict(each["config"]) for kind in plugins.values() for each in kind if each["name"] == plugin)


def run(plugin: str, config: dict[str, Any], folder: Path) -> tuple[int, str]:
    path = folder / "config.json"
    path.write_text(json.dumps({**config, "store_uri": f"sqlite:///{folder}/connector.db"}), encoding="utf-8")
    command = [Path(sys.executable).parent / plugin, "--config", path]
    with EXAMPLES.get(plugin, EXAMPLE).open() as example:
        ran = subprocess.run(command, stdin=example, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


def assert_one_readable_line(code: int, said: str, expected: str) -> None:
    assert code != 0
    assert "Traceback" not in said
    errors = [line for line in said.splitlines() if "ERROR" in line or "CRITICAL" in line]
    assert len([line for line in errors if expected in line]) == 1, said


def posts(sandbox: SandboxProcess) -> list[str]:
    return [path for method, path in sandbox.call_list("exact") if method == "POST" and "/token" not in path]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"client_secret": "wrong"}, "client_secret", id="wrong-credentials"),
        pytest.param({"refresh_token": "old"}, "refresh_token", id="a-used-refresh-token"),
        pytest.param({"division": 999999}, "999999", id="no-such-administration"),
        pytest.param({"division": 123457}, "123457", id="somebody-elses-administration"),
        pytest.param({"division": "abc"}, "division", id="malformed-administration"),
        pytest.param({"invoice_journal": "60"}, "60", id="a-purchase-journal"),
        pytest.param({"credit_note_journal": "xx"}, "xx", id="no-such-journal"),
        pytest.param({"vat_codes": "21"}, "vat_codes", id="malformed-vat-codes"),
        pytest.param({"on_closed_period": "guess"}, "on_closed_period", id="no-such-choice"),
        pytest.param({"api_url": "http://example.com"}, "https://", id="an-unencrypted-address"),
        pytest.param({"api_url": "http://127.0.0.1:9"}, "did not answer", id="nobody-answers"),
    ],
)
def test_the_target_says_what_is_wrong(
    sandbox: SandboxProcess, tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    login = sandbox.logged_in_again()["TARGET_EXACTONLINE_REFRESH_TOKEN"]
    config = {**preset("target-exactonline"), "api_url": sandbox.exact_url, "refresh_token": login, **change}

    code, said = run("target-exactonline", config, tmp_path)

    assert_one_readable_line(code, said, expected)
    assert posts(sandbox) == []
    assert sandbox.exact_entries() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"client_secret": "wrong"}, "client_secret", id="wrong-credentials"),
        pytest.param({"refresh_token": "old"}, "refresh_token", id="a-used-refresh-token"),
        pytest.param({"start_date": "yesterday"}, "start_date", id="malformed-start-date"),
        pytest.param({"attachments": ["docx"]}, "attachments", id="no-such-file-type"),
        pytest.param({"api_url": "http://example.com"}, "https://", id="an-unencrypted-address"),
    ],
)
def test_the_tap_says_what_is_wrong(
    sandbox: SandboxProcess, tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    url = sandbox.teamleader_url
    login = sandbox.logged_in_again()["TAP_TEAMLEADER_REFRESH_TOKEN"]
    config = {**preset("tap-teamleader"), "api_url": url, "auth_url": url, "refresh_token": login, **change}

    code, said = run("tap-teamleader", config, tmp_path)

    assert_one_readable_line(code, said, expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"client_secret": "wrong"}, "client_secret", id="wrong-credentials"),
        pytest.param({"refresh_token": "old"}, "refresh_token", id="a-used-refresh-token"),
        pytest.param({"division": 999999}, "999999", id="no-such-administration"),
        pytest.param({"division": "abc"}, "division", id="malformed-administration"),
        pytest.param({"api_url": "http://example.com"}, "https://", id="an-unencrypted-address"),
    ],
)
def test_the_tap_of_the_reverse_job_says_what_is_wrong(
    sandbox: SandboxProcess, tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    login = sandbox.logged_in_again()["TAP_EXACTONLINE_REFRESH_TOKEN"]
    config = {**preset("tap-exactonline"), "api_url": sandbox.exact_url, "refresh_token": login, **change}

    code, said = run("tap-exactonline", config, tmp_path)

    assert_one_readable_line(code, said, expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"client_secret": "wrong"}, "client_secret", id="wrong-credentials"),
        pytest.param({"refresh_token": "old"}, "refresh_token", id="a-used-refresh-token"),
        pytest.param({"division": "abc"}, "division", id="malformed-administration"),
        pytest.param({"on_unmatched": "forget"}, "on_unmatched", id="no-such-choice"),
        pytest.param({"api_url": "http://example.com"}, "https://", id="an-unencrypted-address"),
    ],
)
def test_the_target_of_the_reverse_job_says_what_is_wrong(
    sandbox: SandboxProcess, tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    url = sandbox.teamleader_url
    login = sandbox.logged_in_again()["TARGET_TEAMLEADER_REFRESH_TOKEN"]
    config = {**preset("target-teamleader"), "api_url": url, "auth_url": url, "refresh_token": login, **change}

    code, said = run("target-teamleader", config, tmp_path)

    assert_one_readable_line(code, said, expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"TARGET_EXACTONLINE_INVOICE_JOURNAL": "60"}, "not a sales journal", id="found-while-it-writes"),
        pytest.param({"TARGET_EXACTONLINE_API_URL": "http://example.com"}, "https://", id="found-at-its-start"),
    ],
)
def test_what_the_target_says_is_the_last_word_of_the_plugins(
    coupling_with: Callable[..., Coupling], change: dict[str, str], expected: str
) -> None:
    """Line 32: three stack traces of Meltano's and a BrokenPipeError of the mapper's followed it."""
    coupling = coupling_with(
        "--no-limits", "--customers", "60", "--invoices", "200", "--credit-notes", "20", settings=change
    )

    ran = coupling.documents()

    assert ran.code != 0
    assert "Traceback" not in ran.output
    assert "BrokenPipe" not in ran.output
    assert "has stopped" not in ran.output
    said = [line for line in ran.output.splitlines() if "target-exactonline" in line and "[critical" in line]
    assert len([line for line in said if expected in line]) == 1, ran.output[-4000:]
