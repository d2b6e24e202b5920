"""What Exact checks and derives when a row is written, one module per subject."""
