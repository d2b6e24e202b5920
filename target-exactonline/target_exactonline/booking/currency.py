"""The currency and exchange rate of an entry, within what its journal allows (exact-online 6.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exactonline_api.master_data import Journal
    from target_exactonline.booking.master import MasterData


def resolve_rate(
    document: Mapping[str, Any], journal: Journal, master: MasterData
) -> tuple[str, Decimal | None, list[str]]:
    """Return currency, rate to send (None leaves it to Exact) and warnings.

    The rate is in units of the administration's currency per 1 of the document's, on both sides.

    Raises:
        Rejected: currency_not_allowed.
    """
    currency: str = document["currency"]
    if not journal.any_currency and currency != (journal.currency or master.currency):
        raise refuse(
            "currency_not_allowed",
            f"Journal {journal.code} takes {journal.currency or master.currency} only, the document is in {currency}",
            journal=journal.code,
            currency=currency,
        )
    if currency == master.currency:
        return currency, None, []
    rate = document.get("exchange_rate")
    if not rate:
        return currency, None, [f"the document has no exchange rate for {currency}; Exact takes its own"]
    if not journal.own_rate:
        return (
            currency,
            None,
            [f"journal {journal.code} allows no own exchange rate; Exact takes its own for {currency}"],
        )
    return currency, Decimal(rate), []
