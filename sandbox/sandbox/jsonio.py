"""JSON whose numbers are Decimals, in both directions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import simplejson
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(body: bytes) -> Any:
    """The document in a body; raises ValueError for anything that is not JSON."""
    return simplejson.loads(body.decode("utf-8"), parse_float=Decimal)


def write(data: Any) -> str:
    """The document as text; a Decimal is written as a number with its own digits."""
    return simplejson.dumps(data, use_decimal=True, ensure_ascii=False, default=str)


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with that document as its body."""
    return Response(write(data), status, headers, "application/json")
