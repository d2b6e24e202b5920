"""A document that changed after it was booked: its entry follows while it may, and a person decides when it may not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Desk

LINES = "salesentry/SalesEntryLines"
ENTRIES = "salesentry/SalesEntries"


def booked(desk: Desk, **changes: Any) -> dict[str, Any]:
    record = desk.invoice(**changes)
    assert desk.run(desk.company(), record).counts["booked"] == 1
    return record


def amount(desk: Desk, record: dict[str, Any]) -> Decimal:
    (entry,) = desk.exact.entries(record["number"])
    found: Decimal = entry["gross"]
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What got no answer is looked for at once."""
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))


def writes(desk: Desk) -> list[tuple[str, str]]:
    return [call for call in desk.exact.calls() if call[0] != "GET"]


def of_lines(desk: Desk, record: dict[str, Any], *nets: str, **changes: Any) -> dict[str, Any]:
    """Return a later version of a document with a line for each net amount."""
    amounts = [Decimal(net) for net in nets]
    tax = (sum(amounts) * Decimal("0.21")).quantize(Decimal("0.01"))
    lines = [{**record["lines"][0], "net": amount, "description": f"Werk {amount}"} for amount in amounts]
    totals = {
        "net": sum(amounts),
        "gross": sum(amounts) + tax,
        "taxes": [{"rate": Decimal("0.21"), "taxable": sum(amounts), "tax": tax}],
    }
    return desk.as_version(record, lines=lines, totals=totals, **changes)


def lines_of(desk: Desk, record: dict[str, Any]) -> list[tuple[str, Decimal, str | None]]:
    """Return (ledger account, net, text) of the lines of the entry."""
    (entry,) = desk.exact.entries(record["number"])
    return sorted((line["gl_account"], line["net"], line["description"]) for line in entry["lines"])


