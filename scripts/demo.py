"""Book the sandbox's whole year, compare both sides to the cent, run again and see that nothing happens.

Uses a throw-away store and Meltano database, so that it can be repeated and leaves your own installation alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
MELTANO = Path(sys.executable).parent / "meltano"
# What a second run may ask of each service when nothing has changed.
IDLE_CALLS = {"exact": 2, "teamleader": 12}

Totals = dict[tuple[str, str], tuple[int, Decimal, Decimal, Decimal]]


def run_documents(env: Mapping[str, str]) -> float:
    """Run the forward job; return its seconds. A failed run ends the demo."""
    started = time.monotonic()
    command = [str(MELTANO), "--environment=sandbox", "run", "--no-install", "documents"]
    if subprocess.run(command, cwd=ROOT, env=dict(env), check=False).returncode:
        sys.exit("The forward job failed; its own message stands above.")
    return time.monotonic() - started


def summed(rows: list[dict[str, Any]]) -> Totals:
    """Return (kind, currency) -> number, net, VAT, gross."""
    totals: Totals = {}
    for row in rows:
        key = (row["kind"], row["currency"])
        count, net, vat, gross = totals.get(key, (0, Decimal(0), Decimal(0), Decimal(0)))
        totals[key] = (count + 1, net + row["net"], vat + row["vat"], gross + row["gross"])
    return totals


def report(teamleader: Totals, exact: Totals, journals: dict[str, str]) -> bool:
    """Print both sides, two lines per journal and currency; return whether they are equal."""
    print(f"\n{'Journal':28}{'':14}{'number':>8}{'net':>16}{'VAT':>16}{'gross':>16}")
    for kind, currency in sorted(teamleader.keys() | exact.keys(), reverse=True):
        title = f"{journals.get(kind, '--')} {kind.replace('_', ' ')}s in {currency}"
        for side, totals in (("Teamleader", teamleader), ("Exact Online", exact)):
            count, net, vat, gross = totals.get((kind, currency), (0, Decimal(0), Decimal(0), Decimal(0)))
            print(f"{title:28}{side:14}{count:>8}{net:>16,.2f}{vat:>16,.2f}{gross:>16,.2f}")
            title = ""
    return teamleader == exact


@contextmanager
def throw_away_project() -> Iterator[dict[str, str]]:
    """Yield an environment whose store and Meltano database live in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        yield {
            "MELTANO_CLI_LOG_LEVEL": "warning",
            **os.environ,
            "TAP_TEAMLEADER_STORE_URI": f"sqlite:///{folder}/connector.db",
            "TARGET_EXACTONLINE_STORE_URI": f"sqlite:///{folder}/connector.db",
            "MELTANO_DATABASE_URI": f"sqlite:///{folder}/meltano.db",
        }


def main() -> int:
    """Run the demo; 0 when both sides are equal and the second run did nothing."""
    # The real limits (60 calls a minute) would make the first run last twenty minutes; pacing is tested elsewhere.
    with throw_away_project() as env, SandboxProcess("--no-limits") as sandbox:
        env.update(sandbox.env())
        seconds = run_documents(env)
        teamleader, exact = sandbox.teamleader_documents(), sandbox.exact_entries()
        journals = {entry["kind"]: entry["journal"] for entry in exact}
        equal = report(summed(teamleader), summed(exact), journals)
        customers = len({document["customer"] for document in teamleader})
        print(
            f"\n{len(exact)} entries for {customers} customers in {seconds:.0f} s. "
            f"Both sides are {'equal to the cent' if equal else 'NOT equal'}."
        )

        sandbox.forget_calls()
        seconds = run_documents(env)
        calls = sandbox.calls()
        print(f"Second run, {seconds:.0f} s: {calls['exact']} calls to Exact, {calls['teamleader']} to Teamleader.")
        idle = all(calls[service] <= most for service, most in IDLE_CALLS.items())
        unchanged = len(sandbox.exact_entries()) == len(exact)
    return 0 if equal and idle and unchanged else 1


if __name__ == "__main__":
    sys.exit(main())
