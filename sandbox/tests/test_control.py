"""What tests and people can do to a sandbox, and what they see of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
import requests

from sandbox.page import amount


def test_an_invoice_with_everything_given(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing

    made = sandbox.add_invoice(
        lines=[
            {"description": "a", "quantity": "1.5", "unit_price": "10.005", "tax_rate": "6%", "discount": 10},
            {"description": "b", "unit_price": "100", "category": None},
        ],
        discounts=[{"description": "Actie", "percentage": 5}],
        currency="USD",
        rate="0.9",
        date="2026-02-27",
        number="2030 / 7",
        payment_term={"type": "end_of_month", "days": 30},
        expected_payment_method="direct_debit",
        mandate="M-1",
        purchase_order_number="PO 9",
    )

    row = teamleader.data("invoices.info", {"id": made["id"]})
    assert (made["net"], made["vat"], made["gross"]) == (Decimal("107.83"), Decimal("20.72"), Decimal("128.55"))
    assert row["total"]["tax_inclusive"] == {"amount": Decimal("128.55"), "currency": "USD"}
    assert row["currency_exchange_rate"] == {"from": "USD", "to": "EUR", "rate": Decimal("0.9")}
    assert (row["invoice_number"], row["invoice_date"], row["due_on"]) == ("2030 / 7", "2026-02-27", "2026-03-31")
    assert row["expected_payment_method"] == {"method": "direct_debit", "reference": "M-1"}
    assert row["grouped_lines"][0]["line_items"][1]["product_category"] is None
    assert sandbox.add_invoice(date="2030-01-01")["number"] == "2030 / 8"


def test_totals_that_the_engine_would_not_give(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    taxes = [{"rate": "0.21", "taxable": "190.00", "tax": "39.89"}]

    made = sandbox.add_invoice(totals={"gross": "229.89", "taxes": taxes})

    total = teamleader.data("invoices.info", {"id": made["id"]})["total"]
    assert total["tax_inclusive"]["amount"] == Decimal("229.89")
    assert total["taxes"][0]["tax"]["amount"] == Decimal("39.89")


def test_a_credit_note_for_a_whole_invoice_settles_it(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    invoice = sandbox.add_invoice()

    note = sandbox.add_credit_note(invoice=invoice["id"])

    assert (note["gross"], note["customer"]) == (invoice["gross"], invoice["customer"])
    assert teamleader.data("invoices.info", {"id": invoice["id"]})["status"] == "matched"
    assert teamleader.data("creditNotes.info", {"id": note["id"]})["invoice"]["id"] == invoice["id"]
    with pytest.raises(RuntimeError, match="no invoice"):
        sandbox.add_credit_note(invoice="x")


def test_an_edit_moves_updated_at_every_time(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    made = sandbox.add_invoice()
    moments = []
    for price in ("1", "2", "3"):
        sandbox.teamleader("edit_invoice", id=made["id"], lines=[{"unit_price": price}])
        moments.append(teamleader.data("invoices.info", {"id": made["id"]})["updated_at"])

    assert moments == sorted(set(moments))
    assert teamleader.data("invoices.info", {"id": made["id"]})["total"]["tax_exclusive"]["amount"] == 3


def test_drafts_are_booked_and_invoices_paid(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    draft = sandbox.add_invoice(status="draft")

    booked = sandbox.teamleader("book", id=draft["id"], date="2026-01-31")
    sandbox.teamleader("pay", id=draft["id"], amount="100")
    half = teamleader.data("invoices.info", {"id": draft["id"]})
    sandbox.teamleader("pay", id=draft["id"])
    whole = teamleader.data("invoices.info", {"id": draft["id"]})

    assert (draft["number"], booked["number"]) == (None, half["invoice_number"])
    assert (half["status"], half["total"]["due"]["amount"]) == ("outstanding", Decimal("129.90"))
    assert (whole["status"], whole["total"]["due"]["amount"], len(whole["payments"])) == ("matched", 0, 2)


def test_customers_change_and_documents_keep_their_copy(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    company = sandbox.teamleader("add_company", name="Oud BV", vat_number="BE0403170701")["id"]
    invoice = sandbox.add_invoice(customer=f"company:{company}")

    sandbox.teamleader("edit_company", id=company, name="Nieuw BV")

    assert teamleader.data("companies.info", {"id": company})["name"] == "Nieuw BV"
    assert teamleader.data("invoices.info", {"id": invoice["id"]})["invoicee"]["name"] == "Oud BV"


@pytest.mark.parametrize(
    ("verb", "arguments", "said"),
    [
        ("add_invoice", {"customer": "company:x"}, "Company not found"),
        ("add_invoice", {"lines": [{"unit_price": 1, "tax_rate": "7%"}]}, "no tax rate is called 7%"),
        ("add_invoice", {"colour": "red"}, "a document has no colour"),
        ("edit_invoice", {"id": "x"}, "no invoice has that id"),
        ("fly", {}, "teamleader has no verb fly"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    shared_sandbox: Any, verb: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(RuntimeError, match=said):
        shared_sandbox.teamleader(verb, **arguments)


def test_both_ports_have_the_control_endpoints(shared_sandbox: Any) -> None:
    for url in (shared_sandbox.teamleader_url, shared_sandbox.exact_url):
        assert requests.get(f"{url}/_sandbox/teamleader", timeout=60).json()["totals"]["invoices"]["count"] == 320


def test_the_settings_for_plugins_name_both_services(shared_sandbox: Any) -> None:
    env = shared_sandbox.production_env()

    for plugin in ("TARGET_TEAMLEADER", "TAP_TEAMLEADER"):
        assert env[f"{plugin}_API_URL"] == env[f"{plugin}_AUTH_URL"] == shared_sandbox.teamleader_url
    for plugin in ("TARGET_EXACTONLINE", "TAP_EXACTONLINE"):
        assert env[f"{plugin}_API_URL"] == shared_sandbox.exact_url
    assert {value for name, value in env.items() if name.endswith("_DIVISION")} == {"123456"}
    logins = {name for name in env if name.endswith(("_CLIENT_ID", "_CLIENT_SECRET", "_REFRESH_TOKEN"))}
    assert len(logins) == 12


class Sections(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "section":
            self.ids.append(found.get("id") or "")
        self.outside += [value for name in ("src", "href") if (value := found.get(name))]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_both_sides_and_loads_nothing_else(shared_sandbox: Any) -> None:
    answer = requests.get(shared_sandbox.page_url, timeout=60)
    page = Sections()
    page.feed(answer.text)

    assert answer.headers["content-type"].startswith("text/html")
    assert page.ids == ["comparison", "documents", "journals", "receivables"]
    assert page.outside == []
    totals = shared_sandbox.control("GET", "teamleader")["totals"]["invoices"]["currencies"]["EUR"]
    assert amount(totals["gross"]) in page.text
    assert "O'Brien & Sons Ltd" in page.text
    assert "<Nationale>" not in answer.text


def test_amounts_on_the_page_are_written_as_in_belgium() -> None:
    assert amount(Decimal("-1234567.5")) == "-1.234.567,50"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "sandbox", "serve", "--invoices", "1", "--customers", "1", "--credit-notes", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()

    process.send_signal(number)
    rest, errors = process.communicate()

    assert line.startswith('{"teamleader_url": "http://127.0.0.1:')
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_that_is_taken_is_said(shared_sandbox: Any) -> None:
    port = shared_sandbox.exact_url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "sandbox", "serve", "--exact-port", port]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "cannot listen" in ended.stderr
    assert "Traceback" not in ended.stderr
