"""The switches that a set-up shows: each a setting of a plugin, with what follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_TAX_RATE: Final = "gl_accounts_by_tax_rate"


@dataclass(frozen=True)
class Switch:
    """A setting that is on or off."""

    plugin: str
    setting: str
    question: str
    consequence: str
    default: bool = False

    def is_on(self, settings: Mapping[str, Any]) -> bool:
        """Tell whether the settings of its plugin have it on."""
        value = settings.get(self.setting)
        return self.default if value is None else bool(value)


SWITCHES: Final = (
    Switch(
        "target-exactonline",
        "only_sent",
        "Book an invoice only when it was sent?",
        "If so, an invoice waits until it is sent from Teamleader; each run asks whether it was.",
    ),
    Switch(
        "target-exactonline",
        "book_credit_notes",
        "Book credit notes?",
        "If not, they are listed as left out; those stay so when it is switched on later, until you take them in.",
        default=True,
    ),
    Switch(
        "target-teamleader",
        "register_payments",
        "Set invoices to paid in Teamleader when they are settled in Exact?",
        "If not, they stay open in Teamleader until you register their payments there.",
        default=True,
    ),
    Switch(
        "target-exactonline",
        BY_TAX_RATE,
        "A ledger account per VAT rate, for lines without a ledger number?",
        "If not, such lines go to the default ledger account, or their document waits when there is none.",
    ),
)
