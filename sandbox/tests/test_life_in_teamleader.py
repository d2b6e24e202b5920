"""What happens to documents, customers, settings and files in the course of a life with Teamleader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from conftest import Teamleader
    from sandbox.testing import SandboxThread

    Frozen = tuple[SandboxThread, Teamleader]

MEBIBYTE = 1024 * 1024


def download(teamleader: Teamleader, invoice: str) -> requests.Response:
    data = teamleader.data("invoices.download", {"id": invoice, "format": "pdf"})
    return requests.get(data["location"], timeout=60)


def test_the_last_booked_invoice_can_be_deleted_and_its_number_is_used_again(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    first, last = sandbox.add_invoice(), sandbox.add_invoice()
    refused = teamleader.post("invoices.delete", {"id": first["id"]})
    assert (refused.status_code, refused.json()["errors"][0]["title"]) == (
        400,
        "Only the last booked invoice can be deleted",
    )
    assert teamleader.post("invoices.delete", {"id": last["id"]}).status_code == 204
    assert teamleader.post("invoices.info", {"id": last["id"]}).status_code == 404
    assert sandbox.add_invoice()["number"] == last["number"]
    draft = sandbox.add_invoice(status="draft")
    assert teamleader.post("invoices.delete", {"id": draft["id"]}).status_code == 204


def test_what_is_booked_changes(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    invoice = sandbox.add_invoice()["id"]
    before = teamleader.data("invoices.info", {"id": invoice})
    sandbox.advance(60)
    term = {"type": "after_invoice_date", "days": 8}
    teamleader.call("invoices.updateBooked", {"id": invoice, "payment_term": term, "invoice_date": "2026-03-05"})
    after = teamleader.data("invoices.info", {"id": invoice})
    assert (after["invoice_number"], after["due_on"]) == (before["invoice_number"], "2026-03-13")
    assert after["updated_at"] > before["updated_at"]


@pytest.mark.parametrize(
    ("action", "verb", "shown", "property_", "name"),
    [
        ("taxRates.list", "archive_tax_rate", "description", "tax", "0% Export"),
        ("productCategories.list", "archive_product_category", "name", "product_category", "Licenties"),
    ],
)
def test_what_is_archived_leaves_the_list_and_stays_on_documents(
    frozen: Frozen, action: str, verb: str, shown: str, property_: str, name: str
) -> None:
    sandbox, teamleader = frozen
    lines = [{"unit_price": "10", "tax_rate": "0% Export", "category": "Licenties"}]
    invoice = sandbox.add_invoice(lines=lines)["id"]
    archived = sandbox.teamleader(verb, **{shown: name})["id"]
    ids = [row["id"] for row in teamleader.data(action, {})]
    assert archived not in ids
    (group,) = teamleader.data("invoices.info", {"id": invoice})["grouped_lines"]
    assert group["line_items"][0][property_]["id"] == archived
    sandbox.teamleader(verb, id=archived, archived=False)
    assert archived in [row["id"] for row in teamleader.data(action, {})]


def test_a_rate_and_a_category_get_other_names(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    rate = teamleader.data("taxRates.list")[0]["id"]
    category = teamleader.data("productCategories.list")[0]["id"]
    sandbox.teamleader("edit_tax_rate", id=rate, description="21% (normaal)")
    sandbox.teamleader("edit_product_category", id=category, name="Goederen", ledger="700100")
    assert teamleader.data("taxRates.list")[0]["description"] == "21% (normaal)"
    row = teamleader.data("productCategories.list")[0]
    assert (row["name"], row["ledgers"][0]["ledger_account_number"]) == ("Goederen", "700100")


@pytest.mark.parametrize(("type_", "resource"), [("company", "companies"), ("contact", "contacts")])
def test_a_customer_is_deleted_and_its_documents_stay(frozen: Frozen, type_: str, resource: str) -> None:
    sandbox, teamleader = frozen
    given = {"name": "Weg BV"} if type_ == "company" else {"last_name": "Weg"}
    customer = sandbox.teamleader(f"add_{type_}", **given)["id"]
    invoice = sandbox.add_invoice(customer=f"{type_}:{customer}")["id"]
    sandbox.teamleader(f"delete_{type_}", id=customer)
    assert teamleader.post(f"{resource}.info", {"id": customer}).status_code == 404
    assert "Weg" in teamleader.data("invoices.info", {"id": invoice})["invoicee"]["name"]


def test_two_persons_share_a_name_and_a_postcode(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    for street, email in (("Markt 1", "an1@x.example"), ("Veld 9", "an2@x.example")):
        address = {"line_1": street, "postal_code": "9000", "city": "Gent", "country": "BE"}
        addresses = [{"type": "primary", "address": address}]
        emails = [{"type": "primary", "email": email}]
        sandbox.teamleader("add_contact", first_name="An", last_name="Peeters", addresses=addresses, emails=emails)
    twins = teamleader.every("contacts.list", {"filter": {"term": "An Peeters"}})
    assert {row["primary_address"]["postal_code"] for row in twins} == {"9000"}
    assert len({row["emails"][0]["email"] for row in twins}) == 2


def test_a_mass_edit_moves_every_customer(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    sandbox.advance(60)
    since = {"filter": {"updated_since": sandbox.now().isoformat()}}
    assert teamleader.every("companies.list", since) == []
    count = sandbox.teamleader("edit_customers", type="company", changes={"language": "fr"})["count"]
    rows = teamleader.every("companies.list", since)
    assert len(rows) == count == len(teamleader.every("companies.list"))
    assert {row["language"] for row in rows} == {"fr"}


@pytest.mark.parametrize(
    ("how", "media_type", "begins", "ends"),
    [
        ("whole", "application/pdf", b"%PDF-", b"%%EOF\n"),
        ("half", "application/pdf", b"%PDF-", None),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>", b"</html>"),
        ("empty", "application/pdf", b"", b""),
    ],
)
def test_a_file_is_what_it_is_told_to_be(
    frozen: Frozen, how: str, media_type: str, begins: bytes, ends: bytes | None
) -> None:
    sandbox, teamleader = frozen
    invoice, other = sandbox.add_invoice()["id"], sandbox.add_invoice()["id"]
    sandbox.teamleader("set_file", id=invoice, how=how)
    answer = download(teamleader, invoice)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(begins)
    assert answer.content.endswith(ends) if ends is not None else b"%%EOF" not in answer.content
    assert download(teamleader, other).content.endswith(b"%%EOF\n")
    sandbox.teamleader("set_file", id=invoice)
    assert download(teamleader, invoice).content.endswith(b"%%EOF\n")


def test_a_file_is_as_large_as_it_is_told_to_be(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    invoice = sandbox.add_invoice()["id"]
    sandbox.teamleader("set_file", bytes=39 * MEBIBYTE)
    assert 39 * MEBIBYTE <= len(download(teamleader, invoice).content) < 39 * MEBIBYTE + 1000


def test_the_download_of_one_document_fails_or_is_cut(frozen: Frozen) -> None:
    sandbox, teamleader = frozen
    invoice, other = sandbox.add_invoice()["id"], sandbox.add_invoice()["id"]
    path = f"/download/{invoice}/"
    sandbox.add_faults([{"match": path, "kind": "error", "status": 503, "times": 1}])
    sandbox.add_faults([{"match": path, "kind": "truncated", "times": 1}])
    assert download(teamleader, invoice).status_code == 503
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        download(teamleader, invoice)
    assert download(teamleader, other).status_code == download(teamleader, invoice).status_code == 200


def test_an_unknown_state_of_a_file_is_said(frozen: Frozen) -> None:
    sandbox, _ = frozen
    with pytest.raises(RuntimeError, match="how is whole, half, html, empty"):
        sandbox.teamleader("set_file", how="blue")
