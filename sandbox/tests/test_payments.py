"""Payments on both sides: what Teamleader lets be registered, what a person does by hand, and how both compare."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psutil
import pytest
import requests


def body(invoice: Any, amount: Any, **changes: Any) -> dict[str, Any]:
    payment = {"amount": amount, "currency": "EUR"}
    return {"id": invoice["id"], "payment": payment, "paid_at": "2026-03-05T12:00:00+00:00", **changes}


def listed(teamleader: Any, **filters: Any) -> list[Any]:
    return list(teamleader.every("invoices.list", {"filter": filters}))


@pytest.fixture
def invoice(changing: tuple[Any, Any]) -> Any:
    """A booked invoice of 229.90."""
    return changing[0].add_invoice()


def test_list_and_info_tell_what_is_due(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, teamleader = changing
    teamleader.call("invoices.registerPayment", body(invoice, 29.9))
    sandbox.add_credit_note(invoice=invoice["id"], lines=[{"unit_price": "100"}])

    row = listed(teamleader, ids=[invoice["id"]])[0]
    info = teamleader.data("invoices.info", {"id": invoice["id"]})

    assert row["total"]["due"] == info["total"]["due"] == {"amount": 79, "currency": "EUR"}
    assert row["total"]["payable"]["amount"] == Decimal("229.90")
    assert (row["status"], row["paid"], row["paid_at"]) == ("outstanding", False, None)
    paid = {"paid_at": "2026-03-05T12:00:00+00:00", "payment": {"amount": Decimal("29.9"), "currency": "EUR"}}
    assert info["payments"] == [paid]


def test_registering_moves_updated_at_and_settles(changing: tuple[Any, Any], invoice: Any) -> None:
    _, teamleader = changing
    before = teamleader.data("invoices.info", {"id": invoice["id"]})["updated_at"]

    teamleader.call("invoices.registerPayment", body(invoice, 229.9))

    row = teamleader.data("invoices.info", {"id": invoice["id"]})
    assert row["updated_at"] > before
    assert (row["status"], row["paid_at"]) == ("matched", "2026-03-05T12:00:00+00:00")


def test_more_than_is_due_is_accepted(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, teamleader = changing

    for _ in range(2):
        teamleader.call("invoices.registerPayment", body(invoice, 229.9))

    assert sandbox.payments(invoice["id"])["paid"] == Decimal("459.80")
    assert teamleader.data("invoices.info", {"id": invoice["id"]})["total"]["due"]["amount"] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"payment": {"amount": 1, "currency": "USD"}}, "currency"),
        ({"payment": {"amount": "1.00", "currency": "EUR"}}, "must be of type number"),
        ({"payment": {"amount": 1}}, "currency is required"),
        ({"paid_at": "2026-03-05"}, "must be a date and time with offset"),
        ({"paid_at": "2026-03-05T12:00:00"}, "must be a date and time with offset"),
        ({"payment_method_id": "x"}, "payment_method_id does not exist"),
    ],
)
def test_a_payment_that_does_not_fit_is_refused(
    changing: tuple[Any, Any], invoice: Any, changes: dict[str, Any], said: str
) -> None:
    sandbox, teamleader = changing

    answer = teamleader.post("invoices.registerPayment", body(invoice, 1, **changes))

    assert answer.status_code == 400
    assert said in answer.json()["errors"][0]["title"]
    assert sandbox.payments(invoice["id"])["payments"] == []


def test_a_draft_takes_no_payment_and_an_unknown_invoice_is_not_found(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    draft = sandbox.add_invoice(status="draft")

    assert teamleader.post("invoices.registerPayment", body(draft, 1)).status_code == 400
    assert teamleader.post("invoices.registerPayment", body({"id": "x"}, 1)).status_code == 404
    assert teamleader.post("invoices.removePayments", {"id": "x"}).status_code == 404


def test_payments_are_removed_all_at_once(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, teamleader = changing
    for amount in (100, 129.9):
        teamleader.call("invoices.registerPayment", body(invoice, amount))

    teamleader.call("invoices.removePayments", {"id": invoice["id"]})

    assert sandbox.payments(invoice["id"]) == {"paid": 0, "due": Decimal("229.90"), "payments": []}
    assert listed(teamleader, ids=[invoice["id"]])[0]["status"] == "outstanding"


def test_an_invoice_is_found_by_its_number_and_status(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, teamleader = changing

    assert [row["id"] for row in listed(teamleader, invoice_number=invoice["number"])] == [invoice["id"]]
    assert listed(teamleader, invoice_number=invoice["number"].replace(" ", "")) == []
    assert listed(teamleader, invoice_number=invoice["number"], status=["matched"]) == []
    sandbox.pay(invoice["id"])
    assert len(listed(teamleader, invoice_number=invoice["number"], status=["matched"])) == 1
    assert invoice["id"] not in {row["id"] for row in listed(teamleader, status=["outstanding"])}


def test_a_person_pays_and_takes_back_by_hand(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, _ = changing

    sandbox.pay(invoice["id"], "100", "2026-02-03")
    sandbox.pay(invoice["id"], day="2026-02-01")

    told = sandbox.payments(invoice["id"])
    rows = [{"amount": Decimal("129.90"), "day": "2026-02-01"}, {"amount": 100, "day": "2026-02-03"}]
    assert told == {"paid": Decimal("229.90"), "due": 0, "payments": rows}
    row = next(row for row in sandbox.teamleader_documents() if row["id"] == invoice["id"])
    assert {name: row[name] for name in told} == told
    assert sandbox.teamleader("remove_payments", id=invoice["id"])["due"] == Decimal("229.90")


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [("reset_before", False), ("reset_after", True), ("empty_500", False), ("truncated", True), ("error", False)],
)
@pytest.mark.parametrize("action", ["registerPayment", "removePayments"])
def test_faults_strike_payments(
    changing: tuple[Any, Any], invoice: Any, kind: str, action: str, *, arrives: bool
) -> None:
    sandbox, teamleader = changing
    if action == "removePayments":
        sandbox.pay(invoice["id"], "10")
    sandbox.add_faults([{"service": "teamleader", "match": f"invoices.{action}", "kind": kind, "times": 1}])
    sent = body(invoice, 10) if action == "registerPayment" else {"id": invoice["id"]}

    if kind in {"empty_500", "error"}:
        assert teamleader.post(f"invoices.{action}", sent).status_code == 500
    else:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            teamleader.post(f"invoices.{action}", sent)

    assert len(sandbox.payments(invoice["id"])["payments"]) == (arrives == (action == "registerPayment"))
    teamleader.session.close()


def test_both_sides_are_compared_in_two_calls(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, _ = changing
    sandbox.exact(
        "add_entry",
        customer="Oude Klant NV",
        your_ref=invoice["number"],
        lines=[{"amount": "190.00", "vat_code": "21"}],
    )
    entry = {"your_ref": invoice["number"]}
    number = invoice["number"]

    assert number not in {each["number"] for each in sandbox.unequal_payments()}
    sandbox.split_terms(
        [{"amount": "129.90", "due_date": "2026-12-31"}, {"amount": "100", "due_date": "2026-11-30"}], **entry
    )
    sandbox.match(
        {**entry, "amount": "100", "date": "2026-11-01"},
        {**entry, "amount": "9.90", "how": "write_off", "date": "2026-11-02"},
    )
    booked = next(each for each in sandbox.exact_entries() if each["number"] == number)
    assert [booked[name] for name in ("gross", "open", "settled")] == [Decimal("229.90"), 120, Decimal("109.90")]
    assert booked["settled_on"] == "2026-11-02"
    assert {"number": number, "due": Decimal("229.90"), "open": 120} in sandbox.unequal_payments()
    sandbox.pay(invoice["id"], "109.90")
    assert number not in {each["number"] for each in sandbox.unequal_payments()}
    sandbox.unmatch({**entry, "last": True})
    assert {"number": number, "due": 120, "open": Decimal("129.90")} in sandbox.unequal_payments()


def test_the_page_shows_paid_and_settled(changing: tuple[Any, Any], invoice: Any) -> None:
    sandbox, _ = changing
    sandbox.exact(
        "add_entry",
        customer="Oude Klant NV",
        your_ref=invoice["number"],
        lines=[{"amount": "190.00", "vat_code": "21"}],
    )
    sandbox.match({"your_ref": invoice["number"], "amount": "11.11"})
    sandbox.pay(invoice["id"], "22.22")

    text = requests.get(sandbox.page_url, timeout=60).text

    row = next(
        part for part in text.split("<tr>") if f"<td>{invoice['number']}</td><td>20" in part and "Uren" not in part
    )
    for amount in ("22,22", "207,68", "11,11", "218,79"):
        assert f">{amount}<" in row
    assert 'class="number bad">218,79<' in row


def test_many_entries_are_settled_in_one_call(small_sandbox: Any) -> None:
    sandbox, _ = small_sandbox("--no-limits")
    told = sandbox.fill(receivables=2000, accounts=20, gl_accounts=10)

    entries = [each for each in sandbox.exact_entries() if each["open"] == each["gross"] > 0][:500]
    sandbox.match(*({"id": each["entry_id"], "date": "2026-11-20"} for each in entries))

    now = {each["entry_id"]: each for each in sandbox.exact_entries()}
    assert told["entries"] == len(now) == 2000
    assert {now[each["entry_id"]]["open"] for each in entries} == {0}
    assert sandbox.call_list("exact") == []


def test_fifty_thousand_of_each_have_room_in_memory_and_every_page_is_as_long(small_sandbox: Any) -> None:
    sandbox, _ = small_sandbox("--no-limits")
    process = psutil.Process(sandbox.pid)
    before = process.memory_info().rss

    sandbox.fill(receivables=50_000, accounts=50_000, gl_accounts=50_000)

    assert process.memory_info().rss - before < 700 * 2**20
    form = {"client_id": "sandbox-exact", "client_secret": "sandbox-exact-secret", "grant_type": "refresh_token"}
    form["refresh_token"] = "sandbox-exact-refresh"
    session = requests.Session()
    token = session.post(f"{sandbox.exact_url}/api/oauth2/token", data=form, timeout=60).json()["access_token"]
    session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})
    for path in ("Cashflow/PaymentTerms", "CRM/Accounts", "Financial/GLAccounts"):
        url = f"{sandbox.exact_url}/api/v1/123456/sync/{path}?$select=ID,Timestamp&$filter=Timestamp gt "
        first = session.get(f"{url}1L", timeout=60).json()["d"]["results"]
        late = max(int(row["Timestamp"]) for row in first) + 40_000
        page = session.get(f"{url}{late}L", timeout=60).json()["d"]["results"]
        assert len(first) == len(page) == 1000
