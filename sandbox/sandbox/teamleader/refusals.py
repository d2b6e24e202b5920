"""Why Teamleader does not do what it is asked, in the words of its answer."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is an answer of the service, not an error of the sandbox
    """An answer `{"errors": [{"title": …}]}` with that status."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def bad_request(title: str) -> Refusal:
    """400: the body is not as the vendor describes it."""
    return Refusal(400, title)


def not_found(what: str) -> Refusal:
    """404: no such row."""
    return Refusal(404, f"{what} not found")
