"""A dry run says what would happen and leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Harness


def test_a_dry_run_reports_and_writes_nothing(harness: Harness) -> None:
    records = [harness.company(), harness.invoice(pdf=True), harness.invoice(tax_rate="0.19"), harness.credit_note()]
    harness.exact.forget_calls()
    ran = harness.run(*records, dry_run=True)
    assert ran.error is None
    assert ran.counts == {"booked": 2, "rejected": 1, "customers created": 1}
    assert ran.states == []
    assert [call for call in harness.exact.calls() if call[0] != "GET"] == []
    assert "gross 121.00 EUR" in ran.log
    assert harness.codes() == {}
    with harness.store() as store:
        assert store.links(harness.division).count() == {}


def test_the_real_run_after_it_books_everything(harness: Harness) -> None:
    records = [harness.company(), harness.invoice(), harness.credit_note()]
    harness.run(*records, dry_run=True)
    assert harness.run(*records).counts == {"booked": 2, "customers created": 1}


def test_a_dry_run_shows_what_a_new_setting_would_free(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice(tax_rate="0.12"))
    ran = harness.run(dry_run=True, vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert set(harness.codes().values()) == {"vat_code_unmapped"}


def test_a_dry_run_shows_changes_and_leaves_them(harness: Harness) -> None:
    record = harness.invoice(net="100.00")
    harness.run(harness.company(), record)
    ran = harness.run(harness.as_version(record, net="150.00"), dry_run=True)
    assert ran.counts == {"updated": 1}
    assert str(harness.exact.entries(record["number"])[0]["gross"]) == "121.00"


def test_a_dry_run_shows_what_would_be_adopted_and_links_nothing(harness: Harness) -> None:
    records = [harness.company(), harness.invoice()]
    harness.run(*records)
    harness.lose_store()
    assert harness.run(*records, dry_run=True).counts == {"adopted": 1}
    with harness.store() as store:
        assert store.links(harness.division).count() == {}
        assert store.customers(harness.division).ids() == set()


def test_a_dry_run_marks_nothing_as_missing(harness: Harness) -> None:
    record = harness.invoice(net="100.00")
    harness.run(harness.company(), record)
    harness.exact.do("delete_entry", your_ref=record["number"])
    assert harness.run(harness.as_version(record, net="150.00"), dry_run=True).counts == {"rejected": 1}
    assert harness.link(record).state == "linked"
    assert harness.codes() == {}
