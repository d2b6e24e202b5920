"""The switches that a set-up shows: what they do is said, and the default answer changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bridge import services
from bridge.commands.setup import Guide
from bridge.project import Project
from bridge.setup.switches import SWITCHES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("user_project")


def asked(language: str, answers: str) -> str:
    """Let a person answer, and return what the terminal showed."""
    coupling = Project.find().coupling()
    with services.opened(coupling) as store, CliRunner().isolation(answers) as (shown, *_):
        Guide(coupling, language, browser=False).switches(store)
        return bytes(shown.getvalue()).decode()


def settings() -> dict[str, Any]:
    coupling = Project.find().coupling()
    return {each.setting: coupling.settings(each.plugin).get(each.setting) for each in SWITCHES}


def test_each_is_shown_as_it_stands_with_its_consequence_and_the_default_changes_nothing(user_project: Path) -> None:
    files = {path: path.read_bytes() for path in user_project.rglob("*.yml")}
    shown = asked("en", "\n")
    for switch in SWITCHES:
        on = "yes" if switch.default else "no"
        assert f"[{on}] {switch.question} {switch.consequence}" in shown
    assert {path: path.read_bytes() for path in user_project.rglob("*.yml")} == files


def test_what_is_changed_is_kept_and_the_rest_stays() -> None:
    shown = asked("nl", "y\ny\nn\n\ny\n999\n700000\n" + 20 * "\n")
    assert "Een factuur pas boeken als ze verzonden is?" in shown
    assert "999 " in shown
    found = settings()
    assert (found["only_sent"], found["book_credit_notes"], found["register_payments"]) == (True, False, True)
    (account,) = found["gl_accounts_by_tax_rate"].values()
    assert account == "700000"
