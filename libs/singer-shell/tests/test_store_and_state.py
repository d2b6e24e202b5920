"""Line 19: a store and a Singer state that do not belong together are told apart, and all is read again."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from typing import TYPE_CHECKING, Any

from singer_shell.specimen import SpecimenTap
from singer_shell.store_and_state import ANOTHER, OLDER

if TYPE_CHECKING:
    from pathlib import Path


def read(specimens: Any, state: dict[str, Any] | None, numbers: int) -> tuple[list[int], dict[str, Any]]:
    """Run the tap; return the numbers that it put out and its last state."""
    settings = {name: value for name, value in specimens.settings.items() if name != "output"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        SpecimenTap(config={**settings, "numbers": numbers}, state=json.loads(json.dumps(state or {}))).sync_all()
    messages = [json.loads(line) for line in printed.getvalue().splitlines()]
    found = [message["record"]["number"] for message in messages if message["type"] == "RECORD"]
    return found, [message["value"] for message in messages if message["type"] == "STATE"][-1]


def backup(folder: Path, name: str) -> Path:
    """Copy the store, with what is not yet written back to its main file."""
    copy = folder / name
    copy.mkdir()
    for path in folder.glob("store.db*"):
        shutil.copy(path, copy)
    return copy


def lose(folder: Path) -> None:
    for path in folder.glob("store.db*"):
        path.unlink()


def restore(folder: Path, copy: Path) -> None:
    lose(folder)
    for path in copy.iterdir():
        shutil.copy(path, folder)


def test_what_belongs_together_goes_on_where_it_was(specimens: Any) -> None:
    _, state = read(specimens, None, 3)
    assert read(specimens, state, 5)[0] == [4, 5]
    assert specimens.last_run().message == "read 2 numbers"


def test_a_lost_store_is_told_and_everything_is_read_again(specimens: Any) -> None:
    _, state = read(specimens, None, 3)
    lose(specimens.folder)
    again, state = read(specimens, state, 3)
    assert again == [1, 2, 3]
    assert specimens.last_run().message == f"{ANOTHER}; read 3 numbers"
    assert read(specimens, state, 4)[0] == [4]


def test_a_restored_store_is_told_and_everything_is_read_again(specimens: Any) -> None:
    _, state = read(specimens, None, 3)
    copy = backup(specimens.folder, "backup")
    _, state = read(specimens, state, 5)
    restore(specimens.folder, copy)
    again, state = read(specimens, state, 5)
    assert again == [1, 2, 3, 4, 5]
    assert specimens.last_run().message == f"{OLDER}; read 5 numbers"
    assert read(specimens, state, 6)[0] == [6]


def test_a_restored_store_that_missed_nothing_goes_on(specimens: Any) -> None:
    _, state = read(specimens, None, 3)
    restore(specimens.folder, backup(specimens.folder, "backup"))
    assert read(specimens, state, 4)[0] == [4]


def test_each_state_notices_the_restored_store_however_late(specimens: Any) -> None:
    """Another state was the first to meet the restored store, and the store knows as many runs again since."""
    _, one = read(specimens, None, 3)
    copy = backup(specimens.folder, "backup")
    _, other = read(specimens, None, 3)
    _, one = read(specimens, one, 4)
    restore(specimens.folder, copy)
    for _ in range(5):
        _, one = read(specimens, one, 4)
    assert read(specimens, other, 3)[0] == [1, 2, 3]


def test_an_older_state_is_no_trouble(specimens: Any) -> None:
    """What it calls undelivered comes once more; nothing is lost by it."""
    _, state = read(specimens, None, 3)
    read(specimens, state, 5)
    assert read(specimens, state, 5)[0] == [4, 5]
    assert specimens.last_run().message == "read 2 numbers"


def test_a_state_of_an_older_version_is_relied_on_and_gets_its_mark(specimens: Any) -> None:
    _, state = read(specimens, None, 3)
    mark = state.pop("store")
    again, state = read(specimens, state, 4)
    assert again == [4]
    assert state["store"] == {"identity": mark["identity"], "run": mark["run"] + 1}
