"""What was deleted in Teamleader since it was put out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from tap_teamleader import deletions
from tap_teamleader.streams.base import ChangesStream
from tap_teamleader.streams.documents import selected_documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record


class DeletedDocuments(ChangesStream):
    """Invoices and credit notes that are not in Teamleader any more, in the order in which that was noticed.

    They come before everything that may book a document: its number may be that of another one by now.
    """

    name = "deleted_documents"
    replication_key = "noticed_at"
    STATE_MSG_FREQUENCY = 1

    @override
    def read(self) -> Iterable[Record]:
        store = self._tap.store
        is_idle = not any(each.changes for each in selected_documents(self._tap))
        deletions.look(self.client, store, self.logger, is_idle=is_idle)
        state = self.stream_state if self.replication_method == "INCREMENTAL" else {}
        for deletion in deletions.noticed_after(store, state.get("replication_key_value", "")):
            self.logger.warning("%s %s was deleted in Teamleader", deletion.kind, deletion.number)
            yield deletion._asdict()

    @override
    def delivered(self, record: Record) -> None:
        self.stream_state.update(replication_key=self.replication_key, replication_key_value=record["noticed_at"])
