"""Singer target that registers in Teamleader Focus what was settled in Exact."""
