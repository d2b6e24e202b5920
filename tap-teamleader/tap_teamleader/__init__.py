"""Singer tap for Teamleader Focus."""
