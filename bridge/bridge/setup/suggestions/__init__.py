"""Settings from what both sides hold: pure rules that propose what is sure, and leave open what is not."""
