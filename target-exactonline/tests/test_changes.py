"""A document that changed after it was booked: its entry follows while it may, and a person decides when it may not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from singer_shell import unknown_outcomes
from target_exactonline.booking import PlanLine

if TYPE_CHECKING:
    from conftest import Harness

LINES = "salesentry/SalesEntryLines"
ENTRIES = "salesentry/SalesEntries"


def booked(harness: Harness, **changes: Any) -> dict[str, Any]:
    record = harness.invoice(**changes)
    assert harness.run(harness.company(), record).counts["booked"] == 1
    return record


def amount(harness: Harness, record: dict[str, Any]) -> Decimal:
    (entry,) = harness.exact.entries(record["number"])
    found: Decimal = entry["gross"]
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What got no answer is looked for at once."""
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))


def writes(harness: Harness) -> list[tuple[str, str]]:
    return [call for call in harness.exact.calls() if call[0] != "GET"]


def of_lines(harness: Harness, record: dict[str, Any], *nets: str, **changes: Any) -> dict[str, Any]:
    """Return a later version of a document with a line for each net amount."""
    amounts = [Decimal(net) for net in nets]
    tax = (sum(amounts) * Decimal("0.21")).quantize(Decimal("0.01"))
    lines = [{**record["lines"][0], "net": amount, "description": f"Werk {amount}"} for amount in amounts]
    totals = {
        "net": sum(amounts),
        "gross": sum(amounts) + tax,
        "taxes": [{"rate": Decimal("0.21"), "taxable": sum(amounts), "tax": tax}],
    }
    return harness.as_version(record, lines=lines, totals=totals, **changes)


def lines_of(harness: Harness, record: dict[str, Any]) -> list[tuple[str, Decimal, str | None]]:
    """Return (ledger account, net, text) of the lines of the entry."""
    (entry,) = harness.exact.entries(record["number"])
    return sorted((line["gl_account"], line["net"], line["description"]) for line in entry["lines"])


