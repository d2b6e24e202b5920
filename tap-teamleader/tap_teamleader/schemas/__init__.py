"""JSON Schema of each stream: Teamleader's own shapes and names."""
