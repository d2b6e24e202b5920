"""The accounts of an administration as Exact told them: names and addresses, sealed, with how far they were read."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from connector_store.encryption import Cipher
    from connector_store.facts import MasterData

NAME: Final = "accounts"


@dataclass(frozen=True)
class KeptAccounts:
    """Rows of accounts by their GUID."""

    rows: dict[str, dict[str, Any]]
    version: int
    """Highest row version that was read."""
    read_at: datetime
    """When all of them were last read."""


class AccountRows:
    """The kept accounts of one division."""

    def __init__(self, master_data: MasterData, cipher: Cipher) -> None:
        self._master_data = master_data
        self._cipher = cipher

    def get(self) -> KeptAccounts | None:
        """Return what is kept, None when that is nothing, or was sealed with another key."""
        kept = self._master_data.get(NAME)
        opened = None if kept is None else self._cipher.open(b64decode(kept[0][0]["sealed"]))
        return None if opened is None else KeptAccounts(opened["rows"], opened["version"], opened["read_at"])

    def put(self, accounts: KeptAccounts) -> None:
        """Keep accounts in place of the older ones."""
        content = {"rows": accounts.rows, "version": accounts.version, "read_at": accounts.read_at}
        sealed = b64encode(self._cipher.seal(content)).decode()
        self._master_data.put(NAME, [{"sealed": sealed}], utc_now())

    def remove(self, ids: Collection[str]) -> None:
        """Forget accounts that are gone in Exact."""
        kept = self.get()
        if kept is not None and not kept.rows.keys().isdisjoint(ids):
            left = {key: row for key, row in kept.rows.items() if key not in ids}
            self.put(KeptAccounts(left, kept.version, kept.read_at))

    def drop(self) -> None:
        """Forget them all, so that they are read afresh."""
        self._master_data.drop(NAME)
