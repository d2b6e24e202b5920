"""What Exact would refuse an entry for that nobody sends: a dry run tells it as the run after it would."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from target_exactonline.administration import Administration
    from target_exactonline.booking import EntryPlan


class Foreseen:
    """Looks at what an entry leaves to the customer's own settings in Exact."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration

    def refusal(self, plan: EntryPlan, customer: str) -> Rejection | None:
        """Return what Exact would answer to an entry.

        A payment condition that neither we nor the customer's account name is refused (exact-online 6.10), unless the
        company has one of its own, which no endpoint shows: none is counted on.

        Args:
            plan: The entry.
            customer: GUID of its account, or a stand-in for one that a run would make.
        """
        if plan.payment_condition is not None or customer in self._with_a_condition:
            return None
        reason = "Neither the settings nor the customer in Exact name a payment condition"
        return Rejection.of("payment_condition_missing", reason)

    @cached_property
    def _with_a_condition(self) -> frozenset[str]:
        """The accounts that have a payment condition of their own: a call per 1,000 accounts."""
        fields = ("ID", "PaymentConditionSales", "Timestamp")
        rows = self._administration.client.rows("sync/CRM/Accounts", select=fields, filter="Timestamp gt 1L")
        found = {str(row["ID"]): bool(str(row.get("PaymentConditionSales") or "").strip()) for row in rows}
        return frozenset(account for account, has_one in found.items() if has_one)
