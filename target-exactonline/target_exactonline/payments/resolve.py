"""Clears up doubt before payments are booked: which of those that an earlier run sent stand in Exact?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_shell.unknown_outcomes import let_it_end
from target_exactonline.payments.entries import accept
from target_exactonline.payments.search import lines_by_text

if TYPE_CHECKING:
    from connector_store import BookedPayment
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption

Row = dict[str, Any]


def resolve_unknown_payments(
    client: ExactClient, memory: DivisionStore, interruption: Interruption
) -> list[BookedPayment]:
    """Resolve every payment of which an earlier run does not know whether it was booked; return those that were."""
    doubtful = memory.booked_payments.under_way()
    if not doubtful:
        return []
    let_it_end([each.updated_at for each in doubtful], interruption)
    found: dict[str, list[Row]] = {}
    for journal in sorted({str(each.detail.journal) for each in doubtful}):
        texts = [str(each.detail.text) for each in doubtful if each.detail.journal == journal]
        found.update(lines_by_text(client, journal, texts))
    booked = []
    for each in doubtful:
        lines = found.get(str(each.detail.text))
        if not lines:
            memory.booked_payments.withdraw(each.source_id)
        elif accept(client, memory, each.source_id, lines, str(each.detail.gl_account)) is None:
            booked.append(each)
    return booked
