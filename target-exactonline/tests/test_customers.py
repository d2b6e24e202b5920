"""Customers: matched before they are made, kept up to date in our fields only, never made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore
from connector_store.people import link_by_hand

if TYPE_CHECKING:
    from conftest import Desk

ACCOUNTS = "crm/Accounts"


def test_an_account_with_the_vat_number_is_used(desk: Desk) -> None:
    number = desk.vat_number()
    company = desk.company(vat_number=f"BE {number[2:6]}.{number[6:9]}.{number[9:]}")
    made = desk.exact.do("add_account", Name="Anders Geschreven NV", Status="C", VATNumber=number, Country="BE")
    record = desk.invoice(customer=company["id"])
    ran = desk.run(company, record)
    assert ran.counts == {"booked": 1, "customers matched": 1}
    assert desk.exact.entries(record["number"])[0]["customer"] == made["id"]


def test_a_prospect_becomes_a_customer(desk: Desk) -> None:
    number = desk.vat_number()
    company = desk.company(vat_number=number)
    made = desk.exact.do("add_account", Name="Prospect NV", Status="P", VATNumber=number, Country="BE")
    ran = desk.run(company, desk.invoice(customer=company["id"]))
    assert ran.counts == {"booked": 1, "customers matched": 1}
    account = next(each for each in desk.exact.accounts() if each["id"] == made["id"])
    assert (account["status"], account["name"]) == ("C", "Prospect NV")


def test_a_changed_customer_is_brought_up_to_date(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    moved = desk.company(
        address={"line1": "Nieuwstraat 9", "postcode": "9000", "city": "Gent", "country": "BE"},
        updated_at="2026-05-01T08:00:00Z",
    )
    desk.exact.forget_calls()
    ran = desk.run(moved)
    assert ran.counts == {"customers updated": 1}
    assert desk.exact.calls().count(("PUT", ACCOUNTS)) == 1
    assert desk.accounts()[0]["city"] == "Gent"
    assert desk.run(moved).counts == {}


def test_an_older_version_of_a_customer_changes_nothing(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    desk.exact.forget_calls()
    desk.run(desk.company(phone="03 123 45 67", updated_at="2020-01-01T08:00:00Z"))
    assert ("PUT", ACCOUNTS) not in desk.exact.calls()


def test_an_update_that_is_refused_is_shown_blocks_nothing_and_is_not_repeated(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    desk.exact.fault(match=ACCOUNTS, method="PUT", kind="business", message="Ongeldige waarde: Iets", times=9)
    changed = desk.company(phone="03 765 43 21", updated_at="2026-05-01T08:00:00Z")
    ran = desk.run(changed, desk.invoice())
    assert ran.counts == {"booked": 1, "rejected": 1}
    assert desk.codes() == {changed["id"]: "customer_refused"}
    desk.exact.forget_calls()
    desk.run()
    assert ("PUT", ACCOUNTS) not in desk.exact.calls()


def test_an_optional_field_that_exact_dislikes_is_left_out_once(desk: Desk) -> None:
    desk.exact.fault(match=ACCOUNTS, method="POST", kind="business", message="Ongeldig: E-mail []", times=1)
    ran = desk.run(desk.company(), desk.invoice())
    assert ran.counts["booked"] == 1
    assert "without Email" in ran.log
    assert not desk.accounts()[0]["email"]


def test_a_country_that_exact_does_not_know_is_left_out_once_with_a_warning(desk: Desk) -> None:
    """Line 30: it was sent again by every run, and its documents waited for ever."""
    company = desk.company(address={"line1": "Rruga 1", "city": "Prishtina", "country": "XK"})
    ran = desk.run(company, desk.invoice())
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert "without Country" in ran.log
    desk.exact.forget_calls()
    ran = desk.run(company, desk.invoice())
    assert ran.counts == {"booked": 1}
    assert not [path for method, path in desk.exact.calls() if path == ACCOUNTS and method != "GET"]


def test_a_customer_that_is_refused_makes_its_documents_wait(desk: Desk) -> None:
    records = [desk.invoice(), desk.invoice()]
    desk.exact.fault(match=ACCOUNTS, method="POST", kind="business", message="Verplicht: Land", times=1)
    ran = desk.run(desk.company(), *records)
    assert ran.counts == {"rejected": 1, "waiting": 2}
    assert {desk.codes()[record["id"]] for record in records} == {"waiting_for_customer"}
    ran = desk.run()
    assert ran.counts == {"booked": 2, "customers created": 1}
    assert desk.codes() == {}


def test_the_accounts_of_exact_are_read_only_when_a_customer_is_not_linked(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice())
    desk.exact.forget_calls()
    desk.run(desk.invoice())
    assert ("GET", "sync/CRM/Accounts") not in desk.exact.calls()


def test_personal_data_leaves_the_memory_when_the_customer_is_linked(desk: Desk) -> None:
    company = desk.company()
    desk.run(company, desk.invoice())
    with desk.store() as store:
        assert store.customers(desk.division).get(company["id"]) is None
        link = store.links(desk.division).get("account", company["id"])
    assert link is not None
    assert company["name"] not in str(link.detail)


def person(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Return a person who has the name and postcode of every other."""
    address = {"line1": "Kerkstraat 1", "postcode": "2000", "city": "Antwerpen", "country": "BE"}
    named = {"name": f"Jan {desk.company()['name']}", "is_person": True, "email": "jan@voorbeeld.example"}
    return desk.company(other=True, **{**named, "address": address, **changes})


