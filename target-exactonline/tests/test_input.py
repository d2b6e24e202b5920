"""What the target does with input that is not what it takes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from connector_store import DivisionStore
from connector_store.people import leave_out, take_in
from singer_shell.endings import RunEnded, UnknownStream

if TYPE_CHECKING:
    from conftest import Harness


def test_an_unknown_stream_is_refused_without_a_call(harness: Harness) -> None:
    harness.exact.forget_calls()
    ran = harness.feed(
        [
            json.dumps(
                {"type": "SCHEMA", "stream": "meltano_test_stream", "schema": {"properties": {}}, "key_properties": []}
            )
        ]
    )
    assert isinstance(ran.error, UnknownStream)
    assert "meltano_test_stream" in ran.error.lines[0]
    assert len(ran.error.lines) == 1
    assert harness.exact.calls() == []
    assert not harness.database.exists()


def test_an_invalid_record_is_kept_and_the_run_goes_on(harness: Harness) -> None:
    wrong = harness.invoice(date="yesterday")
    right = harness.invoice()
    ran = harness.run(harness.company(), wrong, right)
    assert ran.error is None
    assert ran.counts == {"booked": 1, "rejected": 1, "customers created": 1}
    assert harness.codes() == {wrong["id"]: "record_invalid"}
    assert ran.states


def test_a_corrected_record_takes_the_place_of_the_invalid_one(harness: Harness) -> None:
    wrong = harness.invoice(date="yesterday")
    harness.run(harness.company(), wrong)
    ran = harness.run(harness.company(), harness.as_version(wrong, date="2026-03-01"))
    assert ran.counts["booked"] == 1
    assert harness.codes() == {}


def test_a_record_without_identity_ends_the_run(harness: Harness) -> None:
    ran = harness.run(harness.company(), {**harness.invoice(), "id": None})
    assert isinstance(ran.error, RunEnded)


def test_what_a_mapper_could_not_express_is_its_reject(harness: Harness) -> None:
    record = harness.invoice(problems=[{"code": "withholding_tax", "message": "The document has withholding tax"}])
    harness.run(harness.company(), record)
    assert harness.codes() == {record["id"]: "withholding_tax"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("not_numbered", {"number": None}),
        ("date_missing", {"date": None}),
        ("currency_missing", {"currency": None}),
        ("customer_missing", {"customer": None}),
        ("lines_missing", {"lines": []}),
        ("totals_missing", {"totals": {"net": None, "gross": None, "taxes": []}}),
        ("line_amount_missing", {"lines": [{"net": None}]}),
        ("tax_rate_unknown", {}),
        ("discount_unsupported", {}),
        ("product_categories_missing", {}),
        ("document_id_missing", {}),
        ("mapping_failed", {"lines": [], "number": None, "date": None}),
    ],
)
def test_what_a_mapper_says_is_missing_is_the_reason_whether_the_record_fits_or_not(
    harness: Harness, code: str, changes: dict[str, object]
) -> None:
    """Line 30: record_invalid hid it."""
    record = harness.invoice(problems=[{"code": code, "message": "Something is missing."}], **changes)
    ran = harness.run(harness.company(), record)
    assert ran.error is None
    assert harness.codes() == {record["id"]: code}
    assert harness.exact.entries(record["number"] or "none") == []
    harness.run()
    assert harness.codes() == {record["id"]: code}


@pytest.mark.parametrize("gross", ["1e30", "1e-90", "1e999999", '"many"', "null", "NaN", "[1]"])
def test_an_amount_that_no_ledger_holds_is_a_reject_that_names_it(harness: Harness, gross: str) -> None:
    """Line 30: arithmetic broke off, and with it the run."""
    record, good = harness.invoice(), harness.invoice()
    lines = [line.replace('"gross": 121.00', f'"gross": {gross}') for line in harness.lines(record)]
    assert gross in lines[0]
    ran = harness.feed([*harness.schemas(), *harness.lines(harness.company()), *lines, *harness.lines(good)])
    assert ran.error is None
    assert harness.codes() == {record["id"]: "record_invalid"}
    assert len(harness.exact.entries(good["number"])) == 1
    with harness.store() as store:
        (kept,) = store.rejects(harness.division).all()
    assert kept.reason.startswith("totals.gross")


def test_a_rate_of_21_is_questioned(harness: Harness) -> None:
    """Line 30: it is a percentage where a fraction belongs."""
    record = harness.invoice()
    record["lines"][0]["tax_rate"] = 21
    harness.run(harness.company(), record)
    with harness.store() as store:
        (kept,) = store.rejects(harness.division).all()
    assert kept.reason == "lines[0].tax_rate: is more than 1 (Fraction: 0.21 is 21 %)"


def test_integer_ids_are_taken(harness: Harness) -> None:
    """Line 30: as other sources number their documents and customers."""
    record = harness.invoice(id=1001, customer=17)
    record["lines"][0]["ledger_number"] = 700000
    ran = harness.run(harness.company(id=17), record)
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert harness.run(harness.company(id=17), record).counts == {"unchanged": 1}
    assert harness.link({**record, "id": "1001"}).number == record["number"]


def test_messages_name_the_source_that_the_settings_name(harness: Harness) -> None:
    """Line 30: who couples another program is not sent to Teamleader."""
    harness.settings["source_name"] = "Odoo"
    record = harness.invoice(problems=[{"code": "date_missing", "message": "The document has no date."}])
    ran = harness.run(harness.company(), record)
    with harness.store() as store:
        (kept,) = store.rejects(harness.division).all()
    assert kept.hint == "Fill in the document's date in Odoo."
    assert "Teamleader" not in ran.log


def test_a_document_that_comes_twice_counts_once(harness: Harness) -> None:
    """Line 30: with what became of its last version."""
    record = harness.invoice(tax_rate="0.09")
    later = harness.as_version(record, net="100.00")
    fillers = [harness.invoice() for _ in range(40)]
    ran = harness.run(harness.company(), record, *fillers, later)
    assert ran.counts == {"booked": 41, "customers created": 1}
    assert "1 rejected" not in ran.log


def test_an_excluded_document_is_never_booked_until_it_is_taken_in(harness: Harness) -> None:
    record = harness.invoice(tax_rate="0.09")
    harness.run(harness.company(), record)
    with harness.store() as store:
        leave_out(DivisionStore(store, harness.division), "invoice", record["number"], who="An", why="Booked by hand")
    good = harness.as_version(record, net="100.00")
    ran = harness.run(harness.company(), good)
    assert ran.counts == {"left out": 1}
    assert harness.run().counts == {}
    assert harness.exact.entries(record["number"]) == []
    with harness.store() as store:
        take_in(DivisionStore(store, harness.division), "invoice", record["number"])
    ran = harness.run(harness.company())
    assert ran.counts["booked"] == 1
    assert len(harness.exact.entries(record["number"])) == 1


def test_a_currency_that_exact_does_not_know_is_named(harness: Harness) -> None:
    """Line 30."""
    record = harness.invoice(currency="NOK", exchange_rate=Decimal("0.0852"))
    harness.run(harness.company(), record)
    with harness.store() as store:
        (kept,) = store.rejects(harness.division).all()
    assert kept.code == "currency_unknown"
    assert kept.hint == "Activate currency NOK in Exact; the document follows by itself, at once with: bridge resend."


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Verplicht: Mandaat", "mandate_missing"),
        ("Boekstuknummer: in gebruik", "entry_number_taken"),
    ],
)
def test_what_only_exact_finds_is_a_reject_of_that_meaning(harness: Harness, message: str, code: str) -> None:
    """Line 30: no rule of ours foresees it."""
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="business", message=message, times=1)
    record = harness.invoice()
    harness.run(harness.company(), record)
    assert harness.codes() == {record["id"]: code}
    harness.run()
    assert harness.codes() == {}


def test_dates_reach_the_store_as_they_came_even_when_the_sender_declares_them(harness: Harness) -> None:
    record = harness.invoice(customer="company:unknown")
    schema = {"properties": {"id": {"type": "string"}, "date": {"type": "string", "format": "date"}}}
    harness.feed(
        [
            json.dumps({"type": "SCHEMA", "stream": "sales_entries", "schema": schema, "key_properties": ["id"]}),
            json.dumps({"type": "RECORD", "stream": "sales_entries", "record": record}, default=float),
        ]
    )
    with harness.store() as store:
        kept = store.rejects(harness.division).get("invoice", record["id"])
    assert kept is not None
    assert kept.payload is not None
    assert kept.payload["date"] == record["date"]


@pytest.mark.parametrize("message", ["BATCH"])
def test_batches_of_files_are_refused(harness: Harness, message: str) -> None:
    ran = harness.feed([json.dumps({"type": message, "stream": "accounts", "encoding": {}, "manifest": []})])
    assert isinstance(ran.error, RunEnded)
