"""Where a document, customer or payment stands on the screens of both services."""

from __future__ import annotations

from typing import Final

TEAMLEADER: Final = "https://focus.teamleader.eu"
EXACT: Final = "https://start.exactonline.be"

_IN_TEAMLEADER: Final = {
    "invoice": "invoice_detail.php?id={id}",
    "credit_note": "creditnote_detail.php?id={id}",
    "company": "company_detail.php?id={id}",
    "contact": "contact_detail.php?id={id}",
}
_IN_EXACT: Final = {
    "account": "docs/CRMAccountCard.aspx?AccountID={{{id}}}&_Division_={division}",
    "entry": "docs/FinTransactionEntry.aspx?EntryID={{{id}}}&_Division_={division}",
}


def addresses(
    kind: str, source_id: str, exact_id: str | None, division: int, sites: tuple[str, str] = (TEAMLEADER, EXACT)
) -> dict[str, str]:
    """Return the addresses that are known, by `teamleader` and `exact`.

    Args:
        kind: invoice, credit_note, account or payment; a payment is shown with its invoice.
        source_id: Id in Teamleader; that of a customer begins with company: or contact:, one of a payment may end with
            a stroke and a number.
        exact_id: Id in Exact, None when it is not there.
        division: The administration.
        sites: Where the screens of Teamleader and Exact are.
    """
    teamleader, exact = sites
    told: dict[str, str] = {}
    customer_kind, _, customer_id = source_id.partition(":")
    wanted = customer_kind if kind == "account" else ("invoice" if kind == "payment" else kind)
    document_id = customer_id if kind == "account" else source_id.partition("/")[0]
    if wanted in _IN_TEAMLEADER and document_id:
        told["teamleader"] = f"{teamleader}/{_IN_TEAMLEADER[wanted].format(id=document_id)}"
    if exact_id:
        place = _IN_EXACT["account" if kind == "account" else "entry"]
        told["exact"] = f"{exact}/{place.format(id=exact_id, division=division)}"
    return told
