"""Tries again, at the end of a run, what was refused before: from the store, with the settings of this run.

Exact is not asked again. What came in this run is not tried a second time: it was handled in its newest version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store.division_store import PAYMENT
from target_teamleader.invoice_search import BATCH
from target_teamleader.outcomes import INCOMPLETE
from target_teamleader.rules.exact_entry import money
from target_teamleader.streams import PAYMENTS, SCHEMAS

if TYPE_CHECKING:
    from connector_store import Reject
    from target_teamleader.administration import Administration
    from target_teamleader.writing.payment_writer import PaymentWriter


def retry_rejects(administration: Administration, writer: PaymentWriter) -> None:
    """Try again every payment that was refused by an earlier run."""
    batch: list[Reject] = []
    for reject in administration.rejects.pending({PAYMENT}):
        if not administration.outcomes.was_tried(reject.source_id):
            if may_go(administration, reject):
                batch.append(reject)
            else:
                administration.outcomes.look_again(reject)
        if len(batch) == BATCH:
            _again(writer, batch)
            batch = []
    _again(writer, batch)


def may_go(administration: Administration, reject: Reject) -> bool:
    """Tell whether trying again can help, as far as that is known without a call."""
    payload = reject.payload
    if payload is None or payload.get("problems") or SCHEMAS.fault(PAYMENTS, payload) is not None:
        return False
    if reject.code == INCOMPLETE:
        link = administration.links.get("invoice", reject.source_id)
        return link is None or link.amount in {None, money(payload["amount"])}
    return True


def _again(writer: PaymentWriter, batch: list[Reject]) -> None:
    if batch:
        writer.handle([reject.payload for reject in batch if reject.payload is not None])
