"""Every setting of the plugin: its type, what it is for, and an example."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from singer_shell.settings import address, connection, flag, lock_timeout, text
from target_teamleader.rules.customer_fields import NAME, NUMBER, OWNED

KEEP, REMOVE = "keep", "remove"


API_URL = address("api_url", "Address of the API", "Where Teamleader answers.", "https://api.focus.teamleader.eu")
AUTH_URL = address("auth_url", "Address of the login", "Where Teamleader issues tokens.", "https://focus.teamleader.eu")

CONNECTION = (
    *connection(
        "your integration in Teamleader's Marketplace",
        API_URL,
        "tokens, registered payments, rejects, and the links of target-exactonline that tell which invoice an entry "
        "belongs to",
    ),
    AUTH_URL,
)

PAYMENTS = (
    th.Property(
        "division",
        th.IntegerType,
        title="Administration",
        description="Number of the administration in Exact whose payments are registered; those of others are passed "
        "over. Without it payments of every administration are taken, and work that an earlier run left undone "
        "waits until a record of its administration comes.",
    ),
    text(
        "department_id",
        "Department",
        "Id of the Teamleader department (company entity) in which an invoice is looked for by its number, when an "
        "entry is not linked. Set it when departments number their invoices alike. Payments of invoices that another "
        "coupling booked, of another department, are left to its own settings.",
    ),
    text(
        "payment_method_id",
        "Payment method",
        "Id of the payment method in Teamleader for money that came in. Without it none is named.",
    ),
    text(
        "credit_note_payment_method_id",
        "Payment method of credit notes",
        "Id of the payment method for what a credit note settled, so that it does not look like money received.",
    ),
    text(
        "write_off_payment_method_id",
        "Payment method of written-off differences",
        "Id of the payment method for differences that were written off in Exact.",
    ),
    text(
        "on_unmatched",
        "Un-matched in Exact",
        "What to do when the accountant undoes a matching. keep: the invoice stays paid in Teamleader, and is "
        "reported; remove: what this target registered is taken back. Teamleader can only remove all payments of an "
        "invoice, so the others are registered again, without their payment method.",
        default=KEEP,
        allowed_values=[KEEP, REMOVE],
    ),
    flag(
        "register_payments",
        "Register payments",
        "Off: nothing is registered or taken back in Teamleader for what is settled in Exact, and no entry "
        "number is filled in. What was settled meanwhile comes, when it is on again, with a run with --full-refresh.",
        default=True,
    ),
    text(
        "entry_number_field",
        "Field for the entry number of invoices",
        "Id of the custom field of invoices in Teamleader that holds the number of the entry in Exact. It is filled "
        "when the receivable of the entry is read; a run with --full-refresh fills it for what is booked already. "
        "Without it the number is not kept there.",
    ),
)

CUSTOMERS = (
    th.Property(
        "statuses",
        th.ArrayType(th.StringType(allowed_values=["C", "P", "S", "A"])),
        default=["C"],
        title="Customers to import",
        description="Which accounts of Exact become customers in Teamleader: C customers, P prospects, S suspects, A "
        "those of no status.",
    ),
    text(
        "import_tag",
        "Tag of imported customers",
        "Tag that every customer gets that is created in Teamleader. Empty: none.",
        default="Exact Online Import",
    ),
    text(
        "company_number_field",
        "Field for the customer number of companies",
        "Id of the custom field of companies in Teamleader that holds the customer number in Exact. Without it the "
        "number is not kept there.",
    ),
    text(
        "contact_number_field",
        "Field for the customer number of contacts",
        "Id of the custom field of contacts in Teamleader that holds the customer number in Exact.",
    ),
    th.Property(
        "customer_fields",
        th.ObjectType(
            *(
                th.Property(name, th.StringType(allowed_values=["always", "empty", "never"]))
                for name in (NUMBER, NAME, *OWNED)
            )
        ),
        title="What may be written of a customer",
        description="When a part of a customer that stands in Teamleader is written: empty, only where nothing stands "
        "there; always, also over what stands there when Exact is newer; never. Parts: number, name, vat_number, "
        "company_number, address, email, phone, website, language. What is not named: number always, all else empty.",
    ),
)

RUNNING = (
    flag(
        "dry_run",
        "Dry run",
        "Say what would be registered; write nothing to Teamleader, keep nothing and pass on no state.",
    ),
    lock_timeout("writing to Teamleader for"),
)

SCHEMA: dict[str, Any] = th.PropertiesList(*CONNECTION, *PAYMENTS, *CUSTOMERS, *RUNNING).to_dict()
