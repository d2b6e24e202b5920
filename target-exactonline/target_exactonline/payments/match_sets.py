"""The XML document that matches a booked payment with its sales entry: REST cannot (exact-online 6.30).

An entry is named by financial year, period, journal and number. Amounts are in the administration's currency, positive
for what the customer owes, and add up to zero; an amount below what is open matches a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from decimal import Decimal

    from target_exactonline.payments.amounts import Receivable

TOPIC = "MatchSets"
_NAMES = ("finyear", "finperiod", "journal", "entry")


def match_set(receivable: Receivable, payment: tuple[str, ...], amount_dc: Decimal) -> bytes:
    """Return the document that settles `amount_dc` of a receivable by the booked payment of that name."""
    root = ET.Element("eExact")
    one = ET.SubElement(ET.SubElement(root, "MatchSets"), "MatchSet")
    ET.SubElement(one, "GLAccount", code=receivable.gl_account_code)
    ET.SubElement(one, "Account", code=receivable.customer_code)
    lines = ET.SubElement(one, "MatchLines")
    for name, amount in ((receivable.name, amount_dc), (payment, -amount_dc)):
        ET.SubElement(lines, "MatchLine", {**dict(zip(_NAMES, name, strict=True)), "amountdc": f"{amount:f}"})
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
