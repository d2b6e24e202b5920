"""Ledger accounts by number and prefix, the one of discounts by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bridge.setup.checks.ledger import REVENUE, TURNOVER
from bridge.setup.suggestions.proposal import decide
from exactonline_api.master_data import REVENUE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.administration import LedgerAccount
    from bridge.setup.facts import Facts
    from bridge.setup.suggestions.proposal import Open, Proposed

_DISCOUNT: Final = re.compile(r"korting|remise|rabais|discount|rabatt", re.IGNORECASE)
_RECEIVED: Final = re.compile(r"verkregen|ontvangen|obtenu|received|erhalten", re.IGNORECASE)


def suggest(facts: Facts) -> Iterator[Proposed | Open]:
    """Yield accounts for the ledger numbers that Exact does not have, the default account and that of discounts."""
    accounts = facts.administration.gl_accounts
    if accounts is None:
        return
    usable = {code: each for code, each in accounts.items() if _takes_sales(each)}
    numbers = {number for number in (facts.department.categories or {}).values() if number is not None}
    kept = facts.codes("gl_accounts")
    for number in sorted(numbers):
        if number in kept and kept[number] in usable:
            yield decide("gl_accounts", number, {}, kept=kept[number])
        elif number not in usable:
            yield decide("gl_accounts", number, _alike(number, usable))
    yield decide("default_gl_account", None, _turnover(facts, usable), kept=_kept(facts, "default_gl_account", usable))
    discounts = {
        code: f"the account of discounts ({each.description})"
        for code, each in usable.items()
        if _DISCOUNT.search(each.description) and not _RECEIVED.search(each.description)
    }
    kept_discount = _kept(facts, "discount_gl_account", usable)
    if discounts or kept_discount:  # without one, discounts lower the lines
        yield decide("discount_gl_account", None, discounts, kept=kept_discount)


def _takes_sales(account: LedgerAccount) -> bool:
    return account.type in REVENUE_TYPES and not account.blocked


def _alike(number: str, usable: dict[str, LedgerAccount]) -> dict[str, str]:
    """Return the account that has the same number but for zeros at its end: 7000 is 700000."""
    plain = number.rstrip("0")
    return {
        code: f"the same number but for zeros at its end ({each.description})"
        for code, each in usable.items()
        if plain and code.rstrip("0") == plain
    }


def _turnover(facts: Facts, usable: dict[str, LedgerAccount]) -> dict[str, str]:
    first = TURNOVER.get(facts.administration.country, ("",))
    return {
        code: f"the only account of turnover ({each.description})"
        for code, each in usable.items()
        if each.type == REVENUE and code.startswith(first) and not _DISCOUNT.search(each.description)
    }


def _kept(facts: Facts, setting: str, usable: dict[str, LedgerAccount]) -> str | None:
    code = facts.text(setting)
    return code if code in usable else None
