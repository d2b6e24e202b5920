"""Finding the account of a customer among those that Exact holds, without ever guessing (accounting rule 22)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_identity.traits import Likeness, Traits
from exactonline_api.accounts import traits as account_traits
from target_exactonline.booking.customers import CUSTOMER_STATUS, customer_facts, own_reference
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
    traits: Traits
    is_customer: bool
    """Its Status is "C"; another one has to become a customer before sales are booked on it."""
    blocked: bool


@dataclass(frozen=True)
class Match:
    """The outcome of looking for a customer: no account, one, or several that fit equally."""

    how: str
    """"nothing", or what agreed: "own reference", "VAT number", "chamber of commerce", "name"."""
    candidates: tuple[KnownAccount, ...] = ()
    doubt: str | None = None
    """What speaks against the candidates, though nothing else fits."""

    @property
    def account(self) -> KnownAccount | None:
        """The one account that fits."""
        return self.candidates[0] if len(self.candidates) == 1 and self.doubt is None else None

    @property
    def conflict(self) -> Rejection | None:
        """Why the customer cannot be matched, when more than one account fits, or something speaks against it."""
        codes = ", ".join(sorted(each.code or each.id for each in self.candidates))
        if self.doubt is not None:
            return Rejection.of("customer_ambiguous", f"Account {codes} in Exact fits by {self.how}, but {self.doubt}")
        if len(self.candidates) < 2:  # noqa: PLR2004
            return None
        return Rejection.of("customer_conflict", f"Accounts {codes} in Exact all fit the customer by {self.how}")


class AccountIndex:
    """The accounts of an administration by everything they can be found by.

    Built from rows with ID, Code, Name, SearchCode, VATNumber, ChamberOfCommerce, Email, AddressLine1, Postcode,
    Country, Status and Blocked; of rows with the same ID the last one counts.
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
        traits = account_traits(row, self._master.country)
        self._accounts[account] = KnownAccount(
            id=account,
            code=one_line(row.get("Code")),
            traits=traits,
            is_customer=one_line(row.get("Status")) == CUSTOMER_STATUS,
            blocked=bool(row.get("Blocked")),
        )
        keys = {
            ("own reference", one_line(row.get("SearchCode")).upper()),
            ("VAT number", traits.vat_number),
            ("chamber of commerce", f"{country} {traits.chamber}" if traits.chamber else ""),
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
        of these that any account has decides. An account that was made for another customer of the source is never
        taken, nor one of the same name that a fact contradicts: of these the result tells the doubt.
        """
        facts = customer_facts(record, self._master)
        country = facts.country or self._master.country
        mark = own_reference(str(record["id"]))
        traits = _traits_of_record(record, country, facts.vat_number, mark)
        steps = [
            {("own reference", mark)},
            {("VAT number", traits.vat_number)},
            {("chamber of commerce", f"{country} {traits.chamber}" if traits.chamber else "")},
            _name_keys(record.get("name"), record.get("email"), (record.get("address") or {}).get("postcode")),
        ]
        for keys in steps:
            found = {account for key in keys if key[1] for account in self._found.get(key, ())}
            how = next((key[0] for key in keys), "nothing")
            candidates = [self._accounts[account] for account in sorted(found)]
            if how == "name":
                candidates = [each for each in candidates if traits.likeness(each.traits) is not Likeness.OTHER]
            if candidates:
                return _judged(how, candidates, traits)
        return Match("nothing")


def _judged(how: str, candidates: list[KnownAccount], traits: Traits) -> Match:
    """Prefer what nothing speaks against; tell what does when that is nothing."""
    free = [each for each in candidates if each.traits.mark in {"", traits.mark}]
    if not free:
        return Match(how, tuple(candidates), "it was made for another customer of the source")
    if how != "name":
        return Match(how, tuple(free))
    same = [each for each in free if traits.likeness(each.traits) is Likeness.SAME]
    if not same:
        return Match(how, tuple(free), "its e-mail address or address is another one")
    return Match(how, tuple(same))


def _traits_of_record(record: Mapping[str, Any], country: str, number: str | None, mark: str) -> Traits:
    """Read a record of `accounts`, whose valid VAT number and mark are known."""
    address = record.get("address") or {}
    return Traits.of(
        vat_number=number,
        chamber=None if record.get("is_person") else record.get("chamber_of_commerce"),
        country=country,
        email=record.get("email"),
        street=address.get("line1"),
        postcode=address.get("postcode"),
        mark=mark,
    )


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
