"""JSON Schema of each stream: the names and shapes of Exact."""
