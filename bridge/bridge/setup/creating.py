"""Makes a project of one's own, and adds couplings to it: writes the files, touches no service."""

from __future__ import annotations

import os
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML

from bridge.errors import Refused
from bridge.setup.project_files import (
    IGNORED,
    checked_name,
    coupling_file,
    plugin_file,
    product,
    project_file,
    source_at,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.project import Coupling, Project

OWNER_ONLY: Final = 0o600
PRODUCTS_OWN: Final = "# Written by bridge init: your settings belong in meltano.yml, .env and couplings/.\n"
YOURS: Final = (
    "# What the plugins have in common, such as EXACT_DIVISION, and what is secret stands in .env; bridge setup asks "
    "for it all.\n"
)


def init(folder: Path, place: str | None = None) -> bool:
    """Make a project, or renew the product's part of one that is there; return whether it was there.

    Args:
        folder: Of the project. Files of a person are never written over.
        place: Where the plugins come from: a clone, a folder of wheels or `git+https://…@TAG`; else this clone.

    Raises:
        Refused: The folder holds something else, or there are no plugins at the place.
    """
    source = source_at(place)
    was_there = (folder / "meltano.yml").is_file()
    if was_there and not (folder / "plugins" / "tap-teamleader.meltano.yml").is_file():
        raise Refused(f"{folder} holds another Meltano project: name a folder of its own")
    if not was_there and folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty: name a new folder")
    for name in ("plugins", "couplings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    for name in product():
        path = folder / "plugins" / f"{name}.meltano.yml"
        before = YAML(typ="safe").load(path) if path.exists() else None
        _write(path, PRODUCTS_OWN, plugin_file(name, source, before))
    if not was_there:
        _write(folder / "meltano.yml", YOURS, project_file())
        (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    os.close(os.open(folder / ".env", os.O_CREAT | os.O_WRONLY, OWNER_ONLY))
    (folder / ".env").chmod(OWNER_ONLY)
    return was_there


def add_coupling(
    project: Project, name: str, *, department_id: str, division: int, journals: tuple[str | None, str | None]
) -> Coupling:
    """Add the file of a coupling.

    Args:
        project: To which it is added.
        name: How it is called from now on.
        department_id: Whose documents are booked.
        division: Where.
        journals: Of invoices and of credit notes; None is chosen later.

    Raises:
        Refused: The name cannot be, or is taken; the department is booked already; the journals are another
            department's, whose numbers may be equal.
    """
    path = project.folder / "couplings" / f"{checked_name(name)}.meltano.yml"
    if path.exists():
        raise Refused(f"There is a coupling {name} already, in {path}")
    for other in project.couplings_read():
        _keep_apart(other, department_id, division, journals)
    of_teamleader = {"department_id": department_id}
    chosen = dict(zip(("invoice_journal", "credit_note_journal"), journals, strict=True))
    own = {"department_id": department_id, "division": division}
    of_target = {**own, **{key: value for key, value in chosen.items() if value}, "dry_run": True}
    path.parent.mkdir(exist_ok=True)
    content = coupling_file(
        name,
        {
            "tap-teamleader": of_teamleader,
            "target-exactonline": of_target,
            "tap-exactonline": {"division": division},
            "target-teamleader": {**own, "dry_run": True},
            "bridge": {"division": division},
        },
    )
    _write(path, "", content)
    return project.coupling(name)


def _keep_apart(other: Coupling, department_id: str, division: int, journals: tuple[str | None, str | None]) -> None:
    booked = other.settings("tap-teamleader").get("department_id")
    where = other.settings("target-exactonline").get("division")
    if where is None:
        return
    if booked == department_id:
        raise Refused(f"That department is booked in {where} already, by the coupling {other.title}")
    if booked is None:
        raise Refused(
            f"The coupling {other.title} books all departments, this one too: set TEAMLEADER_DEPARTMENT_ID first"
        )
    taken = {other.settings("target-exactonline").get(name) for name in ("invoice_journal", "credit_note_journal")}
    both = [journal for journal in journals if journal is not None and journal in taken]
    if int(where) == division and both:
        raise Refused(
            f"Journal {', '.join(both)} of {division} is that of the coupling {other.title}, whose documents "
            "may have equal numbers: choose journals of its own"
        )


def _write(path: Path, above: str, content: dict[str, Any]) -> None:
    text = StringIO(above)
    text.seek(0, os.SEEK_END)
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.dump(content, text)
    path.write_text(text.getvalue(), encoding="utf-8")
