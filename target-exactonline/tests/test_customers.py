"""Customers: matched before they are made, kept up to date in our fields only, never made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
