"""An administration of Exact, opened for work only when it is the right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_identity.identifiers import vat_number
from singer_shell.endings import RunEnded
from target_exactonline.master_cache import DIVISION
from target_exactonline.reasons.rests_on import rests_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules
    from target_exactonline.circuit_breaker import CircuitBreaker
    from target_exactonline.master_cache import MasterCache
    from target_exactonline.outcomes import Outcomes


@dataclass
class Administration:
    """Client, master data, settings and store of one run in one administration.

    `master` is what Exact said not long ago (see `MasterCache`), plus what its refusals taught since.
    """

    client: ExactClient
    master: MasterData
    cache: MasterCache
    rules: Rules
    store: DivisionStore
    outcomes: Outcomes
    breaker: CircuitBreaker
    interruption: Interruption
    dry_run: bool = False

    def learn_closed(self, day: date, named: tuple[int, int] | None = None) -> None:
        """Remember for a day that a period is closed: the (year, period) that Exact named, or else that of `day`."""
        period = self.master.periods.find(day)
        closed = named or ((period.year, period.number) if period else None)
        if closed is not None:
            self.store.closed_periods.learn(*closed)
            self.master = self.master.with_closed(closed)

    def look_again_for(self, code: str) -> bool:
        """Read afresh what a reason rests on, unless this run did; tell whether the document is worth another look.

        Not for a closed period: Exact's table does not say whether one is open.
        """
        if code == "period_closed" or not self.cache.renew(rests_on([code])):
            return False
        self.master = self.cache.master()
        return True


def refuse_other_company(cache: MasterCache, records: Collection[Mapping[str, Any]]) -> None:
    """End the run when a document was issued by another company than the administration belongs to.

    Args:
        cache: Has the row of the administration (Code, Country, VATNumber); it is read afresh before the run ends.
        records: Records of `sales_entries`; those without a valid `issuer_vat_number` pass.

    Raises:
        RunEnded: The VAT numbers differ. An administration without a valid one takes every document.
    """
    other = _other_company(cache.division(), records)
    if other is not None and cache.renew([DIVISION]):
        other = _other_company(cache.division(), records)
    if other is not None:
        raise RunEnded(other)


def refuse_other_department(rules: Rules, records: Iterable[Mapping[str, Any]]) -> None:
    """End the run when a document is of another department than the one that is booked with these rules.

    Records of `sales_entries` that name no department pass.

    Raises:
        RunEnded: The departments differ.
    """
    for record in records:
        if not is_of_department(rules, record):
            raise RunEnded(
                f"{record.get('number')} is of department {record['department']}, and these settings book department "
                f"{rules.department_id}: correct department_id of the tap or of the target. Nothing of it was written."
            )


def is_of_department(rules: Rules, record: Mapping[str, Any]) -> bool:
    """Tell whether a document is of the department that these rules book, as far as both name one."""
    return rules.department_id is None or str(record.get("department") or rules.department_id) == rules.department_id


def _other_company(division: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> str | None:
    country = division.get("Country")
    own = vat_number(division.get("VATNumber"), country)
    for record in records:
        issuer = vat_number(record.get("issuer_vat_number"), country)
        if own and issuer and issuer != own:
            return (
                f"{record.get('number')} was issued by the company with VAT number {issuer}, but administration "
                f"{division['Code']} belongs to {own}: correct the setting division, or the department at the source. "
                "Nothing of it was written."
            )
    return None
