"""Texts of business refusals in the language of the API user (exact-online 3.36, 4.5).

Texts that the facts quote are used as quoted; the others (blocked rows, lengths, matched entries) follow their
pattern and are an assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = ("nl", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    "exists": ("Gegeven bestaat reeds.", "Data already exists"),
    "mandatory": ("Verplicht: {}", "Mandatory: {}"),
    "reference": ("Ongeldige referentie: {}", "Invalid reference: {}"),
    "invalid": ("Ongeldig: {}", "Invalid: {}"),
    "invalid_value": ("Ongeldige waarde: {}", "Invalid value: {}"),
    "not_allowed": ("Niet toegestaan: {}", "Not allowed: {}"),
    "blocked": ("Geblokkeerd: {}", "Blocked: {}"),
    "too_long": ("Te lang: {} (maximaal {} tekens)", "Too long: {} (maximum {} characters)"),
    "in_use": ("In gebruik: {}", "In use: {}"),
    "entry_number_used": ("In gebruik: Boekstuknummer.", "Already exists - Entry number {}, Journal {}"),
    "vat_on_no_vat": (
        "Een btw bedrag is niet toegestaan omdat de btw-code geen btw heeft.",
        "A VAT amount is not allowed because the VAT code has no VAT.",
    ),
    "period_closed": ("Periode is afgesloten: {}", "Period is closed: {}"),
    "no_period": (
        "Onbekend: Boekjaar (Periode-datumtabel)",
        "Unknown: Financial year (Period-date table)",
    ),
    "other_year": ("Het boekjaar kan niet gewijzigd worden.", "The financial year cannot be changed."),
    "processed": ("Reeds verwerkt", "Already processed"),
    "matched": ("Reeds afgeletterd", "Already matched"),
    "no_changes": ("Niet toegestaan: Wijzigen", "Not allowed: Edit"),
    "other_receivable_account": (
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het gebruikte verkoopdagboek",
        "The receivables account of this account is not equal to the account of the sales journal that is used",
    ),
    "mandate_exists": ("Bestaat reeds: Mandaat referentie", "Already exists: Mandate reference"),
    "out_of_balance": (
        "De boeking is niet in evenwicht. Verschil: {}",
        "The entry is not in balance. Difference: {}",
    ),
    "guid_form": ("Niet herkende GUID-indeling.", "Unrecognized Guid format."),
}

_WORDS: dict[str, tuple[str, str]] = {
    "account": ("Relatie", "Account"),
    "name": ("Naam", "Name"),
    "last_name": ("Achternaam", "Last name"),
    "code": ("Code", "Code"),
    "description": ("Omschrijving", "Description"),
    "customer": ("Klant", "Customer"),
    "customer_type": ("Klant (Type)", "Customer (Type)"),
    "country": ("Land", "Country"),
    "state": ("Provincie", "State"),
    "language": ("Taal", "Language"),
    "email": ("E-mail []", "Email []"),
    "status": ("Status", "Status"),
    "show_remark": ("Opmerkingen weergeven", "Show remark for sales"),
    "bank_account": ("Bankrekening", "Bank account"),
    "payment_type": ("Soort betaling", "Payment type"),
    "journal": ("Dagboek", "Diary"),
    "journals": ("Journals", "Journals"),
    "journal_type": ("Dagboek (Type)", "Journal (type)"),
    "lines": ("Regels", "Lines"),
    "gl_account": ("Grootboekrekening", "G/L account"),
    "gl_account_type": ("Grootboekrekeningtype", "G/L account type"),
    "vat_code": ("Btw-code", "VAT-code"),
    "vat_percentage": ("Btw-percentage []", "VAT percentage []"),
    "amount": ("Bedrag", "Amount"),
    "cost_center": ("Kostenplaats", "Cost center"),
    "cost_unit": ("Kostendrager", "Cost unit"),
    "payment_condition": ("Betalingsconditie", "Payment condition"),
    "currency": ("Valuta", "Currency"),
    "exchange_rate": ("Wisselkoers", "Exchange rate"),
    "your_ref": ("Uw ref.", "Your ref."),
    "payment_reference": ("Betalingsreferentie", "Payment reference"),
    "document": ("Document", "Document"),
    "document_type": ("Documenttype", "Document Type"),
    "subject": ("Onderwerp", "Subject"),
    "attachment": ("Bijlage", "Attachment"),
    "file_name": ("Bestandsnaam", "File name"),
    "entry": ("Boekstuk", "Entry"),
}


def sentence(problem: tuple[str, ...], language: str) -> str:
    """One line of a refusal: the text of the key with its words translated."""
    column = LANGUAGES.index(language)
    key, *arguments = problem
    words = [_WORDS[argument][column] if argument in _WORDS else argument for argument in arguments]
    return _TEXTS[key][column].format(*words)


def message(problems: Iterable[tuple[str, ...]], language: str) -> str:
    """The whole text, one line per broken rule (exact-online 4.1)."""
    return "\r\n".join(dict.fromkeys(sentence(problem, language) for problem in problems))
