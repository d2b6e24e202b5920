"""Which of our reasons a business refusal of Exact stands for, from its text in Dutch, English or French.

The texts follow the language of the user who logged in (exact-online 3.36), so they are matched loosely.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from target_exactonline.booking.catalogue import CATALOGUE
from target_exactonline.booking.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"periode is afgesloten|period is closed|période .*(clôturée|fermée)", "period_closed"),
    (r"unknown: financial year|onbekend: boekjaar|financial year .*not exist", "period_missing"),
    (r"(in gebruik|already exists|in use).*(boekstuknummer|entry number)", "entry_number_taken"),
    (
        r"(klant|customer|client).*\((type|status)\)|mandatory: (account|customer)|factuur voor \(type\)",
        "customer_refused",
    ),
    (r"(geblokkeerd|blocked|bloqué).*(relatie|klant|account|customer|client)", "customer_blocked"),
    (r"(relatie|klant|account|customer|client).*(geblokkeerd|blocked|bloqué)", "customer_blocked"),
    (r"klantenrekening .*verkoopdagboek", "customer_refused"),
    (r"(ongeldig|invalid|invalide): (e-mail|email|postcode|land|country|btw-nummer|vat number)", "customer_refused"),
    (r"grootboekrekening|g/l account|compte général", "gl_account_not_revenue"),
    (r"btw-percentage|vat percentage", "vat_percentage_differs"),
    (r"btw bedrag|vat amount", "vat_code_type"),
    (r"(referentie|reference).*(btw-code|vat[- ]code)", "vat_code_missing"),
    (r"btw-code|vat[- ]code|code tva", "vat_code_type"),
    (r"(verplicht|mandatory): (betalingsconditie|payment condition)", "payment_condition_missing"),
    (r"betalingsconditie|payment condition|condition de paiement", "payment_condition_unknown"),
    (r"(dagboek|journal|diary).*\(type\)", "journal_not_sales"),
    (r"dagboek|journals?\b|diary", "journal_missing"),
    (r"\bvaluta|currency|devise", "currency_unknown"),
    (r"mandaat|mandate|mandat\b", "mandate_missing"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), code) for pattern, code in _MEANINGS)
_CLOSED_PERIOD = re.compile(r"(?:afgesloten|closed|clôturée|fermée)\D{0,20}(\d{4})\s*[-/]\s*(\d{1,2})", re.IGNORECASE)
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+")


def explain(messages: Sequence[str]) -> Rejection:
    """Turn the messages of a refusal into a rejection; the code is refused_by_exact when no text is recognised."""
    text = _PERSONAL.sub("…", " · ".join(" ".join(each.split()) for each in messages)) or "no message"
    code = next((code for pattern, code in _PATTERNS if pattern.search(text)), "refused_by_exact")
    hint = CATALOGUE[code].hint
    if "{" in hint:
        hint = CATALOGUE["refused_by_exact"].hint
    return Rejection(code, f"Exact refuses it: {text}", hint)


def closed_period(messages: Sequence[str]) -> tuple[int, int] | None:
    """Return (year, period) when a refusal names the closed period, as "Periode is afgesloten: 2024-03" does."""
    found = _CLOSED_PERIOD.search(" ".join(messages))
    return (int(found[1]), int(found[2])) if found else None
