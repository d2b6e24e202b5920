"""What cannot be booked is kept, tried again by itself, and never holds up another document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exactonline_api.errors import LoginLost

if TYPE_CHECKING:
    from conftest import Desk


def test_one_poisoned_document_does_not_hold_up_the_others(desk: Desk) -> None:
    poisoned = desk.invoice(tax_rate="0.19")
    ran = desk.run(desk.company(), desk.invoice(), poisoned, desk.invoice())
    assert ran.error is None
    assert ran.counts == {"booked": 2, "rejected": 1, "customers created": 1}
    assert "2 booked, 1 rejected, 1 customers created (vat_code_unmapped: 1;" in ran.log


def test_a_corrected_setting_books_it_from_memory(desk: Desk) -> None:
    poisoned = desk.invoice(tax_rate="0.12")
    desk.run(desk.company(), poisoned)
    ran = desk.run(vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert desk.codes() == {}


def test_a_newer_version_takes_the_place_of_the_kept_one(desk: Desk) -> None:
    poisoned = desk.invoice(net="100.00", tax_rate="0.12")
    desk.run(desk.company(), poisoned)
    settings = {"vat_codes": {**desk.settings["vat_codes"], "12%": "12"}}
    newer = desk.as_version(poisoned, net="200.00", tax_rate="0.12")
    ran = desk.run(desk.company(), newer, **settings)
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert [str(entry["gross"]) for entry in desk.exact.entries(poisoned["number"])] == ["224.00"]


def test_a_document_waits_for_its_customer_and_follows_by_itself(desk: Desk) -> None:
    record = desk.invoice()
    ran = desk.run(record)
    assert ran.counts == {"waiting": 1}
    assert desk.codes() == {record["id"]: "customer_missing"}
    ran = desk.run(desk.company(), desk.invoice())
    assert ran.counts["booked"] + ran.counts.get("waiting", 0) == 2
    ran = desk.run(desk.company())
    assert desk.codes() == {}
    assert len(desk.exact.entries(record["number"])) == 1


def test_a_customer_that_two_accounts_fit_is_never_guessed(desk: Desk) -> None:
    number = desk.vat_number()
    company = desk.company(vat_number=number)
    for name in ("Dubbel A", "Dubbel B"):
        desk.exact.do("add_account", Name=f"{company['name']} {name}", Status="C", VATNumber=number, Country="BE")
    record = desk.invoice()
    desk.run(company, record)
    assert desk.codes() == {record["id"]: "waiting_for_customer", company["id"]: "customer_conflict"}
    other = next(account for account in desk.accounts() if account["name"].endswith("Dubbel B"))
    desk.exact.do("delete_account", id=other["id"])
    ran = desk.run()
    assert ran.counts == {"booked": 1, "customers matched": 1}
    assert desk.codes() == {}


def test_a_closed_period_holds_its_documents_and_lets_them_go_when_it_opens(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    records = [desk.invoice(date="2025-02-03", pdf=True), desk.invoice(date="2025-02-04", pdf=True)]
    desk.exact.do("close_period", year=2025, period=2)
    try:
        desk.exact.forget_calls()
        ran = desk.run(*records)
        assert ran.counts == {"rejected": 2}
        assert set(desk.codes().values()) == {"period_closed"}
        assert desk.exact.calls().count(("POST", "salesentry/SalesEntries")) == 1
    finally:
        desk.exact.do("open_period", year=2025, period=2)
    ran = desk.run()
    assert ran.counts == {"booked": 2}
    assert [len(desk.exact.documents(record["number"])) for record in records] == [1, 1]


def test_next_open_books_in_the_first_open_period(desk: Desk) -> None:
    record = desk.invoice(date="2025-03-03")
    desk.exact.do("close_period", year=2025, period=3)
    try:
        ran = desk.run(desk.company(), record, on_closed_period="next_open")
    finally:
        desk.exact.do("open_period", year=2025, period=3)
    assert ran.counts["booked"] == 1
    (entry,) = desk.exact.entries(record["number"])
    assert "2025-03-03" in entry["description"]


def test_a_blocked_customer_is_not_tried_document_by_document(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    account = desk.accounts()[0]["id"]
    desk.exact.do("block", id=account)
    desk.exact.forget_calls()
    ran = desk.run(*(desk.invoice() for _ in range(5)))
    assert ran.counts == {"rejected": 5}
    assert set(desk.codes().values()) == {"customer_blocked"}
    assert desk.exact.calls().count(("POST", "salesentry/SalesEntries")) == 1
    desk.exact.do("block", id=account, blocked=False)
    assert desk.run().counts == {"booked": 5}


def test_no_velocity_block_is_provoked(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=400, times=99)
    records = [desk.invoice() for _ in range(20)]
    desk.exact.forget_calls()
    desk.run(*records)
    assert desk.exact.calls().count(("POST", "salesentry/SalesEntries")) == 8
    codes = list(desk.codes().values())
    assert codes.count("refused_by_exact") == 8
    assert codes.count("error_budget") == 12


def test_totals_that_exact_changed_are_undone(desk: Desk) -> None:
    """Exact ignores what it may not be told, so only reading the totals shows what was booked (exact-online 3.30)."""
    record = desk.invoice(net="100.00")
    desk.exact.do("edit_vat_code", code="21", changes={"Type": "E"})
    desk.run(desk.company(), record)
    assert [str(entry["gross"]) for entry in desk.exact.entries(record["number"])] == ["121.00"]


def test_a_lost_key_names_the_login_that_is_needed_and_books_nothing_twice(desk: Desk) -> None:
    """Line 35: the whole store was refused, and with it the links."""
    booked, refused = desk.invoice(), desk.invoice(tax_rate="0.09")
    desk.run(desk.company(), booked, refused)
    (desk.folder / "connector.db.key").unlink()

    ran = desk.run(desk.company(), booked, desk.as_version(refused, net="100.00"))
    assert isinstance(ran.error, LoginLost)
    assert str(ran.error).startswith("The login to Exact was kept under another key than the store has now: ")
    assert "Rejects that cannot be opened: 1. Put the key of the store back, or log in again" in ran.log

    desk.log_in_again()
    ran = desk.run(desk.company(), booked, desk.as_version(refused, net="100.00"))
    assert ran.error is None
    assert (ran.counts["unchanged"], ran.counts["booked"]) == (1, 1)
    assert len(desk.exact.entries(booked["number"])) == 1
    assert desk.codes() == {}


def test_an_idle_run_leaves_no_line_in_the_trail(desk: Desk) -> None:
    """Line 33: the trail is never emptied, and 96 runs a day told it that entries still stand."""
    desk.run(desk.company(), desk.invoice(), desk.invoice(tax_rate="0.09"))
    with desk.store() as store:
        before = len(store.audit_trail())
    for _ in range(3):
        desk.run()
    with desk.store() as store:
        assert len(store.audit_trail()) == before
