"""The baseline: a script that makes the same calls as both jobs, one after the other, and keeps no promise.

It remembers nothing, checks nothing, waits for no limit and has no way back. `python bare.py WHAT` reads the addresses
and settings as JSON from its input; it is a program of its own, so that its CPU is measured like that of the others.
"""

from __future__ import annotations

import base64
import json
import sys
from itertools import count
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 100
DETAILS = {
    "invoices": ("invoices.info", "invoices.download", "invoice_journal", 1),
    "creditNotes": ("creditNotes.info", "creditNotes.download", "credit_note_journal", -1),
}
TERMS = (
    "ID,Timestamp,TransactionEntryID,LineType,TransactionType,Journal,EntryNumber,InvoiceNumber,"
    "YourRef,Account,AccountCode,Currency,RateFC,InvoiceDate,PaymentCondition,PaymentMethod,EntryID,"
    "Status,AmountFC,AmountDC,DueDate,EndDate,LastPaymentDate"
)
"""As tap-exactonline asks for them."""
REFERENCE = ("departments", "productCategories", "paymentTerms", "subscriptions")
MASTER = {
    "financial/Journals": "ID,Code",
    "vat/VATCodes": "ID,Code",
    "vat/VatPercentages": "ID,Percentage",
    "cashflow/PaymentConditions": "ID,Code",
    "financial/FinancialPeriods": "ID,FinYear",
}


class Services:
    """Both services, after a login."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self._teamleader, self._exact, self._plain = requests.Session(), requests.Session(), requests.Session()
        for session, login in ((self._teamleader, given["teamleader_login"]), (self._exact, given["exact_login"])):
            form = {"grant_type": "refresh_token", **login["form"]}
            token = session.post(login["url"], data=form, timeout=60).json()["access_token"]
            session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        answer = self._teamleader.post(f"{self.given['teamleader']}/{action}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()["data"] if answer.content else None

    def listed(self, resource: str) -> Iterator[dict[str, Any]]:
        for number in count(1):
            rows = self.ask(f"{resource}.list", {"page": {"size": PAGE, "number": number}})
            yield from rows
            if len(rows) < PAGE:
                return

    def file(self, location: str) -> bytes:
        answer = self._plain.get(location, timeout=60)
        answer.raise_for_status()
        return answer.content

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._exact.post(self._address(path), json=body, timeout=60)
        if answer.status_code != requests.codes.created:
            raise SystemExit(f"{path}: {answer.text}")
        row: dict[str, Any] = answer.json()["d"]
        return row

    def rows(self, path: str, select: str, where: str = "") -> Iterator[dict[str, Any]]:
        address = f"{self._address(path)}?$select={select}" + (f"&$filter={where}" if where else "")
        while address:
            answer = self._exact.get(address, timeout=60)
            answer.raise_for_status()
            found = answer.json()["d"]
            yield from found["results"] if isinstance(found, dict) else found
            address = found.get("__next", "") if isinstance(found, dict) else ""

    def _address(self, path: str) -> str:
        return f"{self.given['exact']}/api/v1/{self.given['division']}/{path}"


def forward(services: Services) -> int:
    """Book every document with its file; return how many."""
    given, accounts, booked = services.given, {}, 0
    for resource in REFERENCE:
        services.ask(f"{resource}.list", {})
    rates = services.ask("taxRates.list", {})
    codes = {rate["id"]: given["vat_codes"].get(rate["description"], "0") for rate in rates}
    for path, select in MASTER.items():
        list(services.rows(path, select))
    ledger = {row["Code"].strip(): row["ID"] for row in services.rows("bulk/Financial/GLAccounts", "ID,Code")}
    for resource, (info, download, journal, sign) in DETAILS.items():
        for row in services.listed(resource):
            if row.get("status") == "draft":
                continue
            document = services.ask(info, {"id": row["id"]})
            customer = document["invoicee"]["customer"]
            if customer["id"] not in accounts:
                plural = {"company": "companies", "contact": "contacts"}[customer["type"]]
                details = services.ask(f"{plural}.info", {"id": customer["id"]})
                name = details.get("name") or f"{details['first_name']} {details['last_name']}"
                account = services.post("crm/Accounts", {"Name": name[:50], "Status": "C"})
                accounts[customer["id"]] = account["ID"]
            number = document.get("invoice_number") or document["credit_note_number"]
            location = services.ask(download, {"id": row["id"], "format": "pdf"})["location"]
            content = base64.b64encode(services.file(location)).decode("ascii")
            held = {"Subject": number, "Type": 10, "Account": accounts[customer["id"]]}
            kept = services.post("documents/Documents", held)["ID"]
            attached = {"Document": kept, "FileName": f"{row['id']}.pdf", "Attachment": content}
            services.post("documents/DocumentAttachments", attached)
            lines = [
                {
                    "GLAccount": ledger[given["default_gl_account"]],
                    "AmountFC": sign * line["total"]["tax_exclusive"]["amount"],
                    "VATCode": codes[line["tax"]["id"]],
                    "Description": line["description"][:60],
                }
                for group in document["grouped_lines"]
                for line in group["line_items"]
            ]
            date = document.get("invoice_date") or document["credit_note_date"]
            entry = {
                "Customer": accounts[customer["id"]],
                "Journal": given[journal],
                "YourRef": number,
                "EntryDate": date,
                "PaymentCondition": given["default_payment_condition"],
                "Document": kept,
                "SalesEntryLines": lines,
            }
            services.post("salesentry/SalesEntries", entry)
            booked += 1
    return booked


def reverse(services: Services) -> int:
    """Register the payments that were listed; return how many. Reads every payment term first."""
    terms = sum(
        1 for _ in services.rows("sync/Cashflow/PaymentTerms", "ID,Timestamp,AmountFC,Status", "Timestamp gt 0L")
    )
    for invoice, cents, currency in services.given["payments"]:
        paid = {"amount": cents / 100, "currency": currency}
        services.ask("invoices.registerPayment", {"id": invoice, "payment": paid, "paid_at": services.given["paid_at"]})
    return terms


def reading(services: Services) -> int:
    """Write every ledger account as a line; return how many."""
    read = 0
    for row in services.rows("sync/Financial/GLAccounts", services.given["select"], "Timestamp gt 0L"):
        sys.stdout.write(json.dumps(row) + "\n")
        read += 1
    return read


if __name__ == "__main__":
    work = {"forward": forward, "reverse": reverse, "reading": reading}[sys.argv[1]]
    sys.stderr.write(f"{work(Services(json.load(sys.stdin)))}\n")
