"""Booking: what an entry becomes, and why one is refused."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def midnight(day: str) -> str:
    return f"/Date({int(datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp() * 1000)})/"


def refusal(exact: Exact, *lines: dict[str, Any], **changes: Any) -> str:
    before = len(exact.state["salesentry/SalesEntries"])
    answer = exact.entry(*lines, **changes)
    assert answer.status == 500, answer.text
    assert len(exact.state["salesentry/SalesEntries"]) == before
    return answer.message


# What an entry becomes


def test_the_header_is_including_vat_and_the_lines_are_not(exact: Exact) -> None:
    entry = exact.entry(exact.line(AmountFC=41.98)).d
    assert (entry["AmountFC"], entry["AmountDC"], entry["VATAmountFC"]) == tuple(
        map(Decimal, ("50.80", "50.80", "8.82"))
    )
    line = exact.get(f"salesentry/SalesEntryLines?$filter=EntryID eq guid'{entry['EntryID']}'").rows[0]
    assert (line["AmountFC"], line["VATAmountFC"], line["VATPercentage"]) == tuple(
        map(Decimal, ("41.98", "8.82", "0.21"))
    )


def test_what_is_not_sent_is_derived(exact: Exact) -> None:
    customer = exact.customer(PaymentConditionSales="14")
    entry = exact.entry(Customer=customer, PaymentCondition=None, EntryDate=None, YourRef=None).d
    assert entry["EntryDate"] == midnight("2026-06-25")
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 6)
    assert (entry["PaymentCondition"], entry["DueDate"]) == ("14", midnight("2026-07-09"))
    assert (entry["Currency"], entry["Rate"], entry["Status"], entry["Type"]) == ("EUR", 1, 20, 20)
    assert entry["EntryNumber"] == entry["InvoiceNumber"] == 26700001
    assert entry["PaymentReference"] == "0000007/26700001"


@pytest.mark.parametrize(
    ("condition", "due"),
    [("00", "2026-01-31"), ("30", "2026-03-02"), ("30E", "2026-03-02"), ("DD", "2026-02-14")],
)
def test_the_due_date_follows_from_the_payment_condition(exact: Exact, condition: str, due: str) -> None:
    assert exact.entry(EntryDate="2026-01-31", PaymentCondition=condition).d["DueDate"] == midnight(due)


def test_end_of_month_counts_from_the_end_of_the_month(exact: Exact) -> None:
    assert exact.entry(EntryDate="2026-01-05", PaymentCondition="30E").d["DueDate"] == midnight("2026-03-02")


def test_a_due_date_that_is_sent_wins(exact: Exact) -> None:
    assert exact.entry(DueDate="2026-12-24").d["DueDate"] == midnight("2026-12-24")


def test_numbers_run_per_journal_and_year_and_the_last_is_used_again(exact: Exact) -> None:
    numbers = [
        exact.entry(Journal=journal, EntryDate=day).d["EntryNumber"]
        for journal, day in (("70", "2026-06-01"), ("70", "2026-06-02"), ("71", "2026-06-01"), ("70", "2025-12-31"))
    ]
    assert numbers == [26700001, 26700002, 26710001, 25700001]
    exact.verb("delete_entry", entry_number=26700002)
    assert exact.entry().d["EntryNumber"] == 26700002
    exact.verb("delete_entry", entry_number=26700001)
    assert exact.entry().d["EntryNumber"] == 26700003


def test_a_proposed_number_is_taken_replaced_or_refused(exact: Exact) -> None:
    assert exact.entry(EntryNumber=26700010).d["EntryNumber"] == 26700010
    assert exact.entry(EntryNumber=26700005).d["EntryNumber"] == 26700011
    assert refusal(exact, EntryNumber=26700010) == "In gebruik: Boekstuknummer."


def test_the_same_reference_is_booked_twice_without_a_word(exact: Exact) -> None:
    customer = exact.customer()
    ids = {exact.entry(Customer=customer, YourRef="2026 / 1").d["EntryID"] for _ in range(2)}
    found = exact.get("salesentry/SalesEntries?$select=EntryID&$filter=YourRef eq '2026 / 1'").rows
    assert {row["EntryID"] for row in found} == ids
    assert len(ids) == 2


def test_a_negative_total_is_a_credit_note_whatever_type_is_sent(exact: Exact) -> None:
    credit = exact.entry(exact.line(AmountFC=-100), Journal="71", Type=20).d
    assert (credit["Type"], credit["AmountFC"], credit["VATAmountFC"]) == (21, -121, -21)
    invoice = exact.entry(exact.line(AmountFC=100), exact.line(AmountFC=-30), Type=21).d
    assert (invoice["Type"], invoice["AmountFC"]) == (20, Decimal("84.7"))


def test_a_read_only_amount_on_a_line_books_nothing(exact: Exact) -> None:
    entry = exact.entry({"GLAccount": exact.ledger(), "AmountDC": 100, "VATCode": "21"}).d
    assert entry["AmountFC"] == 0
    assert exact.receivables(entry["EntryID"]) == []


def test_quantity_does_not_multiply(exact: Exact) -> None:
    assert exact.entry(exact.line(Quantity=-3)).d["AmountFC"] == 121


def test_a_foreign_currency_is_converted_by_the_rate(exact: Exact) -> None:
    entry = exact.entry(exact.line(AmountFC=100, VATCode="EX"), Currency="USD", Rate=0.9).d
    assert (entry["AmountFC"], entry["AmountDC"], entry["Rate"]) == (100, 90, Decimal("0.9"))
    listed = exact.entry(exact.line(AmountFC=100, VATCode="EX"), Currency="USD").d
    assert (listed["AmountDC"], listed["Rate"]) == (Decimal("91.5"), Decimal("0.915"))
    last_year = exact.entry(exact.line(AmountFC=100, VATCode="EX"), Currency="USD", EntryDate="2025-12-31").d
    assert last_year["Rate"] == Decimal("0.925")


def test_header_totals_are_shown_as_sums_of_doubles(new_exact: type[Exact]) -> None:
    exact = new_exact({"no_limits": True, "float_noise": True}).login()
    entry = exact.entry(*[exact.line(AmountFC=amount, VATCode="0") for amount in (0.1, 0.2)]).d
    assert entry["AmountFC"] == Decimal("0.30000000000000004")
    assert exact.receivables(entry["EntryID"])[0]["AmountFC"] == Decimal("-0.3")


# Why an entry is refused


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"Customer": UNKNOWN}, "Ongeldige referentie: Klant"),
        ({"Journal": None}, "Verplicht: Dagboek"),
        ({"Journal": "7"}, "Ongeldige referentie: Journals"),
        ({"Journal": UNKNOWN}, "Ongeldige referentie: Journals"),
        ({"Journal": "60"}, "Ongeldig: Dagboek (Type)"),
        ({"Journal": "73"}, "Ongeldig: Dagboek (Type)"),
        ({"Journal": "79"}, "Ongeldig: Dagboek"),
        ({"PaymentCondition": None}, "Verplicht: Betalingsconditie"),
        ({"PaymentCondition": "99"}, "Ongeldige referentie: Betalingsconditie"),
        ({"Currency": "XXX", "Rate": 1}, "Ongeldige referentie: Valuta\r\nOngeldige referentie: Valuta"),
        ({"Currency": "USD", "Journal": "72"}, "Niet toegestaan: Valuta"),
        ({"Rate": 1.1}, "Ongeldig: Wisselkoers"),
        ({"Document": UNKNOWN}, "Ongeldige referentie: Document"),
        ({"Description": "x" * 61}, "Te lang: Omschrijving (maximaal 60 tekens)"),
        ({"YourRef": "x" * 31}, "Te lang: Uw ref. (maximaal 30 tekens)"),
        ({"EntryDate": "2024-12-31"}, "Onbekend: Boekjaar (Periode-datumtabel)"),
        ({"ReportingYear": 2026, "ReportingPeriod": 13}, "Onbekend: Boekjaar (Periode-datumtabel)"),
        ({"SalesEntryLines": []}, "Verplicht: Regels"),
    ],
)
def test_headers_that_are_refused(exact: Exact, changes: dict[str, Any], text: str) -> None:
    assert refusal(exact, **changes) == "\r\n".join(dict.fromkeys(text.split("\r\n")))


@pytest.mark.parametrize(
    ("ledger", "changes", "text"),
    [
        (None, {"GLAccount": None}, "Verplicht: Grootboekrekening"),
        (None, {"GLAccount": UNKNOWN}, "Ongeldige referentie: Grootboekrekening"),
        ("706000", {}, "Geblokkeerd: Grootboekrekening"),
        ("400000", {}, "Ongeldig: Grootboekrekeningtype"),
        ("451000", {}, "Ongeldig: Grootboekrekeningtype"),
        ("440000", {}, "Ongeldig: Grootboekrekeningtype"),
        ("707000", {}, "Verplicht: Kostenplaats"),
        (None, {"VATCode": "99"}, "Ongeldige referentie: Btw-code"),
        (None, {"VATCode": "OLD"}, "Niet toegestaan: Btw-code"),
        (None, {"VATCode": "P21"}, "Niet toegestaan: Btw-code"),
        (None, {"VATCode": None, "VATPercentage": 0.17}, "Ongeldig: Btw-percentage []"),
        (
            None,
            {"VATCode": "IC", "VATAmountFC": 1},
            "Een btw bedrag is niet toegestaan omdat de btw-code geen btw heeft.",
        ),
        (
            None,
            {"VATCode": "VR", "VATAmountFC": 1},
            "Een btw bedrag is niet toegestaan omdat de btw-code geen btw heeft.",
        ),
        (None, {"CostCenter": "NIETS"}, "Ongeldige referentie: Kostenplaats"),
        (None, {"CostUnit": "NIETS"}, "Ongeldige referentie: Kostendrager"),
        (None, {"Description": "x" * 61}, "Te lang: Omschrijving (maximaal 60 tekens)"),
    ],
)
def test_lines_that_are_refused(exact: Exact, ledger: str | None, changes: dict[str, Any], text: str) -> None:
    line = exact.line(**({"GLAccount": exact.ledger(ledger)} if ledger else {}), **changes)
    assert refusal(exact, exact.line(), line) == text


def test_a_customer_must_be_one_and_not_be_blocked(exact: Exact) -> None:
    assert refusal(exact, Customer=exact.customer(Status="P")) == "Ongeldig: Klant (Type)"
    assert refusal(exact, Customer=exact.customer(Blocked=True)) == "Geblokkeerd: Klant"
    assert refusal(exact, Customer=exact.customer(EndDate="2026-06-24")) == "Geblokkeerd: Klant"
    assert exact.entry(Customer=exact.customer(EndDate="2026-06-25")).status == 201


def test_the_customer_is_mandatory(exact: Exact) -> None:
    sent = {"Journal": "70", "PaymentCondition": "30", "SalesEntryLines": [exact.line()]}
    assert exact.post("salesentry/SalesEntries", sent).message == "Verplicht: Relatie"


def test_the_receivable_account_of_the_customer_must_be_the_journals(exact: Exact) -> None:
    assert exact.entry(Customer=exact.customer(GLAR=exact.ledger("400000"))).status == 201
    text = refusal(exact, Customer=exact.customer(GLAR=exact.ledger("400900")))
    assert text.startswith("De klantenrekening van deze relatie is niet gelijk")


def test_a_rate_may_be_fixed_by_the_journal(exact: Exact) -> None:
    exact.verb("edit_journal", code="72", changes={"AllowVariableCurrency": True})
    sent = {"Journal": "72", "Currency": "USD"}
    assert refusal(exact, exact.line(VATCode="EX"), Rate=0.9, **sent) == "Niet toegestaan: Wisselkoers"
    assert exact.entry(exact.line(VATCode="EX"), Rate=0.915, **sent).status == 201


def test_a_closed_period_takes_nothing_until_it_is_opened(exact: Exact) -> None:
    exact.verb("close_period", year=2026, period=3)
    assert refusal(exact, EntryDate="2026-03-31") == "Periode is afgesloten: 2026-03"
    assert exact.entry(EntryDate="2026-04-01").status == 201
    exact.verb("open_period", year=2026, period=3)
    assert exact.entry(EntryDate="2026-03-31").status == 201
    exact.verb("set_language", language="en")
    exact.verb("close_period", year=2025)
    assert refusal(exact, EntryDate="2025-11-30") == "Period is closed: 2025-11"


def test_a_financial_year_may_be_broken(exact: Exact) -> None:
    exact.verb("set_broken_year", first_month=7)
    entry = exact.entry(EntryDate="2026-06-30").d
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2025, 12)
    entry = exact.entry(EntryDate="2026-07-01").d
    assert (entry["ReportingYear"], entry["ReportingPeriod"], entry["EntryNumber"]) == (2026, 1, 26700001)


def test_lines_must_be_an_array(exact: Exact) -> None:
    answer = exact.post("salesentry/SalesEntries", {"SalesEntryLines": exact.line()})
    assert answer.status == 400
    assert answer.message.endswith("The request should be a valid top-level resource object.")


def test_all_problems_of_an_entry_are_told_at_once(exact: Exact) -> None:
    text = refusal(exact, exact.line(VATCode="99"), Journal="60", PaymentCondition="99")
    assert text.split("\r\n") == [
        "Ongeldig: Dagboek (Type)",
        "Ongeldige referentie: Betalingsconditie",
        "Ongeldige referentie: Btw-code",
    ]
