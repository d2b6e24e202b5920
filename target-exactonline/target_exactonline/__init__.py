"""Singer target that books sales entries in Exact Online."""
