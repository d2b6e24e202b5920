"""When a reject is tried again and who left it out; what is kept of links under names that say what it is."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_links = sa.table(
    "connector_links", sa.column("division"), sa.column("kind"), sa.column("source_id"), sa.column("detail")
)


def upgrade() -> None:
    """Add the columns of rejects; rename what links keep of payments."""
    op.add_column("connector_rejects", sa.Column("sealed_reason", sa.LargeBinary))
    op.add_column("connector_rejects", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("connector_rejects", sa.Column("decided_by", sa.Text))
    _rename_payments_seen()


def _rename_payments_seen() -> None:
    """A digest of payments stood under the bare name "payments"."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_links).where(_links.c.detail.like('%"payments":%'))).all():
        detail = json.loads(row.detail)
        if "payments" in detail:
            detail["payments_seen"] = detail.pop("payments")
            mine = sa.and_(
                _links.c.division == row.division, _links.c.kind == row.kind, _links.c.source_id == row.source_id
            )
            text = json.dumps(detail, separators=(",", ":"))
            connection.execute(sa.update(_links).where(mine).values(detail=text))
