"""Pure functions: what Exact says of an entry, what Teamleader lacks of it, and which payment is whose."""
