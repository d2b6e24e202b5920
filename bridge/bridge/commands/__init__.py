"""The commands: each opens the store, calls a verb of it or a view, and says what came of it."""
