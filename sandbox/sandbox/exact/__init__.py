"""Exact Online on localhost: REST API v1, OData v2, with the refusals and the quirks of the real one.

Numbers such as "fact 3.8" in comments refer to the fact sheet that the sandbox was written from.
"""
