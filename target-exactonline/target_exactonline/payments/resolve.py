"""Clears up doubt before payments are booked: which of those that an earlier run sent stand in Exact?

One that does not show is left as it is while Exact may still be at it; then it counts as not booked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from singer_shell.unknown_outcomes import resting_since
from target_exactonline.payments.amounts import PaymentEntry
from target_exactonline.payments.entries import accept
from target_exactonline.payments.search import lines_by_text

if TYPE_CHECKING:
    from connector_store import BookedPayment
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient

Row = dict[str, Any]


def resolve_unknown_payments(client: ExactClient, store: DivisionStore) -> list[BookedPayment]:
    """Resolve every payment of which an earlier run does not know whether it was booked; return those that were."""
    doubtful = store.booked_payments.under_way()
    if not doubtful:
        return []
    found: dict[str, list[Row]] = {}
    for journal in sorted({str(each.detail.journal) for each in doubtful}):
        texts = [str(each.detail.text) for each in doubtful if each.detail.journal == journal]
        found.update(lines_by_text(client, journal, texts))
    booked = []
    for each in doubtful:
        lines = found.get(str(each.detail.text))
        if not lines:
            _wait_or_withdraw(client, store, each)
        else:
            accept(store, each.source_id, PaymentEntry.from_lines(lines, str(each.detail.gl_account), each.amount))
            booked.append(each)
    return booked


def _wait_or_withdraw(client: ExactClient, store: DivisionStore, payment: BookedPayment) -> None:
    since = resting_since(payment.detail.sent_at, client.service_now())
    if since is None:
        store.booked_payments.withdraw(payment.source_id)
    elif since != payment.detail.sent_at:
        store.booked_payments.progress(payment.source_id, detail=replace(payment.detail, sent_at=since))
