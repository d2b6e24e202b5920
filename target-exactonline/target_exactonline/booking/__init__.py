"""The accounting rules: pure functions from the records of this target to what Exact gets, or to the reason why not.

Nothing here reads, writes or logs. `compose_entry` and `compose_account` give a plan or a `Rejection`.
"""

from target_exactonline.booking.account_index import AccountIndex, KnownAccount, Match
from target_exactonline.booking.compare import (
    compare,
    compare_adoptable,
    compare_identity,
    compare_rates,
    compare_similar,
    compare_totals,
)
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
from target_exactonline.booking.fingerprint import fingerprint, lines_digest
from target_exactonline.booking.master import MasterData
from target_exactonline.booking.periods import why_closed
from target_exactonline.booking.plan import EntryPlan, PlanLine
from target_exactonline.booking.references import is_same_number
from target_exactonline.booking.reversal import compose_reversal, why_not_reversed
from target_exactonline.booking.rules import Rules, SettingsError
from target_exactonline.booking.standing import OPEN_STATUS, any_touched, entry_in_exact, entry_of
from target_exactonline.booking.three_way import ThreeWay, three_way, with_ids
from target_exactonline.booking.vat import CustomerFacts

__all__ = [
    "CUSTOMER_STATUS",
    "OPEN_STATUS",
    "AccountIndex",
    "AccountPlan",
    "BankAccount",
    "Collection",
    "CustomerFacts",
    "EntryPlan",
    "KnownAccount",
    "MandatePlan",
    "MasterData",
    "Match",
    "PlanLine",
    "Rules",
    "SettingsError",
    "ThreeWay",
    "account_fingerprint",
    "any_touched",
    "check_collection",
    "compare",
    "compare_adoptable",
    "compare_identity",
    "compare_rates",
    "compare_similar",
    "compare_totals",
    "compose_account",
    "compose_entry",
    "compose_reversal",
    "customer_facts",
    "entry_in_exact",
    "entry_of",
    "fingerprint",
    "is_direct_debit",
    "is_same_number",
    "lines_digest",
    "own_reference",
    "three_way",
    "why_closed",
    "why_not_reversed",
    "with_ids",
]
