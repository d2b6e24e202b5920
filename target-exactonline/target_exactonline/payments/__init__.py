"""Payments that were registered at the source first, booked in Exact and matched with their invoices (`book_payments`).

`amounts` says which payments are booked and how much of each, `clearing` where; both are pure. `invoices` decides what
an invoice needs, `entries` books, `matches` matches, `resolve` clears up what an earlier run left in doubt.
"""
