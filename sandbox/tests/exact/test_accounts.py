"""Customers and what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def refusal(exact: Exact, **fields: Any) -> str:
    answer = exact.post("crm/Accounts", {"Name": "Klant", "Status": "C", **fields})
    assert answer.status == 500, answer.text
    return answer.message


def test_only_the_name_is_mandatory(exact: Exact) -> None:
    row = exact.row("crm/Accounts", exact.post("crm/Accounts", {"Name": "Klant"}).d["ID"])
    assert (row["Status"], row["Type"], row["SalesCurrency"], row["Source"]) == ("A", "A", "EUR", 2)
    assert row["StartDate"] == "/Date(1782345600000)/"
    assert (row["IsSales"], row["CustomerSince"]) == (False, None)


def test_nothing_but_the_code_is_unique(exact: Exact) -> None:
    same = {"VATNumber": "BE0765432146", "ChamberOfCommerce": "0765432146", "Email": "a@b.example"}
    assert exact.customer(**same) != exact.customer(**same)
    exact.customer(Code="214")
    assert refusal(exact, Code="214") == "Gegeven bestaat reeds."


def test_codes_are_numbered_and_padded_to_eighteen(exact: Exact) -> None:
    codes = [exact.row("crm/Accounts", exact.customer())["Code"] for _ in range(2)]
    assert codes == ["           0000007", "           0000008"]


def test_a_code_in_a_put_is_refused_even_unchanged(exact: Exact) -> None:
    customer = exact.customer(Code="214")
    answer = exact.put("crm/Accounts", customer, {"Code": "214", "Name": "x"})
    assert (answer.status, answer.message) == (500, "Gegeven bestaat reeds.")
    assert exact.row("crm/Accounts", customer)["Name"] == "Klant"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"Name": " "}, "Verplicht: Naam"),
        ({"Name": "x" * 51}, "Te lang: Naam (maximaal 50 tekens)"),
        ({"Email": "geen adres"}, "Ongeldig: E-mail []"),
        ({"Email": "a@b.example;c@d.example"}, "Ongeldig: E-mail []"),
        ({"Country": "Belgium"}, "Ongeldige referentie: Land"),
        ({"Country": "BE", "State": "ZH"}, "Ongeldige referentie: Provincie"),
        ({"Language": "Vlaams"}, "Ongeldige referentie: Taal"),
        ({"Status": "X"}, "Ongeldig: Status"),
        ({"ShowRemarkForSales": None}, "Ongeldige waarde: Opmerkingen weergeven"),
        ({"PaymentConditionSales": "99"}, "Ongeldige referentie: Betalingsconditie"),
        ({"SalesVATCode": "99"}, "Ongeldige referentie: Btw-code"),
        ({"GLAR": UNKNOWN}, "Ongeldige referentie: Grootboekrekening"),
        ({"InvoiceAccount": UNKNOWN}, "Ongeldige referentie: Relatie"),
    ],
)
def test_what_is_refused(exact: Exact, fields: dict[str, Any], text: str) -> None:
    assert refusal(exact, **fields) == text


def test_every_broken_rule_has_its_line(exact: Exact) -> None:
    assert refusal(exact, Name="", Email="x", Country="XX").split("\r\n") == [
        "Verplicht: Naam",
        "Ongeldig: E-mail []",
        "Ongeldige referentie: Land",
    ]


def test_a_state_must_fit_the_country_that_it_is_changed_to(exact: Exact) -> None:
    customer = exact.customer(Country="BE", State="ANT")
    assert exact.put("crm/Accounts", customer, {"City": "Mol"}).status == 204
    assert exact.put("crm/Accounts", customer, {"Country": "NL"}).message == "Ongeldige referentie: Provincie"
    assert exact.put("crm/Accounts", customer, {"Country": "NL", "State": None}).status == 204


def test_country_and_language_are_padded_on_reading(exact: Exact) -> None:
    row = exact.row("crm/Accounts", exact.customer(Country="be", Language="nl"))
    assert (row["Country"], row["CountryName"], row["Language"]) == ("BE ", "België", "NL        ")


def test_an_unknown_currency_is_silently_emptied(exact: Exact) -> None:
    assert exact.row("crm/Accounts", exact.customer(SalesCurrency="XXX"))["SalesCurrency"] is None


def test_the_visit_address_is_kept_as_a_row_too(exact: Exact) -> None:
    customer = exact.customer(AddressLine1="Straat 1", City="Gent", Postcode="9000", Country="BE")
    exact.put("crm/Accounts", customer, {"AddressLine1": "Laan 2"})
    rows = exact.get(f"crm/Addresses?$filter=Account eq guid'{customer}'").rows
    assert [(row["AddressLine1"], row["City"], row["Type"], row["Main"]) for row in rows] == [
        ("Laan 2", "Gent", 1, True)
    ]


def test_deleting_takes_what_hangs_on_it_along(exact: Exact) -> None:
    customer = exact.customer(City="Gent")
    contact = exact.post("crm/Contacts", {"Account": customer, "LastName": "Peeters"}).d["ID"]
    exact.post("crm/BankAccounts", {"Account": customer, "BankAccount": "BE71096123456769"})
    assert exact.delete("crm/Accounts", customer).status == 204
    assert {type_ for type_, _ in exact.deleted()} == {2, 3, 5}
    assert (5, contact) in exact.deleted()
    assert exact.get("crm/BankAccounts").rows == []


def test_an_account_with_entries_stays(exact: Exact) -> None:
    customer = exact.customer()
    exact.entry(Customer=customer)
    assert exact.delete("crm/Accounts", customer).message == "In gebruik: Relatie"


def test_contacts_need_an_account_and_a_last_name(exact: Exact) -> None:
    customer = exact.customer()
    first = exact.post("crm/Contacts", {"Account": customer, "LastName": "Peeters", "FirstName": "An"}).d["ID"]
    assert exact.post("crm/Contacts", {"FirstName": "An"}).message.split("\r\n") == [
        "Verplicht: Relatie",
        "Verplicht: Achternaam",
    ]
    row = exact.row("crm/Contacts", first)
    assert (row["FullName"], row["IsMainContact"], row["AccountIsCustomer"]) == ("An Peeters", True, True)
    assert exact.row("crm/Accounts", customer)["MainContact"] == first


def test_the_first_bank_account_is_the_main_one_until_another_is(exact: Exact) -> None:
    customer = exact.customer()
    for number in ("BE71 0961 2345 6769", "BE68539007547034"):
        assert exact.post("crm/BankAccounts", {"Account": customer, "BankAccount": number}).status == 201
    second = exact.get("crm/BankAccounts?$filter=BankAccount eq 'BE68539007547034'").rows[0]
    assert second["Main"] is False
    assert exact.put("crm/BankAccounts", second["ID"], {"Main": True}).status == 204
    rows = exact.get(f"crm/Accounts(guid'{customer}')/BankAccounts").rows
    assert {row["IBAN"]: row["Main"] for row in rows} == {"BE71096123456769": False, "BE68539007547034": True}


def test_mandates_need_a_bank_account_a_kind_and_a_new_reference(exact: Exact) -> None:
    customer, other = exact.customer(), exact.customer()
    whole = {"prefer": "return=representation"}
    bank = exact.post("crm/BankAccounts", {"Account": customer, "BankAccount": "BE71096123456769"}, **whole).d["ID"]
    good = {
        "Account": customer,
        "BankAccount": bank,
        "PaymentType": 1,
        "Reference": "M1",
        "SignatureDate": "2026-01-05",
    }
    path = "cashflow/DirectDebitMandates"
    assert exact.post(path, good).status == 201
    assert exact.post(path, good).message == "Bestaat reeds: Mandaat referentie"
    assert exact.post(path, {**good, "Reference": "M2", "PaymentType": None}).message == "Verplicht: Soort betaling"
    assert exact.post(path, {**good, "Reference": "M2", "Account": other}).message == "Ongeldig: Bankrekening"
    rows = exact.get(f"{path}?$select=Reference,Type&$filter=Account eq guid'{customer}'").rows
    assert [(row["Reference"], row["Type"]) for row in rows] == [("M1", 0)]
