"""Receivables against a person who settles, takes back and deletes in Exact."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from connector_testing.programs import wait_until
from tap_exactonline import administration
from tap_exactonline.receivables import mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IDLE = Counter({"sync/Deleted": 1, "sync/Cashflow/PaymentTerms": 1})
DIVISION = 123456
AMOUNTS = ("AmountFC", "OpenFC", "SettledFC")


@pytest.fixture(scope="module")
def shared_harness(harness_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return harness_of(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def harness(shared_harness: Any, tmp_path: Path) -> Any:
    """An administration that all tests work in, with a store of its own for each."""
    return shared_harness.with_store_in(tmp_path)


@pytest.fixture
def big_harness(harness_of: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """An administration with years of work, which no other test shares."""
    harness = harness_of(tmp_path)
    harness.do("fill", receivables=2500, payables=300)
    yield harness
    harness.sandbox.stop()


@pytest.fixture
def customer(harness: Any) -> str:
    return str(harness.customer(Name="Bakkerij Peeters"))


def only(run: Any, entry: str) -> dict[str, Any]:
    (record,) = [each for each in run.records("receivables") if each["TransactionEntryID"] == entry]
    return dict(record)


def amounts(record: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(record[name]) for name in AMOUNTS)


def shown(run: Any) -> dict[str, tuple[Decimal, ...]]:
    return {each["TransactionEntryID"]: amounts(each) for each in run.records("receivables")}


def test_an_open_invoice_a_credit_note_and_a_payment_have_their_signs(harness: Any, customer: str) -> None:
    invoice = harness.invoice(customer, your_ref="2026 / 1", date="2026-11-01")
    credit = harness.invoice(customer, "-50")
    run = harness.run("receivables")

    record = only(run, invoice)
    assert amounts(record) == (121, 121, 0)
    assert (record["YourRef"], record["TransactionType"], record["InvoiceDate"]) == ("2026 / 1", 20, "2026-11-01")
    assert (record["Division"], record["Currency"], record["IsFullyPaid"]) == (DIVISION, "EUR", False)
    assert amounts(only(run, credit)) == (Decimal("-60.5"), Decimal("-60.5"), 0)
    harness.do("match_entry", id=invoice)
    (payment,) = [
        each for each in harness.run("receivables", state=run.state).records("receivables") if each["Journal"] == "50"
    ]
    assert (amounts(payment), payment["TransactionType"]) == ((-121, 0, -121), 40)


def test_a_partial_payment_shows_the_whole_entry(harness: Any, customer: str) -> None:
    invoice = harness.invoice(customer)
    before = harness.run("receivables")
    harness.do("match_entry", id=invoice, amount="21", date="2026-11-10")
    first = harness.run("receivables", state=before.state)
    assert amounts(only(first, invoice)) == (121, 100, 21)
    assert [term["CounterTypes"] for term in only(first, invoice)["Terms"] if term["Status"] == 50] == [[40]]
    harness.do("match_entry", id=invoice, date="2026-11-12")
    second = only(harness.run("receivables", state=first.state), invoice)
    assert amounts(second) == (121, 0, 121)
    assert (second["IsFullyPaid"], second["LastPaymentDate"]) == (True, "2026-11-12")


def test_money_a_write_off_and_a_credit_note_are_told_apart(harness: Any, customer: str) -> None:
    paid, written_off, credited = (harness.invoice(customer, amount) for amount in ("100", "200", "300"))
    credit = harness.invoice(customer, "-300")
    harness.do("match_entry", id=paid)
    harness.do("match_entry", id=written_off, how="write_off")
    harness.do("match_entry", id=credited, how="credit_note", against={"id": credit})
    run = harness.run("receivables")
    kinds = [only(run, entry)["Terms"][0]["CounterTypes"] for entry in (paid, written_off, credited, credit)]
    assert kinds == [[40], [83], [21], [20]]


def test_what_was_taken_back_is_open_again(harness: Any, customer: str) -> None:
    invoice = harness.invoice(customer)
    harness.do("match_entry", id=invoice, amount="21")
    harness.do("match_entry", id=invoice)
    paid = harness.run("receivables")
    assert amounts(only(paid, invoice)) == (121, 0, 121)
    harness.do("unmatch_entry", id=invoice)
    back = harness.run("receivables", state=paid.state)
    assert amounts(only(back, invoice)) == (121, 121, 0)
    assert len(only(back, invoice)["Terms"]) == 1
    assert only(back, invoice)["Timestamp"] > only(paid, invoice)["Timestamp"]


def test_a_deleted_entry_comes_once_more_without_amounts(harness: Any, customer: str) -> None:
    invoice = harness.invoice(customer, your_ref="2026 / 7")
    before = harness.run("receivables")
    harness.do("delete_entry", id=invoice)
    record = only(harness.run("receivables", state=before.state), invoice)
    assert (record["IsDeleted"], record["IsFullyPaid"], record["YourRef"]) == (True, False, "2026 / 7")
    assert amounts(record) == (0, 0, 0)
    assert record["Terms"] == []


def test_a_foreign_currency_is_told_in_both(harness: Any, customer: str) -> None:
    invoice = harness.invoice(customer, currency="USD", vat_code="EX")
    record = only(harness.run("receivables"), invoice)
    assert record["Currency"] == "USD"
    assert record["AmountFC"] == 100
    assert record["AmountDC"] != record["AmountFC"]


def test_payables_are_left_out(harness: Any) -> None:
    harness.do("fill", receivables=0, payables=30)
    run = harness.run("receivables")
    assert {each["TransactionType"] for each in run.records("receivables")} <= {20, 21, 40, 83}


def test_no_record_and_no_log_names_anybody(
    harness: Any, customer: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    harness.invoice(customer)
    run = harness.run("receivables", "accounts")
    assert "Peeters" not in json.dumps(run.records("receivables"), default=str)
    logged = caplog.text + capfd.readouterr().err
    secrets = [*harness.sandbox.tokens(), harness.config["client_secret"], "Peeters"]
    assert [word for word in secrets if word in logged] == []


# Calls


def test_a_run_with_nothing_new_makes_two_calls_at_any_size(big_harness: Any) -> None:
    first = big_harness.run("receivables")
    assert len(first.ids("receivables")) > 2500
    idle = big_harness.run("receivables", state=first.state)
    assert idle.calls == IDLE
    assert idle.ids("receivables") == []
    assert idle.state["bookmarks"] == first.state["bookmarks"]


def test_five_hundred_settled_entries_cost_a_handful_of_calls(harness: Any) -> None:
    customer = harness.customer()
    entries = [harness.invoice(customer) for _ in range(500)]
    before = harness.run("receivables")
    for entry in entries:
        harness.do("match_entry", id=entry)
    run = harness.run("receivables", state=before.state)
    assert set(entries) <= set(run.ids("receivables"))
    assert run.calls.total() <= 6


def test_an_entry_that_did_not_change_comes_again_when_a_person_links_it(harness: Any, customer: str) -> None:
    """Line 27: what was paid before is told once more."""
    linked, _ = harness.invoice(customer), harness.invoice(customer)
    first = harness.run("receivables")
    with harness.store() as store:
        store.links(DIVISION).confirm("invoice", "i-1", exact_id=linked, fingerprint="", how="matched")
    again = harness.run("receivables", state=first.state)
    assert again.ids("receivables") == [linked]
    assert harness.run("receivables", state=again.state).ids("receivables") == []


# Lost, moved, old


def test_a_full_refresh_reads_every_term_again(harness: Any, customer: str) -> None:
    """Line 20: also one that was missed, or that the mirror holds and Exact does not (assumption E25)."""
    kept, missed = harness.invoice(customer), harness.invoice(customer)
    first = harness.run("receivables")
    with harness.store() as store:
        terms = store.terms(123456)
        (lost,) = [each for each in terms.entries(0) if each.entry_id == missed]
        terms.remove([(lost.terms[0].id, lost.timestamp)])
        terms.apply([dataclasses.replace(lost.terms[0], id="gone", entry_id="gone")])
    again = harness.run("receivables")
    assert shown(again) | {"gone": amounts(only(again, "gone"))} == {**shown(first), "gone": (0, 0, 0)}
    assert kept in again.ids("receivables")


def test_row_versions_that_began_anew_without_a_word_are_read_from_the_beginning(big_harness: Any) -> None:
    """Line 20: an empty answer to what is read again."""
    first = big_harness.run("receivables")
    with big_harness.store() as store:
        position = json.loads(store.position(123456, "payment_terms"))
        store.set_position(123456, "payment_terms", json.dumps({**position, "terms": 9**15}))
    settled = next(each["TransactionEntryID"] for each in first.records("receivables") if each["OpenFC"] > 0)
    big_harness.do("match_entry", id=settled)
    again = big_harness.run("receivables", state=first.state).ids("receivables")
    assert settled in again
    assert len(again) <= 2, "the entry, and the money that settled it"


def test_after_a_lost_store_every_entry_comes_again(harness: Any, customer: str) -> None:
    """Line 19: a payment that waited was known to the lost store only."""
    old, new = harness.invoice(customer), harness.invoice(customer)
    first = harness.run("receivables")
    harness.lose_store()
    harness.do("match_entry", id=new)
    run = harness.run("receivables", state=first.state)
    assert set(run.ids("receivables")) >= {*first.ids("receivables"), old, new}
    assert amounts(only(run, new)) == (121, 0, 121)
    assert harness.run("receivables", state=run.state).ids("receivables") == []


def test_a_moved_administration_is_read_again_and_only_differences_come(
    harness_of: Callable[..., Any], tmp_path: Path
) -> None:
    """The day of the move tells it, which is asked for four times a day; see above for what tells it at once."""
    harness = harness_of(tmp_path)
    customer = harness.customer()
    kept, paid, gone = (harness.invoice(customer) for _ in range(3))
    first = harness.run("receivables")
    harness.do("match_entry", id=paid)
    harness.do("delete_entry", id=gone)
    harness.do("move_division")
    harness.sandbox.advance(administration.KEPT.total_seconds())
    with time_machine.travel(datetime.now(timezone.utc) + administration.KEPT):
        run = harness.run("receivables", state=first.state)
        assert kept not in run.ids("receivables")
        assert amounts(only(run, paid)) == (121, 0, 121)
        assert only(run, gone)["IsDeleted"] is True
        assert harness.run("receivables", state=run.state).calls == IDLE


def test_a_mirror_older_than_what_exact_remembers_is_built_anew(
    harness: Any, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = harness.invoice(customer), harness.invoice(customer)
    first = harness.run("receivables")
    harness.do("delete_entry", id=gone)
    harness.fault(kind="error", match="EntityType", status=500, message="nothing is known of deletions any more")
    monkeypatch.setattr(mirror, "KEPT", timedelta(0))
    assert harness.run("receivables", state=first.state).code == 1
    harness.sandbox.clear_faults()
    run = harness.run("receivables", state=first.state)
    assert run.ids("receivables") == [gone]
    assert kept in first.ids("receivables")


def test_another_administration_has_its_own_mirror_and_state(harness: Any, customer: str) -> None:
    harness.invoice(customer)
    first = harness.run("receivables")
    other = harness.run("receivables", state=first.state, division=123457)
    assert other.code == 1
    assert other.ids("receivables") == []


# Cut off


def test_a_refresh_that_is_cut_off_goes_on_with_the_next_page(big_harness: Any) -> None:
    big_harness.fault(kind="error", match="PaymentTerms.*skiptoken", status=403, skip=3)
    cut_off = big_harness.run("receivables")
    big_harness.sandbox.clear_faults()
    assert cut_off.code == 1
    assert cut_off.ids("receivables") == []
    rest = big_harness.run("receivables")
    whole = big_harness.with_store_in(Path(big_harness.config["store_uri"].removeprefix("sqlite:///")).parent / "new")
    fresh = whole.run("receivables")
    assert shown(rest) == shown(fresh)
    pages = "sync/Cashflow/PaymentTerms"
    assert rest.calls[pages] <= fresh.calls[pages] - 2


def test_what_was_delivered_before_a_cut_does_not_come_again(big_harness: Any) -> None:
    everything = big_harness.run("receivables")
    states = [place for place, each in enumerate(everything.messages) if each["type"] == "STATE"]
    middle = states[2]
    before = [each["record"]["TransactionEntryID"] for each in everything.messages[:middle] if each["type"] == "RECORD"]
    rest = big_harness.run("receivables", state=everything.messages[middle]["value"])
    assert before + rest.ids("receivables") == everything.ids("receivables")


def test_a_match_taken_back_between_the_two_calls_never_makes_an_entry_look_settled(
    harness: Any, customer: str
) -> None:
    """The terms are joined after the removals were read: for one run more seems to be owed, never less."""
    invoice = harness.invoice(customer)
    harness.do("match_entry", id=invoice, amount="21")
    first = harness.run("receivables")
    harness.fault(kind="held", match="sync/Cashflow/PaymentTerms", times=1)

    def take_back() -> None:
        wait_until(lambda: harness.sandbox.held() == 1)
        assert harness.calls()["sync/Deleted"], "the removals were read before"
        harness.do("unmatch_entry", id=invoice)
        harness.sandbox.clear_faults()

    harness.sandbox.forget_calls()
    at_work = threading.Thread(target=take_back)
    at_work.start()
    between = harness.run("receivables", state=first.state)
    at_work.join()
    record = only(between, invoice)
    assert record["OpenFC"] >= 121
    assert record["SettledFC"] == 0
    after = harness.run("receivables", state=between.state)
    assert amounts(only(after, invoice)) == (121, 121, 0)


def test_without_the_right_to_deletions_one_line_names_the_scope(
    harness: Any, customer: str, caplog: pytest.LogCaptureFixture
) -> None:
    invoice = harness.invoice(customer)
    harness.fault(kind="error", match="sync/Deleted", status=403, message="Forbidden")
    run = harness.run("receivables")
    assert run.code == 1
    assert invoice not in run.ids("receivables")
    (line,) = [each.message for each in caplog.records if each.levelname == "CRITICAL"]
    assert "Organization administration" in line
    assert "sync/Deleted" in line
