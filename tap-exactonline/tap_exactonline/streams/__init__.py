"""The streams, in the order in which they are read: what others refer to comes first, what was deleted last.

Contacts come before accounts, because they tell which accounts are private persons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tap_exactonline.streams.changed import (
    Contacts,
    FinancialPeriods,
    Journals,
    PaymentConditions,
    SalesEntries,
    VatCodes,
)
from tap_exactonline.streams.receivables import Receivables
from tap_exactonline.streams.versioned import Accounts, Deleted, GLAccounts

if TYPE_CHECKING:
    from tap_exactonline.streams.base import ExactStream

STREAMS: Final[tuple[type[ExactStream], ...]] = (
    GLAccounts,
    Journals,
    VatCodes,
    PaymentConditions,
    FinancialPeriods,
    Contacts,
    Accounts,
    SalesEntries,
    Receivables,
    Deleted,
)
