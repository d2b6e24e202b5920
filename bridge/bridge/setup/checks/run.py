"""All checks over one reading of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.setup.checks import custom_fields, journals, ledger, machine, sides, terms, vat

if TYPE_CHECKING:
    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts


def findings(facts: Facts) -> list[Finding]:
    """Return all that is wrong, each thing once."""
    checks = (sides, journals, vat, ledger, terms, custom_fields, machine)
    return list(dict.fromkeys(finding for each in checks for finding in each.check(facts)))
