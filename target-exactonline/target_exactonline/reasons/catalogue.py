"""Every reason for not booking: a stable code, a title, and the sentence that says what to do.

The codes are part of the product's interface: people script against them. A hint may hold placeholders, filled by the
rule that refuses.
"""

from __future__ import annotations

from singer_shell.reasons import Entry

CATALOGUE: dict[str, Entry] = {
    # VAT codes
    "vat_code_unmapped": Entry(
        "VAT rate without a VAT code",
        'Add the rate to the setting vat_codes, for example "{rate}": "<VAT code in Exact>".',
    ),
    "vat_code_missing": Entry(
        "VAT code does not exist in Exact",
        "Create VAT code {vat_code} in Exact, or correct it in the setting vat_codes.",
    ),
    "vat_code_blocked": Entry(
        "VAT code is blocked in Exact",
        "Unblock VAT code {vat_code} in Exact, or map the rate to another code in vat_codes.",
    ),
    "vat_code_not_for_sales": Entry(
        "VAT code is not for sales",
        "Map the rate to a VAT code of type sales (or both) in vat_codes; {vat_code} is for purchases.",
    ),
    "vat_code_type": Entry(
        "VAT code of an unsuitable type",
        "Map the rate to a VAT code of type Excluding, or for a zero rate to one without VAT amount, in vat_codes.",
    ),
    "vat_percentage_differs": Entry(
        "VAT percentage differs",
        "Map the rate to a VAT code of {rate} in vat_codes, or correct the percentage of VAT code {vat_code} in Exact.",
    ),
    "vat_country_differs": Entry(
        "One-stop-shop VAT code of another country",
        "Use the tax rate of the customer's own country in Teamleader, or correct the customer's country there; "
        "a customer that is gone there gets its account with: bridge match account.",
    ),
    # Ledger accounts
    "gl_account_missing": Entry(
        "Line without a ledger account",
        "Give the product category a ledger number in Teamleader, or fill in the setting default_gl_account.",
    ),
    "gl_account_unknown": Entry(
        "Ledger account does not exist in Exact",
        "Map {gl_account} to an existing account in gl_accounts, or create the ledger account of that number in Exact.",
    ),
    "gl_account_not_revenue": Entry(
        "Ledger account is not a revenue account",
        "Map the number to a revenue account in gl_accounts; {gl_account} is of another type in Exact.",
    ),
    "gl_account_blocked": Entry(
        "Ledger account is blocked in Exact",
        "Unblock ledger account {gl_account} in Exact, or map the number to another account in gl_accounts.",
    ),
    "cost_center_unknown": Entry(
        "Cost centre or cost unit does not exist in Exact",
        "Create it in Exact, or correct the settings cost_centers and cost_units.",
    ),
    # Periods
    "period_missing": Entry(
        "No financial period for the date",
        "Open the financial year of {date} in Exact; the document follows by itself, at once with: bridge resend.",
    ),
    "period_closed": Entry(
        "Financial period is closed",
        "Reopen the period of {date} in Exact and use: bridge resend, or set on_closed_period to next_open to book it "
        "in the first open one.",
    ),
    # Journals and currencies
    "journal_missing": Entry(
        "Journal does not exist in Exact",
        "Create sales journal {journal} in Exact, or correct invoice_journal and credit_note_journal.",
    ),
    "journal_not_sales": Entry(
        "Journal is not a sales journal",
        "Set invoice_journal and credit_note_journal to journals of type sales; {journal} is of another type.",
    ),
    "journal_blocked": Entry(
        "Journal is blocked in Exact",
        "Unblock journal {journal} in Exact, or choose another one in the settings.",
    ),
    "currency_unknown": Entry(
        "Currency is not active in Exact",
        "Activate currency {currency} in Exact; the document follows by itself, at once with: bridge resend.",
    ),
    "currency_not_allowed": Entry(
        "Journal does not take this currency",
        "Allow other currencies on journal {journal} in Exact, or book {currency} documents by hand.",
    ),
    # Terms and direct debit
    "payment_condition_unknown": Entry(
        "Payment condition does not exist in Exact",
        "Create payment condition {condition} in Exact, or correct payment_conditions and default_payment_condition.",
    ),
    "payment_condition_missing": Entry(
        "No payment condition",
        "Fill in the setting default_payment_condition, or give the customer a payment condition in Exact.",
    ),
    "payment_condition_not_collection": Entry(
        "Direct debit with a payment condition that does not collect",
        "Map direct_debit in payment_conditions to a condition with payment method collection; {condition} is not.",
    ),
    "mandate_missing": Entry(
        "Direct debit without a mandate",
        "Enter the customer's bank account and mandate in Exact, or set create_mandates.",
    ),
    # Customers
    "customer_missing": Entry(
        "Customer of the document is not known",
        "Let the customer come from Teamleader again by saving it there, or give it an account in Exact with: "
        "bridge match account.",
    ),
    "customer_blocked": Entry(
        "Customer is blocked in Exact",
        "Unblock the customer in Exact; the document follows by itself, at once with: bridge resend.",
    ),
    "customer_refused": Entry(
        "Exact refuses the customer",
        "Correct the customer in Teamleader or in Exact as the message says.",
    ),
    "customer_conflict": Entry(
        "More than one customer in Exact fits",
        "Merge the double customers in Exact, or say which one is meant with: bridge match.",
    ),
    "customer_ambiguous": Entry(
        "Customer in Exact may be another one",
        "Say which account is meant with: bridge match account; when none is, make one in Exact first.",
    ),
    "waiting_for_customer": Entry(
        "Document waits for its customer",
        "Solve the problem of the customer; the document follows by itself.",
    ),
    # The document and its entry
    "conflict": Entry(
        "Exact holds another entry with this number",
        "Compare both in Exact: correct or remove the entry there, or link it with: bridge match.",
    ),
    "similar_entry": Entry(
        "Exact holds an entry that may be this document's",
        "Link the entry that the reason names with: bridge match; when it is another document's, book this one "
        "beside it with: bridge resend --another.",
    ),
    "changed_after_booking": Entry(
        "Document changed after it was booked",
        "Bring the entry in Exact in line by hand, or undo the change in Teamleader.",
    ),
    "edited_in_exact": Entry(
        "Document changed after its entry was edited in Exact",
        "Bring the entry in Exact in line by hand, or set on_edited to amend: what nobody touched there then follows.",
    ),
    "adopted_differs": Entry(
        "Document changed after an entry booked by hand was taken for it",
        "Bring the entry in Exact in line by hand, or undo the change in Teamleader.",
    ),
    "change_unfinished": Entry(
        "Change of an entry stopped halfway",
        "Nothing to do: the next run takes it back. If this stays, bring the entry in Exact in line by hand.",
    ),
    "entry_missing": Entry(
        "Entry was deleted in Exact",
        "Book it again with: bridge resend, or release the document with: bridge unlink.",
    ),
    "source_deleted": Entry(
        "Document was deleted in Teamleader",
        "Nothing to do if it was not booked; an entry that stands is reversed in Exact by hand, then: bridge unlink.",
    ),
    "totals_do_not_close": Entry(
        "Lines and totals of the document do not agree",
        "Check the document's lines, discount and totals in Teamleader; book it by hand if they are right.",
    ),
    "sign_unexpected": Entry(
        "Credit note that raises what the customer owes",
        "Make an invoice of it in Teamleader, or book it in Exact by hand.",
    ),
    "totals_differ": Entry(
        "Booked totals differ from the document",
        "Check the entry in Exact against the document and correct it there by hand.",
    ),
    "entry_number_taken": Entry(
        "Entry number is in use",
        "Remove the entry that uses the number in Exact, or change entry_number_template.",
    ),
    "withholding_tax": Entry(
        "Document with withholding tax",
        "Book this document by hand in Exact: withholding tax is not supported.",
    ),
    "not_numbered": Entry(
        "Document without a number",
        "Book the document in Teamleader so that it gets its number.",
    ),
    "not_sent": Entry(
        "Invoice is not sent yet",
        "Send the invoice from Teamleader and it follows by itself; set only_sent to false to book it at once.",
    ),
    "credit_notes_off": Entry(
        "Credit notes are not booked",
        "Nothing to do; set book_credit_notes to true if they must be booked from then on.",
    ),
    "zero_value_skipped": Entry(
        "Document of zero value is not booked",
        "Nothing to do; set zero_value_documents to post if such documents must be booked.",
    ),
    "record_invalid": Entry(
        "Record does not fit the input schema",
        "Correct the field that the reason names in the source; the record follows by itself.",
    ),
    "document_id_missing": Entry(
        "Document without an id",
        "Read the document from the source again.",
    ),
    "date_missing": Entry(
        "Document without a date",
        "Fill in the document's date in Teamleader.",
    ),
    "currency_missing": Entry(
        "Document without a currency",
        "Choose the document's currency in Teamleader.",
    ),
    "lines_missing": Entry(
        "Document without lines",
        "Add at least one line to the document in Teamleader.",
    ),
    "line_amount_missing": Entry(
        "Line without an amount",
        "Enter the line again in Teamleader.",
    ),
    "tax_rate_unknown": Entry(
        "VAT rate of a line is not known",
        "Choose the VAT rate of the line again in Teamleader, or add the id that the reason names to vat_codes.",
    ),
    "discount_unsupported": Entry(
        "Discount that is not a percentage",
        "Turn the discount into lines in Teamleader, or book the document by hand in Exact.",
    ),
    "totals_missing": Entry(
        "Document without totals",
        "Save the document in Teamleader again, so that it gets its totals.",
    ),
    "product_categories_missing": Entry(
        "Ledger numbers did not come along",
        "Select the stream product_categories of the tap.",
    ),
    "mapping_failed": Entry(
        "Document of an unforeseen shape",
        "Book the document by hand in Exact and report the reason to the makers of this connector.",
    ),
    "text_too_long": Entry(
        "Text is too long for Exact",
        "Shorten the {field} to {limit} characters in Teamleader.",
    ),
    "attachment_refused": Entry(
        "Files could not be attached to the entry",
        "Nothing to do for the booking: the file is sent again by a later run, or can be added in Exact by hand.",
    ),
    "attachment_denied": Entry(
        "Login may not add files in Exact",
        "Give the user of the login the right to documents in Exact; the entry is booked, and its file follows.",
    ),
    "file_not_delivered": Entry(
        "Source did not deliver the file",
        "Nothing to do: the entry is booked, and the file follows when the source delivers it.",
    ),
    "file_damaged": Entry(
        "File did not come whole",
        "Nothing to do: the file is fetched again. When it stays, open it in Teamleader to see whether it is whole.",
    ),
    "file_too_large": Entry(
        "File is too large",
        "Make the PDF in Teamleader smaller, or add it in Exact by hand; the entry is booked.",
    ),
    "file_denied": Entry(
        "Login may not fetch files from the source",
        "Give the integration in Teamleader the right to download invoices and credit notes; the entry is booked.",
    ),
    "file_lost": Entry(
        "File is not in the store any more",
        "Nothing to do: the tap fetches it again when it shares the store (store_uri) with this target.",
    ),
    # Payments that were registered in Teamleader first (book_payments)
    "payment_journal": Entry(
        "Journal of payments cannot be used",
        "Set payment_journal to a general journal (type 90) of Exact that is not blocked.",
    ),
    "payment_gl_account": Entry(
        "Clearing account of payments cannot be used",
        "Set payment_gl_account to a ledger account of Exact that is not blocked, and no receivable, payable or VAT "
        "account.",
    ),
    "payment_currency": Entry(
        "Journal of payments does not take this currency",
        "Allow other currencies and exchange rates on journal {journal} in Exact, or book the payment there by hand.",
    ),
    "payment_unclear": Entry(
        "Payment without a day, or in another currency than its invoice",
        "Correct the payment in Teamleader, or book it in Exact by hand.",
    ),
    "payment_waits": Entry(
        "Payments of the invoice are being changed",
        "Let the payments job finish; the payment follows by itself in the next run.",
    ),
    "payment_being_collected": Entry(
        "Invoice is in a collection run",
        "Take the invoice out of the collection in Exact, or remove the payment in Teamleader.",
    ),
    "payment_refused": Entry(
        "Exact refuses the payment",
        "Do what Exact's message says; the payment follows by itself, at once with: bridge resend.",
    ),
    "payment_differs": Entry(
        "Entry of a payment is not as it was sent",
        "Correct its lines in Exact to the payment in Teamleader, or match it with the invoice there by hand; this "
        "message then goes.",
    ),
    "payment_not_matched": Entry(
        "Payment is booked, but not matched with its invoice",
        "Match the payment and the invoice in Exact, among the customer's outstanding items; this message then goes.",
    ),
    "payment_entry_missing": Entry(
        "Booking of a payment was deleted in Exact",
        "Settle the invoice in Exact by hand: the payment is not booked again. This message then goes.",
    ),
    # The connection
    "refused_by_exact": Entry(
        "Exact refuses the entry",
        "Do what Exact's message says; the document follows by itself, at once with: bridge resend.",
    ),
    "outcome_unknown": Entry(
        "Not known whether Exact booked it",
        "Nothing to do: the next run looks the entry up in Exact before it sends anything.",
    ),
    "outcome_awaited": Entry(
        "Exact may still be at what was sent",
        "Nothing to do: each run looks for it, and sends it again when Exact can no longer be at it, five minutes "
        "after it was sent.",
    ),
    "error_budget": Entry(
        "Held back to protect Exact's error limit",
        "Solve the same refusal of the other documents; this one follows by itself within the hour.",
    ),
}
