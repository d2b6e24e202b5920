"""What entries still have open, told from their payment terms."""
