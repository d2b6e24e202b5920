"""An administration that is open for work: all that a writer needs, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector_store import CustomerType
from target_teamleader.rules.customer_fields import CustomerSettings, Ownership
from target_teamleader.settings import KEEP, REMOVE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector_store import DivisionStore, ImportedCustomers, Links, RegisteredPayments, Rejects
    from singer_shell.stop import Interruption
    from target_teamleader.customer_search import CustomerSearch
    from target_teamleader.invoice_search import InvoiceSearch
    from target_teamleader.outcomes import CustomerOutcomes, PaymentOutcomes
    from teamleader_api import TeamleaderClient


@dataclass(frozen=True)
class Methods:
    """Ids of Teamleader's payment methods; what is not set is not named."""

    money: str | None = None
    credit_note: str | None = None
    write_off: str | None = None

    def of(self, how: str | None) -> str | None:
        """Return the method of what settled an invoice; of several ways, and of unknown ones, that of money."""
        return {"credit_note": self.credit_note, "write_off": self.write_off}.get(str(how), self.money)


@dataclass(frozen=True)
class Settings:
    """The settings that decide what is registered."""

    registers: bool = True
    """Whether payments are registered at all."""
    remove: bool = False
    """Take back what was registered when a matching is undone in Exact."""
    methods: Methods = field(default_factory=Methods)
    dry_run: bool = False
    customers: CustomerSettings = field(default_factory=CustomerSettings)
    department_id: str | None = None
    """The one department whose payments are registered with these settings, as far as it is known of an invoice."""
    entry_number_field: str | None = None
    """Id of the custom field of invoices that holds the number of the entry."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Read them from the plugin's configuration."""
        methods = Methods(
            money=config.get("payment_method_id") or None,
            credit_note=config.get("credit_note_payment_method_id") or None,
            write_off=config.get("write_off_payment_method_id") or None,
        )
        customers = CustomerSettings(
            statuses=frozenset(config.get("statuses") or ["C"]),
            tag=config.get("import_tag") or None,
            number_fields={
                type_: config[name]
                for type_, name in (
                    (CustomerType.COMPANY, "company_number_field"),
                    (CustomerType.CONTACT, "contact_number_field"),
                )
                if config.get(name)
            },
            ownership={name: Ownership(each) for name, each in (config.get("customer_fields") or {}).items()},
        )
        return cls(
            registers=config.get("register_payments") is not False,
            remove=(config.get("on_unmatched") or KEEP) == REMOVE,
            methods=methods,
            dry_run=bool(config.get("dry_run")),
            customers=customers,
            department_id=config.get("department_id") or None,
            entry_number_field=config.get("entry_number_field") or None,
        )


@dataclass(frozen=True)
class Administration:
    """One administration in one run.

    Attributes:
        doubtful_until: What the store holds of payments of before this moment may be of an older copy, None when it
            was never lost or restored.
    """

    store: DivisionStore
    client: TeamleaderClient
    invoices: InvoiceSearch
    outcomes: PaymentOutcomes
    customer_search: CustomerSearch
    customer_outcomes: CustomerOutcomes
    settings: Settings
    interruption: Interruption
    doubtful_until: datetime | None = None

    @property
    def links(self) -> Links:
        """Return what ties invoices to entries in Exact."""
        return self.store.links

    @property
    def customers(self) -> ImportedCustomers:
        """Return the customers of the books that stand in Teamleader."""
        return self.store.imported_customers

    @property
    def payments(self) -> RegisteredPayments:
        """Return what was registered, and what is being registered."""
        return self.store.registered_payments

    @property
    def rejects(self) -> Rejects:
        """Return what could not be registered."""
        return self.store.rejects
