"""Teamleader Focus on localhost: the actions that the vendor describes, with its filters, sort rules and refusals."""