def at(line: str) -> dict[str, str]:
    return {"line1": line, "postcode": "2000", "city": "Antwerpen", "country": "BE"}


def test_two_persons_of_one_name_and_postcode_have_an_account_each(desk: Desk) -> None:
    """Line 8: another e-mail address and another street."""
    first, second = person(desk), person(desk, email="other@voorbeeld.example", address=at("Dorpsplein 9"))
    ran = desk.run(first, second, desk.invoice(customer=first["id"]), desk.invoice(customer=second["id"]))
    assert ran.counts == {"booked": 2, "customers created": 2}
    made = [each for each in desk.exact.accounts() if each["name"] == first["name"]]
    assert len(made) == 2


@pytest.mark.parametrize("changes", [{"email": "other@voorbeeld.example"}, {"address": at("Dorpsplein 9")}, {}])
def test_an_account_that_was_made_for_another_customer_is_never_shared_in_silence(
    desk: Desk, changes: dict[str, Any]
) -> None:
    """Line 8."""
    first, second = person(desk), person(desk, **changes)
    record = desk.invoice(customer=second["id"])
    ran = desk.run(first, second, desk.invoice(customer=first["id"]), record)
    assert ran.counts == {"booked": 1, "customers created": 1, "rejected": 1, "waiting": 1}
    assert desk.codes() == {second["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}


@pytest.mark.parametrize("changes", [{"Email": "other@voorbeeld.example"}, {"AddressLine1": "Dorpsplein 9"}])
def test_a_fact_that_contradicts_the_account_of_a_name_is_for_a_person_to_judge(
    desk: Desk, changes: dict[str, Any]
) -> None:
    """Line 8, and the hint of the code, carried out."""
    customer = person(desk)
    facts = {"Email": customer["email"], "AddressLine1": "Kerkstraat 1", "Postcode": "2000", "Country": "BE"}
    made = desk.exact.do("add_account", Name=customer["name"], Status="C", **{**facts, **changes})
    record = desk.invoice(customer=customer["id"])
    desk.run(customer, record)
    assert desk.codes() == {customer["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "account", customer["id"], made["id"])
    assert desk.run().counts == {"booked": 1}
    assert desk.codes() == {}


def test_the_same_company_number_of_two_customers_is_a_conflict(desk: Desk) -> None:
    """Line 8: the second would overwrite the address of the first."""
    number = desk.vat_number()
    first, second = (desk.company(other=True, vat_number=number) for _ in range(2))
    record = desk.invoice(customer=second["id"])
    desk.run(first, second, desk.invoice(customer=first["id"]), record)
    assert desk.codes() == {second["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}


def test_an_account_that_a_person_gave_to_two_customers_keeps_the_facts_of_the_first(desk: Desk) -> None:
    """Line 8."""
    first, second = person(desk), person(desk, address=at("Dorpsplein 9"))
    desk.run(first, second, desk.invoice(customer=first["id"]), desk.invoice(customer=second["id"]))
    (account,) = [each for each in desk.exact.accounts() if each["name"] == first["name"]]
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "account", second["id"], account["id"])
    desk.exact.forget_calls()
    later = {**second, "updated_at": "2030-05-01T08:00:00Z", "phone": "03 123 45 67"}
    desk.run(later)
    assert ("PUT", ACCOUNTS) not in desk.exact.calls()


def named(customer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a customer as its documents name it: without an address."""
    return {"name": customer["name"], "is_person": False, "email": customer["email"], **changes}


def test_a_document_whose_customer_never_came_is_booked_with_the_customer_that_it_names(desk: Desk) -> None:
    """Line 15: the customer was deleted in Teamleader while its document waited."""
    number = desk.vat_number()
    waiting = desk.invoice(tax_rate="0.12", invoicee=named(desk.company(), vat_number=number))
    desk.run(waiting)
    ran = desk.run(vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    (account,) = desk.accounts()
    assert (account["name"], account["vat_number"]) == (desk.company()["name"], number)
    assert desk.codes() == {}


def test_a_document_whose_account_was_deleted_while_it_waited_is_booked_with_a_new_account(desk: Desk) -> None:
    """Line 15."""
    booked, waiting = desk.invoice(), desk.invoice(tax_rate="0.12", invoicee=named(desk.company()))
    desk.run(desk.company(), booked, waiting)
    (old,) = desk.accounts()
    desk.exact.do("delete_entry", your_ref=booked["number"])
    desk.exact.do("delete_account", id=old["id"])
    ran = desk.run(vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert (ran.counts["booked"], ran.counts["customers created"]) == (1, 1)
    (new,) = desk.accounts()
    assert new["id"] != old["id"]
    assert [entry["customer"] for entry in desk.exact.entries(waiting["number"])] == [new["id"]]


def test_a_person_matches_a_customer_that_only_its_document_names(desk: Desk) -> None:
    """Line 15."""
    waiting = desk.invoice(tax_rate="0.12", invoicee=named(desk.company()))
    desk.run(waiting)
    made = desk.exact.do("add_account", Name=f"Anders {desk.company()['name']}", Status="C", Country="BE")
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "account", waiting["customer"], made["id"])
    ran = desk.run(vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1}
    assert [entry["customer"] for entry in desk.exact.entries(waiting["number"])] == [made["id"]]


def test_what_a_document_names_changes_no_account_that_exists(desk: Desk) -> None:
    """Line 15."""
    desk.run(desk.company(), desk.invoice())
    before = desk.accounts()
    desk.exact.forget_calls()
    ran = desk.run(desk.invoice(invoicee=named(desk.company(), email="other@voorbeeld.example")))
    assert ran.counts == {"booked": 1}
    assert desk.accounts() == before
    assert ("PUT", ACCOUNTS) not in desk.exact.calls()


def test_a_customer_that_comes_later_takes_the_place_of_what_its_document_names(desk: Desk) -> None:
    """Line 15."""
    waiting = desk.invoice(tax_rate="0.12", invoicee=named(desk.company()))
    desk.run(waiting)
    ran = desk.run(desk.company(), vat_codes={**desk.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert desk.accounts()[0]["city"] == "Antwerpen"


def test_a_customer_of_whom_no_country_is_known_waits_for_one_at_a_one_stop_shop_rate(desk: Desk) -> None:
    """Line 15, and the hint of the code, carried out: the copy on the document has no address."""
    codes = {**desk.settings["vat_codes"], "19%": "DE"}
    waiting = desk.invoice(tax_rate="0.19", invoicee=named(desk.company()))
    desk.run(waiting, vat_codes=codes)
    assert desk.codes() == {waiting["id"]: "vat_country_differs"}
    made = desk.exact.do("add_account", Name=f"Anders {desk.company()['name']}", Status="C", Country="DE")
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "account", waiting["customer"], made["id"])
    assert desk.run(vat_codes=codes).counts == {"booked": 1}
    assert [entry["customer"] for entry in desk.exact.entries(waiting["number"])] == [made["id"]]


def test_a_customer_that_nothing_names_gets_its_account_by_hand(desk: Desk) -> None:
    """Line 15, and the hint of customer_missing, carried out: a document of before documents named their customer."""
    waiting = desk.invoice()
    desk.run(waiting)
    assert desk.codes() == {waiting["id"]: "customer_missing"}
    made = desk.exact.do("add_account", Name=desk.company()["name"], Status="C", Country="BE")
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "account", waiting["customer"], made["id"])
    assert desk.run().counts == {"booked": 1}
    assert [entry["customer"] for entry in desk.exact.entries(waiting["number"])] == [made["id"]]
