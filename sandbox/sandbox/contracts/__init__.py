"""What both vendors publish of their services, as data: the sandbox serves by it and tests hold others to it.

`teamleader` is taken from the vendor's API description, `{"invoices.list": {"status", "request", "response"}}` with
JSON Schemas, made sharper where a call cannot do without a property that the description does not mark as required,
and where a text has to be a date. `exact` is the vendor's reference of the REST API, `{"crm/Accounts": {"key",
"methods", "fields"}}`; a field is its Edm type and for whom it is: `c` POST takes it, `u` PUT, `m` POST requires it.
`exact-recorded` holds answers that a third party recorded on a live administration, `{call: [{"params", "body"}]}`,
without names, addresses and identifiers (public repository NangoHQ/integration-templates).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@cache
def contract(name: Literal["teamleader", "exact", "exact-recorded"]) -> dict[str, Any]:
    """One of them; not to be changed."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
    return found
