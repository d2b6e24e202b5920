"""Writes of a customer that stands in Teamleader what may be written, and where a contact person works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from target_teamleader.rules.customer_fields import changes
from teamleader_api.customers import RESOURCES

if TYPE_CHECKING:
    from connector_store import ImportedCustomer
    from target_teamleader.administration import Administration

Record = dict[str, Any]


def fill_in(administration: Administration, known: ImportedCustomer, record: Record, row: Record) -> bool:
    """Bring a customer in line as far as the settings allow; return whether anything was to write.

    A row of a list shows whether there may be something to do; what is sent is made from all that stands there. Sending
    it twice does no harm, so that a run that was cut off needs no intent for it.

    Raises:
        RecordRefused, OutcomeUnknown, TryLater, StopRun: as `TeamleaderClient.call`.
    """
    settings, id_ = administration.settings, str(known.teamleader_id)
    if not changes(known.type, record, row, settings.customers):
        return False
    present = administration.customer_search.info(known.type, id_)
    body = {} if present is None else changes(known.type, record, present, settings.customers)
    if body and not settings.dry_run:
        administration.client.call(f"{RESOURCES[known.type]}.update", {"id": id_, **body})
    return bool(body)


def link_to_company(
    administration: Administration, contact_id: str, company_id: str, record: Record, *, is_new: bool = False
) -> None:
    """Note that a person works at a company, unless it stands there; a new contact works nowhere yet."""
    if administration.settings.dry_run:
        return
    if not is_new:
        present = administration.client.call("contacts.info", {"id": contact_id})
        if any(each["company"]["id"] == company_id for each in present.get("companies") or []):
            return
    position = {"position": record["position"]} if record.get("position") else {}
    administration.client.call("contacts.linkToCompany", {"id": contact_id, "company_id": company_id, **position})
