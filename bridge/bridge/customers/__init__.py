"""Customers on both sides: who is the same, who would be created, who stands there twice.

`reading` reads both sides, `matching` and `doubles` are pure, `decisions_file` is what a person corrects and gives
back, `deciding` keeps it. It is the same comparison as that of the job import-customers (`customer_identity`).
"""
