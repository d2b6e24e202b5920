"""Receivables against a person who settles, takes back and deletes in Exact."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tap_exactonline.receivables import mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IDLE = Counter({"system/Divisions": 1, "sync/Deleted": 1, "sync/Cashflow/PaymentTerms": 1})
DIVISION = 123456
AMOUNTS = ("AmountFC", "OpenFC", "SettledFC")


@pytest.fixture(scope="module")
def building(office_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return office_of(tmp_path_factory.mktemp("building"))


@pytest.fixture
def office(building: Any, tmp_path: Path) -> Any:
    """An administration that all tests work in, with a store of its own for each."""
    return building.with_store_in(tmp_path)


@pytest.fixture
def big_office(office_of: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """An administration with years of work, which no other test shares."""
    office = office_of(tmp_path)
    office.do("fill", receivables=2500, payables=300)
    yield office
    office.sandbox.stop()


@pytest.fixture
def customer(office: Any) -> str:
    return str(office.customer(Name="Bakkerij Peeters"))


def only(run: Any, entry: str) -> dict[str, Any]:
    (record,) = [each for each in run.records("receivables") if each["TransactionEntryID"] == entry]
    return dict(record)


def amounts(record: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(record[name]) for name in AMOUNTS)


def shown(run: Any) -> dict[str, tuple[Decimal, ...]]:
    return {each["TransactionEntryID"]: amounts(each) for each in run.records("receivables")}


def test_an_open_invoice_a_credit_note_and_a_payment_have_their_signs(office: Any, customer: str) -> None:
    invoice = office.invoice(customer, your_ref="2026 / 1", date="2026-11-01")
    credit = office.invoice(customer, "-50")
    run = office.run("receivables")

    record = only(run, invoice)
    assert amounts(record) == (121, 121, 0)
    assert (record["YourRef"], record["TransactionType"], record["InvoiceDate"]) == ("2026 / 1", 20, "2026-11-01")
    assert (record["Division"], record["Currency"], record["IsFullyPaid"]) == (DIVISION, "EUR", False)
    assert amounts(only(run, credit)) == (Decimal("-60.5"), Decimal("-60.5"), 0)
    office.do("match_entry", id=invoice)
    (payment,) = [
        each for each in office.run("receivables", state=run.state).records("receivables") if each["Journal"] == "50"
    ]
    assert (amounts(payment), payment["TransactionType"]) == ((-121, 0, -121), 40)


def test_a_partial_payment_shows_the_whole_entry(office: Any, customer: str) -> None:
    invoice = office.invoice(customer)
    before = office.run("receivables")
    office.do("match_entry", id=invoice, amount="21", date="2026-11-10")
    first = office.run("receivables", state=before.state)
    assert amounts(only(first, invoice)) == (121, 100, 21)
    assert [term["CounterTypes"] for term in only(first, invoice)["Terms"] if term["Status"] == 50] == [[40]]
    office.do("match_entry", id=invoice, date="2026-11-12")
    second = only(office.run("receivables", state=first.state), invoice)
    assert amounts(second) == (121, 0, 121)
    assert (second["IsFullyPaid"], second["LastPaymentDate"]) == (True, "2026-11-12")


def test_money_a_write_off_and_a_credit_note_are_told_apart(office: Any, customer: str) -> None:
    paid, written_off, credited = (office.invoice(customer, amount) for amount in ("100", "200", "300"))
    credit = office.invoice(customer, "-300")
    office.do("match_entry", id=paid)
    office.do("match_entry", id=written_off, how="write_off")
    office.do("match_entry", id=credited, how="credit_note", against={"id": credit})
    run = office.run("receivables")
    kinds = [only(run, entry)["Terms"][0]["CounterTypes"] for entry in (paid, written_off, credited, credit)]
    assert kinds == [[40], [83], [21], [20]]


def test_what_was_taken_back_is_open_again(office: Any, customer: str) -> None:
    invoice = office.invoice(customer)
    office.do("match_entry", id=invoice, amount="21")
    office.do("match_entry", id=invoice)
    paid = office.run("receivables")
    assert amounts(only(paid, invoice)) == (121, 0, 121)
    office.do("unmatch_entry", id=invoice)
    back = office.run("receivables", state=paid.state)
    assert amounts(only(back, invoice)) == (121, 121, 0)
    assert len(only(back, invoice)["Terms"]) == 1
    assert only(back, invoice)["Timestamp"] > only(paid, invoice)["Timestamp"]


def test_a_deleted_entry_comes_once_more_without_amounts(office: Any, customer: str) -> None:
    invoice = office.invoice(customer, your_ref="2026 / 7")
    before = office.run("receivables")
    office.do("delete_entry", id=invoice)
    record = only(office.run("receivables", state=before.state), invoice)
    assert (record["IsDeleted"], record["IsFullyPaid"], record["YourRef"]) == (True, False, "2026 / 7")
    assert amounts(record) == (0, 0, 0)
    assert record["Terms"] == []


def test_a_foreign_currency_is_told_in_both(office: Any, customer: str) -> None:
    invoice = office.invoice(customer, currency="USD", vat_code="EX")
    record = only(office.run("receivables"), invoice)
    assert record["Currency"] == "USD"
    assert record["AmountFC"] == 100
    assert record["AmountDC"] != record["AmountFC"]


def test_payables_are_left_out(office: Any) -> None:
    office.do("fill", receivables=0, payables=30)
    run = office.run("receivables")
    assert {each["TransactionType"] for each in run.records("receivables")} <= {20, 21, 40, 83}


def test_no_record_and_no_log_names_anybody(
    office: Any, customer: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    office.invoice(customer)
    run = office.run("receivables", "accounts")
    assert "Peeters" not in json.dumps(run.records("receivables"), default=str)
    logged = caplog.text + capfd.readouterr().err
    secrets = [*office.sandbox.tokens(), office.config["client_secret"], "Peeters"]
    assert [word for word in secrets if word in logged] == []


# Calls


def test_a_run_with_nothing_new_makes_three_calls_at_any_size(big_office: Any) -> None:
    first = big_office.run("receivables")
    assert len(first.ids("receivables")) > 2500
    idle = big_office.run("receivables", state=first.state)
    assert idle.calls == IDLE
    assert idle.ids("receivables") == []
    assert idle.state["bookmarks"] == first.state["bookmarks"]


def test_five_hundred_settled_entries_cost_a_handful_of_calls(office: Any) -> None:
    customer = office.customer()
    entries = [office.invoice(customer) for _ in range(500)]
    before = office.run("receivables")
    for entry in entries:
        office.do("match_entry", id=entry)
    run = office.run("receivables", state=before.state)
    assert set(entries) <= set(run.ids("receivables"))
    assert run.calls.total() <= 6


def test_an_entry_that_did_not_change_comes_again_when_a_person_links_it(office: Any, customer: str) -> None:
    """Line 27: what was paid before is told once more."""
    linked, _ = office.invoice(customer), office.invoice(customer)
    first = office.run("receivables")
    with office.store() as store:
        store.links(DIVISION).confirm("invoice", "i-1", exact_id=linked, fingerprint="", how="matched")
    again = office.run("receivables", state=first.state)
    assert again.ids("receivables") == [linked]
    assert office.run("receivables", state=again.state).ids("receivables") == []


# Lost, moved, old


def test_a_full_refresh_reads_every_term_again(office: Any, customer: str) -> None:
    """Line 20: also one that was missed, or that the mirror holds and Exact does not (assumption E25)."""
    kept, missed = office.invoice(customer), office.invoice(customer)
    first = office.run("receivables")
    with office.store() as store:
        terms = store.terms(123456)
        (lost,) = [each for each in terms.entries(0) if each.entry_id == missed]
        terms.remove([(lost.terms[0].id, lost.timestamp)])
        terms.apply([dataclasses.replace(lost.terms[0], id="gone", entry_id="gone")])
    again = office.run("receivables")
    assert shown(again) | {"gone": amounts(only(again, "gone"))} == {**shown(first), "gone": (0, 0, 0)}
    assert kept in again.ids("receivables")


def test_row_versions_that_began_anew_without_a_word_are_read_from_the_beginning(big_office: Any) -> None:
    """Line 20: an empty answer to what is read again."""
    first = big_office.run("receivables")
    with big_office.store() as store:
        position = json.loads(store.position(123456, "payment_terms"))
        store.set_position(123456, "payment_terms", json.dumps({**position, "terms": 9**15}))
    settled = next(each["TransactionEntryID"] for each in first.records("receivables") if each["OpenFC"] > 0)
    big_office.do("match_entry", id=settled)
    again = big_office.run("receivables", state=first.state).ids("receivables")
    assert settled in again
    assert len(again) <= 2, "the entry, and the money that settled it"


def test_after_a_lost_store_every_entry_comes_again(office: Any, customer: str) -> None:
    """Line 19: a payment that waited was known to the lost store only."""
    old, new = office.invoice(customer), office.invoice(customer)
    first = office.run("receivables")
    office.lose_store()
    office.do("match_entry", id=new)
    run = office.run("receivables", state=first.state)
    assert set(run.ids("receivables")) >= {*first.ids("receivables"), old, new}
    assert amounts(only(run, new)) == (121, 0, 121)
    assert office.run("receivables", state=run.state).ids("receivables") == []


def test_a_moved_administration_is_read_again_and_only_differences_come(office: Any, customer: str) -> None:
    kept, paid, gone = (office.invoice(customer) for _ in range(3))
    first = office.run("receivables")
    office.do("match_entry", id=paid)
    office.do("delete_entry", id=gone)
    office.do("move_division")
    run = office.run("receivables", state=first.state)
    assert kept not in run.ids("receivables")
    assert amounts(only(run, paid)) == (121, 0, 121)
    assert only(run, gone)["IsDeleted"] is True
    assert office.run("receivables", state=run.state).calls == IDLE


def test_a_mirror_older_than_what_exact_remembers_is_built_anew(
    office: Any, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = office.invoice(customer), office.invoice(customer)
    first = office.run("receivables")
    office.do("delete_entry", id=gone)
    office.fault(kind="error", match="EntityType", status=500, message="nothing is known of deletions any more")
    monkeypatch.setattr(mirror, "KEPT", timedelta(0))
    assert office.run("receivables", state=first.state).code == 1
    office.sandbox.clear_faults()
    run = office.run("receivables", state=first.state)
    assert run.ids("receivables") == [gone]
    assert kept in first.ids("receivables")


def test_another_administration_has_its_own_mirror_and_state(office: Any, customer: str) -> None:
    office.invoice(customer)
    first = office.run("receivables")
    other = office.run("receivables", state=first.state, division=123457)
    assert other.code == 1
    assert other.ids("receivables") == []


# Cut off


def test_a_refresh_that_is_cut_off_goes_on_with_the_next_page(big_office: Any) -> None:
    big_office.fault(kind="error", match="PaymentTerms.*skiptoken", status=403, skip=3)
    cut_off = big_office.run("receivables")
    big_office.sandbox.clear_faults()
    assert cut_off.code == 1
    assert cut_off.ids("receivables") == []
    rest = big_office.run("receivables")
    whole = big_office.with_store_in(Path(big_office.config["store_uri"].removeprefix("sqlite:///")).parent / "new")
    fresh = whole.run("receivables")
    assert shown(rest) == shown(fresh)
    pages = "sync/Cashflow/PaymentTerms"
    assert rest.calls[pages] <= fresh.calls[pages] - 2


def test_what_was_delivered_before_a_cut_does_not_come_again(big_office: Any) -> None:
    everything = big_office.run("receivables")
    states = [place for place, each in enumerate(everything.messages) if each["type"] == "STATE"]
    middle = states[2]
    before = [each["record"]["TransactionEntryID"] for each in everything.messages[:middle] if each["type"] == "RECORD"]
    rest = big_office.run("receivables", state=everything.messages[middle]["value"])
    assert before + rest.ids("receivables") == everything.ids("receivables")


def test_a_match_taken_back_between_the_two_calls_never_makes_an_entry_look_settled(office: Any, customer: str) -> None:
    """The terms are joined after the removals were read: for one run more seems to be owed, never less."""
    invoice = office.invoice(customer)
    office.do("match_entry", id=invoice, amount="21")
    first = office.run("receivables")
    office.fault(kind="slow", match="sync/Cashflow/PaymentTerms", seconds=1, times=1)

    def take_back() -> None:
        while not office.calls()["sync/Deleted"]:
            time.sleep(0.01)
        office.do("unmatch_entry", id=invoice)

    at_work = threading.Thread(target=take_back)
    office.sandbox.forget_calls()
    at_work.start()
    between = office.run("receivables", state=first.state)
    at_work.join()
    record = only(between, invoice)
    assert record["OpenFC"] >= 121
    assert record["SettledFC"] == 0
    after = office.run("receivables", state=between.state)
    assert amounts(only(after, invoice)) == (121, 121, 0)


def test_without_the_right_to_deletions_one_line_names_the_scope(
    office: Any, customer: str, caplog: pytest.LogCaptureFixture
) -> None:
    invoice = office.invoice(customer)
    office.fault(kind="error", match="sync/Deleted", status=403, message="Forbidden")
    run = office.run("receivables")
    assert run.code == 1
    assert invoice not in run.ids("receivables")
    (line,) = [each.message for each in caplog.records if each.levelname == "CRITICAL"]
    assert "Organization administration" in line
    assert "sync/Deleted" in line
