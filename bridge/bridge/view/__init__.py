"""What the store knows, as documents that people script against: pure."""
