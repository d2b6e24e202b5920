"""The custom fields of Teamleader that hold numbers of the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bridge.setup.checks.catalogue import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

FIELDS: Final = {
    "company_number_field": "company",
    "contact_number_field": "contact",
    "entry_number_field": "invoice",
}
"""Setting of target-teamleader -> what its field is of."""


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong."""
    fields = facts.department.custom_fields
    for setting, context in FIELDS.items() if fields is not None else ():
        chosen = facts.payments.get(setting)
        if chosen and (fields or {}).get(chosen) != context:
            message = f"Teamleader has no custom field {chosen} of a {context} ({setting} of target-teamleader)"
            yield found("custom_field_unknown", setting, message)
