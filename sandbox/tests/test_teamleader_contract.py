"""Every answer of the sandbox's Teamleader has the shape that the vendor describes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from sandbox.teamleader.actions import ACTIONS, DOWNLOADS
from sandbox.teamleader.requests import REQUESTS

_NUMBERS = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "number", lambda _checker, value: isinstance(value, (int, Decimal)) and not isinstance(value, bool)
)
Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, type_checker=_NUMBERS
)
INFOS = {
    "departments": "departments",
    "companies": "companies",
    "contacts": "contacts",
    "invoices": "invoices",
    "creditNotes": "creditNotes",
    "subscriptions": "subscriptions",
    "products": "products",
    "customFieldDefinitions": "customFieldDefinitions",
}


def names_in(schema: Any) -> set[str]:
    return set(schema.get("properties", {}))


def validate(contract: Any, action: str, answer: Any, body: Any = None) -> None:
    Validator(contract[action].get("request") or {}).validate(json.loads(json.dumps(body or {}), parse_float=Decimal))
    schema = contract[action].get("response")
    if schema is None:
        assert answer is None
        return
    if action == "creditNotes.info" and schema["properties"]["data"].get("type") == "array":
        schema = {
            "properties": {"data": schema["properties"]["data"]["items"]}
        }  # described as a list; it is one object
    Validator(schema).validate(answer)


def test_the_sandbox_serves_every_action_that_the_vendor_describes(contract: Any) -> None:
    assert ACTIONS.keys() | DOWNLOADS.keys() == REQUESTS.keys() == contract.keys()


@pytest.mark.parametrize("action", sorted(name for name in REQUESTS if name.endswith((".list", ".me"))))
def test_lists(contract: Any, shared_teamleader: Any, action: str) -> None:
    answer = shared_teamleader.call(action, {})

    validate(contract, action, answer)
    if action != "webhooks.list":
        assert answer["data"]


@pytest.mark.parametrize("resource", sorted(INFOS))
def test_single_rows_have_every_property_that_is_described(
    contract: Any, shared_teamleader: Any, resource: str
) -> None:
    schema = contract[f"{resource}.info"]["response"]["properties"]["data"]
    described = names_in(schema) | names_in(schema.get("items", {}))

    for row in shared_teamleader.data(f"{resource}.list", {}):
        body = {"id": row["id"]}
        answer = shared_teamleader.call(f"{resource}.info", body)
        validate(contract, f"{resource}.info", answer, body)
        assert described - answer["data"].keys() <= {"expected_payment_method"}
        assert answer["data"].keys() <= described


@pytest.mark.parametrize("action", ["invoices.list", "creditNotes.list", "companies.list", "contacts.list"])
def test_all_seeded_rows_keep_to_the_description(contract: Any, shared_teamleader: Any, action: str) -> None:
    rows = shared_teamleader.every(action)

    validate(contract, action, {"data": rows})
    described = names_in(contract[action]["response"]["properties"]["data"]["items"])
    for row in rows:
        assert row.keys() <= described
        assert described - row.keys() <= {"primary_address"}


def test_every_seeded_document_keeps_to_the_description(contract: Any, shared_teamleader: Any) -> None:
    for resource in ("invoices", "creditNotes"):
        for row in shared_teamleader.every(f"{resource}.list"):
            body = {"id": row["id"]}
            validate(contract, f"{resource}.info", shared_teamleader.call(f"{resource}.info", body), body)


def test_writing_actions(contract: Any, changing: tuple[Any, Any]) -> None:
    _, teamleader = changing

    def call(action: str, body: dict[str, Any]) -> Any:
        answer = teamleader.post(action, body)
        assert answer.status_code == contract[action]["status"], answer.text
        document = json.loads(answer.text, parse_float=Decimal) if answer.content else None
        validate(contract, action, document, body)
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
        validate(contract, f"{resource}.info", teamleader.call(f"{resource}.info", {"id": id_}), {"id": id_})
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
    validate(contract, "invoices.info", {"data": row}, {"id": invoice})
    wanted = {"filter": {"ids": [invoice], "invoice_number": row["invoice_number"], "status": ["outstanding"]}}
    found = teamleader.call("invoices.list", wanted)
    validate(contract, "invoices.list", found, wanted)
    assert found["data"][0]["total"]["due"] == row["total"]["due"]
    call("invoices.removePayments", {"id": invoice})
    call("invoices.creditPartially", {"id": invoice, "grouped_lines": [{"line_items": [{**line, "quantity": 1}]}]})
    call("invoices.credit", {"id": invoice, "credit_note_date": "2026-03-08"})
    last = call("invoices.draft", draft)
    call("invoices.delete", {"id": last})
    hook = {"url": "https://hook.example", "types": ["invoice.booked"]}
    call("webhooks.register", hook)
    validate(contract, "webhooks.list", teamleader.call("webhooks.list"))
    call("webhooks.unregister", hook)
    call("companies.delete", {"id": company})


@pytest.mark.parametrize("action", sorted(REQUESTS))
def test_what_the_vendor_requires_the_sandbox_requires(contract: Any, shared_teamleader: Any, action: str) -> None:
    required = (contract[action].get("request") or {}).get("required", [])

    answer = shared_teamleader.post(action, {})

    assert (answer.status_code == 400) == bool(required), answer.text
    if required:
        assert answer.json()["errors"][0]["title"]


@pytest.mark.parametrize("action", sorted(REQUESTS))
def test_an_unknown_property_is_refused(shared_teamleader: Any, action: str) -> None:
    answer = shared_teamleader.post(action, {"nonsense": 1})

    assert answer.status_code == 400
