"""What is known of a division beside its documents."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import time_machine

from connector_store import BookedEntry, BookedLine, ConnectorStore, DivisionStore

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)
LATER = datetime(2026, 6, 26, 12, tzinfo=timezone.utc)


def test_a_store_keeps_the_identity_it_was_given(store: ConnectorStore, uri: str) -> None:
    given = store.identity
    assert len(given) == 36
    with ConnectorStore.open(uri) as again:
        assert again.identity == given


def test_a_store_knows_since_when_it_is_the_one_it_is(store: ConnectorStore) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert store.identity_since is None
        given = store.identity
        clock.move_to(LATER)
        assert (store.identity, store.identity_since) == (given, NOON)
        store.renew_identity()
        assert store.identity_since == LATER


def test_a_restored_store_can_become_another_one(store: ConnectorStore, uri: str) -> None:
    given = store.identity
    renewed = store.renew_identity()
    assert len(renewed) == 36
    with ConnectorStore.open(uri) as again:
        assert again.identity == renewed != given


def test_a_counter_moves_on_by_one_within_its_division_and_name(store: ConnectorStore) -> None:
    division = DivisionStore(store, 1)
    assert division.generation("documents") == 0
    assert [division.advance("documents"), division.advance("documents")] == [1, 2]
    assert division.generation("documents") == 2
    assert (division.generation("payments"), DivisionStore(store, 2).generation("documents")) == (0, 0)


def test_master_data_comes_back_to_the_digit_with_its_age(store: ConnectorStore) -> None:
    kept = DivisionStore(store, 1).master_data
    assert kept.get("vat_codes") is None
    kept.put("vat_codes", [{"Code": "old"}], NOON)
    rows = [{"Code": "4", "Percentage": Decimal("0.210"), "From": date(2026, 1, 1), "Blocked": False}]
    kept.put("vat_codes", rows, LATER)
    assert repr(kept.get("vat_codes")) == repr((rows, LATER))
    assert DivisionStore(store, 2).master_data.get("vat_codes") is None
    kept.drop("vat_codes")
    assert kept.get("vat_codes") is None


def test_a_period_is_known_to_be_closed_for_a_day_or_until_somebody_says_otherwise(store: ConnectorStore) -> None:
    periods = DivisionStore(store, 1).closed_periods
    with time_machine.travel(NOON, tick=False) as clock:
        periods.learn(2026, 3)
        clock.shift(3600)
        periods.learn(2026, 4)
        assert periods.known() == {(2026, 3), (2026, 4)}
        clock.move_to(LATER)
        assert periods.known() == {(2026, 4)}
        periods.forget()
        assert periods.known() == set()


def test_what_was_seen_once_stays_known_after_it_was_archived(store: ConnectorStore) -> None:
    rates = DivisionStore(store, 1).seen("tax_rate")
    rates.put({"a": {"rate": Decimal("0.21")}, "b": {"rate": Decimal("0.06")}})
    rates.put({"b": {"rate": Decimal("0.060"), "archived": True}})
    assert rates.all() == {"a": {"rate": Decimal("0.21")}, "b": {"rate": Decimal("0.060"), "archived": True}}
    assert DivisionStore(store, 1).seen("product_category").all() == {}
    rates.drop(["a", "never seen"])
    assert list(rates.all()) == ["b"]


def test_an_entry_is_kept_as_it_was_booked(store: ConnectorStore) -> None:
    booked = DivisionStore(store, 1).booked
    line = BookedLine(gl_account="account", net=Decimal("100.00"), vat=Decimal("21.00"), vat_code="4", id="line")
    entry = BookedEntry({"EntryDate": date(2026, 6, 25)}, (line,), modified="/Date(1)/")
    booked.put("invoice", "a", entry)
    assert repr(booked.get("invoice", "a")) == repr(entry)
    adopted = BookedEntry({}, ours=False)
    booked.put("invoice", "a", adopted)
    assert booked.get("invoice", "a") == adopted
    assert booked.get("credit_note", "a") is None
