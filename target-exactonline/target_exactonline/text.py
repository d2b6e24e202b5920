"""Texts as Exact takes them: on one line, within a length."""

from __future__ import annotations


def one_line(text: str | None) -> str:
    """Put a text on one line, without spaces around it or double spaces within."""
    return " ".join((text or "").split())


def cut(text: str, limit: int) -> str:
    """Shorten to `limit` characters, marked, so that a shortened `2026 / 12` is never taken for `2026 / 1`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
