"""Writes the number of an entry into a custom field of its invoice, once, where the settings name the field.

What is sent is the same however often it is, so that a run that was cut off needs no intent for it. An invoice that
Teamleader does not let change is left alone for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teamleader_api import NotFound, OutcomeUnknown, RecordRefused
from teamleader_api.customers import custom_value, custom_values_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import Link
    from target_teamleader.administration import Administration
    from target_teamleader.writing.invoice_of_entry import IdentifiedEntry


def tell_entry_numbers(administration: Administration, identified: Iterable[IdentifiedEntry]) -> None:
    """Tell every invoice its entry's number, two calls for each that does not have it yet.

    Raises:
        TryLater, StopRun: as `TeamleaderClient.call`; the next full refresh of the receivables tells the others.
    """
    definition = administration.settings.entry_number_field
    if definition is None or administration.settings.dry_run:
        return
    for each in identified:
        link = each.link
        if link is None or link.entry_number is None or link.document.told_number == link.entry_number:
            continue
        administration.interruption.check()
        if _told(administration, link, definition):
            administration.links.progress(link.kind, link.source_id, told_number=link.entry_number)


def _told(administration: Administration, link: Link, definition: str) -> bool:
    """Write the number; return whether there is nothing more to do."""
    number = str(link.entry_number)
    try:
        row = administration.client.call("invoices.info", {"id": link.source_id})
        if custom_value(row, definition) != number:
            fields = custom_values_with(row, definition, number)
            administration.client.call("invoices.updateBooked", {"id": link.source_id, "custom_fields": fields})
    except NotFound:
        return False
    except OutcomeUnknown:
        return False
    except RecordRefused:
        administration.outcomes.passed_over("without room for its entry number")
    return True
