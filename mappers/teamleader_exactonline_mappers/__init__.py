"""Singer mappers between Teamleader Focus and Exact Online: pure functions, no I/O."""
