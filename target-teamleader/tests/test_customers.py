"""Customers of the books in Teamleader: found or created once, filled in where nothing stands, never overwritten."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import CustomerType, DivisionStore, How, ImportedHow
from connector_store.customer_decisions import is_new, is_this_one, leave_out
from connector_store.division_store import ACCOUNT
from connector_store.known import NotPossibleError

if TYPE_CHECKING:
    from conftest import Harness

TAG = "Exact Online Import"
Record = dict[str, Any]
_numbers = itertools.count(1)


def firm(harness: Harness, name: str | None = None, **changes: Any) -> Record:
    """A firm of which little is known but its name, which no other test uses."""
    number = next(_numbers)
    return {
        "id": f"a0000000-0000-4000-8000-{number:012d}",
        "division": harness.division,
        "code": str(number),
        "status": "C",
        "name": name or f"Smederij Vulcanus {number} BV",
        "email": f"info@vulcanus{number}.example",
        "address": {"line1": f"Aambeeld {number}", "postcode": "9000", "city": "Gent", "country": "BE"},
        "updated_at": "2026-01-05T10:00:00+00:00",
        **changes,
    }


def person(harness: Harness, **changes: Any) -> Record:
    number = next(_numbers)
    return {
        "id": f"c0000000-0000-4000-8000-{number:012d}",
        "division": harness.division,
        "first_name": "Hefaistos",
        "last_name": f"Vulcanus{number}",
        "email": f"h{number}@vulcanus.example",
        **changes,
    }


def named(harness: Harness, name: str) -> list[Record]:
    found = harness.call("companies.list", {"filter": {"term": name}})
    return [harness.call("companies.info", {"id": each["id"]}) for each in found]


def one(harness: Harness, record: Record) -> Record:
    [row] = named(harness, record["name"])
    return row


def contacts(harness: Harness, last_name: str) -> list[Record]:
    found = harness.call("contacts.list", {"filter": {"term": last_name}})
    return [harness.call("contacts.info", {"id": each["id"]}) for each in found]


def add(harness: Harness, **values: Any) -> str:
    return str(harness.sandbox.teamleader("add_company", **values)["id"])


def test_a_firm_that_is_new_is_created_tagged_and_linked_for_the_other_direction(harness: Harness) -> None:
    record = firm(harness, vat_number="BE0428759497", national_identification_number="0428759497", phone="09 1234567")
    ran = harness.run(record)
    assert ran.error is None
    assert ran.counts == {"created": 1}
    row = one(harness, record)
    assert (row["vat_number"], row["tags"]) == ("BE0428759497", [TAG])
    assert row["emails"] == [{"type": "primary", "email": record["email"]}]
    assert row["telephones"] == [{"type": "phone", "number": "09 1234567"}]
    assert row["addresses"][0]["address"]["line_1"] == record["address"]["line1"]
    with harness.store() as store:
        link = store.links(harness.division).get(ACCOUNT, f"company:{row['id']}")
        assert link is not None
        assert (link.exact_id, link.how) == (record["id"], How.MATCHED)


def test_a_second_run_writes_nothing_and_a_run_without_records_makes_no_call(harness: Harness) -> None:
    record = firm(harness)
    harness.run(record)
    again = harness.run(record)
    assert again.counts == {"unchanged": 1}
    assert sum(again.calls.values()) == 0
    assert sum(harness.feed([]).calls.values()) == 0
    assert len(named(harness, record["name"])) == 1


def test_the_same_firm_in_teamleader_is_found_and_only_filled_in(harness: Harness) -> None:
    record = firm(harness, phone="09 1112233", website="https://new.example", language="nl")
    typed = record["name"].replace(" BV", "")
    id_ = add(
        harness, name=typed, emails=[{"type": "primary", "email": record["email"]}], website="https://old.example"
    )
    before = harness.call("companies.info", {"id": id_})
    assert harness.run(record).counts == {"found": 1}
    row = harness.call("companies.info", {"id": id_})
    assert (row["telephones"], row["language"]) == ([{"type": "phone", "number": "09 1112233"}], "nl")
    assert row["addresses"][0]["address"]["postal_code"] == "9000"
    kept = ("name", "website", "emails", "tags", "custom_fields", "remarks")
    assert {name: row[name] for name in kept} == {name: before[name] for name in kept}


def test_what_exact_says_later_is_filled_in_where_nothing_stands(harness: Harness) -> None:
    record = firm(harness, email=None)
    harness.run(record)
    changed = {**record, "name": "Another name", "email": "late@vulcanus.example"}
    assert harness.run(changed).counts == {"filled in": 1}
    row = one(harness, record)
    assert (row["name"], row["emails"]) == (record["name"], [{"type": "primary", "email": "late@vulcanus.example"}])


@pytest.mark.parametrize(
    ("moment", "name"), [("2020-01-01T00:00:00+00:00", "old"), ("2099-01-01T00:00:00+00:00", "new")]
)
def test_what_the_settings_give_to_exact_is_replaced_by_something_newer_only(
    harness: Harness, moment: str, name: str
) -> None:
    record = firm(harness, website="https://old.example")
    harness.run(record)
    changed = {**record, "website": "https://new.example", "updated_at": moment}
    harness.run(changed, customer_fields={"website": "always"})
    assert one(harness, record)["website"] == f"https://{name}.example"


def test_a_part_that_is_never_written_stays_empty(harness: Harness) -> None:
    record = firm(harness)
    add(harness, name=record["name"], emails=[{"type": "primary", "email": record["email"]}])
    harness.run(record, customer_fields={"address": "never"})
    assert one(harness, record)["addresses"] == []


def test_the_customer_number_stands_in_the_field_that_the_settings_name(harness: Harness) -> None:
    definitions = harness.call("customFieldDefinitions.list", {"filter": {"context": "company"}})
    number, other = (each["id"] for each in definitions[:2])
    made, found = firm(harness), firm(harness)
    id_ = add(
        harness,
        name=found["name"],
        emails=[{"type": "primary", "email": found["email"]}],
        custom_fields=[{"id": other, "value": "kept"}],
    )
    harness.run(made, found, company_number_field=number)
    fields = {
        each["definition"]["id"]: each["value"] for each in harness.call("companies.info", {"id": id_})["custom_fields"]
    }
    assert fields == {number: found["code"], other: "kept"}
    assert [each["value"] for each in one(harness, made)["custom_fields"]] == [made["code"]]
    with harness.store() as store:
        store.imported_customers(harness.division).withdraw(found["id"])
        store.links(harness.division).remove(ACCOUNT, f"company:{id_}")
    renamed = {**found, "name": "Nothing alike", "email": None, "address": None}
    assert harness.run(renamed, company_number_field=number).counts == {"found": 1}


def test_two_that_fit_are_for_a_person_and_rest_a_day(harness: Harness) -> None:
    record = firm(harness)
    ids = [add(harness, name=record["name"], emails=[{"type": "primary", "email": record["email"]}]) for _ in range(2)]
    assert harness.run(record).counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "several_customers_fit"}
    with harness.store() as store:
        [reject] = store.rejects(harness.division).all()
        assert all(id_ in reject.reason for id_ in ids)
    assert sum(harness.feed([]).calls.values()) == 0


def test_a_homonym_elsewhere_is_another_customer(harness: Harness) -> None:
    record = firm(harness)
    add(
        harness,
        name=record["name"],
        emails=[{"type": "primary", "email": "other@elsewhere.example"}],
        addresses=[
            {
                "type": "primary",
                "address": {"line_1": "Markt 1", "postal_code": "8000", "city": "Brugge", "country": "BE"},
            }
        ],
    )
    assert harness.run(record).counts == {"created": 1}
    assert len(named(harness, record["name"])) == 2


def test_one_of_whom_only_the_name_is_known_is_for_a_person(harness: Harness) -> None:
    record = firm(harness)
    add(harness, name=record["name"])
    assert harness.run(record).counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "customer_unclear"}


def test_two_accounts_of_one_firm_become_one_company_and_a_question(harness: Harness) -> None:
    first = firm(harness)
    second = {**firm(harness, name=first["name"], email=first["email"]), "address": first["address"]}
    assert harness.run(first, second).counts == {"created": 1, "rejected": 1}
    assert harness.codes() == {second["id"]: "customer_linked_already"}
    one(harness, first)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"status": "S"}, {"no customers": 1}),
        ({"blocked": True}, {"blocked in Exact": 1}),
        ({"status": None}, {"created": 1}),
    ],
)
def test_only_customers_in_use_are_created(harness: Harness, changes: Record, counts: dict[str, int]) -> None:
    assert harness.run(firm(harness, **changes)).counts == counts


def test_other_statuses_come_when_they_are_asked_for(harness: Harness) -> None:
    assert harness.run(firm(harness, status="P"), statuses=["C", "P"]).counts == {"created": 1}


def test_an_account_that_the_other_direction_made_is_known(harness: Harness) -> None:
    record = firm(harness)
    id_ = add(harness, name="Quite another name")
    with harness.store() as store:
        store.links(harness.division).confirm(
            ACCOUNT, f"company:{id_}", exact_id=record["id"], fingerprint="f", how=How.POSTED
        )
    assert harness.run(record).counts == {"filled in": 1}
    assert named(harness, record["name"]) == []
    with harness.store() as store:
        known = store.imported_customers(harness.division).get(record["id"])
        assert known is not None
        assert known.how is ImportedHow.LINKED


def test_a_contact_person_follows_the_firm_even_when_it_comes_first(harness: Harness) -> None:
    company = firm(harness)
    employee = person(harness, company_id=company["id"], position="Smid", gender="male", birthdate="1970-05-04")
    ran = harness.run(employee, company)
    assert ran.counts == {"created": 2}
    assert harness.codes() == {}
    [row] = contacts(harness, employee["last_name"])
    assert [(each["company"]["id"], each["position"]) for each in row["companies"]] == [
        (one(harness, company)["id"], "Smid")
    ]
    assert (row["gender"], row["birthdate"]) == ("male", "1970-05-04")
    with harness.store() as store:
        assert store.links(harness.division).get(ACCOUNT, f"contact:{row['id']}") is None


def test_a_contact_person_without_a_firm_in_teamleader_waits(harness: Harness) -> None:
    company = firm(harness)
    employee = person(harness, company_id=company["id"])
    assert harness.run(employee).counts == {"waiting": 1}
    assert harness.codes() == {employee["id"]: "company_awaited"}
    assert harness.run(company).counts == {"created": 2}
    assert harness.codes() == {}


def test_a_private_person_is_a_contact_and_is_not_its_own_contact_person(harness: Harness) -> None:
    customer = {**person(harness), "code": "77", "status": "C", "company_id": None}
    itself = person(harness, company_id=customer["id"], last_name=customer["last_name"])
    assert harness.run(itself, customer).counts == {"created": 1, "unchanged": 1}
    [row] = contacts(harness, customer["last_name"])
    assert row["companies"] == []
    with harness.store() as store:
        assert store.links(harness.division).get(ACCOUNT, f"contact:{row['id']}") is not None


def test_one_person_at_two_firms_is_one_contact(harness: Harness) -> None:
    first, second = firm(harness), firm(harness)
    here = person(harness, company_id=first["id"])
    there = {**person(harness, company_id=second["id"]), "last_name": here["last_name"], "email": here["email"]}
    assert harness.run(first, second, here, there).counts == {"created": 3, "found": 1}
    [row] = contacts(harness, here["last_name"])
    assert len(row["companies"]) == 2


def test_a_namesake_at_another_firm_is_another_person(harness: Harness) -> None:
    company = firm(harness)
    employee = person(harness, company_id=company["id"], email=None)
    harness.sandbox.teamleader("add_contact", first_name="Hefaistos", last_name=employee["last_name"])
    assert harness.run(company, employee).counts == {"created": 2}


def test_what_was_deleted_in_teamleader_is_not_created_again(harness: Harness) -> None:
    record = firm(harness)
    harness.run(record)
    harness.sandbox.teamleader("delete_company", id=one(harness, record)["id"])
    changed = {**record, "phone": "09 7654321"}
    assert harness.run(changed).counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "customer_gone"}
    assert harness.run({**changed, "website": "https://x.example"}).counts == {"rejected": 1}
    assert named(harness, record["name"]) == []
    with harness.store() as store:
        is_new(DivisionStore(store, harness.division), record["id"])
    assert harness.feed([]).counts == {"created": 1}


def test_what_a_person_had_created_is_not_created_again_after_it_was_deleted(harness: Harness) -> None:
    """What was said holds for one customer in Teamleader, not for ever."""
    record = firm(harness)
    with harness.store() as store:
        is_new(DivisionStore(store, harness.division), record["id"])
    assert harness.run(record).counts == {"created": 1}
    harness.sandbox.teamleader("delete_company", id=one(harness, record)["id"])
    for website in ("https://one.example", "https://two.example"):
        assert harness.run({**record, "website": website}).counts == {"rejected": 1}
    assert named(harness, record["name"]) == []


def test_who_was_left_out_is_created_when_a_person_says_so(harness: Harness) -> None:
    record = firm(harness)
    with harness.store() as store:
        leave_out(DivisionStore(store, harness.division), record["id"], who="An")
    assert harness.run(record).counts == {"left out": 1}
    with harness.store() as store:
        is_new(DivisionStore(store, harness.division), record["id"])
    assert harness.feed([]).counts == {"created": 1}
    assert harness.codes() == {}


def test_who_is_to_be_created_is_created_once_though_the_store_was_restored(harness: Harness) -> None:
    """The backup is of between what a person said and the run that did it."""
    add(harness, name="Vulcanus en Zonen")
    record = firm(harness, name="Vulcanus en Zonen")
    with harness.store() as store:
        is_new(DivisionStore(store, harness.division), record["id"])
    copy = (harness.folder / "connector.db").read_bytes()
    assert harness.run(record).counts == {"created": 1}
    assert len(named(harness, record["name"])) == 2

    (harness.folder / "connector.db").write_bytes(copy)
    harness.log_in_again()
    harness.run(record)
    assert len(named(harness, record["name"])) == 2


def test_a_person_says_which_customer_it_is(harness: Harness) -> None:
    record = firm(harness, website="https://vulcanus.example")
    ids = [add(harness, name=record["name"], emails=[{"type": "primary", "email": record["email"]}]) for _ in range(2)]
    harness.run(record)
    with harness.store() as store:
        is_this_one(DivisionStore(store, harness.division), record["id"], CustomerType.COMPANY, ids[1])
    assert harness.codes() == {}
    assert harness.run(record).counts == {"filled in": 1}
    rows = [harness.call("companies.info", {"id": id_}) for id_ in ids]
    assert [row["website"] for row in rows] == ["", "https://vulcanus.example"]


def test_what_belongs_to_another_customer_cannot_be_said_to_be_this_one(harness: Harness) -> None:
    first, second = firm(harness), firm(harness)
    harness.run(first, second)
    with harness.store() as store:
        division = DivisionStore(store, harness.division)
        with pytest.raises(NotPossibleError, match="belongs to account"):
            is_this_one(
                division, "a0000000-0000-4000-8000-999999999999", CustomerType.COMPANY, one(harness, first)["id"]
            )
        with pytest.raises(NotPossibleError, match="is linked to"):
            is_this_one(division, first["id"], CustomerType.COMPANY, one(harness, second)["id"])


def test_a_customer_that_a_person_left_out_stays_out(harness: Harness) -> None:
    record = firm(harness)
    with harness.store() as store:
        leave_out(DivisionStore(store, harness.division), record["id"], who="An")
    assert harness.run(record).counts == {"left out": 1}
    assert named(harness, record["name"]) == []


def test_a_customer_that_was_merged_follows_the_one_that_is_left(harness: Harness) -> None:
    record = firm(harness)
    harness.run(record)
    gone = one(harness, record)["id"]
    harness.sandbox.teamleader("delete_company", id=gone)
    left = add(harness, name=record["name"], emails=[{"type": "primary", "email": record["email"]}])
    assert harness.run({**record, "phone": "09 7654321"}).counts == {"found": 1}
    with harness.store() as store:
        assert store.links(harness.division).get(ACCOUNT, f"company:{gone}") is None
        assert store.links(harness.division).get(ACCOUNT, f"company:{left}") is not None


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "orphaned", "truncated"])
def test_a_creation_without_an_answer_is_looked_for_before_it_is_sent_again(harness: Harness, kind: str) -> None:
    record = firm(harness)
    harness.fault("companies.add", kind, times=1)
    harness.run(record)
    harness.later()
    harness.run(record)
    one(harness, record)
    assert harness.codes() == {}


def test_a_customer_that_teamleader_refuses_does_not_stop_the_others(harness: Harness) -> None:
    bad, good = firm(harness, email="no address"), firm(harness)
    harness.fault("companies.add", "error", status=400, times=1)
    ran = harness.run(bad, good)
    assert (ran.error, ran.counts) == (None, {"created": 1, "rejected": 1})
    assert harness.codes() == {bad["id"]: "customer_not_taken"}


def test_a_dry_run_says_what_would_be_and_keeps_nothing(harness: Harness) -> None:
    company, other = firm(harness), firm(harness)
    add(harness, name=other["name"], emails=[{"type": "primary", "email": other["email"]}])
    employee = person(harness, company_id=company["id"])
    ran = harness.run(employee, company, other, dry_run=True)
    assert ran.counts == {"created": 2, "found": 1}
    assert ran.states == []
    assert named(harness, company["name"]) == []
    assert harness.run(employee, company, other).counts == ran.counts


def test_a_hand_written_file_of_companies_needs_no_administration(harness: Harness) -> None:
    record = {"id": 17, "name": f"Only a name {next(_numbers)}"}
    ran = harness.run(record, division=None)
    assert ran.error is None
    assert len(named(harness, record["name"])) == 1
    assert harness.run(record, division=None).error is None
    assert len(named(harness, record["name"])) == 1


def test_log_lines_hold_no_names(harness: Harness) -> None:
    record = firm(harness)
    add(harness, name=record["name"])
    log = harness.run(record).log
    assert "Vulcanus" not in log
    assert "customer_unclear" in log


def test_the_example_works_alone(harness: Harness) -> None:
    lines = (Path(__file__).parent.parent / "examples" / "two-companies.singer").read_text("utf-8").splitlines()
    ran = harness.feed(lines, division=None, department_id=None)
    assert (ran.error, ran.states) == (None, [{"done": 2}])
    [vintner] = named(harness, "Wijnhuis Bacchus BV")
    [baker] = named(harness, "Bakkerij Ceres")
    assert vintner["vat_number"] == "BE0403170701"
    assert baker["telephones"] == [{"type": "phone", "number": "09 123 45 67"}]


def test_a_field_that_is_named_later_is_filled_for_who_is_linked_already(harness: Harness) -> None:
    record = firm(harness)
    harness.run(record)
    [number, *_] = harness.call("customFieldDefinitions.list", {"filter": {"context": "company"}})
    assert harness.run(record, company_number_field=number["id"]).counts == {"filled in": 1}
    assert [each["value"] for each in one(harness, record)["custom_fields"]] == [record["code"]]
