"""Readings by row versions: nothing is missed, in whatever order Exact gives the rows and wherever a run is cut off."""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tap_exactonline import versions
from tap_exactonline.progress import ROWS_AGAIN, VersionProgress
from tap_exactonline.versions import BEGINNING, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

SIZE = 5


def rows(numbers: list[int]) -> list[dict[str, Any]]:
    return [{"Timestamp": str(number)} for number in numbers]


def shuffled_pages(numbers: list[int]) -> list[int]:
    """The order of the sandbox: pages follow each other, the rows of one are in none."""
    chance, given_ = Random(1), []  # noqa: S311 - a reproducible draw
    for start in range(0, len(numbers), SIZE):
        page = numbers[start : start + SIZE]
        chance.shuffle(page)
        given_ += page
    return given_


class ChangingRows:
    """A table whose rows change, and a tap that reads it, cut off after some rows."""

    def __init__(self) -> None:
        self.now = BEGINNING
        self.rows: dict[str, int] = {}
        self.state: dict[str, Any] = {}
        self.delivered: list[tuple[str, int]] = []

    def change(self, row_id: str) -> None:
        self.now += 1
        self.rows[row_id] = self.now

    def read(self, *, cut_after: int | None, order: int | None, moved: str | None = None) -> None:
        """Read with the state kept, in an order drawn from `order` or by version; deliver `cut_after` rows at most."""
        progress = VersionProgress(self.state, moved)
        delivering = self._deliver(progress, order)
        for _ in islice(delivering, cut_after):
            progress.save()
        if cut_after is None:
            progress.save()

    def _deliver(self, progress: VersionProgress, order: int | None) -> Iterator[None]:
        found = sorted((at, row_id) for row_id, at in self.rows.items() if at > progress.since)
        if order is not None:
            Random(order).shuffle(found)  # noqa: S311 - a reproducible draw
        names = dict(found)
        for page in pages(rows([at for at, _ in found])):
            progress.turn_to(page)
            for row in page.rows:
                at = versions.version(row)
                if progress.is_new(at):
                    self.delivered.append((names[at], at))
                    progress.pass_by(at)
                    yield
                else:
                    progress.pass_by(at)
        progress.end()


STEPS = st.lists(
    st.tuples(
        st.lists(st.sampled_from("abcdefghijklmnopqrst"), max_size=12),
        st.one_of(st.none(), st.integers(0, 12)),
    ),
    max_size=6,
)


@given(steps=STEPS, data=st.data())
def test_what_was_cut_off_is_delivered_by_the_next_runs(steps: Any, data: st.DataObject) -> None:
    """In the order of versions, any cut will do; in any order, any cut from where the page after shows the disorder."""
    exact = ChangingRows()
    for changes, cut_after in steps:
        for row_id in changes:
            exact.change(row_id)
        exact.read(cut_after=cut_after, order=None)
    exact.read(cut_after=None, order=data.draw(st.one_of(st.none(), st.integers())))
    assert set(exact.rows.items()) <= set(exact.delivered)
    count = len(exact.delivered)
    exact.read(cut_after=None, order=None)
    assert len(exact.delivered) == count, "an idle run delivers nothing"


def test_pages_that_follow_each_other_let_the_bookmark_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "PAGE", SIZE)
    found = list(pages(rows(shuffled_pages(list(range(1, 13))))))
    assert [page.is_followed_by_newer for page in found] == [True, True, True]
    assert [versions.version(row) for page in found for row in page.rows] == list(range(1, 13))


def test_an_older_row_on_a_later_page_is_seen_before_the_page_that_precedes_it_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(versions, "PAGE", SIZE)
    found = list(pages(rows([10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 9, 30])))
    assert [page.is_followed_by_newer for page in found] == [True, False, False]


def test_in_disorder_a_cut_off_run_is_repeated_and_a_whole_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "PAGE", SIZE)
    exact = ChangingRows()
    for row_id in "abcdefghijklmnop":
        exact.change(row_id)
    exact.read(cut_after=12, order=3)
    assert "replication_key_value" not in exact.state
    exact.read(cut_after=None, order=3)
    assert exact.state["replication_key_value"] == exact.now
    assert len(exact.delivered) == 12 + 16


def test_a_row_that_shows_late_is_delivered_and_no_other_again() -> None:
    exact = ChangingRows()
    for number in range(300):
        exact.change(f"{number}")
    late = exact.rows.pop("250")
    exact.read(cut_after=None, order=None)
    exact.rows["250"] = late
    exact.delivered.clear()
    exact.read(cut_after=None, order=None)
    assert exact.delivered == [("250", late)]
    assert len(exact.state["seen"]) <= ROWS_AGAIN
    assert exact.state["since"] > 200


def test_row_versions_of_another_database_mean_nothing() -> None:
    exact = ChangingRows()
    for number in range(200):
        exact.change(f"{number}")
    exact.read(cut_after=None, order=None)
    exact.now, exact.rows = BEGINNING, {}
    exact.change("0")
    exact.read(cut_after=None, order=None, moved="2026-11-20")
    assert exact.delivered[-1] == ("0", 2)
    assert exact.state["replication_key_value"] == 2
