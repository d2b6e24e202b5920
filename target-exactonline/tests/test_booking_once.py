"""The thin path and its repetitions: every document is in the journal once, whatever comes again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Harness

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "three-documents.singer"


def test_a_hand_written_input_becomes_entries(harness: Harness) -> None:
    ran = harness.feed(EXAMPLE.read_text(encoding="utf-8").splitlines())
    assert ran.error is None
    assert ran.counts["booked"] == 3
    entries = {
        entry["your_ref"]: entry
        for entry in harness.exact.entries()
        if entry["your_ref"] in {"2026 / 101", "2026 / 102", "2026 / 7"}
    }
    amounts = {number: (entry["gross"], entry["vat"]) for number, entry in entries.items()}
    assert amounts == {
        "2026 / 101": (Decimal("371.20"), Decimal("59.22")),
        "2026 / 102": (Decimal("99.99"), Decimal("17.35")),
        "2026 / 7": (Decimal("-22.25"), Decimal("-1.26")),
    }
    assert {number: entry["journal"] for number, entry in entries.items()} == {
        "2026 / 101": "70",
        "2026 / 102": "70",
        "2026 / 7": "71",
    }
    assert entries["2026 / 101"]["customer"] == entries["2026 / 7"]["customer"]
    assert entries["2026 / 101"]["document"]
    assert ran.states == [
        {"bookmarks": {"invoices": {"replication_key": "updated_at", "replication_key_value": "2026-03-05T09:00:00Z"}}}
    ]


def test_the_same_input_again_sends_nothing(harness: Harness) -> None:
    records = [harness.company(), harness.invoice(), harness.invoice(), harness.credit_note()]
    harness.run(*records)
    harness.exact.forget_calls()
    ran = harness.run(*records)
    assert ran.counts == {"unchanged": 3}
    assert harness.exact.calls() == [("GET", "sync/Deleted")]


def test_a_document_that_comes_twice_in_one_input_is_booked_once_in_its_last_version(harness: Harness) -> None:
    first = harness.invoice(net="100.00")
    ran = harness.run(harness.company(), first, harness.as_version(first, net="200.00"))
    assert ran.counts["booked"] == 1
    assert [entry["gross"] for entry in harness.exact.entries(first["number"])] == [Decimal("242.00")]


def test_an_older_version_that_comes_late_changes_nothing(harness: Harness) -> None:
    new = harness.invoice(net="100.00", updated_at="2026-05-02T10:00:00Z")
    harness.run(harness.company(), new)
    ran = harness.run(harness.as_version(new, net="50.00", updated_at="2026-05-01T10:00:00Z"))
    assert ran.counts == {"unchanged": 1}
    assert [entry["gross"] for entry in harness.exact.entries(new["number"])] == [Decimal("121.00")]


def test_customers_that_no_document_needs_are_neither_booked_nor_kept(harness: Harness) -> None:
    before = len(harness.exact.accounts())
    harness.run(harness.company())
    assert len(harness.exact.accounts()) == before
    with harness.store() as store:
        assert store.customers(harness.division).ids() == set()


def test_documents_before_their_customers_in_one_batch_are_booked(harness: Harness) -> None:
    ran = harness.run(harness.invoice(), harness.company())
    assert ran.counts["booked"] == 1


def test_one_new_invoice_with_a_pdf_for_a_known_customer_costs_three_calls(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice(pdf=True))

    def cost(number: int) -> int:
        harness.exact.forget_calls()
        ran = harness.run(*(harness.invoice(pdf=True) for _ in range(number)))
        assert ran.counts["booked"] == number
        return len(harness.exact.calls())

    fixed = cost(1) - 3
    assert fixed <= 13
    assert cost(4) == fixed + 4 * 3


def test_a_backlog_stays_within_its_budget_of_calls(harness: Harness) -> None:
    companies = [harness.company(name=f"Klant {place}") for place in range(30)]
    documents = [harness.invoice(customer=companies[place % 30]["id"], pdf=True) for place in range(60)]
    harness.exact.forget_calls()
    ran = harness.run(*companies, *documents)
    assert ran.counts["booked"] == 60
    assert len(harness.exact.calls()) <= 4.1 * 60 + 40


def test_two_documents_with_one_number_are_not_both_booked(harness: Harness) -> None:
    one = harness.invoice()
    other = harness.invoice(number=one["number"])
    ran = harness.run(harness.company(), one, other)
    assert ran.counts["booked"] == 1
    assert harness.codes() == {other["id"]: "conflict"}


def test_numbers_that_begin_alike_are_not_confused(harness: Harness) -> None:
    short = harness.invoice(number="2031 / 1")
    harness.run(harness.company(), harness.invoice(number="2031 / 10"), harness.invoice(number="2031 / 11"))
    ran = harness.run(short)
    assert ran.counts["booked"] == 1
    assert len(harness.exact.entries("2031 / 1")) == 1


def test_a_credit_note_names_the_invoice_that_an_earlier_run_booked(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.company(), invoice)
    credit_note = harness.credit_note(credited_id=invoice["id"], credited_number=None)
    assert harness.run(credit_note).counts["booked"] == 1
    (entry,) = harness.exact.entries(credit_note["number"])
    assert invoice["number"] in entry["description"]


def test_an_entry_number_that_is_in_use_is_left_to_exact(harness: Harness) -> None:
    settings = {"entry_number_template": "{short_year}{journal}{sequence:04}"}
    first, second = harness.invoice(number="A 9001"), harness.invoice(number="B 9001")
    ran = harness.run(harness.company(), first, second, **settings)
    assert ran.counts["booked"] == 2
    assert "B 9001: entry number 26709001 is in use in journal 70; Exact numbers the entry" in ran.log
    numbers = [harness.exact.entries(record["number"])[0]["entry_number"] for record in (first, second)]
    assert numbers == [26709001, 26709002]
    assert harness.codes() == {}
