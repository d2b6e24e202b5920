"""Every setting of the plugin: its type, what it is for, and an example."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from singer_shell.settings import address, connection, flag, lock_timeout, text


def _codes(name: str, title: str, description: str) -> th.Property[dict[str, str]]:
    return th.Property(
        name,
        th.ObjectType(additional_properties=th.StringType),
        default={},
        title=title,
        description=description,
    )


API_URL = address(
    "api_url",
    "Country host",
    "Host of your country, such as https://start.exactonline.nl.",
    "https://start.exactonline.be",
)

CONNECTION = (
    *connection("your app in Exact's app centre", API_URL, "tokens, links and rejects"),
    th.Property(
        "division",
        th.IntegerType(minimum=1),
        required=True,
        title="Administration",
        description="Number of the administration (division) to book in. Never taken from the login.",
    ),
)

BOOKING = (
    text(
        "department_id",
        "Department",
        "Id of the one department at the source whose documents are booked with these settings. Those of another one "
        "end the run, and what waits of others is left to their own coupling. Needed when several departments are "
        "booked in one administration.",
    ),
    text(
        "source_name",
        "Name of the source",
        "What messages to people call the program that the documents come from.",
        default="Teamleader",
    ),
    text("invoice_journal", "Journal of invoices", "Code of the sales journal for invoices.", required=True),
    text(
        "credit_note_journal",
        "Journal of credit notes",
        "Code of the sales journal for credit notes; may be left out with single_journal.",
    ),
    flag(
        "only_sent",
        "Only sent invoices",
        "An invoice is booked once it was sent from Teamleader; until then it waits, and each run asks whether it was. "
        "Credit notes cannot be sent there and do not wait.",
    ),
    flag(
        "book_credit_notes",
        "Book credit notes",
        "Off: credit notes that are not booked yet are left out, and listed so. Those stay left out when "
        "it is on again, until a person takes them in (bridge include --code credit_notes_off).",
        default=True,
    ),
    flag("single_journal", "One journal for both", "Invoices and credit notes share invoice_journal."),
    _codes(
        "vat_codes",
        "VAT codes",
        'Tax rate of the source to VAT code in Exact, such as {"21%": "21", "0% Intracommunautair": "IC"}. '
        "The key is a tax rate's id, description or rate; the id wins, then the description.",
    ),
    _codes(
        "gl_accounts",
        "Ledger accounts",
        "Ledger number of the source to G/L account code in Exact; the same number when it is not here.",
    ),
    _codes(
        "gl_accounts_by_tax_rate",
        "Ledger accounts by tax rate",
        "G/L account of lines without a ledger number, by their tax rate, written as in vat_codes. It goes before "
        "default_gl_account.",
    ),
    text(
        "default_gl_account",
        "Default ledger account",
        "G/L account of lines without a ledger number whose tax rate has none either. Empty: such a document waits.",
    ),
    text(
        "discount_gl_account",
        "Discount ledger account",
        "G/L account of discounts on a whole document; without it they lower the lines pro rata.",
    ),
    th.Property(
        "other_gl_account_types",
        th.ArrayType(th.IntegerType),
        default=[],
        title="Other types of ledger accounts",
        description="Types of G/L accounts in Exact allowed on lines besides revenue, such as 60 for advances.",
    ),
    _codes("cost_centers", "Cost centres", "Product category or department of the source to cost centre code."),
    _codes("cost_units", "Cost units", "Product category or department of the source to cost unit code."),
    _codes(
        "payment_conditions",
        "Payment conditions",
        'Term to payment condition code: "30", "30 end_of_month", "cash", "direct_debit".',
    ),
    text("default_payment_condition", "Default payment condition", "For terms that are not mapped."),
    flag("create_mandates", "Create mandates", "Create the bank account and mandate of a direct debit customer."),
    text(
        "on_closed_period",
        "Closed period",
        "hold: keep the document back until its period is open; next_open: book it in the first open period, "
        "its own date in the text.",
        default="hold",
        allowed_values=["hold", "next_open"],
    ),
    text(
        "files",
        "When files go to Exact",
        "with_entry: before the entry of their document, which then points to them; after: when entries are booked, so "
        "that a backlog is in the books sooner; auto: with the entry as long as more than half of the day's calls are "
        "left, after it otherwise.",
        default="auto",
        allowed_values=["with_entry", "after", "auto"],
    ),
    text(
        "on_changed_file",
        "Changed file",
        "replace: the PDF of a document that changed takes the place of the older one in Exact; keep: it is added "
        "beside it, with a name of its own.",
        default="replace",
        allowed_values=["replace", "keep"],
    ),
    text(
        "change_policy",
        "Change after booking",
        "amend: an entry that is open, unmatched and not edited in Exact follows its document; report: a booked entry "
        "is never touched, the difference is shown.",
        default="amend",
        allowed_values=["amend", "report"],
    ),
    text(
        "on_edited",
        "Entry edited in Exact",
        "When a document changes whose entry somebody edited in Exact. report: show the difference and leave the entry "
        "alone; amend: write what nobody touched there, and show the rest.",
        default="report",
        allowed_values=["report", "amend"],
    ),
    text(
        "on_deleted",
        "Document deleted at the source",
        "When a document was deleted whose entry is booked. report: say so and leave the entry to you; reverse: book "
        "an entry that takes it back today, when it is open and nobody edited it; else say why not.",
        default="report",
        allowed_values=["report", "reverse"],
    ),
    text("closed_until", "Books closed until", "Day up to and including which nothing may be booked, YYYY-MM-DD."),
    text(
        "zero_value_documents",
        "Documents of zero value",
        "post: book them; skip: keep them as rejects with the reason.",
        default="post",
        allowed_values=["post", "skip"],
    ),
    text(
        "on_similar",
        "Entries in another spelling",
        "An entry of the same customer, day and amount, whose number is spelt otherwise or left out, or that stands in "
        "another sales journal. conflict: show it and book nothing; adopt: take it for the document's when its VAT and "
        "number agree.",
        default="conflict",
        allowed_values=["conflict", "adopt"],
    ),
    text(
        "description_template",
        "Description of invoices",
        "Text of the entry; {number}, {reference}, {date}, {year}; a part in [] falls away when its field is empty.",
    ),
    text(
        "credit_note_description_template",
        "Description of credit notes",
        "As description_template, and {credited} for the number of the credited invoice.",
    ),
    text(
        "entry_number_template",
        "Entry number",
        "Proposes the entry number: {year}, {short_year}, {journal}, {sequence}, such as {year}{sequence:03}.",
    ),
)

PAYMENTS = (
    flag(
        "book_payments",
        "Book payments of Teamleader",
        "Book payments that were registered in Teamleader first (cash, online) in Exact and match them with their "
        "invoice. Not beside a bank feed that brings the same payments: they would be booked twice.",
    ),
    text(
        "payment_journal",
        "Journal of payments",
        "Code of the general journal in which book_payments books; needed with it.",
    ),
    text(
        "payment_gl_account",
        "Clearing account of payments",
        "G/L account against which book_payments books, such as payments in transit; needed with it.",
    ),
    text(
        "payments_from",
        "Payments from",
        "First day of the payments that book_payments books, YYYY-MM-DD; those of before are yours to book. Without "
        "it, the day on which book_payments was first on.",
    ),
)

RUNNING = (
    flag(
        "dry_run",
        "Dry run",
        "Compose and report, write nothing to Exact, keep no links and pass on no state.",
    ),
    lock_timeout("writing to"),
)

SCHEMA: dict[str, Any] = th.PropertiesList(*CONNECTION, *BOOKING, *PAYMENTS, *RUNNING).to_dict()
