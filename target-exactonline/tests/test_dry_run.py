"""A dry run says what would happen and leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk


def test_a_dry_run_reports_and_writes_nothing(desk: Desk) -> None:
    records = [desk.company(), desk.invoice(pdf=True), desk.invoice(tax_rate="0.19"), desk.credit_note()]
    desk.exact.forget_calls()
    ran = desk.run(*records, dry_run=True)
    assert ran.error is None
    assert ran.counts == {"booked": 2, "rejected": 1, "customers created": 1}
    assert ran.states == []
    assert [call for call in desk.exact.calls() if call[0] != "GET"] == []
    assert "gross 121.00 EUR" in ran.log
    assert desk.codes() == {}
    with desk.store() as store:
        assert store.links(desk.division).count() == {}


def test_the_real_run_after_it_books_everything(desk: Desk) -> None:
    records = [desk.company(), desk.invoice(), desk.credit_note()]
    desk.run(*records, dry_run=True)
    assert desk.run(*records).counts == {"booked": 2, "customers created": 1}


def test_a_dry_run_shows_what_a_new_setting_would_free(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice(tax_rate="0.12"))
    ran = desk.run(dry_run=True, vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert set(desk.codes().values()) == {"vat_code_unmapped"}


def test_a_dry_run_shows_changes_and_leaves_them(desk: Desk) -> None:
    record = desk.invoice(net="100.00")
    desk.run(desk.company(), record)
    ran = desk.run(desk.as_version(record, net="150.00"), dry_run=True)
    assert ran.counts == {"updated": 1}
    assert str(desk.exact.entries(record["number"])[0]["gross"]) == "121.00"


def test_a_dry_run_shows_what_would_be_adopted_and_links_nothing(desk: Desk) -> None:
    records = [desk.company(), desk.invoice()]
    desk.run(*records)
    desk.lose_memory()
    assert desk.run(*records, dry_run=True).counts == {"adopted": 1}
    with desk.store() as store:
        assert store.links(desk.division).count() == {}
        assert store.customers(desk.division).ids() == set()


def test_a_dry_run_marks_nothing_as_missing(desk: Desk) -> None:
    record = desk.invoice(net="100.00")
    desk.run(desk.company(), record)
    desk.exact.do("delete_entry", your_ref=record["number"])
    assert desk.run(desk.as_version(record, net="150.00"), dry_run=True).counts == {"rejected": 1}
    assert desk.link(record).state == "linked"
    assert desk.codes() == {}
