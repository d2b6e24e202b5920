"""Finding the account of a customer among those that Exact holds, without ever guessing (accounting rule 22)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from target_exactonline.booking.customers import CUSTOMER_STATUS, customer_facts, own_reference
from target_exactonline.booking.identifiers import chamber_number, vat_number
from target_exactonline.reasons import Rejection
from target_exactonline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from target_exactonline.booking.master import MasterData


@dataclass(frozen=True)
class KnownAccount:
    """An account of Exact, as far as it matters to a match."""

    id: str
    code: str
    vat_number: str | None
    is_customer: bool
    """Its Status is "C"; another one has to become a customer before sales are booked on it."""
    blocked: bool


@dataclass(frozen=True)
class Match:
    """The outcome of looking for a customer: no account, one, or several that fit equally."""

    how: str
    """"nothing", or what agreed: "own reference", "VAT number", "chamber of commerce", "name"."""
    candidates: tuple[KnownAccount, ...] = ()

    @property
    def account(self) -> KnownAccount | None:
        """The one account that fits."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    @property
    def conflict(self) -> Rejection | None:
        """Why the customer cannot be matched, when more than one account fits."""
        if len(self.candidates) < 2:  # noqa: PLR2004
            return None
        codes = ", ".join(sorted(each.code or each.id for each in self.candidates))
        return Rejection.of("customer_conflict", f"Accounts {codes} in Exact all fit the customer by {self.how}")


class AccountIndex:
    """The accounts of an administration by everything they can be found by.

    Built from rows with ID, Code, Name, SearchCode, VATNumber, ChamberOfCommerce, Email, Postcode, Country, Status
    and Blocked; of rows with the same ID the last one counts.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], master: MasterData) -> None:
        self._master = master
        self._accounts: dict[str, KnownAccount] = {}
        self._keys: dict[str, set[tuple[str, str]]] = {}
        self._found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self._accounts)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add an account, or replace what was known of it."""
        account = str(row["ID"])
        for key in self._keys.pop(account, ()):
            self._found[key].discard(account)
        country = one_line(row.get("Country")).upper() or self._master.country
        number = vat_number(row.get("VATNumber"), country)
        self._accounts[account] = KnownAccount(
            id=account,
            code=one_line(row.get("Code")),
            vat_number=number,
            is_customer=one_line(row.get("Status")) == CUSTOMER_STATUS,
            blocked=bool(row.get("Blocked")),
        )
        chamber = chamber_number(row.get("ChamberOfCommerce"), country) if row.get("ChamberOfCommerce") else ""
        keys = {
            ("own reference", one_line(row.get("SearchCode")).upper()),
            ("VAT number", number or ""),
            ("chamber of commerce", f"{country} {chamber}" if chamber else ""),
            *_name_keys(row.get("Name"), row.get("Email"), row.get("Postcode")),
        }
        self._keys[account] = {key for key in keys if key[1]}
        for key in self._keys[account]:
            self._found[key].add(account)

    def get(self, account: str) -> KnownAccount | None:
        """Return the account with this GUID."""
        return self._accounts.get(account)

    def match(self, record: Mapping[str, Any]) -> Match:
        """Find the account of an `accounts` record.

        By own reference, VAT number, chamber of commerce, then exact name together with e-mail or postcode: the first
        of these that any account has decides.
        """
        facts = customer_facts(record, self._master)
        country = facts.country or self._master.country
        number = record.get("chamber_of_commerce")
        chamber = chamber_number(number, country) if number and not record.get("is_person") else ""
        steps = [
            {("own reference", own_reference(str(record["id"])))},
            {("VAT number", facts.vat_number or "")},
            {("chamber of commerce", f"{country} {chamber}" if chamber else "")},
            _name_keys(record.get("name"), record.get("email"), (record.get("address") or {}).get("postcode")),
        ]
        for keys in steps:
            found = {account for key in keys if key[1] for account in self._found.get(key, ())}
            how = next((key[0] for key in keys), "nothing")
            candidates = [self._accounts[account] for account in sorted(found)]
            if how == "name":
                candidates = [each for each in candidates if not _other_company(each, facts.vat_number)]
            if candidates:
                return Match(how, tuple(candidates))
        return Match("nothing")


def _other_company(account: KnownAccount, number: str | None) -> bool:
    """Tell whether two VAT numbers say that the same name belongs to different companies."""
    return number is not None and account.vat_number is not None and account.vat_number != number


def _name_keys(name: str | None, email: str | None, postcode: str | None) -> set[tuple[str, str]]:
    plain = one_line(name).casefold()
    if not plain:
        return set()
    keys = set()
    if one_line(email):
        keys.add(("name", f"{plain} {one_line(email).casefold()}"))
    if one_line(postcode):
        keys.add(("name", f"{plain} {''.join((postcode or '').split()).casefold()}"))
    return keys
