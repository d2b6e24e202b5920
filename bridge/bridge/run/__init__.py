"""The cycle of a coupling: what its schedule calls, and who is told of it."""
