"""What a dry run would do, told to the program that asked for it, such as `bridge preview`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from connector_store.variables import PLAN


class PlanFile:
    """A line of JSON for each thing that a dry run would do, amounts and days as texts; none where nobody asked."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @classmethod
    def of_run(cls, *, dry_run: bool) -> PlanFile:
        """Return the file that the environment asks for; a run that writes has no plan."""
        named = os.environ.get(PLAN) if dry_run else None
        return cls(Path(named) if named else None)

    def tell(self, **what: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        """Add a line."""
        if self._path is None:
            return
        line = json.dumps(what, default=str, ensure_ascii=False)
        with os.fdopen(
            os.open(self._path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a", encoding="utf-8"
        ) as file:
            file.write(f"{line}\n")
