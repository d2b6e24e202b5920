"""Customers: matched before they are made, kept up to date in our fields only, never made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore
from connector_store.division_store import ACCOUNT
from connector_store.forgetting import forget_customer
from connector_store.people import link_by_hand
from exactonline_api import ExactClient
from target_exactonline.writing import account_reading

if TYPE_CHECKING:
    from conftest import Harness

ACCOUNTS = "crm/Accounts"


def test_an_account_with_the_vat_number_is_used(harness: Harness) -> None:
    number = harness.vat_number()
    company = harness.company(vat_number=f"BE {number[2:6]}.{number[6:9]}.{number[9:]}")
    made = harness.exact.do("add_account", Name="Anders Geschreven NV", Status="C", VATNumber=number, Country="BE")
    record = harness.invoice(customer=company["id"])
    ran = harness.run(company, record)
    assert ran.counts == {"booked": 1, "customers matched": 1}
    assert harness.exact.entries(record["number"])[0]["customer"] == made["id"]


def test_a_prospect_becomes_a_customer(harness: Harness) -> None:
    number = harness.vat_number()
    company = harness.company(vat_number=number)
    made = harness.exact.do("add_account", Name="Prospect NV", Status="P", VATNumber=number, Country="BE")
    ran = harness.run(company, harness.invoice(customer=company["id"]))
    assert ran.counts == {"booked": 1, "customers matched": 1}
    account = next(each for each in harness.exact.accounts() if each["id"] == made["id"])
    assert (account["status"], account["name"]) == ("C", "Prospect NV")


def test_a_changed_customer_is_brought_up_to_date(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    moved = harness.company(
        address={"line1": "Nieuwstraat 9", "postcode": "9000", "city": "Gent", "country": "BE"},
        updated_at="2026-05-01T08:00:00Z",
    )
    harness.exact.forget_calls()
    ran = harness.run(moved)
    assert ran.counts == {"customers updated": 1}
    assert harness.exact.calls().count(("PUT", ACCOUNTS)) == 1
    assert harness.accounts()[0]["city"] == "Gent"
    assert harness.run(moved).counts == {}


def test_an_older_version_of_a_customer_changes_nothing(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    harness.exact.forget_calls()
    harness.run(harness.company(phone="03 123 45 67", updated_at="2020-01-01T08:00:00Z"))
    assert ("PUT", ACCOUNTS) not in harness.exact.calls()


def test_an_update_that_is_refused_is_shown_blocks_nothing_and_is_not_repeated(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    harness.exact.fault(match=ACCOUNTS, method="PUT", kind="business", message="Ongeldige waarde: Iets", times=9)
    changed = harness.company(phone="03 765 43 21", updated_at="2026-05-01T08:00:00Z")
    ran = harness.run(changed, harness.invoice())
    assert ran.counts == {"booked": 1, "rejected": 1}
    assert harness.codes() == {changed["id"]: "customer_refused"}
    harness.exact.forget_calls()
    harness.run()
    assert ("PUT", ACCOUNTS) not in harness.exact.calls()


def test_an_optional_field_that_exact_dislikes_is_left_out_once(harness: Harness) -> None:
    harness.exact.fault(match=ACCOUNTS, method="POST", kind="business", message="Ongeldig: E-mail []", times=1)
    ran = harness.run(harness.company(), harness.invoice())
    assert ran.counts["booked"] == 1
    assert "without Email" in ran.log
    assert not harness.accounts()[0]["email"]


def test_a_country_that_exact_does_not_know_is_left_out_once_with_a_warning(harness: Harness) -> None:
    """Line 30: it was sent again by every run, and its documents waited for ever."""
    company = harness.company(address={"line1": "Rruga 1", "city": "Prishtina", "country": "XK"})
    ran = harness.run(company, harness.invoice())
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert "without Country" in ran.log
    harness.exact.forget_calls()
    ran = harness.run(company, harness.invoice())
    assert ran.counts == {"booked": 1}
    assert not [path for method, path in harness.exact.calls() if path == ACCOUNTS and method != "GET"]


def test_a_customer_that_is_refused_makes_its_documents_wait(harness: Harness) -> None:
    records = [harness.invoice(), harness.invoice()]
    harness.exact.fault(match=ACCOUNTS, method="POST", kind="business", message="Verplicht: Land", times=1)
    ran = harness.run(harness.company(), *records)
    assert ran.counts == {"rejected": 1, "waiting": 2}
    assert {harness.codes()[record["id"]] for record in records} == {"waiting_for_customer"}
    ran = harness.run()
    assert ran.counts == {"booked": 2, "customers created": 1}
    assert harness.codes() == {}


def test_the_accounts_of_exact_are_read_only_when_a_customer_is_not_linked(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice())
    harness.exact.forget_calls()
    harness.run(harness.invoice())
    assert ("GET", "sync/CRM/Accounts") not in harness.exact.calls()


def test_personal_data_leaves_the_store_when_the_customer_is_linked(harness: Harness) -> None:
    company = harness.company()
    harness.run(company, harness.invoice())
    with harness.store() as store:
        assert store.customers(harness.division).get(company["id"]) is None
        link = store.links(harness.division).get("account", company["id"])
    assert link is not None
    assert company["name"] not in str(link.detail)


def person(harness: Harness, **changes: Any) -> dict[str, Any]:
    """Return a person who has the name and postcode of every other."""
    address = {"line1": "Kerkstraat 1", "postcode": "2000", "city": "Antwerpen", "country": "BE"}
    named = {"name": f"Jan {harness.company()['name']}", "is_person": True, "email": "jan@voorbeeld.example"}
    return harness.company(other=True, **{**named, "address": address, **changes})


def at(line: str) -> dict[str, str]:
    return {"line1": line, "postcode": "2000", "city": "Antwerpen", "country": "BE"}


def test_two_persons_of_one_name_and_postcode_have_an_account_each(harness: Harness) -> None:
    """Line 8: another e-mail address and another street."""
    first, second = person(harness), person(harness, email="other@voorbeeld.example", address=at("Dorpsplein 9"))
    ran = harness.run(first, second, harness.invoice(customer=first["id"]), harness.invoice(customer=second["id"]))
    assert ran.counts == {"booked": 2, "customers created": 2}
    made = [each for each in harness.exact.accounts() if each["name"] == first["name"]]
    assert len(made) == 2


@pytest.mark.parametrize("changes", [{"email": "other@voorbeeld.example"}, {"address": at("Dorpsplein 9")}, {}])
def test_an_account_that_was_made_for_another_customer_is_never_shared_in_silence(
    harness: Harness, changes: dict[str, Any]
) -> None:
    """Line 8."""
    first, second = person(harness), person(harness, **changes)
    record = harness.invoice(customer=second["id"])
    ran = harness.run(first, second, harness.invoice(customer=first["id"]), record)
    assert ran.counts == {"booked": 1, "customers created": 1, "rejected": 1, "waiting": 1}
    assert harness.codes() == {second["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}


@pytest.mark.parametrize("changes", [{"Email": "other@voorbeeld.example"}, {"AddressLine1": "Dorpsplein 9"}])
def test_a_fact_that_contradicts_the_account_of_a_name_is_for_a_person_to_judge(
    harness: Harness, changes: dict[str, Any]
) -> None:
    """Line 8, and the hint of the code, carried out."""
    customer = person(harness)
    facts = {"Email": customer["email"], "AddressLine1": "Kerkstraat 1", "Postcode": "2000", "Country": "BE"}
    made = harness.exact.do("add_account", Name=customer["name"], Status="C", **{**facts, **changes})
    record = harness.invoice(customer=customer["id"])
    harness.run(customer, record)
    assert harness.codes() == {customer["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "account", customer["id"], made["id"])
    assert harness.run().counts == {"booked": 1}
    assert harness.codes() == {}


def test_the_same_company_number_of_two_customers_is_a_conflict(harness: Harness) -> None:
    """Line 8: the second would overwrite the address of the first."""
    number = harness.vat_number()
    first, second = (harness.company(other=True, vat_number=number) for _ in range(2))
    record = harness.invoice(customer=second["id"])
    harness.run(first, second, harness.invoice(customer=first["id"]), record)
    assert harness.codes() == {second["id"]: "customer_ambiguous", record["id"]: "waiting_for_customer"}


def test_an_account_that_a_person_gave_to_two_customers_keeps_the_facts_of_the_first(harness: Harness) -> None:
    """Line 8."""
    first, second = person(harness), person(harness, address=at("Dorpsplein 9"))
    harness.run(first, second, harness.invoice(customer=first["id"]), harness.invoice(customer=second["id"]))
    (account,) = [each for each in harness.exact.accounts() if each["name"] == first["name"]]
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "account", second["id"], account["id"])
    harness.exact.forget_calls()
    later = {**second, "updated_at": "2030-05-01T08:00:00Z", "phone": "03 123 45 67"}
    harness.run(later)
    assert ("PUT", ACCOUNTS) not in harness.exact.calls()


def named(customer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a customer as its documents name it: without an address."""
    return {"name": customer["name"], "is_person": False, "email": customer["email"], **changes}


