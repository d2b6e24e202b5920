"""Which of our reasons a business refusal of Exact stands for, from its text.

Texts follow the language of the user that logged in (exact-online 3.36), so they are matched loosely in Dutch, English,
French and German. The first meaning that any line of the refusal has counts; unknown texts are passed on as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from target_exactonline.reasons.catalogue import CATALOGUE
from target_exactonline.reasons.rejection import Rejection
from target_exactonline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCKED = r"geblokkeerd|blocked|bloqu[ée]|gesperrt"
_CLOSED = r"afgesloten|gesloten|closed|cl[ôo]tur|ferm[ée]e|geschlossen"
_MANDATORY = r"verplicht|mandatory|obligatoire|pflichtfeld"
_LEDGER = r"grootboek|g/l.?account|compte g[ée]n[ée]ral|sachkonto"
_VAT = r"\bbtw\b|\bvat\b|\btva\b|\bmwst\b"
_CUSTOMER = r"\bklant|\brelatie|\bcustomer|\baccount\b|\brelationship|\bclient|\bkunde"
_CONDITION = r"betalingsconditie|payment condition|condition de paiement|zahlungsbedingung"
_NUMBER = r"boekstuknummer|entry number|num[ée]ro d.[ée]criture|buchungsnummer"


def _both(one: str, other: str) -> str:
    """Match a line with both, in any order."""
    return rf"(?=.*(?:{one}))(?=.*(?:{other}))"


_MEANINGS: tuple[tuple[str, str], ...] = (
    (_both(_CLOSED, r"periode?\b|p[ée]riode|boekjaar|financial year"), "period_closed"),
    (r"(unknown|onbekend|inconnu|unbekannt).*(financial year|boekjaar|exercice|gesch[äa]ftsjahr)", "period_missing"),
    (_both(_NUMBER, r"in gebruik|already exists|in use|bestaat|utilis"), "entry_number_taken"),
    (r"klantenrekening .*verkoopdagboek|receivables account .*sales journal", "customer_refused"),
    (r"te lang|too long|trop long|zu lang", "text_too_long"),
    (_both(_BLOCKED, _LEDGER), "gl_account_blocked"),
    (_both(r"referentie|reference|r[ée]f[ée]rence", _LEDGER), "gl_account_unknown"),
    (_LEDGER, "gl_account_not_revenue"),
    (_both(_BLOCKED, _VAT), "vat_code_blocked"),
    (_both(r"percentage|pourcentage|prozent", _VAT), "vat_percentage_differs"),
    (_both(r"referentie|reference|r[ée]f[ée]rence", rf"(?:{_VAT}).?code|code tva"), "vat_code_missing"),
    (rf"(?:{_VAT}).?code|code tva|btw.?bedrag|vat amount", "vat_code_type"),
    (_both(r"dagboek|\bjournals?\b|\bdiary\b", r"\(type\)"), "journal_not_sales"),
    (_both(_BLOCKED, r"dagboek|\bjournals?\b|\bdiary\b"), "journal_blocked"),
    (r"(dagboek|\bjournals?|\bdiary)$", "journal_missing"),
    (_both(_MANDATORY, _CONDITION), "payment_condition_missing"),
    (_CONDITION, "payment_condition_unknown"),
    (_both(r"niet toegestaan|not allowed", r"valuta|currency|wisselkoers|exchange rate"), "currency_not_allowed"),
    (r"valuta|currency|devise|w[äa]hrung|wisselkoers|exchange rate", "currency_unknown"),
    (r"kostenplaats|kostendrager|cost.?cent(er|re)|cost.?unit", "cost_center_unknown"),
    (r"mandaat|mandate|\bmandat\b", "mandate_missing"),
    (_both(_BLOCKED, _CUSTOMER), "customer_blocked"),
    (_CUSTOMER, "customer_refused"),
    (r"e-?mail|btw-nummer|vat number|\bland\b|country|postcode|\btaal\b|language", "customer_refused"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), code) for pattern, code in _MEANINGS)
_CLOSED_PERIOD = re.compile(rf"(?:{_CLOSED})\D{{0,20}}(\d{{4}})\s*[-/]\s*(\d{{1,2}})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def explain(messages: Sequence[str], **facts: Any) -> Rejection:  # noqa: ANN401
    """Turn the messages of a refusal into a rejection; the code is refused_by_exact when no text is recognised.

    `facts` fill the hint of the catalogue (date, journal, currency, condition …); the hint is the general one when
    those that it needs are not given. E-mail addresses are taken out of the text.
    """
    lines = [one_line(_ADDRESS.sub("…", line)) for message in messages for line in message.splitlines()]
    lines = [line.rstrip(" .") for line in lines if line] or ["no message"]
    code = next(
        (code for pattern, code in _PATTERNS if any(pattern.search(line) for line in lines)), "refused_by_exact"
    )
    reason = f"Exact refuses it: {' · '.join(dict.fromkeys(lines))}"
    try:
        refusal = Rejection.of(code, reason, **facts)
    except KeyError:
        refusal = Rejection(code, reason, CATALOGUE["refused_by_exact"].hint)
    return replace(refusal, is_refusal=True)


def closed_period(messages: Sequence[str]) -> tuple[int, int] | None:
    """Return (year, period) when a refusal names the closed period, as "Periode is afgesloten: 2024-03" does."""
    found = _CLOSED_PERIOD.search(" ".join(messages))
    return (int(found[1]), int(found[2])) if found else None