def test_an_open_entry_is_brought_in_line_and_keeps_its_identity(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    before = desk.link(record)
    ran = desk.run(desk.as_version(record, net="150.00"))
    assert ran.counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")
    after = desk.link(record)
    assert (after.exact_id, after.entry_number) == (before.exact_id, before.entry_number)
    assert after.amount == Decimal("181.50")
    assert desk.run(desk.as_version(record, net="150.00")).counts == {"unchanged": 1}


def test_a_changed_header_needs_no_lines(desk: Desk) -> None:
    record = booked(desk)
    desk.exact.forget_calls()
    ran = desk.run(desk.as_version(record, due_date="2026-05-31"))
    assert ran.counts == {"updated": 1}
    assert writes(desk) == [("PUT", ENTRIES)]


def test_another_text_of_a_line_goes_along_while_the_entry_is_open(desk: Desk) -> None:
    record = booked(desk)
    line = {**record["lines"][0], "description": "Anders gezegd"}
    desk.exact.forget_calls()
    ran = desk.run(desk.as_version(record, lines=[line]))
    assert ran.counts == {"updated": 1}
    assert writes(desk) == [("PUT", LINES)]


def test_another_text_of_a_line_is_not_worth_telling_once_the_entry_is_matched(desk: Desk) -> None:
    record = booked(desk)
    desk.exact.do("match_entry", your_ref=record["number"])
    line = {**record["lines"][0], "description": "Anders gezegd"}
    desk.exact.forget_calls()
    assert desk.run(desk.as_version(record, lines=[line])).counts == {"updated": 1}
    assert writes(desk) == []


def test_a_matched_entry_is_left_alone_and_the_difference_is_shown(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("match_entry", your_ref=record["number"])
    changed = desk.as_version(record, net="150.00")
    ran = desk.run(changed)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "changed_after_booking"}
    assert amount(desk, record) == Decimal("121.00")
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "121.00 in Exact, 181.50 in Teamleader" in kept.reason
    desk.exact.do("unmatch_entry", your_ref=record["number"])
    assert desk.run().counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")
    assert desk.codes() == {}


def test_a_change_that_is_undone_in_teamleader_is_in_order_again(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("process_entry", your_ref=record["number"])
    desk.run(desk.as_version(record, net="150.00"))
    ran = desk.run(desk.as_version(record, net="100.00", updated_at="2026-05-21T09:00:00Z"))
    assert ran.counts["unchanged"] == 1
    assert desk.codes() == {}


def test_a_change_that_exact_refuses_is_not_sent_again_and_again(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("refuse_entry_changes")
    try:
        desk.run(desk.as_version(record, due_date="2026-05-31"))
        assert desk.codes() == {record["id"]: "changed_after_booking"}
        desk.exact.forget_calls()
        for _ in range(3):
            desk.run()
        assert [call for call in desk.exact.calls() if call[0] != "GET"] == []
    finally:
        desk.exact.do("refuse_entry_changes", refuse=False)


def test_another_currency_is_for_a_person(desk: Desk) -> None:
    record = booked(desk)
    desk.run(desk.as_version(record, currency="USD", exchange_rate=Decimal("0.9")))
    assert desk.codes() == {record["id"]: "changed_after_booking"}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated"])
@pytest.mark.usefixtures("quick")
def test_a_change_survives_a_lost_answer(desk: Desk, method: str, kind: str) -> None:
    record = booked(desk, net="100.00")
    if method == "DELETE":
        desk.run(of_lines(desk, record, "100.00", "20.00", updated_at="2026-05-19T09:00:00Z"))
    changed = of_lines(desk, record, *(["100.00", "50.00"] if method == "POST" else ["150.00"]))
    desk.exact.fault(match=LINES, method=method, kind=kind, times=1)
    ran = desk.run(changed)
    if (method, kind) == ("POST", "reset_before"):
        assert ran.counts == {"unknown": 1}
        desk.exact.later()
        ran = desk.run(changed)
    assert ran.counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")


def test_line_1_a_refused_step_leaves_the_entry_as_it_was(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.run(of_lines(desk, record, "100.00", "150.00", "60.00", updated_at="2026-05-19T09:00:00Z"))
    before = lines_of(desk, record)
    desk.exact.fault(
        match=LINES, method="DELETE", kind="business", message="Verwijderen niet toegestaan", skip=1, times=1
    )
    ran = desk.run(of_lines(desk, record, "150.00"))
    assert (ran.counts, desk.codes()) == ({"rejected": 1}, {record["id"]: "changed_after_booking"})
    assert lines_of(desk, record) == before
    again = of_lines(desk, record, "150.00", due_date="2026-05-31", updated_at="2026-05-21T09:00:00Z")
    assert desk.run(again).counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")


def test_line_1_a_cost_centre_that_is_not_there_is_noticed_before_the_first_write(desk: Desk) -> None:
    desk.settings["cost_centers"] = {"Nergens": "NIETS"}
    record = booked(desk, net="100.00")
    changed = of_lines(desk, record, "120.00", "50.00")
    changed["lines"][1]["product_category"] = "Nergens"
    desk.exact.forget_calls()
    desk.run(changed)
    assert desk.codes() == {record["id"]: "cost_center_unknown"}
    assert writes(desk) == []
    assert amount(desk, record) == Decimal("121.00")


def test_line_1_a_change_that_cannot_be_undone_stays_open_until_a_run_can(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.run(of_lines(desk, record, "100.00", "30.00", updated_at="2026-05-19T09:00:00Z"))
    before = lines_of(desk, record)
    changed = of_lines(desk, record, "150.00")
    desk.exact.fault(match=LINES, kind="business", message="Niet toegestaan", method="DELETE", times=1)
    desk.exact.fault(match=LINES, kind="business", message="Niet toegestaan", method="PUT", skip=1, times=1)
    desk.run(changed)
    assert desk.codes() == {record["id"]: "change_unfinished"}
    assert desk.link(record).changing_to is not None
    undone = of_lines(desk, record, "100.00", "30.00", updated_at="2026-05-22T09:00:00Z")
    desk.exact.later()
    desk.run(undone)
    assert lines_of(desk, record) == before
    assert desk.codes() == {}


def test_line_1_only_lines_that_differ_are_sent(desk: Desk) -> None:
    record = booked(desk, net="1.00")
    nets = [f"{number}.00" for number in range(1, 61)]
    desk.run(of_lines(desk, record, *nets, updated_at="2026-05-19T09:00:00Z"))
    desk.exact.forget_calls()
    assert desk.run(of_lines(desk, record, "0.50", *nets[:30], "99.00", *nets[31:])).counts == {"updated": 1}
    assert writes(desk) == [("PUT", LINES), ("POST", LINES)]


@pytest.mark.parametrize("setting", ["report", "amend"])
def test_line_2_a_line_that_was_recoded_stays_recoded(desk: Desk, setting: str) -> None:
    desk.settings["on_edited"] = setting
    record = booked(desk, net="100.00")
    desk.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    desk.run(desk.as_version(record, due_date="2026-05-31"))
    (entry,) = desk.exact.entries(record["number"])
    assert [line["gl_account"] for line in entry["lines"]] == ["700100"]
    assert entry["due_date"] == ("2026-04-01" if setting == "report" else "2026-05-31")
    assert desk.codes() == ({record["id"]: "edited_in_exact"} if setting == "report" else {})
    desk.run(desk.as_version(record, net="150.00", due_date="2026-05-31", updated_at="2026-05-22T09:00:00Z"))
    assert amount(desk, record) == Decimal("121.00")
    assert desk.codes() == {record["id"]: "edited_in_exact"}


def test_line_2_the_difference_names_what_was_edited_and_what_is_asked(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    desk.run(desk.as_version(record, due_date="2026-05-31"))
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "ledger account of line 1 (700100, booked: 700000)" in kept.reason
    assert "DueDate: 2026-04-01 in Exact, 2026-05-31 in Teamleader" in kept.reason


def test_line_2_a_document_is_in_order_again_when_a_person_did_in_exact_what_it_asks(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    desk.run(desk.as_version(record, due_date="2026-05-31"))
    desk.exact.do("edit_entry", your_ref=record["number"], changes={"DueDate": "2026-05-31"})
    assert desk.run().counts == {"updated": 1}
    assert desk.codes() == {}


def test_line_2_with_amend_what_nobody_touched_follows(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    desk.run(desk.as_version(record, due_date="2026-05-31"))
    assert desk.codes() == {record["id"]: "edited_in_exact"}
    desk.settings["on_edited"] = "amend"
    assert desk.run().counts == {"updated": 1}
    assert (lines_of(desk, record)[0][0], desk.codes()) == ("700100", {})


def test_line_2_an_adopted_entry_is_never_rewritten(desk: Desk) -> None:
    desk.settings["on_edited"] = "amend"
    record = booked(desk, net="100.00")
    desk.lose_memory()
    assert desk.run(desk.company(), record).counts["adopted"] == 1
    desk.run(desk.as_version(record, net="150.00"))
    assert amount(desk, record) == Decimal("121.00")
    assert desk.codes() == {record["id"]: "adopted_differs"}


def test_line_2_other_names_of_rates_and_categories_change_no_entry(desk: Desk) -> None:
    known = {
        "tax_rate_id": "rate",
        "tax_rate_description": "21%",
        "product_category_id": "c",
        "product_category": "Uren",
    }
    line = {**desk.invoice()["lines"][0], **known, "ledger_number": "700000"}
    record = booked(desk, lines=[line])
    renamed = {**line, "tax_rate_description": "21% (oud)", "product_category": "Werk", "ledger_number": "700100"}
    assert desk.run(desk.as_version(record, lines=[renamed])).counts == {"unchanged": 1}
    desk.settings["vat_codes"] = {**desk.settings["vat_codes"], "rate": "21"}
    desk.run(desk.as_version(record, lines=[renamed], due_date="2026-05-31"))
    (entry,) = desk.exact.entries(record["number"])
    assert ([line["gl_account"] for line in entry["lines"]], entry["due_date"]) == (["700000"], "2026-05-31")


def test_line_2_an_entry_of_which_nothing_is_remembered_is_shown_not_rewritten(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    with desk.store() as store:
        kept = store.links(desk.division).get("invoice", record["id"])
        assert kept is not None
        store.links(desk.division).remove("invoice", record["id"])
        store.links(desk.division).confirm(
            "invoice", record["id"], exact_id=str(kept.exact_id), fingerprint=kept.fingerprint, how=kept.how
        )
    desk.run(desk.as_version(record, net="150.00"))
    assert amount(desk, record) == Decimal("121.00")
    assert desk.codes() == {record["id"]: "changed_after_booking"}


@pytest.mark.parametrize("policy", ["hold", "next_open"])
def test_line_3_a_booked_entry_stays_in_its_closed_month(desk: Desk, policy: str) -> None:
    record = booked(desk, net="100.00")
    desk.settings |= {"on_closed_period": policy, "closed_until": "2026-03-31"}
    desk.exact.forget_calls()
    desk.run(desk.as_version(record, due_date="2026-05-31"))
    assert desk.codes() == {record["id"]: "period_closed"}
    assert writes(desk) == []


def test_line_3_an_entry_that_was_moved_to_an_open_month_stays_there(desk: Desk) -> None:
    desk.settings |= {"on_closed_period": "next_open", "closed_until": "2026-03-31"}
    record = booked(desk, net="100.00")
    del desk.settings["closed_until"]
    assert desk.run(desk.as_version(record, due_date="2026-05-31")).counts == {"updated": 1}
    (entry,) = desk.exact.entries(record["number"])
    assert (entry["date"], entry["due_date"]) == ("2026-04-01", "2026-05-31")


def test_line_3_another_date_is_for_a_person(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.run(desk.as_version(record, date="2026-03-09"))
    assert desk.codes() == {record["id"]: "changed_after_booking"}


def test_line_3_with_the_policy_report_a_booked_entry_is_never_touched(desk: Desk) -> None:
    desk.settings["change_policy"] = "report"
    record = booked(desk, net="100.00")
    desk.exact.forget_calls()
    desk.run(desk.as_version(record, net="150.00"))
    assert desk.codes() == {record["id"]: "changed_after_booking"}
    assert writes(desk) == []


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
def test_a_change_that_was_cut_off_goes_on(desk: Desk, skip: int) -> None:
    record = booked(desk, net="100.00")
    changed = desk.as_version(record, net="150.00")
    changed["lines"] = [
        {**changed["lines"][0], "net": Decimal("70.00")},
        {**changed["lines"][0], "net": Decimal("80.00")},
    ]
    desk.exact.fault(match=LINES, kind="error", status=401, skip=skip, times=99)
    ran = desk.run(changed)
    desk.exact.no_faults()
    assert ran.error is not None
    desk.log_in_again()
    desk.exact.later()
    assert desk.run(changed).counts["updated"] == 1
    assert amount(desk, record) == Decimal("181.50")


def test_another_customer_moves_the_open_entry(desk: Desk) -> None:
    record = booked(desk)
    other = desk.company(other=True, email="ander@voorbeeld.example")
    ran = desk.run(other, desk.as_version(record, customer=other["id"]))
    assert ran.counts["updated"] == 1
    (entry,) = desk.exact.entries(record["number"])
    accounts = {account["id"]: account["name"] for account in desk.exact.accounts()}
    assert accounts[entry["customer"]] == other["name"]
