"""Why a call is not carried out. Raised anywhere, turned into an answer in one place (app.py)."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - an answer of the service, not a fault of the program
    """An answer that is not 2xx: `status` and the text of `error.message.value`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class BadRequest(Refusal):
    """400: malformed body, unknown property, wrong type, bad query (exact-online 4.3)."""

    def __init__(self, text: str) -> None:
        super().__init__(400, text)


class QuerySyntaxError(BadRequest):
    """400: a `$filter`, `$orderby` or `$select` that cannot be understood."""

    def __init__(self) -> None:
        super().__init__("Error in query syntax.")


class Forbidden(Refusal):
    """403: no right, or a row that is not there any more (exact-online 3.29, 4.3)."""

    def __init__(self, text: str = "Forbidden") -> None:
        super().__init__(403, text)


class NotFound(Refusal):
    """404: no such endpoint or row."""

    def __init__(self, segment: str) -> None:
        super().__init__(404, f"Resource not found for the segment '{segment}'.")


class BusinessRefusal(Refusal):
    """500 with a localised text, several lines when several rules are broken (exact-online 4.1, 4.2).

    `problems` are the keys and arguments of the texts (texts.py); the language is applied when the answer is made.
    """

    def __init__(self, *problems: tuple[str, ...]) -> None:
        super().__init__(500, "; ".join(" ".join(problem) for problem in problems))
        self.problems = problems
