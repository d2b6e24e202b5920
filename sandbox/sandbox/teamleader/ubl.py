"""A document as UBL 2.1, for the formats `ubl/e-fff` and `ubl/peppol_bis_3`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sandbox.teamleader.amounts import line_amounts
from sandbox.teamleader.settings import VAT_NUMBER

if TYPE_CHECKING:
    from decimal import Decimal

    from sandbox.teamleader.model import Document
    from sandbox.teamleader.state import TeamleaderState

_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PROFILES = {
    "ubl/e-fff": "urn:www.cenbii.eu:transaction:biitrns010:ver2.0:extended:e-fff:ver3.0",
    "ubl/peppol_bis_3": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
}
_ROOTS = {"invoice": ("Invoice", "InvoicedQuantity", "380"), "credit_note": ("CreditNote", "CreditedQuantity", "381")}


def render(state: TeamleaderState, document: Document, format_: str) -> bytes:
    """The document as XML; amounts are positive, as they are in Teamleader."""
    root_name, quantity_name, type_code = _ROOTS[document.kind]
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{root_name}-2"
    root = ET.Element(f"{{{namespace}}}{root_name}")
    _text(root, "CustomizationID", _PROFILES[format_])
    _text(root, "ID", document.number or "")
    _text(root, "IssueDate", str(document.date))
    _text(root, f"{root_name}TypeCode", type_code)
    _text(root, "DocumentCurrencyCode", document.currency)
    _party(root, "AccountingSupplierParty", "Zandbak BV", VAT_NUMBER)
    _party(root, "AccountingCustomerParty", document.name, document.vat_number)
    tax_total = _part(root, "TaxTotal")
    _amount(tax_total, "TaxAmount", document.totals.vat, document)
    for tax in document.totals.taxes:
        part = _part(tax_total, "TaxSubtotal")
        _amount(part, "TaxableAmount", tax.taxable, document)
        _amount(part, "TaxAmount", tax.tax, document)
        _text(_part(part, "TaxCategory"), "Percent", f"{tax.rate * 100:g}")
    total = _part(root, "LegalMonetaryTotal")
    _amount(total, "LineExtensionAmount", document.totals.net_before_discount, document)
    _amount(total, "TaxExclusiveAmount", document.totals.net, document)
    _amount(total, "TaxInclusiveAmount", document.totals.gross, document)
    _amount(total, "PayableAmount", document.totals.payable, document)
    for number, line in enumerate(document.lines, start=1):
        part = _part(root, f"{root_name}Line")
        _text(part, "ID", str(number))
        _text(part, quantity_name, f"{line.quantity:f}")
        _amount(part, "LineExtensionAmount", line_amounts(line, state.tax_rate(line.tax_rate_id)).net, document)
        _text(_part(part, "Item"), "Name", line.description)
        _amount(_part(part, "Price"), "PriceAmount", line.unit_price, document)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _part(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_CAC}}}{name}")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_CBC}}}{name}")
    element.text = text
    return element


def _amount(parent: ET.Element, name: str, amount: Decimal, document: Document) -> None:
    _text(parent, name, f"{amount:f}").set("currencyID", document.currency)


def _party(root: ET.Element, name: str, party_name: str, vat_number: str | None) -> None:
    party = _part(_part(root, name), "Party")
    _text(_part(party, "PartyName"), "Name", party_name)
    if vat_number:
        _text(_part(party, "PartyTaxScheme"), "CompanyID", vat_number)
