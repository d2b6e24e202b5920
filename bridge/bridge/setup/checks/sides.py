"""Logins, rights, clock, and whether the two companies are one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bridge.setup.administration import SCOPES
from bridge.setup.checks.catalogue import found
from bridge.setup.countries import HOSTS
from customer_identity.identifiers import vat_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

TOLERATED: Final = timedelta(minutes=2)
"""So far a clock may be off: what was sent when is judged to the minute."""


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong."""
    yield from _exact(facts)
    yield from _teamleader(facts)
    yield from _companies(facts)


def _exact(facts: Facts) -> Iterator[Finding]:
    administration = facts.administration
    if administration.trouble is not None:
        code = "exact_login_lost" if administration.login_lost else "exact_unreachable"
        yield found(code, "Exact Online", administration.trouble)
        return
    scopes: dict[str, list[str]] = {}
    for path in administration.denied:
        scopes.setdefault(SCOPES.get(path, path), []).append(path)
    for scope, paths in scopes.items():
        yield found("exact_right_missing", scope, f"The login to Exact may not use {', '.join(paths)}")
    if administration.clock is not None and abs(administration.clock - facts.now) > TOLERATED:
        minutes = round(abs(administration.clock - facts.now) / timedelta(minutes=1))
        yield found("clock_wrong", "clock", f"The clock of this machine is {minutes} minutes off that of Exact")
    if administration.row is None:
        if not administration.denied:
            number = str(administration.division)
            yield found(
                "administration_unknown", number, f"The login has no access to administration {number} of Exact"
            )
        return
    if administration.row.get("BlockingStatus"):
        number = str(administration.division)
        yield found("administration_blocked", number, f"Exact has blocked administration {number} for maintenance")
    host = (urlsplit(administration.api_url).hostname or "").lower()
    wanted = HOSTS.get(administration.country)
    if host in HOSTS.values() and wanted is not None and host != wanted:
        message = f"The administration is in {administration.country}, whose host is {wanted}, but api_url is {host}"
        yield found("host_of_other_country", "api_url", message)


def _teamleader(facts: Facts) -> Iterator[Finding]:
    department = facts.department
    if department.trouble is not None:
        code = "teamleader_login_lost" if department.login_lost else "teamleader_unreachable"
        yield found(code, "Teamleader", department.trouble)
        return
    for action in department.denied:
        resource = action.partition(".")[0]
        yield found("teamleader_right_missing", resource, f"The login to Teamleader may not use {action}")
    if department.row is None and "departments.list" not in department.denied:
        chosen = facts.tap.get("department_id")
        names = f"there are {len(department.departments)} departments, and department_id of tap-teamleader names none"
        message = f"Teamleader has no department {chosen}" if chosen else f"Nothing tells which is coupled: {names}"
        yield found("department_unknown", "department_id", message)


def _companies(facts: Facts) -> Iterator[Finding]:
    administration, department = facts.administration, facts.department
    if administration.row is None or department.row is None:
        return
    country = administration.country or None
    own = vat_number(administration.row.get("VATNumber"), country)
    issuer = vat_number(department.row.get("vat_number"), country)
    for side, number in (("Exact's administration", own), ("Teamleader's department", issuer)):
        if number is None:
            yield found(
                "vat_number_missing", side, f"{side} has no valid VAT number, so that the two cannot be compared"
            )
    if own and issuer and own != issuer:
        message = "The department and the administration have different VAT numbers: they are two companies"
        yield found("company_differs", str(administration.division), message)
    theirs, ours = str(department.row.get("currency") or administration.currency), administration.currency
    if theirs != ours:
        message = f"The department keeps its books in {theirs}, the administration in {ours}"
        yield found("currency_of_company_differs", str(administration.division), message)
