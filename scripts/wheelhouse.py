"""Write beside the wheels in a folder, for each of our programs, what an environment of its own is made of.

`dist/tap-teamleader.txt` and the others list our wheels and, out of constraints.txt, what others made, each with its
hashes. `uv pip install --no-deps --require-hashes --find-links dist -r dist/tap-teamleader.txt` installs just that: a
package of our name from elsewhere has another hash and is refused.
"""

from __future__ import annotations

import hashlib
import re
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "teamleader-exactonline-"
PROGRAMS = ("tap-teamleader", "tap-exactonline", "target-exactonline", "target-teamleader", "mappers", "bridge")
DRIVER = f"{PREFIX}connector-store[postgres]"
"""Goes with whatever opens a store: a store in production is PostgreSQL's."""


def locked(constraints: str) -> dict[str, list[str]]:
    """Return name -> its entries in constraints.txt, each with its marker and hashes."""
    entries: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\w)", constraints.strip()):
        entries.setdefault(canonicalize_name(entry.split("==")[0]), []).append(entry)
    return entries


def needed(requirement: Requirement, known: dict[str, set[str]]) -> None:
    """Gather a requirement and all that it needs on any Python and system: name -> extras."""
    name = canonicalize_name(requirement.name)
    if name in known and requirement.extras <= known[name]:
        return
    extras = known.setdefault(name, set())
    extras |= requirement.extras
    try:
        lines = requires(name) or []
    except PackageNotFoundError:  # for another Python or system than this one
        return
    for line in lines:
        inner = Requirement(line)
        of_extra = re.search(r"extra == ['\"]([\w-]+)['\"]", str(inner.marker or ""))
        if of_extra is None or of_extra[1] in extras:
            needed(inner, known)


def wheels(folder: Path) -> dict[str, str]:
    """Return name -> entry, with its hash, of our wheels."""
    found: dict[str, str] = {}
    for path in folder.glob("*.whl"):
        name, version, *_ = path.name.split("-")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found[canonicalize_name(name)] = f"{canonicalize_name(name)}=={version} \\\n    --hash=sha256:{digest}"
    return found


def contents(program: str, ours: dict[str, str], others: dict[str, list[str]]) -> str:
    """Return the list of a program's environment."""
    known: dict[str, set[str]] = {}
    needed(Requirement(PREFIX + program), known)
    if canonicalize_name(DRIVER.partition("[")[0]) in known:
        needed(Requirement(DRIVER), known)
    # What no Python or system of ours takes is not locked.
    entries = [entry for name in sorted(known) for entry in ([ours[name]] if name in ours else others.get(name, []))]
    return "\n".join(entries) + "\n"


def main(folder: Path) -> None:
    """Write the lists."""
    ours, others = wheels(folder), locked((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    for program in PROGRAMS:
        (folder / f"{program}.txt").write_text(contents(program, ours, others), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
