"""The write protocol: intent committed, sent to Teamleader, outcome committed; a doubt is resolved by looking first.

`payment_writer` decides what a batch of records needs, `invoice_of_entry` finds the invoice of each. `registering` adds
a payment, `removing` takes ours back, `unknown_outcomes` looks up what an earlier run or a broken answer left in doubt,
and `retry` starts again with what was refused before. `requests` makes the calls.
"""
