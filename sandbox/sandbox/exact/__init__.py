"""Exact Online on localhost: REST API v1, OData v2, with the refusals and the quirks of the real one.

Numbers such as `exact-online 3.8` lead to docs/facts/exact-online.md.
"""