def test_a_document_whose_customer_never_came_is_booked_with_the_customer_that_it_names(harness: Harness) -> None:
    """Line 15: the customer was deleted in Teamleader while its document waited."""
    number = harness.vat_number()
    waiting = harness.invoice(tax_rate="0.12", invoicee=named(harness.company(), vat_number=number))
    harness.run(waiting)
    ran = harness.run(vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    (account,) = harness.accounts()
    assert (account["name"], account["vat_number"]) == (harness.company()["name"], number)
    assert harness.codes() == {}


def test_a_document_whose_account_was_deleted_while_it_waited_is_booked_with_a_new_account(harness: Harness) -> None:
    """Line 15."""
    booked, waiting = harness.invoice(), harness.invoice(tax_rate="0.12", invoicee=named(harness.company()))
    harness.run(harness.company(), booked, waiting)
    (old,) = harness.accounts()
    harness.exact.do("delete_entry", your_ref=booked["number"])
    harness.exact.do("delete_account", id=old["id"])
    ran = harness.run(vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert (ran.counts["booked"], ran.counts["customers created"]) == (1, 1)
    (new,) = harness.accounts()
    assert new["id"] != old["id"]
    assert [entry["customer"] for entry in harness.exact.entries(waiting["number"])] == [new["id"]]


def test_a_person_matches_a_customer_that_only_its_document_names(harness: Harness) -> None:
    """Line 15."""
    waiting = harness.invoice(tax_rate="0.12", invoicee=named(harness.company()))
    harness.run(waiting)
    made = harness.exact.do("add_account", Name=f"Anders {harness.company()['name']}", Status="C", Country="BE")
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "account", waiting["customer"], made["id"])
    ran = harness.run(vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1}
    assert [entry["customer"] for entry in harness.exact.entries(waiting["number"])] == [made["id"]]


def test_what_a_document_names_changes_no_account_that_exists(harness: Harness) -> None:
    """Line 15."""
    harness.run(harness.company(), harness.invoice())
    before = harness.accounts()
    harness.exact.forget_calls()
    ran = harness.run(harness.invoice(invoicee=named(harness.company(), email="other@voorbeeld.example")))
    assert ran.counts == {"booked": 1}
    assert harness.accounts() == before
    assert ("PUT", ACCOUNTS) not in harness.exact.calls()


def test_a_customer_that_comes_later_takes_the_place_of_what_its_document_names(harness: Harness) -> None:
    """Line 15."""
    waiting = harness.invoice(tax_rate="0.12", invoicee=named(harness.company()))
    harness.run(waiting)
    ran = harness.run(harness.company(), vat_codes={**harness.settings["vat_codes"], "12%": "12"})
    assert ran.counts == {"booked": 1, "customers created": 1}
    assert harness.accounts()[0]["city"] == "Antwerpen"


def test_a_customer_of_whom_no_country_is_known_waits_for_one_at_a_one_stop_shop_rate(harness: Harness) -> None:
    """Line 15, and the hint of the code, carried out: the copy on the document has no address."""
    codes = {**harness.settings["vat_codes"], "19%": "DE"}
    waiting = harness.invoice(tax_rate="0.19", invoicee=named(harness.company()))
    harness.run(waiting, vat_codes=codes)
    assert harness.codes() == {waiting["id"]: "vat_country_differs"}
    made = harness.exact.do("add_account", Name=f"Anders {harness.company()['name']}", Status="C", Country="DE")
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "account", waiting["customer"], made["id"])
    assert harness.run(vat_codes=codes).counts == {"booked": 1}
    assert [entry["customer"] for entry in harness.exact.entries(waiting["number"])] == [made["id"]]


