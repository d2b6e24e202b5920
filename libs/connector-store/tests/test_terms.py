"""The mirror of payment terms: all terms of an entry show with its change, and no change is missed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from connector_store import ConnectorStore, Term

if TYPE_CHECKING:
    from pathlib import Path

    from connector_store import Terms


def term(
    id_: str, entry: str = "entry", *, at: int = 1, amount: str = "10.00", status: int = 20, end: str | None = None
) -> Term:
    row = {"ID": id_, "AmountFC": Decimal(amount), "Status": status, "TransactionType": 20}
    return Term(id_, entry, at, "customer", status, end, row)


def shown(terms: Terms, after: int = 0) -> dict[str, list[str]]:
    return {each.entry_id: [one.id for one in each.terms] for each in terms.entries(after)}


def latest(terms: Terms) -> int:
    return max((each.version for each in terms.entries(0)), default=0)


def test_a_change_of_one_term_shows_all_terms_of_its_entry(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply([term("a", at=5), term("b", at=6), term("c", "other", at=7)])
    seen = latest(terms)
    terms.apply([term("b", at=9, status=50)])

    assert shown(terms, seen) == {"entry": ["a", "b"]}
    [entry] = terms.entries(seen)
    assert (entry.timestamp, [one.status for one in entry.terms]) == (9, [20, 50])
    assert entry.terms[0].row["AmountFC"] == Decimal("10.00")


def test_a_row_that_was_only_touched_or_comes_again_is_no_change(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply([term("a", at=5)])
    seen = latest(terms)

    assert terms.apply([term("a", at=5), term("a", at=8), term("a", at=2, status=50)]) == 0
    assert shown(terms, seen) == {}
    assert terms.mirror.terms_read == 8


def test_a_row_that_shows_late_is_seen_although_newer_ones_were_read(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply([term("a", at=5), term("b", "other", at=9)])
    seen = latest(terms)
    terms.apply([term("late", "third", at=7)])

    assert shown(terms, seen) == {"third": ["late"]}
    assert terms.mirror.terms_read == 9


def test_a_removed_term_changes_its_entry_and_the_last_one_leaves_its_row(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply([term("a", at=5), term("b", at=6)])
    seen = latest(terms)

    assert terms.remove([("b", 8), ("never seen", 9)]) == 1
    assert shown(terms, seen) == {"entry": ["a"]}
    seen = latest(terms)
    terms.remove([("a", 12)])
    [entry] = terms.entries(seen)
    assert (entry.terms, entry.timestamp, entry.last_row and entry.last_row["ID"]) == ((), 12, "a")


def test_reading_anew_tells_only_what_differs_and_what_is_gone(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply([term("a", at=105), term("b", "paid since", at=106), term("c", "gone", at=107)])
    terms.complete(None)
    identity, seen = terms.mirror.identity, latest(terms)

    terms.begin_anew()
    assert terms.mirror.terms_read == 0
    terms.apply([term("a", at=3), term("b", "paid since", at=4, status=50)])
    assert set(shown(terms, seen)) == {"paid since"}
    terms.complete("2026-11-01")

    assert shown(terms, seen) == {"paid since": ["b"], "gone": []}
    assert (terms.mirror.identity, terms.mirror.moved) == (identity, "2026-11-01")
    assert terms.mirror.refreshed_at is not None


def test_what_settled_a_term_is_found_by_account_and_end_date(store: ConnectorStore) -> None:
    terms = store.terms(1)
    terms.apply(
        [
            term("invoice", "entry", at=1, amount="-10.00", status=50, end="2026-11-01"),
            term("bank", "payment", at=2, status=50, end="2026-11-01"),
            term("another day", "payment 2", at=3, status=50, end="2026-11-02"),
            term("open", "payment 3", at=4),
        ]
    )
    assert [one.id for one in terms.settled_on("customer", "2026-11-01", but="entry")] == ["bank"]


def test_divisions_do_not_see_each_other(store: ConnectorStore) -> None:
    store.terms(1).apply([term("a", at=5)])
    store.terms(2).apply([term("a", "elsewhere", at=6)])

    assert shown(store.terms(1)) == {"entry": ["a"]}
    assert shown(store.terms(2)) == {"elsewhere": ["a"]}
    assert store.terms(1).mirror.identity != store.terms(2).mirror.identity


CHANGES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["one", "two", "three"]), st.sampled_from([20, 50, None])),
    max_size=30,
)


@given(changes=CHANGES, reads=st.integers(1, 7))
@settings(max_examples=40)
def test_who_keeps_the_last_version_misses_no_change(
    changes: list[tuple[str, str, int | None]], reads: int, tmp_path_factory: object
) -> None:
    folder: Path = tmp_path_factory.mktemp("mirror")  # type: ignore[attr-defined]
    with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
        terms = store.terms(1)
        truth: dict[str, str] = {}
        known: dict[str, list[str]] = {}
        seen = 0
        for moment, (id_, entry, status) in enumerate(changes, start=1):
            if status is None:
                terms.remove([(id_, moment)])
                truth.pop(id_, None)
            else:
                terms.apply([term(id_, entry, at=moment, status=status)])
                truth[id_] = entry
            if moment % reads == 0:
                for changed in terms.entries(seen):
                    known[changed.entry_id] = [one.id for one in changed.terms]
                    seen = changed.version
        known.update(shown(terms, seen))

    expected = {entry: sorted(id_ for id_, at in truth.items() if at == entry) for entry in truth.values()}
    assert {entry: ids for entry, ids in known.items() if ids} == expected
