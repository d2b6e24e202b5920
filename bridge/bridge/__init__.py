"""The tool for people: what stands in Exact, what does not and why, and how to help it along."""
