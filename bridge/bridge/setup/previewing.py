"""The real plugins run on throw-away copies, with targets that cannot write; what they would do is the preview."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from bridge.errors import Refused
from bridge.project import JOBS, tasks
from bridge.run.saying import last_said
from bridge.setup.planned import preview
from bridge.setup.throw_away import throw_away

if TYPE_CHECKING:
    from bridge.project import Coupling
    from bridge.setup.throw_away import ThrowAway


def previewed(coupling: Coupling) -> dict[str, Any]:
    """Return what the next run of both directions would do. Nothing is written, no state moves.

    Raises:
        StoreError: The store cannot be opened.
        Refused: A direction could not work; its own message is told.
    """
    files_each = len(coupling.settings("tap-teamleader").get("attachments") or ())
    with throw_away(coupling) as place:
        for job in JOBS:
            _run(coupling, place, job)
        lines = place.plan.read_text(encoding="utf-8").splitlines() if place.plan.exists() else []
        return preview(map(json.loads, lines), files_each=files_each)


def _run(coupling: Coupling, place: ThrowAway, job: str) -> None:
    ran = subprocess.run(  # noqa: S603 - Meltano, with arguments of ours
        coupling.command(job), cwd=coupling.project.folder, env=place.env, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        what = " ".join(tasks(job, coupling.name))
        raise Refused(f"The preview could not run {what}: {last_said(ran.stdout + ran.stderr)}")
