"""The lines of docs/assumptions.md as probes: each asks the services themselves whether it holds."""
