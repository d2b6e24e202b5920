"""All that can be wrong before the first document: pure rules over what was read once from both sides."""
