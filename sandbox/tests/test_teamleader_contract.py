"""Every answer of the sandbox's Teamleader has the shape that the vendor describes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from sandbox.contracts import contract
from sandbox.teamleader.actions import ACTIONS, DOWNLOADS
from sandbox.teamleader.validation import JsonSchema

CONTRACT = contract("teamleader")
INFOS = ("companies", "contacts", "invoices", "creditNotes")


def names_in(schema: Any) -> set[str]:
    return set(schema.get("properties", {}))


def validate(action: str, answer: Any) -> None:
    schema = CONTRACT[action].get("response")
    if schema is None:
        assert answer is None
    else:
        JsonSchema(schema).validate(answer)


def test_the_sandbox_serves_every_action_of_the_contract() -> None:
    assert ACTIONS.keys() | DOWNLOADS.keys() == CONTRACT.keys()


@pytest.mark.parametrize("action", sorted(name for name in CONTRACT if name.endswith((".list", ".me"))))
def test_lists(shared_teamleader: Any, action: str) -> None:
    answer = shared_teamleader.call(action, {})

    validate(action, answer)
    assert answer["data"]


@pytest.mark.parametrize("resource", INFOS)
def test_single_rows_have_every_property_that_is_described(shared_teamleader: Any, resource: str) -> None:
    described = names_in(CONTRACT[f"{resource}.info"]["response"]["properties"]["data"])

    for row in shared_teamleader.data(f"{resource}.list", {}):
        answer = shared_teamleader.call(f"{resource}.info", {"id": row["id"]})
        validate(f"{resource}.info", answer)
        assert described - answer["data"].keys() <= {"expected_payment_method"}
        assert answer["data"].keys() <= described


@pytest.mark.parametrize("action", ["invoices.list", "creditNotes.list", "companies.list", "contacts.list"])
def test_all_seeded_rows_keep_to_the_description(shared_teamleader: Any, action: str) -> None:
    rows = shared_teamleader.every(action)

    validate(action, {"data": rows})
    described = names_in(CONTRACT[action]["response"]["properties"]["data"]["items"])
    for row in rows:
        assert row.keys() <= described
        assert described - row.keys() <= {"primary_address"}


def test_every_seeded_document_keeps_to_the_description(shared_teamleader: Any) -> None:
    for resource in ("invoices", "creditNotes"):
        for row in shared_teamleader.every(f"{resource}.list"):
            validate(f"{resource}.info", shared_teamleader.call(f"{resource}.info", {"id": row["id"]}))


def test_writing_actions(changing: tuple[Any, Any]) -> None:
    _, teamleader = changing

    def call(action: str, body: dict[str, Any]) -> Any:
        answer = teamleader.post(action, body)
        assert answer.status_code == CONTRACT[action]["status"], answer.text
        document = json.loads(answer.text, parse_float=Decimal) if answer.content else None
        validate(action, document)
        return document and document["data"].get("id")

    address = {"line_1": "Kerkstraat 1", "postal_code": "9000", "city": "Gent", "country": "BE"}
    company = call(
        "companies.add",
        {"name": "Nieuw BV", "vat_number": "BE0403170701", "addresses": [{"type": "primary", "address": address}]},
    )
    call("companies.update", {"id": company, "name": "Nieuwer BV", "iban": None})
    call("companies.tag", {"id": company, "tags": ["vip"]})
    call("companies.untag", {"id": company, "tags": ["vip"]})
    contact = call("contacts.add", {"last_name": "Peeters", "emails": [{"type": "primary", "email": "a@b.example"}]})
    call("contacts.update", {"id": contact, "first_name": "An", "birthdate": "1980-02-29"})
    call("contacts.linkToCompany", {"id": contact, "company_id": company, "decision_maker": True})
    for resource, id_ in (("companies", company), ("contacts", contact)):
        validate(f"{resource}.info", teamleader.call(f"{resource}.info", {"id": id_}))
    department = teamleader.data("departments.list", {})[0]["id"]
    rate = teamleader.data("taxRates.list", {"filter": {"department_id": department}})[0]["id"]
    line = {
        "quantity": 3,
        "description": "Uren",
        "unit_price": {"amount": 33.35, "tax": "excluding"},
        "tax_rate_id": rate,
    }
    draft = {
        "invoicee": {"customer": {"type": "company", "id": company}},
        "department_id": department,
        "payment_term": {"type": "after_invoice_date", "days": 30},
        "grouped_lines": [{"section": {"title": ""}, "line_items": [line]}],
    }
    invoice = call("invoices.draft", draft)
    call("invoices.update", {"id": invoice, "note": "Dank u"})
    call("invoices.book", {"id": invoice, "on": "2026-02-28"})
    call("invoices.updateBooked", {"id": invoice, "invoice_date": "2026-03-01"})
    paid = {"id": invoice, "payment": {"amount": 21.06, "currency": "EUR"}, "paid_at": "2026-03-05T10:00:00+00:00"}
    call("invoices.registerPayment", paid)
    row = teamleader.data("invoices.info", {"id": invoice})
    assert (row["total"]["tax_inclusive"]["amount"], row["total"]["due"]["amount"]) == (Decimal("121.06"), 100)
    assert row["due_on"] == "2026-03-31"
    validate("invoices.info", {"data": row})
    wanted = {"filter": {"ids": [invoice], "invoice_number": row["invoice_number"], "status": ["outstanding"]}}
    found = teamleader.call("invoices.list", wanted)
    validate("invoices.list", found)
    assert found["data"][0]["total"]["due"] == row["total"]["due"]
    call("invoices.removePayments", {"id": invoice})
    last = call("invoices.draft", draft)
    call("invoices.delete", {"id": last})
    call("companies.delete", {"id": company})


@pytest.mark.parametrize("action", sorted(CONTRACT))
def test_what_the_vendor_requires_the_sandbox_requires(shared_teamleader: Any, action: str) -> None:
    required = CONTRACT[action]["request"].get("required", [])

    answer = shared_teamleader.post(action, {})

    assert (answer.status_code == 400) == bool(required), answer.text
    if required:
        assert answer.json()["errors"][0]["title"]


@pytest.mark.parametrize("action", sorted(CONTRACT))
def test_an_unknown_property_is_refused(shared_teamleader: Any, action: str) -> None:
    answer = shared_teamleader.post(action, {"nonsense": 1})

    assert answer.status_code == 400
