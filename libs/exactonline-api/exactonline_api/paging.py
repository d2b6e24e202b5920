"""Pages that name their successor (exact-online 3.8-3.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api_core.errors import WrongAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def follow(url: str, get: Callable[[str], Any]) -> Iterator[Any]:
    """Yield the value of `d` of each page.

    `__next` is followed as it is: its skip token is Exact's own, and encoding it again breaks it. A last page may be
    empty.

    Args:
        url: The first page.
        get: Fetches an address and returns its `d`.

    Raises:
        WrongAddress: A page names a successor on another host, which our token must not reach, or itself.
    """
    here: str | None = url
    while here:
        data = get(here)
        following = data.get("__next") if isinstance(data, dict) else None
        yield data
        del data  # a page may be large, and the next one is about to come
        if following and (following == here or _host(following) != _host(url)):
            raise WrongAddress("Exact names a next page that is not its own: check that api_url is its address")
        here = following


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
