"""From an `accounts` record to a customer in Exact: what is sent, what is left out, and what we keep up to date."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stdnum import iban as iban_number

from customer_identity.identifiers import compact, vat_country, vat_number
from target_exactonline.booking.fingerprint import digest
from target_exactonline.booking.vat import CustomerFacts
from target_exactonline.reasons import Rejection
from target_exactonline.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from target_exactonline.booking.master import MasterData

CUSTOMER_STATUS = "C"
"""Accounts.Status of a customer; Exact books sales on no other (exact-online 5.2)."""

LIMITS = {"Name": 50, "AddressLine1": 100, "Postcode": 10, "City": 50, "Phone": 50, "Website": 100, "Email": 100}
"""Lengths on the safe side of what Exact takes; longer names and addresses are cut, longer other fields left out."""

_OWNED = (
    "id",
    "name",
    "is_person",
    "vat_number",
    "chamber_of_commerce",
    "email",
    "phone",
    "website",
    "language",
    "address",
    "iban",
    "bic",
)
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[A-Za-z]{2,}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class BankAccount:
    """A customer's bank account."""

    iban: str
    bic: str | None

    def body(self, account: str) -> dict[str, Any]:
        """Return the body to POST to crm/BankAccounts; `account` is the GUID of the customer."""
        body = {"Account": account, "BankAccount": self.iban, "BICCode": self.bic, "Main": True}
        return {name: value for name, value in body.items() if value is not None}


@dataclass(frozen=True)
class AccountPlan:
    """A customer as Exact will know it."""

    fields: Mapping[str, str]
    """Fields of crm/Accounts that Teamleader owns, those without a value left out."""
    bank_account: BankAccount | None = None
    warnings: tuple[str, ...] = ()
    """Sentences for the log, without personal data."""

    def body(self, own_reference: str) -> dict[str, Any]:
        """Return the body to POST to crm/Accounts; `own_reference` lets a lost store find the account again."""
        return {**self.fields, "Status": CUSTOMER_STATUS, "SearchCode": own_reference}

    def owned_fields(self) -> dict[str, Any]:
        """Return the fields to PUT on an account that exists: only ours, and never an empty one over a filled one.

        Code and SearchCode are the accountant's and never sent; a Status other than "C" is the caller's to mend.
        """
        return dict(self.fields)


def own_reference(source_id: str) -> str:
    """Return the SearchCode of an account made for a Teamleader customer: "TL" and 12 hexadecimal digits."""
    return "TL" + hashlib.sha256(source_id.encode()).hexdigest()[:12].upper()


def account_fingerprint(record: Mapping[str, Any]) -> str:
    """Return a hash of the fields of an `accounts` record that we keep up to date; not `updated_at` or `active`."""
    return digest({name: record.get(name) for name in _OWNED})


def customer_facts(record: Mapping[str, Any], master: MasterData) -> CustomerFacts:
    """Return what the VAT of a document depends on, from the `accounts` record of its customer."""
    country = _country(record)
    number = None if record.get("is_person") else vat_number(record.get("vat_number"), country or master.country)
    return CustomerFacts(country or (vat_country(number) if number else None), number)


def compose_account(record: Mapping[str, Any], master: MasterData) -> AccountPlan | Rejection:
    """Compose the customer; optional fields that Exact would refuse are left out with a warning (rule 23).

    Args:
        record: a record of the stream `accounts`, valid by its schema.
        master: the administration's master data; its country counts where the record names none.
    """
    name = one_line(record.get("name")) or one_line(f"{record.get('first_name') or ''} {record.get('last_name') or ''}")
    if not name:
        return Rejection.of("customer_refused", "The customer has no name, which Exact demands")
    warnings: list[str] = []
    address = record.get("address") or {}
    facts = customer_facts(record, master)
    if record.get("vat_number") and facts.vat_number is None:
        why = "belongs to a private person" if record.get("is_person") else "is not valid"
        warnings.append(f"the VAT number {why} and is left out")
    if address.get("country") and not _country(record):
        warnings.append("the country is not an ISO code of two letters and is left out")
    fields = {
        "Name": _shortened("Name", name, warnings),
        "VATNumber": facts.vat_number,
        "ChamberOfCommerce": None if record.get("is_person") else one_line(record.get("chamber_of_commerce"))[:20],
        "Email": _email(record.get("email"), warnings),
        "Phone": _fitting("Phone", record.get("phone"), warnings),
        "Website": _fitting("Website", record.get("website"), warnings),
        "Language": _language(record.get("language"), warnings),
        "AddressLine1": _shortened("AddressLine1", one_line(address.get("line1")), warnings),
        "Postcode": _fitting("Postcode", address.get("postcode"), warnings),
        "City": _shortened("City", one_line(address.get("city")), warnings),
        "Country": facts.country,
    }
    return AccountPlan(
        fields={field: value for field, value in fields.items() if value},
        bank_account=_bank_account(record, warnings),
        warnings=tuple(warnings),
    )


def _country(record: Mapping[str, Any]) -> str | None:
    code = one_line((record.get("address") or {}).get("country")).upper()
    return code if _COUNTRY.fullmatch(code) else None


def _shortened(field: str, text: str, warnings: list[str]) -> str:
    if len(text) > LIMITS[field]:
        warnings.append(f"{field} is longer than {LIMITS[field]} characters and is shortened")
    return cut(text, LIMITS[field])


def _fitting(field: str, text: str | None, warnings: list[str]) -> str | None:
    plain = one_line(text)
    if len(plain) > LIMITS[field]:
        warnings.append(f"{field} is longer than {LIMITS[field]} characters and is left out")
        return None
    return plain or None


def _email(text: str | None, warnings: list[str]) -> str | None:
    """Return the first valid address; Exact refuses the whole account over an invalid one (exact-online 5.7)."""
    addresses = [part for part in re.split(r"[\s,;]+", text or "") if part]
    valid = [part for part in addresses if _EMAIL.fullmatch(part) and len(part) <= LIMITS["Email"]]
    if addresses and not valid:
        warnings.append("the e-mail address is not valid and is left out")
    return valid[0] if valid else None


def _language(text: str | None, warnings: list[str]) -> str | None:
    code = one_line(text).split("-")[0].split("_")[0].upper()
    if code and not _COUNTRY.fullmatch(code):
        warnings.append("the language is not an ISO code of two letters and is left out")
        return None
    return code or None


def _bank_account(record: Mapping[str, Any], warnings: list[str]) -> BankAccount | None:
    number = compact(record.get("iban"))
    if not number:
        return None
    if not iban_number.is_valid(number):
        warnings.append("the IBAN is not valid and is left out")
        return None
    return BankAccount(number, compact(record.get("bic")) or None)
