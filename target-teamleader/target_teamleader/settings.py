"""Every setting of the plugin: its type, what it is for, and an example."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from singer_shell.settings import address, connection, flag, lock_timeout, text

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
        "entry is not linked. Set it when departments number their invoices alike.",
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
)

RUNNING = (
    flag(
        "dry_run",
        "Dry run",
        "Say what would be registered; write nothing to Teamleader, keep nothing and pass on no state.",
    ),
    lock_timeout("registering payments of"),
)

SCHEMA: dict[str, Any] = th.PropertiesList(*CONNECTION, *PAYMENTS, *RUNNING).to_dict()
