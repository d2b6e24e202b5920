"""The accounts of Exact to match customers with: read in full once in a while, else what changed since the last run.

A full reading costs a call per 1,000 accounts. Those that were deleted are forgotten by `deleted`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector_store import KeptAccounts
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from target_exactonline.administration import Administration

Row = dict[str, Any]

INDEX_FIELDS = (
    "ID",
    "Code",
    "Name",
    "SearchCode",
    "VATNumber",
    "ChamberOfCommerce",
    "Email",
    "AddressLine1",
    "Postcode",
    "Country",
    "Status",
    "Blocked",
)
OVERLAP = 1000
"""Row versions that are read again: what was written beside the last reading may carry a lower one."""
FRESH_FOR = timedelta(days=7)
"""How long what is kept goes on before all is read again."""


def read_accounts(administration: Administration) -> list[Row]:
    """Return a row of `INDEX_FIELDS` for each account of the administration."""
    kept = administration.store.account_rows.get()
    if kept is None or utc_now() - kept.read_at > FRESH_FOR:
        kept = KeptAccounts({}, 1, utc_now())
    since = max(kept.version - OVERLAP, 1)
    rows, version = dict(kept.rows), kept.version
    changed = administration.client.rows(
        "sync/CRM/Accounts", select=(*INDEX_FIELDS, "Timestamp"), filter=f"Timestamp gt {since}L"
    )
    for row in changed:
        version = max(version, int(row["Timestamp"]))
        rows[str(row["ID"])] = {name: row.get(name) for name in INDEX_FIELDS}
    if rows != kept.rows and not administration.dry_run:
        administration.store.account_rows.put(KeptAccounts(rows, version, kept.read_at))
    return list(rows.values())
