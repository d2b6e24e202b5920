"""What waits costs nothing: it is looked at when something moved, and never gets in the way of new work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector_store.division_store import DivisionStore
from connector_store.people import try_again, try_all_again

if TYPE_CHECKING:
    from conftest import Passing

POST = ("POST", "salesentry/SalesEntries")
PUT = ("PUT", "crm/Accounts")


def test_line_16_forty_documents_that_wait_cost_an_idle_run_two_calls(passing: Passing) -> None:
    harness = passing.harness
    waiting = [harness.invoice(tax_rate="0.19") for _ in range(20)] + [
        harness.invoice(date="1990-01-01") for _ in range(20)
    ]
    harness.run(harness.company(), harness.invoice(), *waiting)
    passing.calls_of()
    assert passing.calls_of() == [("GET", "sync/Deleted"), ("GET", "financial/FinancialPeriods")]


def test_line_16_fifty_payments_that_wait_cost_an_idle_run_two_calls(passing: Passing) -> None:
    harness = passing.harness
    on = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
    documents = [harness.invoice() for _ in range(50)]
    harness.run(harness.company(), *documents, **on)
    passing.exact.do("end_xml_topics")
    passing.calls_of(*(harness.paid(each, ("121.00", "2026-05-18")) for each in documents), **on)
    assert set(harness.codes().values()) == {"payment_not_matched"}
    for _ in range(8):
        passing.calls_of(**on)
    later = [passing.calls_of(**on) for _ in range(8)]
    assert later == [[("GET", "sync/Deleted"), ("GET", "cashflow/Receivables")]] * 8
    (entry,) = passing.exact.booked_payments(documents[0]["number"])
    invoice = passing.exact.entries(documents[0]["number"])[0]["entry_id"]
    passing.exact.do("match_general_entry", id=entry["entry_id"], **{"with": invoice})
    passing.calls_of(**on)
    assert len(harness.codes()) == 49


def test_line_16_documents_are_booked_with_master_data_of_six_hours_at_most(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    assert ("GET", "vat/VATCodes") not in passing.calls_of(harness.invoice())
    passing.let_pass(hours=6)
    assert ("GET", "vat/VATCodes") in passing.calls_of(harness.invoice())


def test_line_16_a_rejection_never_rests_on_an_old_copy(passing: Passing) -> None:
    harness = passing.harness
    codes = {"vat_codes": {**harness.settings["vat_codes"], "12%": "Z9"}}
    harness.run(harness.company(), harness.invoice(), **codes)
    passing.exact.do("add_vat_code", Code="Z9", Description="12 %", Percentage="0.12", Type="E", VATTransactionType="S")
    record = harness.invoice(tax_rate="0.12")
    passing.calls_of(record, **codes)
    assert len(passing.exact.entries(record["number"])) == 1


def test_line_16_a_refusal_that_an_old_copy_explains_is_looked_into_at_once(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    passing.exact.do("edit_vat_code", code="21", changes={"IsBlocked": True})
    record = harness.invoice()
    calls = passing.calls_of(record)
    assert harness.codes() == {record["id"]: "vat_code_blocked"}
    assert calls.count(POST) == 1
    assert ("GET", "vat/VATCodes") in calls


def test_line_16_what_is_mended_in_exact_is_noticed_within_as_many_runs_as_there_are_reasons(passing: Passing) -> None:
    harness = passing.harness
    codes = {"vat_codes": {**harness.settings["vat_codes"], "12%": "Z9"}}
    record = harness.invoice(tax_rate="0.12")
    harness.run(harness.company(), harness.invoice(), record, harness.invoice(date="1990-01-01"), **codes)
    for _ in range(3):
        passing.calls_of(**codes)
    passing.exact.do("add_vat_code", Code="Z9", Description="12 %", Percentage="0.12", Type="E", VATTransactionType="S")
    for _ in range(2):
        passing.calls_of(**codes)
    assert len(passing.exact.entries(record["number"])) == 1


def test_line_16_a_closed_period_is_asked_about_once_a_day(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    passing.exact.do("close_period", year=2025, period=2)
    record = harness.invoice(date="2025-02-03")
    posts = [passing.calls_of(record).count(POST)]
    passing.calls_of()  # the first look at the periods, which has nothing to compare with
    posts += [passing.calls_of().count(POST) for _ in range(2)]
    posts.append(passing.calls_of(harness.invoice(date="2025-02-04")).count(POST))
    assert posts == [1, 0, 0, 0]
    passing.let_pass(hours=24)
    assert passing.calls_of().count(POST) == 1


@pytest.mark.parametrize("code", ["period_closed", None])
def test_line_16_a_person_who_reopened_a_period_need_not_wait(passing: Passing, code: str | None) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    passing.exact.do("close_period", year=2025, period=2)
    record = harness.invoice(date="2025-02-03")
    for records in ([record], [], []):
        passing.calls_of(*records)
    passing.exact.do("open_period", year=2025, period=2)
    with harness.store() as store:
        assert try_all_again(DivisionStore(store, harness.division), code) == 1
    passing.calls_of()
    assert len(passing.exact.entries(record["number"])) == 1


def test_line_16_a_blocked_customer_is_asked_about_once_a_day_however_many_documents_it_has(passing: Passing) -> None:
    harness = passing.harness
    blocked = harness.company(other=True)
    harness.run(harness.company(), blocked, harness.invoice(), harness.invoice(customer=blocked["id"]))
    account = next(each for each in passing.exact.accounts() if each["name"] == blocked["name"])
    passing.exact.do("block", id=account["id"])
    posts = [passing.calls_of(*(harness.invoice(customer=blocked["id"]) for _ in range(12))).count(POST)]
    passing.calls_of()  # the first look at the accounts, which has nothing to compare with
    posts += [passing.calls_of().count(POST) for _ in range(8)]
    assert posts == [1] + [0] * 8
    assert set(harness.codes().values()) == {"customer_blocked"}
    passing.let_pass(hours=24)
    assert passing.calls_of().count(POST) == 1
    passing.exact.do("block", id=account["id"], blocked=False)
    for _ in range(2):
        passing.calls_of()
    assert harness.codes() == {}


def test_line_16_a_document_asked_for_by_name_is_tried_at_once(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    passing.exact.do("close_period", year=2025, period=2)
    record = harness.invoice(date="2025-02-03")
    for records in ([record], [], []):
        passing.calls_of(*records)
    passing.exact.do("open_period", year=2025, period=2)
    with harness.store() as store:
        try_again(DivisionStore(store, harness.division), "invoice", record["number"])
    passing.calls_of()
    assert len(passing.exact.entries(record["number"])) == 1


def test_line_17_a_refusal_is_asked_for_after_a_quarter_an_hour_six_hours_and_then_daily(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    passing.exact.fault(
        match="salesentry/SalesEntries", method="POST", kind="business", message="Zeg ik niet", times=99
    )
    passing.calls_of(harness.invoice())
    tried = [quarter for quarter in range(1, 4 * 34) if POST in passing.calls_of()]
    assert tried == [1, 5, 29, 125]


def test_line_17_new_work_goes_before_what_was_refused_and_has_half_of_the_errors_for_itself(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    fault = {"match": "salesentry/SalesEntries", "method": "POST", "kind": "error", "status": 400}
    passing.exact.fault(**fault, times=8)
    passing.calls_of(*(harness.invoice() for _ in range(8)))
    passing.let_pass(hours=1)
    passing.exact.fault(**fault, skip=3, times=8)
    new = [harness.invoice() for _ in range(3)]
    calls = passing.calls_of(*new)
    assert calls.count(POST) == 3 + 4
    assert [len(passing.exact.entries(record["number"])) for record in new] == [1, 1, 1]


def test_line_17_what_was_held_back_goes_before_what_was_refused(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    fault = {"match": "salesentry/SalesEntries", "method": "POST", "kind": "error", "status": 400}
    passing.exact.fault(**fault, times=8)
    passing.calls_of(*(harness.invoice() for _ in range(12)))
    assert sorted(harness.codes().values()) == ["error_budget"] * 4 + ["refused_by_exact"] * 8
    passing.let_pass(hours=1)
    passing.exact.fault(**fault, skip=4, times=8)
    passing.calls_of()
    assert list(harness.codes().values()) == ["refused_by_exact"] * 8


def test_line_17_a_customer_that_was_refused_is_asked_for_as_its_document_would_be(passing: Passing) -> None:
    harness = passing.harness
    passing.exact.fault(match="crm/Accounts", method="POST", kind="business", message="Zeg ik niet", times=99)
    passing.calls_of(harness.company(), harness.invoice())
    tried = [quarter for quarter in range(1, 4 * 34) if ("POST", "crm/Accounts") in passing.calls_of()]
    assert tried == [1, 5, 29, 125]


def test_line_17_documents_of_customers_that_were_held_back_follow_within_the_hour(passing: Passing) -> None:
    harness = passing.harness
    customers = [harness.company(other=True, vat_number=harness.vat_number()) for _ in range(10)]
    passing.exact.fault(match="crm/Accounts", method="POST", kind="error", status=400, times=8)
    records = [harness.invoice(customer=each["id"]) for each in customers]
    passing.calls_of(*customers, *records)
    held = [record for record in records if harness.codes()[record["customer"]] == "error_budget"]
    assert len(held) == 2
    passing.calls_of()
    passing.let_pass(hours=1)
    passing.calls_of()
    assert [len(passing.exact.entries(record["number"])) for record in held] == [1, 1]


def test_line_18_a_mass_edit_of_customers_gives_way_to_documents_and_goes_on_in_the_next_runs(passing: Passing) -> None:
    harness = passing.harness
    customers = [harness.company(other=True, vat_number=harness.vat_number()) for _ in range(70)]
    harness.run(*customers, *(harness.invoice(customer=each["id"]) for each in customers))
    edited = [{**each, "phone": "03 123 45 67", "updated_at": "2026-05-01T08:00:00Z"} for each in customers]
    document = harness.invoice(customer=edited[-1]["id"])
    calls = [call for call in passing.calls_of(*edited, document) if call in (POST, PUT)]
    assert calls == [PUT, POST] + [PUT] * 60
    assert passing.calls_of().count(PUT) == 9
    assert passing.calls_of().count(PUT) == 0


def test_line_18_half_of_the_calls_of_a_day_are_not_for_customers(passing: Passing) -> None:
    harness = passing.harness
    harness.run(harness.company(), harness.invoice())
    changed = harness.company(phone="03 123 45 67", updated_at="2026-05-01T08:00:00Z")
    with harness.store() as store:
        store.budget("exact", "sandbox-exact", harness.division).record(5000, 2500)
    assert passing.calls_of(changed).count(PUT) == 0
    passing.let_pass(hours=24)
    assert passing.calls_of().count(PUT) == 1


def test_line_34_a_newer_version_behind_the_first_forty_documents_is_the_one_that_is_booked(passing: Passing) -> None:
    harness = passing.harness
    stale = harness.invoice(net="100.00", tax_rate="0.12")
    harness.run(harness.company(), stale)
    newer = harness.as_version(stale, net="200.00", tax_rate="0.12")
    codes = {"vat_codes": {**harness.settings["vat_codes"], "12%": "12"}}
    passing.calls_of(*(harness.invoice() for _ in range(40)), newer, **codes)
    assert [str(entry["gross"]) for entry in passing.exact.entries(stale["number"])] == ["224.00"]


def test_line_34_deleted_credit_notes_are_noticed_however_many_invoices_there_are(
    passing: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("target_exactonline.writing.deleted.LINKS_PER_RUN", 8)
    harness = passing.harness
    gone = harness.credit_note()
    harness.run(harness.company(), *(harness.invoice() for _ in range(10)), gone)
    passing.exact.do("delete_entry", your_ref=gone["number"])
    passing.calls_of()
    assert harness.codes() == {gone["id"]: "entry_missing"}
