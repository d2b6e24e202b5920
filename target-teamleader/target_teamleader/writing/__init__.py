"""The write protocol: intent committed, sent to Teamleader, outcome committed; a doubt is settled by looking first.

`payments` decides what a batch of records needs, `naming` finds the invoice of each. `registering` adds a payment,
`removing` takes ours back, `settle` clears up what an earlier run or a broken answer left in doubt, and `retry` starts
again with what was refused before.
"""
