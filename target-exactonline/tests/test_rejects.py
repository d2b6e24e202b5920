"""What cannot be booked is kept, tried again by itself, and never holds up another document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exactonline_api.errors import LoginLost

if TYPE_CHECKING:
    from conftest import Harness


def test_one_poisoned_document_does_not_hold_up_the_others(harness: Harness) -> None:
    poisoned = harness.invoice(tax_rate="0.19")
    ran = harness.run(harness.company(), harness.invoice(), poisoned, harness.invoice())
    assert ran.error is None
    assert ran.counts == {"booked": 2, "rejected": 1, "customers created": 1}
    assert "2 booked, 1 rejected, 1 customers created (vat_code_unmapped: 1;" in ran.log


def test_a_corrected_setting_books_it_from_the_store(harness: Harness) -> None:
    poisoned = harness.invoice(tax_rate="0.12")
    harness.run(harness.company(), poisoned)
    ran = harness.run(vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert harness.codes() == {}


def test_a_newer_version_takes_the_place_of_the_kept_one(harness: Harness) -> None:
    poisoned = harness.invoice(net="100.00", tax_rate="0.12")
    harness.run(harness.company(), poisoned)
    settings = {"vat_codes": {**harness.settings["vat_codes"], "12%": "12"}}
    newer = harness.as_version(poisoned, net="200.00", tax_rate="0.12")
    ran = harness.run(harness.company(), newer, **settings)
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert [str(entry["gross"]) for entry in harness.exact.entries(poisoned["number"])] == ["224.00"]


def test_a_document_waits_for_its_customer_and_follows_by_itself(harness: Harness) -> None:
    record = harness.invoice()
    ran = harness.run(record)
    assert ran.counts == {"waiting": 1}
    assert harness.codes() == {record["id"]: "customer_missing"}
    ran = harness.run(harness.company(), harness.invoice())
    assert ran.counts["booked"] + ran.counts.get("waiting", 0) == 2
    ran = harness.run(harness.company())
    assert harness.codes() == {}
    assert len(harness.exact.entries(record["number"])) == 1


def test_a_customer_that_two_accounts_fit_is_never_guessed(harness: Harness) -> None:
    number = harness.vat_number()
    company = harness.company(vat_number=number)
    for name in ("Dubbel A", "Dubbel B"):
        harness.exact.do("add_account", Name=f"{company['name']} {name}", Status="C", VATNumber=number, Country="BE")
    record = harness.invoice()
    harness.run(company, record)
    assert harness.codes() == {record["id"]: "waiting_for_customer", company["id"]: "customer_conflict"}
    other = next(account for account in harness.accounts() if account["name"].endswith("Dubbel B"))
    harness.exact.do("delete_account", id=other["id"])
    ran = harness.run()
    assert ran.counts == {"booked": 1, "customers matched": 1}
    assert harness.codes() == {}


def test_a_closed_period_holds_its_documents_and_lets_them_go_when_it_opens(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    records = [harness.invoice(date="2025-02-03", pdf=True), harness.invoice(date="2025-02-04", pdf=True)]
    harness.exact.do("close_period", year=2025, period=2)
    try:
        harness.exact.forget_calls()
        ran = harness.run(*records)
        assert ran.counts == {"rejected": 2}
        assert set(harness.codes().values()) == {"period_closed"}
        assert harness.exact.calls().count(("POST", "salesentry/SalesEntries")) == 1
    finally:
        harness.exact.do("open_period", year=2025, period=2)
    ran = harness.run()
    assert ran.counts == {"booked": 2}
    assert [len(harness.exact.documents(record["number"])) for record in records] == [1, 1]


def test_next_open_books_in_the_first_open_period(harness: Harness) -> None:
    record = harness.invoice(date="2025-03-03")
    harness.exact.do("close_period", year=2025, period=3)
    try:
        ran = harness.run(harness.company(), record, on_closed_period="next_open")
    finally:
        harness.exact.do("open_period", year=2025, period=3)
    assert ran.counts["booked"] == 1
    (entry,) = harness.exact.entries(record["number"])
    assert "2025-03-03" in entry["description"]


def test_a_blocked_customer_is_not_tried_document_by_document(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    account = harness.accounts()[0]["id"]
    harness.exact.do("block", id=account)
    harness.exact.forget_calls()
    ran = harness.run(*(harness.invoice() for _ in range(5)))
    assert ran.counts == {"rejected": 5}
    assert set(harness.codes().values()) == {"customer_blocked"}
    assert harness.exact.calls().count(("POST", "salesentry/SalesEntries")) == 1
    harness.exact.do("block", id=account, blocked=False)
    assert harness.run().counts == {"booked": 5}


def test_no_velocity_block_is_provoked(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=400, times=99)
    records = [harness.invoice() for _ in range(20)]
    harness.exact.forget_calls()
    harness.run(*records)
    assert harness.exact.calls().count(("POST", "salesentry/SalesEntries")) == 8
    codes = list(harness.codes().values())
    assert codes.count("refused_by_exact") == 8
    assert codes.count("error_budget") == 12


def test_totals_that_exact_changed_are_undone(harness: Harness) -> None:
    """Exact ignores what it may not be told, so only reading the totals shows what was booked (exact-online 3.30)."""
    record = harness.invoice(net="100.00")
    harness.exact.do("edit_vat_code", code="21", changes={"Type": "E"})
    harness.run(harness.company(), record)
    assert [str(entry["gross"]) for entry in harness.exact.entries(record["number"])] == ["121.00"]


def test_a_lost_key_names_the_login_that_is_needed_and_books_nothing_twice(harness: Harness) -> None:
    """Line 35: the whole store was refused, and with it the links."""
    booked, refused = harness.invoice(), harness.invoice(tax_rate="0.09")
    harness.run(harness.company(), booked, refused)
    (harness.folder / "connector.db.key").unlink()

    ran = harness.run(harness.company(), booked, harness.as_version(refused, net="100.00"))
    assert isinstance(ran.error, LoginLost)
    assert str(ran.error).startswith("The login to Exact was kept under another key than the store has now: ")
    assert "Rejects that cannot be opened: 1. Put the key of the store back, or log in again" in ran.log

    harness.log_in_again()
    ran = harness.run(harness.company(), booked, harness.as_version(refused, net="100.00"))
    assert ran.error is None
    assert (ran.counts["unchanged"], ran.counts["booked"]) == (1, 1)
    assert len(harness.exact.entries(booked["number"])) == 1
    assert harness.codes() == {}


def test_an_idle_run_leaves_no_line_in_the_trail(harness: Harness) -> None:
    """Line 33: the trail is never emptied, and 96 runs a day told it that entries still stand."""
    harness.run(harness.company(), harness.invoice(), harness.invoice(tax_rate="0.09"))
    with harness.store() as store:
        before = len(store.audit_trail())
    for _ in range(3):
        harness.run()
    with harness.store() as store:
        assert len(store.audit_trail()) == before
