"""Random lives of a coupling."""
