"""The write protocol: intent committed, sent to Exact, link committed; a doubt is settled by looking before sending.

`documents` decides what a batch of documents needs. `entries` sends a new one, `adopt` takes one that is there
already, `changes` brings a booked one in line, `settle` clears up what an earlier run or a broken answer left in
doubt, `accounts` sees to the customer that an entry points at, `file_queue` and `attachments` to its files, `deleted`
notices what was removed in Exact, and `retry` starts again with what was refused before.
"""
