"""Every setting of the plugin: its type, what it is for, and an example."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from connector_store.project import DEFAULT_URI

KEEP, REMOVE = "keep", "remove"


def _text(name: str, title: str, description: str, **options: Any) -> th.Property[str]:  # noqa: ANN401
    return th.Property(name, th.StringType, title=title, description=description, **options)


CONNECTION = (
    _text(
        "client_id", "Client id", "Client id of your integration in Teamleader's Marketplace; the tap's.", required=True
    ),
    _text("client_secret", "Client secret", "Client secret of that integration.", required=True, secret=True),
    _text(
        "refresh_token",
        "First refresh token",
        "Refresh token of the first login; later ones live in the store. Needed again only after a new login.",
        secret=True,
    ),
    _text(
        "api_url",
        "Address of the API",
        "Where Teamleader answers. Plain http:// is accepted for this machine only.",
        default="https://api.focus.teamleader.eu",
    ),
    _text(
        "auth_url",
        "Address of the login",
        "Where Teamleader issues tokens. Plain http:// is accepted for this machine only.",
        default="https://focus.teamleader.eu",
    ),
    _text(
        "store_uri",
        "Connector store",
        "SQLAlchemy URI of the store with tokens, links, payments and rejects. It must be the store of "
        "target-exactonline: its links tell which invoice an entry belongs to.",
        secret=True,
        default=DEFAULT_URI,
    ),
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
    _text(
        "department_id",
        "Department",
        "Id of the Teamleader department (company entity) in which an invoice is looked for by its number, when an "
        "entry is not linked. Set it when departments number their invoices alike.",
    ),
    _text(
        "payment_method_id",
        "Payment method",
        "Id of the payment method in Teamleader for money that came in. Without it none is named.",
    ),
    _text(
        "credit_note_payment_method_id",
        "Payment method of credit notes",
        "Id of the payment method for what a credit note settled, so that it does not look like money received.",
    ),
    _text(
        "write_off_payment_method_id",
        "Payment method of written-off differences",
        "Id of the payment method for differences that were written off in Exact.",
    ),
    _text(
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
    th.Property(
        "dry_run",
        th.BooleanType,
        default=False,
        title="Dry run",
        description="Say what would be registered; write nothing to Teamleader, keep nothing and pass on no state.",
    ),
    th.Property(
        "lock_timeout",
        th.NumberType,
        default=30,
        title="Wait for another run",
        description="Seconds to wait when another run is registering payments of the same administration.",
    ),
)

SCHEMA: dict[str, Any] = th.PropertiesList(*CONNECTION, *PAYMENTS, *RUNNING).to_dict()
SECRETS = tuple(name for name, each in SCHEMA["properties"].items() if each.get("writeOnly") or each.get("secret"))
