"""VAT codes by rate, kind and country (accounting rules 10 to 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.setup.checks.vat import code_of, unfit
from bridge.setup.suggestions.proposal import decide
from bridge.setup.suggestions.vat_words import country_of, is_of_services, kind_of
from exactonline_api.setting_keys import canonical_rate, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.setup.department import TaxRate
    from bridge.setup.facts import Facts
    from bridge.setup.suggestions.proposal import Open, Proposed
    from exactonline_api.master_data import VatCode


def suggest(facts: Facts) -> Iterator[Proposed | Open]:
    """Yield a VAT code for every tax rate of the department, or that it is open."""
    codes = facts.administration.vat_codes
    if codes is None:
        return
    mapping = {canonical_rate(name): code for name, code in facts.codes("vat_codes").items()}
    usable = {rate.id: _usable(rate, codes, facts) for rate in facts.department.tax_rates or ()}
    for rate in facts.department.tax_rates or ():
        set_already = code_of(rate, _named(rate, mapping))
        kept = set_already if set_already in usable[rate.id] else None
        yield decide("vat_codes", rate.description, _fitting(rate, usable[rate.id]), kept=kept)


def _named(rate: TaxRate, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what is set for this very rate: a percentage alone says nothing of a rate with more to its name."""
    if canonical_rate(rate.description) == percent(rate.fraction):
        return dict(mapping)
    return {name: code for name, code in mapping.items() if name != percent(rate.fraction)}


def _usable(rate: TaxRate, codes: Mapping[str, VatCode], facts: Facts) -> dict[str, VatCode]:
    return {name: code for name, code in codes.items() if unfit(code, rate.fraction, facts.today) is None}


def _fitting(rate: TaxRate, codes: Mapping[str, VatCode]) -> dict[str, str]:
    """Return the codes that are of the rate's own kind, each with why."""
    kind = kind_of(rate.description)
    found = {}
    for name, code in codes.items():
        why = _why(kind, rate, code)
        if why is not None:
            found[name] = f"{why} ({code.description})" if code.description else why
    return found


def _why(kind: str, rate: TaxRate, code: VatCode) -> str | None:
    """Return why a usable code is of the kind of a rate, None when it is not."""
    shown = percent(rate.fraction)
    if kind == "?" or kind_of(code.description) == "?":
        return None
    if kind == "oss":
        country = country_of(rate.description)
        fits = country is not None and code.oss_country == country
        return f"the one-stop-shop code of {country} at {shown}" if fits else None
    if code.oss_country or (kind and rate.fraction):
        return None
    if kind == "intra-community":
        return _intra_community(rate, code)
    if code.eu_listing in {"L", "S", "T"} or kind_of(code.description) != kind:
        return None
    return f"the sales code for {kind} at {shown}" if kind else f"the sales code of {shown}, VAT excluded"


def _intra_community(rate: TaxRate, code: VatCode) -> str | None:
    if code.eu_listing not in {"L", "S"}:
        return None
    services = is_of_services(rate.description)
    if services is not None and services != (code.eu_listing == "S"):
        return None
    return "the intra-community code, which goes on the EU sales list"
