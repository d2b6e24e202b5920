"""What can go wrong with the store, by what a caller can do about it."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked. The text is one line for a person, without secrets or personal data."""


class StoreTooNewError(StoreError):
    """The store was written by a newer version of this library: install that version or restore a backup."""


class StoreKeyError(StoreError):
    """The key that encrypts the store is absent, malformed, unsafe or not the one the store was made with."""


class LockBusyError(StoreError):
    """Another process (or thread) holds the lock and did not let go of it in time."""


class StoreUnavailableError(StoreError):
    """The database does not answer, refuses the login, is full or read-only: mend it and run again."""
