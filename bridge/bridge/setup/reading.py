"""What one side says, table by table, with what it would not say: a right that is missing hides one table, not all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from api_core.errors import AccessDenied, ApiError, LoginLost, NotFound, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass
class Reading:
    """Reads tables one by one.

    Attributes:
        denied: Names of what the login has no right to.
        trouble: Why nothing more could be read, in one line.
        login_lost: Whether that is the login.
    """

    denied: list[str] = field(default_factory=list)
    trouble: str | None = None
    login_lost: bool = False

    def of(self, name: str, read: Callable[[], T]) -> T | None:
        """Return what `read` gives, None when this side does not say."""
        if self.trouble is not None:
            return None
        try:
            return read()
        except (AccessDenied, NotFound):
            self.denied.append(name)
        except RecordRefused as error:
            self.denied.append(name)
            self.trouble = f"{name} is refused ({error.status})"
        except ApiError as error:
            self.trouble = str(error)
            self.login_lost = isinstance(error, LoginLost)
        return None
