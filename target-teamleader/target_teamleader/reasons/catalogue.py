"""Every reason for not registering a payment: a stable code, a title, and the sentence that says what to do.

The codes are part of the product's interface: people script against them.
"""

from __future__ import annotations

from singer_shell.reasons import Entry

CATALOGUE: dict[str, Entry] = {
    "unmatched_in_exact": Entry(
        "Matching was undone in Exact, the invoice is still paid in Teamleader",
        "Match the entry in Exact again, or remove the payment in Teamleader by hand; on_unmatched set to remove does "
        "that by itself.",
    ),
    "paid_without_settlement": Entry(
        "Paid in Teamleader, open in Exact, and not known why",
        "Match the entry in Exact, or remove the payment in Teamleader by hand; this message goes by itself.",
    ),
    "receivable_incomplete": Entry(
        "Receivable and invoice are not of the same amount",
        "Correct the entry in Exact so that its amount is that of the invoice; the payment follows by itself.",
    ),
    "invoice_missing": Entry(
        "Invoice of the payment is not in Teamleader any more",
        "Release the invoice with: bridge unlink. When it was entered again, it is then found by its number.",
    ),
    "invoice_ambiguous": Entry(
        "More than one invoice in Teamleader fits",
        "Set department_id, or choose an id and name the entry, both as in the reason, with: bridge match invoice.",
    ),
    "currency_differs": Entry(
        "Entry and invoice are in different currencies",
        "Correct the currency of the entry in Exact, or register the payment in Teamleader by hand.",
    ),
    "payment_refused": Entry(
        "Teamleader refuses the payment",
        "Do what Teamleader's message says, or register the payment by hand; the next run tries again.",
    ),
    "payments_not_restored": Entry(
        "Payments of the invoice are not all back in Teamleader",
        "Register those that the reason names in Teamleader by hand; the next run also tries again.",
    ),
    "outcome_unknown": Entry(
        "Not known whether Teamleader took the payment",
        "Nothing to do: the next run looks the invoice up in Teamleader before it sends anything.",
    ),
    "outcome_awaited": Entry(
        "Teamleader may still be at what was sent",
        "Nothing to do: each run looks for it, and goes on when Teamleader can no longer be at it, five minutes after "
        "it was sent.",
    ),
    "several_customers_fit": Entry(
        "More than one customer in Teamleader fits",
        "Choose one of those that the reason names with: bridge customers match --csv. When they are doubles, merge "
        "them in Teamleader; the customer is then found within a day.",
    ),
    "customer_unclear": Entry(
        "A customer in Teamleader may be the same",
        "Say whether the one that the reason names is the same with: bridge customers match --csv.",
    ),
    "customer_linked_already": Entry(
        "Customer in Teamleader belongs to another account in Exact",
        "Merge the two accounts in Exact when they are doubles, or say that this is another customer with: "
        "bridge customers match --csv.",
    ),
    "customer_not_taken": Entry(
        "Teamleader refuses the customer",
        "Do what Teamleader's message says in Exact; the customer follows when it is saved there, or within a day.",
    ),
    "customer_gone": Entry(
        "Customer was deleted in Teamleader",
        "Nothing to do when that was right. To have it back, say create for it with: bridge customers match --csv.",
    ),
    "company_awaited": Entry(
        "Firm of the contact person is not in Teamleader yet",
        "Nothing to do: the person follows when the firm does.",
    ),
    "customer_nameless": Entry(
        "Customer without a name",
        "Fill in its name in Exact; it follows by itself.",
    ),
    "customer_unidentified": Entry(
        "Customer without identity",
        "Read it from Exact again with a run of the tap without state, and report it when it stays.",
    ),
    "record_invalid": Entry(
        "Record does not fit the input schema",
        "Correct the field that the reason names in the source; the record follows by itself.",
    ),
    "receivable_unreadable": Entry(
        "Receivable lacks what has to be known of it",
        "Read it from Exact again with a run of the tap without state, and report it when it stays.",
    ),
    "receivable_amounts_differ": Entry(
        "Settled and open do not make up the amount of the receivable",
        "Check the terms of the entry in Exact; the payment follows by itself when they are right.",
    ),
    "mapping_failed": Entry(
        "Entry of an unforeseen shape",
        "Register the payment in Teamleader by hand, and report the reason to the makers of this connector; this "
        "message goes when the entry is read again.",
    ),
}