def test_a_customer_that_nothing_names_gets_its_account_by_hand(harness: Harness) -> None:
    """Line 15, and the hint of customer_missing, carried out: a document of before documents named their customer."""
    waiting = harness.invoice()
    harness.run(waiting)
    assert harness.codes() == {waiting["id"]: "customer_missing"}
    made = harness.exact.do("add_account", Name=harness.company()["name"], Status="C", Country="BE")
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "account", waiting["customer"], made["id"])
    assert harness.run().counts == {"booked": 1}
    assert [entry["customer"] for entry in harness.exact.entries(waiting["number"])] == [made["id"]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return from which row version on accounts are read."""
    filters: list[str] = []
    rows = ExactClient.rows

    def watched(self: ExactClient, path: str, **named: Any) -> Any:
        if path == "sync/CRM/Accounts":
            filters.append(named["filter"])
        return rows(self, path, **named)

    monkeypatch.setattr(ExactClient, "rows", watched)
    monkeypatch.setattr(account_reading, "OVERLAP", 0)
    return filters


def unlinked(harness: Harness, name: str, number: str) -> tuple[dict[str, Any], dict[str, Any]]:
    company = harness.company(name=name, vat_number=number)
    return company, harness.invoice(customer=company["id"])


def test_accounts_are_read_in_full_once_and_then_only_those_that_changed(harness: Harness, asked: list[str]) -> None:
    """Line 34: 50,000 accounts were 50 calls of each run with a customer that has no link."""
    harness.run(harness.company(), harness.invoice())
    number = harness.vat_number()
    made = harness.exact.do("add_account", Name="Later Gemaakt NV", Status="C", VATNumber=number, Country="BE")
    company, record = unlinked(harness, "Anders BV", number)
    assert harness.run(company, record).counts == {"booked": 1, "customers matched": 1}
    assert harness.exact.entries(record["number"])[0]["customer"] == made["id"]
    assert asked[0] == "Timestamp gt 1L"
    assert int(asked[1].split()[2].rstrip("L")) > 1
    assert b"Later Gemaakt" not in (harness.folder / "connector.db").read_bytes()


def test_an_account_that_was_deleted_is_not_taken_from_what_is_kept(harness: Harness, asked: list[str]) -> None:
    """Line 34."""
    number = harness.vat_number()
    made = harness.exact.do("add_account", Name="Straks Weg NV", Status="C", VATNumber=number, Country="BE")
    harness.run(harness.company(), harness.invoice())
    harness.exact.do("delete_account", id=made["id"])
    assert harness.run(*unlinked(harness, "Anders BV", number)).counts == {"booked": 1, "customers created": 1}
    assert len(asked) == 2


def test_forgetting_a_customer_forgets_the_kept_accounts(harness: Harness, asked: list[str]) -> None:
    """Line 33: they are read afresh, without whom was deleted in Exact as well."""
    company = harness.company()
    harness.run(company, harness.invoice())
    with harness.store() as store:
        forget_customer(DivisionStore(store, harness.division), company["id"])
    harness.run(*unlinked(harness, "Anders BV", harness.vat_number()))
    assert asked == ["Timestamp gt 1L", "Timestamp gt 1L"]


def test_customers_that_share_an_account_are_all_matched_anew_when_it_is_merged_away(harness: Harness) -> None:
    shared = harness.known_customer()
    other = harness.company(other=True)
    with harness.store() as store:
        division = DivisionStore(store, harness.division)
        division.customers.put_many({other["id"]: other})
        link_by_hand(division, ACCOUNT, other["id"], shared)
    survivor = harness.exact.do("add_account", Name="Overnemer NV", Status="C", Country="BE")
    harness.exact.do("merge_accounts", id=shared, into={"id": survivor["id"]})
    record = harness.invoice(customer=other["id"])
    assert harness.run(other, record).counts["booked"] == 1
    (entry,) = harness.exact.entries(record["number"])
    assert entry["customer_name"] == other["name"]