def test_an_open_entry_is_brought_in_line_and_keeps_its_identity(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    before = harness.link(record)
    ran = harness.run(harness.as_version(record, net="150.00"))
    assert ran.counts == {"updated": 1}
    assert amount(harness, record) == Decimal("181.50")
    after = harness.link(record)
    assert (after.exact_id, after.entry_number) == (before.exact_id, before.entry_number)
    assert after.amount == Decimal("181.50")
    assert harness.run(harness.as_version(record, net="150.00")).counts == {"unchanged": 1}


def test_a_changed_header_needs_no_lines(harness: Harness) -> None:
    record = booked(harness)
    harness.exact.forget_calls()
    ran = harness.run(harness.as_version(record, due_date="2026-05-31"))
    assert ran.counts == {"updated": 1}
    assert writes(harness) == [("PUT", ENTRIES)]


def test_another_text_of_a_line_goes_along_while_the_entry_is_open(harness: Harness) -> None:
    record = booked(harness)
    line = {**record["lines"][0], "description": "Anders gezegd"}
    harness.exact.forget_calls()
    ran = harness.run(harness.as_version(record, lines=[line]))
    assert ran.counts == {"updated": 1}
    assert writes(harness) == [("PUT", LINES)]


def test_another_text_of_a_line_is_not_worth_telling_once_the_entry_is_matched(harness: Harness) -> None:
    record = booked(harness)
    harness.exact.do("match_entry", your_ref=record["number"])
    line = {**record["lines"][0], "description": "Anders gezegd"}
    harness.exact.forget_calls()
    assert harness.run(harness.as_version(record, lines=[line])).counts == {"updated": 1}
    assert writes(harness) == []


def test_a_matched_entry_is_left_alone_and_the_difference_is_shown(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("match_entry", your_ref=record["number"])
    changed = harness.as_version(record, net="150.00")
    ran = harness.run(changed)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "changed_after_booking"}
    assert amount(harness, record) == Decimal("121.00")
    with harness.store() as store:
        kept = store.rejects(harness.division).get("invoice", record["id"])
    assert kept is not None
    assert "121.00 in Exact, 181.50 in Teamleader" in kept.reason
    harness.exact.do("unmatch_entry", your_ref=record["number"])
    assert harness.run().counts == {"updated": 1}
    assert amount(harness, record) == Decimal("181.50")
    assert harness.codes() == {}


def test_a_change_that_is_undone_in_teamleader_is_in_order_again(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("process_entry", your_ref=record["number"])
    harness.run(harness.as_version(record, net="150.00"))
    ran = harness.run(harness.as_version(record, net="100.00", updated_at="2026-05-21T09:00:00Z"))
    assert ran.counts["unchanged"] == 1
    assert harness.codes() == {}


def test_a_change_that_exact_refuses_is_not_sent_again_and_again(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("refuse_entry_changes")
    try:
        harness.run(harness.as_version(record, due_date="2026-05-31"))
        assert harness.codes() == {record["id"]: "changed_after_booking"}
        harness.exact.forget_calls()
        for _ in range(3):
            harness.run()
        assert [call for call in harness.exact.calls() if call[0] != "GET"] == []
    finally:
        harness.exact.do("refuse_entry_changes", refuse=False)


def test_another_currency_is_for_a_person(harness: Harness) -> None:
    record = booked(harness)
    harness.run(harness.as_version(record, currency="USD", exchange_rate=Decimal("0.9")))
    assert harness.codes() == {record["id"]: "changed_after_booking"}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated"])
@pytest.mark.usefixtures("quick")
def test_a_change_survives_a_lost_answer(harness: Harness, method: str, kind: str) -> None:
    record = booked(harness, net="100.00")
    if method == "DELETE":
        harness.run(of_lines(harness, record, "100.00", "20.00", updated_at="2026-05-19T09:00:00Z"))
    changed = of_lines(harness, record, *(["100.00", "50.00"] if method == "POST" else ["150.00"]))
    harness.exact.fault(match=LINES, method=method, kind=kind, times=1)
    ran = harness.run(changed)
    if (method, kind) == ("POST", "reset_before"):
        assert ran.counts == {"unknown": 1}
        harness.exact.later()
        ran = harness.run(changed)
    assert ran.counts == {"updated": 1}
    assert amount(harness, record) == Decimal("181.50")


def test_line_1_a_refused_step_leaves_the_entry_as_it_was(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.run(of_lines(harness, record, "100.00", "150.00", "60.00", updated_at="2026-05-19T09:00:00Z"))
    before = lines_of(harness, record)
    harness.exact.fault(
        match=LINES, method="DELETE", kind="business", message="Verwijderen niet toegestaan", skip=1, times=1
    )
    ran = harness.run(of_lines(harness, record, "150.00"))
    assert (ran.counts, harness.codes()) == ({"rejected": 1}, {record["id"]: "changed_after_booking"})
    assert lines_of(harness, record) == before
    again = of_lines(harness, record, "150.00", due_date="2026-05-31", updated_at="2026-05-21T09:00:00Z")
    assert harness.run(again).counts == {"updated": 1}
    assert amount(harness, record) == Decimal("181.50")


def test_line_1_a_cost_centre_that_is_not_there_is_noticed_before_the_first_write(harness: Harness) -> None:
    harness.settings["cost_centers"] = {"Nergens": "NIETS"}
    record = booked(harness, net="100.00")
    changed = of_lines(harness, record, "120.00", "50.00")
    changed["lines"][1]["product_category"] = "Nergens"
    harness.exact.forget_calls()
    harness.run(changed)
    assert harness.codes() == {record["id"]: "cost_center_unknown"}
    assert writes(harness) == []
    assert amount(harness, record) == Decimal("121.00")


def test_line_1_a_change_that_cannot_be_undone_stays_open_until_a_run_can(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.run(of_lines(harness, record, "100.00", "30.00", updated_at="2026-05-19T09:00:00Z"))
    before = lines_of(harness, record)
    changed = of_lines(harness, record, "150.00")
    harness.exact.fault(match=LINES, kind="business", message="Niet toegestaan", method="DELETE", times=1)
    harness.exact.fault(match=LINES, kind="business", message="Niet toegestaan", method="PUT", skip=1, times=1)
    harness.run(changed)
    assert harness.codes() == {record["id"]: "change_unfinished"}
    assert harness.link(record).changing_to is not None
    undone = of_lines(harness, record, "100.00", "30.00", updated_at="2026-05-22T09:00:00Z")
    harness.exact.later()
    harness.run(undone)
    assert lines_of(harness, record) == before
    assert harness.codes() == {}


def test_line_1_only_lines_that_differ_are_sent(harness: Harness) -> None:
    record = booked(harness, net="1.00")
    nets = [f"{number}.00" for number in range(1, 61)]
    harness.run(of_lines(harness, record, *nets, updated_at="2026-05-19T09:00:00Z"))
    harness.exact.forget_calls()
    assert harness.run(of_lines(harness, record, "0.50", *nets[:30], "99.00", *nets[31:])).counts == {"updated": 1}
    assert writes(harness) == [("PUT", LINES), ("POST", LINES)]


@pytest.mark.parametrize("setting", ["report", "amend"])
def test_line_2_a_line_that_was_recoded_stays_recoded(harness: Harness, setting: str) -> None:
    harness.settings["on_edited"] = setting
    record = booked(harness, net="100.00")
    harness.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    harness.run(harness.as_version(record, due_date="2026-05-31"))
    (entry,) = harness.exact.entries(record["number"])
    assert [line["gl_account"] for line in entry["lines"]] == ["700100"]
    assert entry["due_date"] == ("2026-04-01" if setting == "report" else "2026-05-31")
    assert harness.codes() == ({record["id"]: "edited_in_exact"} if setting == "report" else {})
    harness.run(harness.as_version(record, net="150.00", due_date="2026-05-31", updated_at="2026-05-22T09:00:00Z"))
    assert amount(harness, record) == Decimal("121.00")
    assert harness.codes() == {record["id"]: "edited_in_exact"}


def test_line_2_the_difference_names_what_was_edited_and_what_is_asked(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    harness.run(harness.as_version(record, due_date="2026-05-31"))
    with harness.store() as store:
        kept = store.rejects(harness.division).get("invoice", record["id"])
    assert kept is not None
    assert "ledger account of line 1 (700100, booked: 700000)" in kept.reason
    assert "DueDate: 2026-04-01 in Exact, 2026-05-31 in Teamleader" in kept.reason


def test_line_2_a_document_is_in_order_again_when_a_person_did_in_exact_what_it_asks(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    harness.run(harness.as_version(record, due_date="2026-05-31"))
    harness.exact.do("edit_entry", your_ref=record["number"], changes={"DueDate": "2026-05-31"})
    assert harness.run().counts == {"updated": 1}
    assert harness.codes() == {}


def test_line_2_with_amend_what_nobody_touched_follows(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.exact.do("edit_line", your_ref=record["number"], gl_account="700100")
    harness.run(harness.as_version(record, due_date="2026-05-31"))
    assert harness.codes() == {record["id"]: "edited_in_exact"}
    harness.settings["on_edited"] = "amend"
    assert harness.run().counts == {"updated": 1}
    assert (lines_of(harness, record)[0][0], harness.codes()) == ("700100", {})


def test_line_2_an_adopted_entry_is_never_rewritten(harness: Harness) -> None:
    harness.settings["on_edited"] = "amend"
    record = booked(harness, net="100.00")
    harness.lose_store()
    assert harness.run(harness.company(), record).counts["adopted"] == 1
    harness.run(harness.as_version(record, net="150.00"))
    assert amount(harness, record) == Decimal("121.00")
    assert harness.codes() == {record["id"]: "adopted_differs"}


def test_line_2_other_names_of_rates_and_categories_change_no_entry(harness: Harness) -> None:
    known = {
        "tax_rate_id": "rate",
        "tax_rate_description": "21%",
        "product_category_id": "c",
        "product_category": "Uren",
    }
    line = {**harness.invoice()["lines"][0], **known, "ledger_number": "700000"}
    record = booked(harness, lines=[line])
    renamed = {**line, "tax_rate_description": "21% (oud)", "product_category": "Werk", "ledger_number": "700100"}
    assert harness.run(harness.as_version(record, lines=[renamed])).counts == {"unchanged": 1}
    harness.settings["vat_codes"] = {**harness.settings["vat_codes"], "rate": "21"}
    harness.run(harness.as_version(record, lines=[renamed], due_date="2026-05-31"))
    (entry,) = harness.exact.entries(record["number"])
    assert ([line["gl_account"] for line in entry["lines"]], entry["due_date"]) == (["700000"], "2026-05-31")


def test_line_2_an_entry_of_which_nothing_is_remembered_is_shown_not_rewritten(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    with harness.store() as store:
        kept = store.links(harness.division).get("invoice", record["id"])
        assert kept is not None
        store.links(harness.division).remove("invoice", record["id"])
        store.links(harness.division).confirm(
            "invoice", record["id"], exact_id=str(kept.exact_id), fingerprint=kept.fingerprint, how=kept.how
        )
    harness.run(harness.as_version(record, net="150.00"))
    assert amount(harness, record) == Decimal("121.00")
    assert harness.codes() == {record["id"]: "changed_after_booking"}


@pytest.mark.parametrize("policy", ["hold", "next_open"])
def test_line_3_a_booked_entry_stays_in_its_closed_month(harness: Harness, policy: str) -> None:
    record = booked(harness, net="100.00")
    harness.settings |= {"on_closed_period": policy, "closed_until": "2026-03-31"}
    harness.exact.forget_calls()
    harness.run(harness.as_version(record, due_date="2026-05-31"))
    assert harness.codes() == {record["id"]: "period_closed"}
    assert writes(harness) == []


def test_line_3_an_entry_that_was_moved_to_an_open_month_stays_there(harness: Harness) -> None:
    harness.settings |= {"on_closed_period": "next_open", "closed_until": "2026-03-31"}
    record = booked(harness, net="100.00")
    del harness.settings["closed_until"]
    assert harness.run(harness.as_version(record, due_date="2026-05-31")).counts == {"updated": 1}
    (entry,) = harness.exact.entries(record["number"])
    assert (entry["date"], entry["due_date"]) == ("2026-04-01", "2026-05-31")


def test_line_3_another_date_is_for_a_person(harness: Harness) -> None:
    record = booked(harness, net="100.00")
    harness.run(harness.as_version(record, date="2026-03-09"))
    assert harness.codes() == {record["id"]: "changed_after_booking"}


def test_line_3_with_the_policy_report_a_booked_entry_is_never_touched(harness: Harness) -> None:
    harness.settings["change_policy"] = "report"
    record = booked(harness, net="100.00")
    harness.exact.forget_calls()
    harness.run(harness.as_version(record, net="150.00"))
    assert harness.codes() == {record["id"]: "changed_after_booking"}
    assert writes(harness) == []


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
def test_a_change_that_was_cut_off_goes_on(harness: Harness, skip: int) -> None:
    record = booked(harness, net="100.00")
    changed = harness.as_version(record, net="150.00")
    changed["lines"] = [
        {**changed["lines"][0], "net": Decimal("70.00")},
        {**changed["lines"][0], "net": Decimal("80.00")},
    ]
    harness.exact.fault(match=LINES, kind="error", status=401, skip=skip, times=99)
    ran = harness.run(changed)
    harness.exact.no_faults()
    assert ran.error is not None
    harness.log_in_again()
    harness.exact.later()
    assert harness.run(changed).counts["updated"] == 1
    assert amount(harness, record) == Decimal("181.50")


def test_another_customer_moves_the_open_entry(harness: Harness) -> None:
    record = booked(harness)
    other = harness.company(other=True, email="ander@voorbeeld.example")
    ran = harness.run(other, harness.as_version(record, customer=other["id"]))
    assert ran.counts["updated"] == 1
    (entry,) = harness.exact.entries(record["number"])
    accounts = {account["id"]: account["name"] for account in harness.exact.accounts()}
    assert accounts[entry["customer"]] == other["name"]


def test_an_entry_of_other_totals_that_exact_does_not_delete_is_brought_in_line_and_told_until_then(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = harness.invoice()
    whole = PlanLine.body
    with monkeypatch.context() as elsewhere:  # as if Exact made another amount of it
        elsewhere.setattr(PlanLine, "body", lambda line: {**whole(line), "AmountFC": line.amount + 1})
        harness.exact.fault(match=ENTRIES, method="DELETE", kind="business", message="Neen", times=1)
        harness.run(harness.company(), record)
    assert amount(harness, record) == Decimal("122.21")
    assert harness.codes() == {record["id"]: "totals_differ"}
    ran = harness.run(record, change_policy="report")
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "changed_after_booking"}
    assert harness.run(record).counts == {"updated": 1}
    assert amount(harness, record) == Decimal("121.00")
    assert harness.codes() == {}


def test_another_exchange_rate_is_sent_in_all_its_digits(harness: Harness) -> None:
    """Of a currency of which a unit is worth little the last of them are worth euros."""
    record = booked(harness, net="1000000", tax_rate="0", currency="USD", exchange_rate=Decimal("0.0061234"))

    def in_own_currency() -> Decimal:
        (entry,) = harness.exact.entries(record["number"])
        return Decimal(entry["gross_dc"])

    assert in_own_currency() == Decimal("6123.40")
    changed = harness.as_version(record, exchange_rate=Decimal("0.0061278"))
    assert harness.run(changed).counts == {"updated": 1}
    assert in_own_currency() == Decimal("6127.80")
    assert harness.run(changed).counts == {"unchanged": 1}


def test_a_booked_document_that_becomes_zero_is_followed_though_such_are_not_booked(harness: Harness) -> None:
    """Nobody may be told that there is nothing to do while the old amount stands in Exact."""
    record = booked(harness, net="100.00")
    ran = harness.run(harness.as_version(record, net="0.00"), zero_value_documents="skip")
    assert ran.counts == {"updated": 1}
    assert amount(harness, record) == Decimal(0)
    assert harness.codes() == {}
