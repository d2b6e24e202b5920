"""What Teamleader delivers where the file of a document should be."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

How = Literal["whole", "half", "html", "empty"]
HOWS: tuple[str, ...] = get_args(How)

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>E-mail</form></body></html>"


class FileState(NamedTuple):
    """`whole`, its first `half` only, an `html` page to log in, or nothing (`empty`); at least so many `bytes`."""

    how: How = "whole"
    bytes: int | None = None


def delivered(state: FileState, content: bytes, media_type: str) -> tuple[bytes, str]:
    """The content and media type of an answer of 200, whose length is announced rightly."""
    if state.how == "html":
        return LOGIN_PAGE, "text/html; charset=utf-8"
    if state.how == "empty":
        return b"", media_type
    return (content[: len(content) // 2] if state.how == "half" else content), media_type
