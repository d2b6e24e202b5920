"""VAT numbers go from links and the audit trail: whether there is one is all that a booking depends on."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_links = sa.table(
    "connector_links", sa.column("division"), sa.column("kind"), sa.column("source_id"), sa.column("detail")
)
_audit = sa.table("connector_audit", sa.column("id"), sa.column("detail"))
# As revision 0002 made them.
_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER connector_audit_no_update BEFORE UPDATE ON connector_audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    ),
    "postgresql": (
        "CREATE TRIGGER connector_audit_no_update BEFORE UPDATE ON connector_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION connector_audit_is_append_only()"
    ),
}


def upgrade() -> None:
    """Say of customers whether they have a VAT number, and take the number out of the trail for once."""
    connection = op.get_bind()
    named = sa.and_(_links.c.kind == "account", _links.c.detail.like('%"vat_number":%'))
    for row in connection.execute(sa.select(_links).where(named)).all():
        detail = json.loads(row.detail)
        detail["has_vat_number"] = bool(detail.pop("vat_number", None))
        mine = sa.and_(
            _links.c.division == row.division, _links.c.kind == row.kind, _links.c.source_id == row.source_id
        )
        connection.execute(sa.update(_links).where(mine).values(detail=_text(detail)))
    dialect = connection.dialect.name
    op.execute(f"DROP TRIGGER connector_audit_no_update{' ON connector_audit' if dialect == 'postgresql' else ''}")
    for row in connection.execute(sa.select(_audit).where(_audit.c.detail.like('%"vat_number":%'))).all():
        detail = json.loads(row.detail)
        detail.pop("vat_number", None)
        connection.execute(sa.update(_audit).where(_audit.c.id == row.id).values(detail=_text(detail)))
    op.execute(_APPEND_ONLY[dialect])


def _text(detail: dict[str, Any]) -> str:
    return json.dumps(detail, separators=(",", ":"))
