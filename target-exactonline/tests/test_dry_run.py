"""A dry run says what would happen and leaves no trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

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
    assert harness.run(*records, dry_run=True).counts == {"adopted": 1, "customers matched": 1}
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


def test_a_dry_run_counts_each_customer_once_in_whatever_order_the_documents_come(harness: Harness) -> None:
    people = [harness.company(other=True, vat_number=harness.vat_number()) for _ in range(3)]
    records = [harness.invoice(customer=each["id"]) for _ in range(3) for each in people]
    dry = harness.run(*people, *records, dry_run=True)
    assert dry.counts == {"booked": 9, "customers created": 3}
    assert harness.run(*people, *records).counts == dry.counts


def test_a_dry_run_counts_the_customers_that_exact_has_already(harness: Harness) -> None:
    number = harness.vat_number()
    harness.exact.do("add_account", Name="Al in Exact", VATNumber=number, Status="C", Country="BE")
    person = harness.company(other=True, vat_number=number)
    records = [person, harness.invoice(customer=person["id"]), harness.invoice(customer=person["id"])]
    dry = harness.run(*records, dry_run=True)
    assert dry.counts == {"booked": 2, "customers matched": 1}
    assert harness.run(*records).counts == dry.counts


def test_two_customers_of_one_vat_number_are_refused_by_a_dry_run_as_by_the_real_one(harness: Harness) -> None:
    number = harness.vat_number()
    people = [harness.company(other=True, vat_number=number) for _ in range(2)]
    records = [*people, *(harness.invoice(customer=each["id"]) for each in people)]
    dry = harness.run(*records, dry_run=True)
    assert dry.counts["customers created"] == 1
    assert harness.run(*records).counts == dry.counts


def test_a_dry_run_tells_its_plan_to_the_program_that_asked_for_it(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = harness.folder / "plan.jsonl"
    monkeypatch.setenv("CONNECTOR_PLAN_FILE", str(file))
    record, other = harness.invoice(), harness.invoice(tax_rate="0.19")
    harness.run(harness.company(), record, other, dry_run=True)
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert file.stat().st_mode & 0o777 == 0o600
    (booked,) = [each for each in told if each["verb"] == "booked"]
    assert (booked["number"], booked["journal"], booked["date"]) == (record["number"], "70", record["date"])
    (line,) = booked["lines"]
    assert (line["gl_account"], line["vat_code"], line["net"], line["vat"]) == ("700000", "21", "100.00", "21.00")
    (rejected,) = [each for each in told if each["verb"] == "rejected"]
    assert (rejected["number"], rejected["code"]) == (other["number"], "vat_code_unmapped")
    assert [each["verb"] for each in told if each["kind"] == "account"] == ["customers created"]
    file.unlink()
    harness.run(harness.company(), record)
    assert not file.exists()


def test_a_dry_run_foresees_that_no_payment_condition_is_refused(harness: Harness) -> None:
    """A credit note has no term of its own: only the default condition, or the customer's own in Exact, is left."""
    number = harness.vat_number()
    harness.exact.do(
        "add_account", Name="Eigen conditie", VATNumber=number, Status="C", Country="BE", PaymentConditionSales="30"
    )
    own = harness.company(other=True, vat_number=number)
    notes = [harness.credit_note(payment_term=None), harness.credit_note(payment_term=None, customer=own["id"])]
    records = [harness.company(), own, harness.invoice(), *notes]
    dry = harness.run(*records, dry_run=True, default_payment_condition=None)
    assert (dry.counts["booked"], dry.counts["rejected"]) == (2, 1)
    assert "payment_condition_missing" in dry.log
    ran = harness.run(*records, default_payment_condition=None)
    assert ran.counts == dry.counts
    assert harness.codes() == {notes[0]["id"]: "payment_condition_missing"}
    # The customer is linked by now.
    again = harness.credit_note(payment_term=None)
    assert harness.run(again, dry_run=True, default_payment_condition=None).counts["rejected"] == 2
    assert harness.run(again, dry_run=True).counts["booked"] == 2
