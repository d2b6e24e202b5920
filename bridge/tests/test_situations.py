"""The situations of a coupling, as its runs leave them in the store: banner, exit code, who is told, and the recovery.

Every line of the table is a day on which something happened; none of them comforts falsely.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bridge.run import notify as sending
from bridge.run.alerts import Wishes
from bridge.telling import Reader, brief_of, status_of
from bridge.view.status import key
from connector_store.columns import utc_now
from connector_store.schema import runs as table

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Bridge
    from connector_store.runs import Outcome

DIVISION = 123456
TARGETS = sending.Targets(("json://127.0.0.1:9/",), Wishes())
PAIRS = (("tap-teamleader", "target-exactonline"), ("tap-exactonline", "target-teamleader"))


class Coupling:
    """Runs as the plugins record them."""

    def __init__(self, bridge: Bridge, sent: list[Any]) -> None:
        self.bridge = bridge
        self.sent = sent

    def ran(
        self,
        plugin: str,
        outcome: Outcome | None = "ok",
        line: str = "done",
        minutes_ago: float = 1,
        of: str | None = None,
    ) -> None:
        runs = self.bridge.memory.store.runs
        run = runs.start(plugin, DIVISION, coupling=of)
        if outcome is not None:
            runs.finish(run, outcome, {}, line)
        moment = utc_now() - timedelta(minutes=minutes_ago)
        ended = None if outcome is None else moment
        with runs._database.writing() as connection:
            row = table.update().where(table.c.id == run).values(started_at=moment, finished_at=ended)
            connection.execute(row)

    def cycle(self, minutes_ago: float, of: str | None = None, **troubles: tuple[Outcome | None, str]) -> None:
        for plugin in (each for pair in PAIRS for each in pair):
            outcome, line = troubles.get(plugin.replace("-", "_"), ("ok", "done"))
            self.ran(plugin, outcome, line, minutes_ago, of)

    def says_the_same_in_brief(self) -> None:
        """What a look that found nothing goes by is what the whole document says."""
        now = utc_now()
        document = status_of(self.bridge.memory, Reader(now=now))
        health, to_do = brief_of(self.bridge.memory, Reader(now=now))
        assert health == document["health"]
        assert to_do == {key(row) for row in document["documents"] if row["status"] == "rejected"}

    def told(self, targets: sending.Targets = TARGETS) -> list[str]:
        """What is sent at the end of a run now."""
        self.sent.clear()
        sending.notify(self.bridge.memory, status_of(self.bridge.memory, Reader()), targets)
        return [message.kind for message in self.sent]


@pytest.fixture
def coupling(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> Coupling:
    """A coupling that worked until an hour ago; what is sent is kept instead."""
    sent: list[Any] = []
    monkeypatch.setattr(sending, "send", lambda messages, _urls: sent.extend(messages))
    made = Coupling(bridge, sent)
    made.cycle(60)
    assert made.told() == []
    return made


class Situation(NamedTuple):
    """What happened, and what must be said of it."""

    happened: Callable[[Coupling], None]
    banner: str
    problem: int
    """Exit code of --fail-on problem."""
    failure: int
    alert: list[str]
    recovery: list[str]


def fails(plugin: str, line: str) -> Callable[[Coupling], None]:
    """A cycle in which a program needs a person; what it feeds ends well, with nothing done."""
    return lambda coupling: coupling.cycle(1, **{plugin: ("failed", f"{line}; until then nothing new to read")})


def passes(plugin: str, line: str, hours: float = 0) -> Callable[[Coupling], None]:
    """Cycles that something kept from working, which passes by itself."""

    def happened(coupling: Coupling) -> None:
        if hours:
            age(coupling, hours)
        coupling.cycle(1, **{plugin: ("postponed", f"{line}; until then 0 booked")})

    return happened


def age(coupling: Coupling, hours: float) -> None:
    """Let all there is be so much older."""
    runs = coupling.bridge.memory.store.runs
    with runs._database.writing() as connection:
        for row in connection.execute(table.select()).mappings().all():
            older = {
                name: row[name] - timedelta(hours=hours)
                for name in ("started_at", "finished_at")
                if row[name] is not None
            }
            connection.execute(table.update().where(table.c.id == row["id"]).values(older))


def lost_answer(coupling: Coupling) -> None:
    coupling.bridge.memory.links.intend("invoice", "new", number="2026 / 1", fingerprint="f")
    coupling.cycle(1, target_exactonline=("postponed", "Exact may or may not have carried out the write"))


def one_reject(coupling: Coupling) -> None:
    coupling.cycle(1, target_exactonline=("degraded", "1 booked, 1 rejected"))
    coupling.bridge.refused("b", "2026 / 2")


def hundred_rejects(coupling: Coupling) -> None:
    coupling.cycle(1)
    for number in range(100):
        coupling.bridge.refused(f"b{number}", f"2026 / {number}", code="period_closed")


def tap_killed(coupling: Coupling) -> None:
    age(coupling, 3)
    coupling.cycle(1, tap_teamleader=(None, ""))


def stopped_by_a_person(coupling: Coupling) -> None:
    coupling.cycle(1, target_exactonline=("degraded", "stopped by signal 15; until then 3 booked"))


def under_way(coupling: Coupling) -> None:
    age(coupling, 3)
    coupling.ran("tap-teamleader", None, minutes_ago=20)


def locked(coupling: Coupling) -> None:
    coupling.cycle(20)
    coupling.ran("target-exactonline", "skipped", "Another run is writing to administration 123456")


def looked(outcome: Outcome, line: str, hours: float = 0) -> Callable[[Coupling], None]:
    """`bridge run --only-news` asked both services, and started nothing."""

    def happened(coupling: Coupling) -> None:
        age(coupling, hours)
        coupling.ran("bridge look", outcome, line)

    return happened


def could_not_start(coupling: Coupling) -> None:
    coupling.ran("bridge", "failed", "documents: Meltano ended with code 1: no such plugin", minutes_ago=10)
    coupling.ran("bridge look", "ok", "nothing new")


SITUATIONS = {
    "all in order": Situation(lambda coupling: coupling.cycle(1), "All in order, last success", 0, 0, [], []),
    "login of Teamleader revoked": Situation(
        fails("tap_teamleader", "Teamleader refuses the login"),
        "Teamleader refuses the login: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "login of Exact revoked": Situation(
        fails("tap_exactonline", "Exact refuses the login"),
        "Exact refuses the login: no payments brought over since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "lost answer": Situation(lost_answer, "Exact may or may not have carried out the write: nothing", 0, 0, [], []),
    "wrong division": Situation(
        fails("target_exactonline", "The login has no access to administration 123456"),
        "The login has no access to administration 123456: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "journal blocked meanwhile": Situation(
        fails("target_exactonline", "Journal 70 is blocked in Exact"),
        "Journal 70 is blocked in Exact: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "settings refused": Situation(
        fails("target_exactonline", "The settings of target-exactonline are not right"),
        "The settings of target-exactonline are not right: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "day's limit": Situation(
        passes("target_exactonline", "Exact's limit of calls per day is used up"),
        "Exact's limit of calls per day is used up: nothing booked since",
        0,
        0,
        [],
        [],
    ),
    "Exact down for a day": Situation(
        passes("target_exactonline", "Exact does not answer", hours=24),
        "Exact does not answer: nothing booked since 20",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "tap crashing": Situation(
        fails("tap_teamleader", "unexpected ValueError"),
        "unexpected ValueError: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "tap killed each time": Situation(tap_killed, "A run is under way since", 0, 0, [], []),
    "schedule stopped": Situation(
        lambda coupling: age(coupling, 5),
        "No run since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "administration locked by another run": Situation(locked, "All in order, last success", 0, 0, [], []),
    "run under way": Situation(under_way, "A run is under way since", 0, 0, [], []),
    "stopped by a person": Situation(stopped_by_a_person, "All in order, last success", 0, 0, [], []),
    "nothing new for hours": Situation(
        looked("ok", "nothing new", hours=5), "All in order, last success", 0, 0, [], []
    ),
    "login of Exact revoked between two cycles": Situation(
        looked("failed", "Exact refuses the login"),
        "Exact refuses the login: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "Exact down for a day without anything to book": Situation(
        looked("postponed", "Exact does not answer", hours=24),
        "Exact does not answer: nothing booked since 20",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "a cycle that cannot start, and nothing new": Situation(
        could_not_start,
        "documents: Meltano ended with code 1: no such plugin: nothing booked since",
        4,
        4,
        ["problem"],
        ["recovery"],
    ),
    "one reject": Situation(one_reject, "1 needs you; last success", 3, 0, ["problem"], ["recovery"]),
    "a hundred rejects": Situation(hundred_rejects, "100 need you; last success", 3, 0, ["problem"], ["recovery"]),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_no_situation_comforts_falsely(coupling: Coupling, name: str) -> None:
    situation = SITUATIONS[name]
    situation.happened(coupling)
    text = coupling.bridge.does("status")
    assert text.startswith(situation.banner)
    coupling.says_the_same_in_brief()
    is_green = json.loads(coupling.bridge.does("status", "--output", "json"))["health"]["level"] == "green"
    assert ("Nothing to do." in text) == is_green
    assert is_green == (situation.banner.startswith("All in order"))
    for fail_on, code in (("problem", situation.problem), ("failure", situation.failure)):
        assert coupling.bridge.run("status", "--fail-on", fail_on).exit_code == code
    assert coupling.told() == situation.alert
    assert coupling.told() == []
    recover(coupling)
    assert coupling.told() == situation.recovery
    assert coupling.told() == []
    assert coupling.bridge.does("status").startswith("All in order")


def recover(coupling: Coupling) -> None:
    for reject in coupling.bridge.memory.rejects.all():
        coupling.bridge.memory.rejects.resolve(reject.kind, reject.source_id)
    coupling.cycle(0)


LOST = "Login to Exact expired"


@pytest.fixture
def two(coupling: Coupling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coupling:
    """Two couplings of one administration in a project; that of the south fails, then that of the north works."""
    for name in ("north", "south"):
        file = tmp_path / "couplings" / f"{name}.meltano.yml"
        file.parent.mkdir(exist_ok=True)
        file.touch()
    (tmp_path / "meltano.yml").touch()
    monkeypatch.chdir(tmp_path)
    coupling.cycle(30, of="south")
    coupling.cycle(10, of="south", target_exactonline=("failed", LOST))
    coupling.cycle(5, of="north")
    return coupling


def test_no_command_lets_one_coupling_hide_what_another_one_of_its_administration_cannot_do(two: Coupling) -> None:
    two.says_the_same_in_brief()
    bridge = two.bridge
    banner, north, south, *_ = bridge.does("status").splitlines()
    assert banner.startswith(f"south: {LOST}: nothing booked since")
    assert north.strip().startswith("north: All in order")
    assert south.strip().startswith(f"south: {LOST}")
    assert "target-exactonline (south)" in bridge.does("status")
    assert bridge.run("status", "--fail-on", "failure").exit_code == 4
    told = bridge.run("health")
    assert (told.exit_code, told.stdout[:28]) == (4, "red: south: Login to Exact e")
    document = bridge.status()
    assert [(each["name"], each["level"]) for each in document["health"]["couplings"]] == [
        ("north", "green"),
        ("south", "red"),
    ]
    assert {run["coupling"] for run in document["last_runs"]} >= {"north", "south"}
    measured = bridge.does("metrics")
    assert 'coupling_health{division="123456"} 2' in measured
    assert 'coupling_health{division="123456",coupling="north"} 0' in measured
    assert 'coupling_health{division="123456",coupling="south"} 2' in measured
    assert (
        'coupling_last_success_timestamp_seconds{division="123456",coupling="south",direction="documents"}' in measured
    )
    bridge.does("report", "--offline", "--file", "page.html")
    page = Path("page.html").read_text()
    assert f"<li>south: {LOST}" in page
    assert "target-exactonline (south)" in page
    assert two.told() == ["problem"]
    assert two.sent[0].title.startswith(f"south: {LOST}")
    two.cycle(3, of="south")
    assert two.told() == ["recovery"]
    assert bridge.does("health").startswith("green: All in order")


def test_a_coupling_whose_file_was_taken_away_no_longer_counts(two: Coupling) -> None:
    Path("couplings", "south.meltano.yml").unlink()
    assert two.bridge.does("health").startswith("green: All in order")
    Path("meltano.yml").write_text("inherited by hand: tap-teamleader--south")
    assert two.bridge.run("health").exit_code == 4


def test_what_was_told_to_others_is_told_to_these_as_well(coupling: Coupling) -> None:
    """Two couplings of one administration may tell different people; and a person tries another target by hand."""
    others = sending.Targets(("json://127.0.0.1:8/",), Wishes())
    coupling.cycle(1)
    coupling.bridge.refused("a", "2026 / 1")
    assert coupling.told(others) == ["problem"]
    assert coupling.told() == ["problem"]
    assert coupling.told(others) == coupling.told() == []
    coupling.bridge.memory.rejects.resolve("invoice", "a")
    assert coupling.told() == coupling.told(others) == ["recovery"]


def test_what_an_earlier_version_told_is_not_told_again(coupling: Coupling) -> None:
    coupling.cycle(1)
    coupling.bridge.refused("a", "2026 / 1")
    told = json.dumps({"to_do": ["invoice a vat_code_unmapped"], "red": [], "paid": [], "summary": None})
    coupling.bridge.memory.store.set_position(DIVISION, "alerts", told)
    others = sending.Targets(("json://127.0.0.1:8/",), Wishes())
    assert coupling.told(others) == []
    coupling.bridge.memory.rejects.resolve("invoice", "a")
    assert coupling.told(others) == ["recovery"]
