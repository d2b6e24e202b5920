"""Every run is on record, one that was refused before it began as well: health is read from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from api_core.errors import DayLimitReached, LoginLost, TryLater
from api_core.service import Service
from connector_store import ConnectorStore, StoreError
from connector_store.columns import utc_now
from singer_shell.endings import AnotherRun, RunEnded, Trouble
from singer_shell.stop import Interrupted

if TYPE_CHECKING:
    from connector_store.runs import Outcome

SERVICE = Service(name="Exact", agent="test", quoted=re.compile("x"))


@pytest.mark.parametrize("which", ["tap", "target"])
def test_a_run_that_its_settings_refuse_leaves_a_record(specimens: Any, which: str) -> None:
    with ConnectorStore.open(specimens.settings["store_uri"]):
        pass
    process = specimens.start(which, api_url="http://service.example")
    process.communicate("")
    run = specimens.last_run()
    assert (run.plugin, run.outcome, run.finished_at is not None) == (f"{which}-specimen", "failed", True)
    assert run.message.startswith(f"The settings of {which}-specimen are not right: api_url must begin with https://")


def test_a_target_that_is_fed_something_else_leaves_a_record(specimens: Any) -> None:
    with ConnectorStore.open(specimens.settings["store_uri"]):
        pass
    process = specimens.start("target")
    process.communicate("this is no message of Singer\n")
    assert specimens.last_run().outcome == "failed"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (LoginLost("Log in again."), "failed"),
        (RunEnded("Correct the setting."), "failed"),
        (StoreError("Put the key back."), "failed"),
        (ValueError("of no concern to a reader"), "failed"),
        (TryLater("No answer."), "postponed"),
        (DayLimitReached(SERVICE, utc_now()), "postponed"),
        (AnotherRun("Another run is at it."), "skipped"),
        (Interrupted(15), "degraded"),
    ],
)
def test_the_outcome_says_whether_a_person_has_to_help(error: BaseException, outcome: Outcome) -> None:
    assert Trouble.of(error).outcome == outcome


def test_what_nobody_foresaw_is_named_by_its_kind_alone() -> None:
    assert Trouble.of(ValueError("Mrs Peeters owes 100")).line == "unexpected ValueError"


def test_who_starts_several_plugins_as_one_run_names_the_administration(
    specimens: Any, numbers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONNECTOR_DIVISION", "123456")
    specimens.feed(numbers(1, 2))
    assert specimens.last_run().division == 123456


@pytest.mark.parametrize(
    ("called", "coupling"),
    [
        ("target-specimen", ""),
        ("target-specimen--north-sea", "north-sea"),
        ("target-specimen-by-hand", None),
        ("target-specimen--", None),
        ("another--north", None),
        (None, None),
    ],
)
def test_a_run_is_of_the_coupling_that_meltano_calls_the_plugin_by(
    specimens: Any, numbers: Any, monkeypatch: pytest.MonkeyPatch, called: str | None, coupling: str | None
) -> None:
    if called is not None:
        monkeypatch.setenv("MELTANO_LOADER_NAME", called)
    specimens.feed(numbers(1, 2), department_id="d-1")
    run = specimens.last_run()
    assert (run.coupling, run.department) == (coupling, "d-1")


def test_a_refused_run_is_of_its_coupling_too(specimens: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with ConnectorStore.open(specimens.settings["store_uri"]):
        pass
    monkeypatch.setenv("MELTANO_EXTRACTOR_NAME", "tap-specimen--south")
    specimens.start("tap", api_url="http://service.example").communicate("")
    assert specimens.last_run().coupling == "south"
