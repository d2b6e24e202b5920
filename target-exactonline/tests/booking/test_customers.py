"""Customers as Exact will know them (accounting rules 22 to 24)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from target_exactonline.booking import AccountPlan, account_fingerprint, compose_account, own_reference
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from target_exactonline.booking import MasterData

COMPANY: dict[str, Any] = {
    "id": "company:1",
    "name": "Brouwerij d'Èze & Zonen",
    "is_person": False,
    "vat_number": "be 0428.759.497",
    "chamber_of_commerce": "0428.759.497",
    "email": "info@example.be",
    "phone": "+32 9 123 45 67",
    "website": "https://example.be",
    "language": "nl",
    "address": {"line1": "Korenmarkt 1", "postcode": "9000", "city": "Gent", "country": "BE"},
    "iban": "BE71 0961 2345 6769",
    "bic": "GKCCBEBB",
    "updated_at": "2026-01-01T00:00:00Z",
}


def compose(master: MasterData, **changes: Any) -> AccountPlan:
    plan = compose_account({**COMPANY, **changes}, master)
    assert isinstance(plan, AccountPlan)
    return plan


def test_a_company_as_exact_gets_it(master: MasterData) -> None:
    plan = compose(master)
    assert plan.body("TL123") == {
        "Name": "Brouwerij d'Èze & Zonen",
        "VATNumber": "BE0428759497",
        "ChamberOfCommerce": "0428.759.497",
        "Email": "info@example.be",
        "Phone": "+32 9 123 45 67",
        "Website": "https://example.be",
        "Language": "NL",
        "AddressLine1": "Korenmarkt 1",
        "Postcode": "9000",
        "City": "Gent",
        "Country": "BE",
        "Status": "C",
        "SearchCode": "TL123",
    }
    assert plan.warnings == ()


def test_an_update_leaves_the_accountants_fields_alone(master: MasterData) -> None:
    fields = compose(master, phone=None, address=None).owned_fields()
    assert fields.keys().isdisjoint({"Code", "SearchCode", "Status", "Phone", "AddressLine1"})


def test_a_private_person_has_no_vat_number(master: MasterData) -> None:
    person = {"id": "contact:1", "name": "", "first_name": "Zoë", "last_name": "Ångström", "is_person": True}
    plan = compose(master, **person)
    assert plan.fields["Name"] == "Zoë Ångström"
    assert plan.fields.keys().isdisjoint({"VATNumber", "ChamberOfCommerce"})


def test_a_customer_without_a_name_is_refused(master: MasterData) -> None:
    rejection = compose_account({"id": "company:1", "name": "  "}, master)
    assert isinstance(rejection, Rejection)
    assert rejection.code == "customer_refused"


@pytest.mark.parametrize(
    ("name", "changes", "field", "value", "warned"),
    [
        ("a VAT number that is not valid", {"vat_number": "BE0428759498"}, "VATNumber", None, True),
        ("a VAT number without its prefix", {"vat_number": "428.759.497"}, "VATNumber", "BE0428759497", False),
        ("a foreign VAT number", {"vat_number": "NL 0044.95.445.B01"}, "VATNumber", "NL004495445B01", False),
        ("a Greek VAT number", {"vat_number": "EL 094259216"}, "VATNumber", "EL094259216", False),
        ("an e-mail address that is not one", {"email": "geen adres"}, "Email", None, True),
        ("several e-mail addresses: the first", {"email": "a@b.be; c@d.be"}, "Email", "a@b.be", False),
        ("a country that is no code", {"address": {"country": "België"}, "vat_number": None}, "Country", None, True),
        ("a country from the VAT number", {"address": None}, "Country", "BE", False),
        ("a country in small letters", {"address": {"country": "nl"}, "vat_number": None}, "Country", "NL", False),
        ("a language with a region", {"language": "fr-BE"}, "Language", "FR", False),
        ("a language that is none", {"language": "Nederlands"}, "Language", None, True),
        ("a name that is too long", {"name": "x" * 60}, "Name", "x" * 49 + "…", True),
        ("a name that just fits", {"name": "x" * 50}, "Name", "x" * 50, False),
        (
            "no country: that of the administration",
            {"vat_number": "0428759497", "address": None},
            "Country",
            "BE",
            False,
        ),
        ("a telephone number that is too long", {"phone": "1" * 60}, "Phone", None, True),
        ("a website that is too long", {"website": "https://" + "x" * 200}, "Website", None, True),
    ],
)
def test_what_exact_would_refuse_is_left_out_with_a_warning(
    master: MasterData, name: str, changes: dict[str, Any], field: str, value: str | None, *, warned: bool
) -> None:
    plan = compose(master, **changes)
    assert plan.fields.get(field) == value, name
    assert bool(plan.warnings) is warned


def test_warnings_name_no_person(master: MasterData) -> None:
    plan = compose(
        master, name="Jan Jansens " * 9, email="jan jansens", phone="0499" * 20, iban="BE00", vat_number="BE1"
    )
    assert len(plan.warnings) == 5
    assert not any("ans" in each or "0499" in each for each in plan.warnings)


def test_the_bank_account_is_a_thing_of_its_own(master: MasterData) -> None:
    bank = compose(master).bank_account
    assert bank is not None
    assert bank.body("guid") == {
        "Account": "guid",
        "BankAccount": "BE71096123456769",
        "BICCode": "GKCCBEBB",
        "Main": True,
    }
    assert compose(master, iban=None).bank_account is None
    assert compose(master, iban="BE71 0961 2345 6760").bank_account is None


def test_the_own_reference_fits_a_search_code_and_tells_customers_apart() -> None:
    assert own_reference("company:1") != own_reference("contact:1")
    assert len(own_reference("company:1")) == 14
    assert own_reference("company:1").startswith("TL")


@pytest.mark.parametrize(
    ("changes", "same"),
    [({"updated_at": "later"}, True), ({"active": False}, True), ({"phone": "1"}, False), ({"address": None}, False)],
)
def test_the_fingerprint_follows_the_fields_we_own(changes: dict[str, Any], *, same: bool) -> None:
    assert (account_fingerprint({**COMPANY, **changes}) == account_fingerprint(COMPANY)) is same
