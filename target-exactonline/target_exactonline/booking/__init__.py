"""The accounting rules: pure functions from the records of this target to what Exact gets, or to the reason why not.

Nothing here reads, writes or logs. `compose_entry` and `compose_account` give a plan or a `Rejection`; `check_settings`
gives every problem of the settings at once, of which `stopping_problems` must end a run.
"""

from target_exactonline.booking.account_index import AccountIndex, KnownAccount, Match
from target_exactonline.booking.catalogue import CATALOGUE
from target_exactonline.booking.compare import Difference, compare, compare_identity, compare_totals
from target_exactonline.booking.customers import (
    CUSTOMER_STATUS,
    AccountPlan,
    BankAccount,
    account_fingerprint,
    compose_account,
    customer_facts,
    own_reference,
)
from target_exactonline.booking.direct_debit import Collection, MandatePlan, check_collection, is_direct_debit
from target_exactonline.booking.entry import compose_entry
from target_exactonline.booking.fingerprint import fingerprint
from target_exactonline.booking.master import (
    GLAccount,
    Journal,
    MasterData,
    PaymentCondition,
    VatCode,
)
from target_exactonline.booking.periods import Period, PeriodTable
from target_exactonline.booking.plan import EntryPlan, PlanLine
from target_exactonline.booking.refusals import closed_period, explain
from target_exactonline.booking.rejection import FieldDifference, Rejection
from target_exactonline.booking.rules import Rules, SettingsError
from target_exactonline.booking.settings_check import check_settings, stopping_problems
from target_exactonline.booking.vat import CustomerFacts

__all__ = [
    "CATALOGUE",
    "CUSTOMER_STATUS",
    "AccountIndex",
    "AccountPlan",
    "BankAccount",
    "Collection",
    "CustomerFacts",
    "Difference",
    "EntryPlan",
    "FieldDifference",
    "GLAccount",
    "Journal",
    "KnownAccount",
    "MandatePlan",
    "MasterData",
    "Match",
    "PaymentCondition",
    "Period",
    "PeriodTable",
    "PlanLine",
    "Rejection",
    "Rules",
    "SettingsError",
    "VatCode",
    "account_fingerprint",
    "check_collection",
    "check_settings",
    "closed_period",
    "compare",
    "compare_identity",
    "compare_totals",
    "compose_account",
    "compose_entry",
    "customer_facts",
    "explain",
    "fingerprint",
    "is_direct_debit",
    "own_reference",
    "stopping_problems",
]
