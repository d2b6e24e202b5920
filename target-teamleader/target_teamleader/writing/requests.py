"""One payment on its way to Teamleader, and what a refusal or an answer that did not come means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.exact_entry import money
from target_teamleader.rules.ownership import moment_of
from teamleader_api import NotFound

if TYPE_CHECKING:
    from connector_store import Paid
    from target_teamleader.administration import Administration
    from teamleader_api import RecordRefused


def send(administration: Administration, invoice_id: str, currency: str, paid: Paid) -> None:
    """Add one payment to an invoice, at noon of its day unless it has a moment of its own.

    Raises:
        RecordRefused, OutcomeUnknown, TryLater, StopRun: as `TeamleaderClient.call`.
    """
    body: dict[str, Any] = {
        "id": invoice_id,
        "payment": {"amount": money(paid.amount), "currency": currency},
        "paid_at": moment_of(paid.paid_at),
    }
    method = administration.settings.methods.of(paid.how) if paid.how else None
    if method is not None:
        body["payment_method_id"] = method
    administration.client.call("invoices.registerPayment", body)


def refusal(error: RecordRefused) -> Rejection:
    """Translate what Teamleader says of one invoice."""
    if isinstance(error, NotFound):
        return invoice_missing()
    return Rejection.of("payment_refused", str(error))


def invoice_missing() -> Rejection:
    """Say that the invoice is gone."""
    return Rejection.of("invoice_missing", "Teamleader has no invoice of that id any more")


def unknown() -> Rejection:
    """Say that nothing is known of what was sent."""
    return Rejection.of("outcome_unknown", "Teamleader gave no answer to the payment that was sent")


def awaited() -> Rejection:
    """Say that Teamleader may still be at what was sent."""
    return Rejection.of("outcome_awaited", "What was sent to Teamleader got no answer, and does not show there yet")
