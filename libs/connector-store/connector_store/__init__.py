"""Durable memory of a coupling: tokens, links, intents, rejects, locks, call budget and audit trail."""
