"""Line 11: by setting, the entry of a document deleted at the source is taken back, once and never silently."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore, people
from connector_store.links import Links
from connector_store.rejects import Rejects
from connector_testing.cutting import cut_off
from exactonline_api import ExactClient
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Harness, SandboxExact

STEPS = ((ExactClient, "post"), (Links, "intend"), (Links, "confirm"), (Links, "mark_orphaned"), (Rejects, "put"))
ENTRIES = "salesentry/SalesEntries"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))


@pytest.fixture
def reversing(harness: Harness) -> Harness:
    """Return a harness that takes back."""
    harness.settings |= {"on_deleted": "reverse"}
    return harness


def deletion(record: dict[str, Any]) -> dict[str, Any]:
    told = {name: record[name] for name in ("id", "kind", "number", "date")}
    return {**told, "deleted_at": "2026-06-25T10:00:00Z"}


def reversals(harness: Harness, record: dict[str, Any]) -> list[dict[str, Any]]:
    return harness.exact.entries(f"{record['number']} storno")


def reason(harness: Harness, record: dict[str, Any]) -> str:
    with harness.store() as store:
        reject = store.rejects(harness.division).get(record["kind"], record["id"])
    assert reject is not None
    assert reject.code == "source_deleted"
    return reject.reason


def books(entry: dict[str, Any]) -> list[tuple[Any, ...]]:
    return sorted((each["gl_account"], each["vat_code"], each["net"], each["vat"]) for each in entry["lines"])


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_an_entry_is_taken_back_in_its_journal_today_with_the_same_accounts_and_codes(
    reversing: Harness, kind: str
) -> None:
    harness, record = reversing, getattr(reversing, kind)()
    harness.run(harness.company(), record)
    (entry,) = harness.entries()
    ran = harness.run(deletion(record))
    assert ran.counts == {"reversed": 1}
    assert "match the two in Exact" in ran.log
    (reversal,) = reversals(harness, record)
    assert reversal["journal"] == entry["journal"]
    assert reversal["date"] == harness.exact.today
    assert books(reversal) == [(account, code, -net, -vat) for account, code, net, vat in books(entry)]
    assert Decimal(reversal["open"]) == -Decimal(entry["open"])
    assert harness.codes() == {}


def test_it_is_taken_back_once(reversing: Harness) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    assert harness.run(deletion(record)).counts == {}
    assert harness.run().counts == {}
    assert len(reversals(harness, record)) == 1


def test_by_default_it_is_only_told(harness: Harness) -> None:
    record = harness.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    assert reversals(harness, record) == []
    assert "still stands" in reason(harness, record)


def test_the_setting_holds_for_what_was_told_before_but_not_for_what_a_person_let_go(harness: Harness) -> None:
    told, let_go = harness.invoice(), harness.invoice()
    harness.run(harness.company(), told, let_go)
    harness.run(deletion(told), deletion(let_go))
    with harness.store() as store:
        people.release(DivisionStore(store, harness.division), "invoice", let_go["number"])
    harness.settings |= {"on_deleted": "reverse"}
    assert harness.run().counts == {"reversed": 1}
    assert (len(reversals(harness, told)), reversals(harness, let_go)) == (1, [])


def test_two_documents_that_had_one_number_are_taken_back_each(reversing: Harness) -> None:
    harness, first = reversing, reversing.invoice()
    harness.run(harness.company(), first)
    second = harness.invoice(number=first["number"])
    harness.run(deletion(first), second)
    third = harness.invoice(number=first["number"], net="70.00")
    ran = harness.run(deletion(second), third)
    assert ran.counts == {"booked": 1, "reversed": 1}
    assert len(reversals(harness, first)) == 2
    assert sum(Decimal(each["open"]) for each in harness.entries()) == Decimal("84.70")


@pytest.mark.parametrize(
    ("deed", "arguments", "told"),
    [
        ("match_entry", {}, "paid, matched"),
        ("match_entry", {"amount": "20.00"}, "paid, matched"),
        ("collect_entry", {}, "being collected"),
        ("edit_line", {"gl_account": "700100"}, "edited"),
        ("edit_entry", {"changes": {"DueDate": "2026-05-15"}}, "edited"),
    ],
)
def test_what_a_person_did_with_an_entry_is_not_undone(
    reversing: Harness, deed: str, arguments: dict[str, Any], told: str
) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.exact.do(deed, your_ref=record["number"], **arguments)
    ran = harness.run(deletion(record))
    assert ran.counts == {"rejected": 1}
    assert told in reason(harness, record)
    assert reversals(harness, record) == []
    harness.exact.forget_calls()
    harness.run()
    assert ("GET", ENTRIES) not in harness.exact.calls()


def test_an_entry_that_a_person_booked_is_not_taken_back(reversing: Harness) -> None:
    harness, record = reversing, reversing.invoice()
    harness.book_by_hand(record, harness.known_customer())
    harness.run(record)
    harness.run(deletion(record))
    assert "not booked by this program" in reason(harness, record)
    assert reversals(harness, record) == []


def test_what_a_person_took_back_already_is_not_taken_back_again(reversing: Harness) -> None:
    harness, record = reversing, reversing.invoice()
    customer = harness.known_customer()
    harness.run(record)
    lines = [{"gl_account": "700000", "vat_code": "21", "amount": "-100.00"}]
    harness.exact.do("add_entry", customer=customer, your_ref="correctie", date="2026-06-10", lines=lines)
    harness.run(deletion(record))
    assert "seems to do so already" in reason(harness, record)
    assert reversals(harness, record) == []


def test_a_closed_period_holds_it_until_a_person_asks_again(reversing: Harness) -> None:
    """With the hint of a closed period, which is bridge resend here as well."""
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record), closed_until="2026-06-30")
    assert "closed up to 2026-06-30" in reason(harness, record)
    with harness.store() as store:
        people.try_again(DivisionStore(store, harness.division), "invoice", record["number"])
    assert harness.run().counts == {"reversed": 1}


def test_a_closed_period_moves_it_when_documents_move_as_well(reversing: Harness) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record), on_closed_period="next_open", closed_until="2026-06-30")
    assert [each["date"] for each in reversals(harness, record)] == ["2026-07-01"]


@pytest.mark.parametrize(("kind", "counts"), [("reset_after", {"reversed": 1}), ("reset_before", {"rejected": 1})])
def test_an_answer_that_does_not_come_makes_no_second_reversal(
    reversing: Harness, kind: str, counts: dict[str, int]
) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.exact.fault(match=ENTRIES, method="POST", kind=kind, times=1)
    assert harness.run(deletion(record)).counts == counts
    harness.run()
    harness.exact.later()
    harness.run()
    assert len(reversals(harness, record)) == 1
    assert harness.codes() == {}


def test_a_restored_store_finds_the_reversal_by_its_reference(reversing: Harness, tmp_path: Path) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    shutil.copytree(tmp_path, tmp_path.parent / "backup")
    harness.run(deletion(record))
    harness.lose_store()
    for each in (tmp_path.parent / "backup").glob("connector.db*"):
        shutil.copy(each, tmp_path / each.name)
    harness.log_in_again()
    assert harness.run(deletion(record)).counts == {"reversed": 1}
    assert len(reversals(harness, record)) == 1
    assert harness.codes() == {}


def test_a_document_that_turns_out_to_be_there_is_not_linked_to_an_entry_taken_back(
    reversing: Harness,
) -> None:
    """The person who compares them deletes the reversal, and links the entry with bridge match."""
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record))
    assert harness.run(record).counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "conflict"}
    harness.exact.do("delete_entry", your_ref=f"{record['number']} storno")
    entry_id = harness.link(record).exact_id
    with harness.store() as store:
        people.link_by_hand(DivisionStore(store, harness.division), "invoice", record["number"], entry_id)
    assert harness.run().counts == {}
    assert harness.codes() == {}
    assert harness.link(record).state == "linked"


def test_a_run_that_is_cut_off_at_any_moment_takes_back_once(
    exact_service: SandboxExact, make_harness: type[Harness], tmp_path: Path
) -> None:
    for step in range(1, 30, 2):
        (tmp_path / str(step)).mkdir()
        harness = make_harness(exact_service, tmp_path / str(step), {"on_deleted": "reverse"})
        record = harness.invoice()
        harness.run(harness.company(), record)
        with cut_off(STEPS, step) as passed:
            harness.run(deletion(record))
        harness.exact.later()
        harness.run(deletion(record))
        assert len(reversals(harness, record)) == 1, step
        assert harness.codes() == {}, step
        if passed[0] <= step:
            break
    assert step > 6


def test_a_dry_run_shows_it_and_sends_nothing(reversing: Harness) -> None:
    harness, record = reversing, reversing.invoice()
    harness.run(harness.company(), record)
    harness.run(deletion(record), on_deleted="report")
    assert harness.run(dry_run=True).counts == {"reversed": 1}
    assert reversals(harness, record) == []


def test_the_entry_of_another_department_is_left_to_the_settings_of_its_own_coupling(harness: Harness) -> None:
    record = harness.invoice(department="south")
    harness.run(harness.company(), record, department_id="south")
    harness.run(deletion(record), department_id="south")
    harness.run(department_id="north", on_deleted="reverse")
    assert reversals(harness, record) == []
    assert "still stands" in reason(harness, record)
    assert harness.run(department_id="south", on_deleted="reverse").counts == {"reversed": 1}
