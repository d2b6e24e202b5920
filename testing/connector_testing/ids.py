"""Ids that no other record of a session has, the same ones in every session."""

from __future__ import annotations

import itertools
from uuid import NAMESPACE_OID, uuid5

_numbers = itertools.count(1)


def new_id() -> str:
    """Return a GUID that this process did not give before."""
    return str(uuid5(NAMESPACE_OID, f"{next(_numbers)}"))
