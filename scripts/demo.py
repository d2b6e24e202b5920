"""Book the sandbox's whole year and compare both sides to the cent; settle some of it and see it paid in Teamleader.

Each job runs once more, and nothing happens. Uses a throw-away store and Meltano database, so that it can be repeated
and leaves your own installation alone.
"""

from __future__ import annotations

import itertools
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
PLUGINS = ("TAP_TEAMLEADER", "TARGET_EXACTONLINE", "TAP_EXACTONLINE", "TARGET_TEAMLEADER")
# What a second run may ask of each service when nothing has changed.
IDLE_CALLS = {"documents": {"exact": 2, "teamleader": 12}, "payments": {"exact": 4, "teamleader": 2}}

CENT = Decimal("0.01")

Side = dict[str, dict[str, Any]]
Totals = dict[tuple[str, str], tuple[int, Decimal, Decimal, Decimal]]


def run(job: str, env: Mapping[str, str]) -> float:
    """Run a job; return its seconds. A failed run ends the demo."""
    started = time.monotonic()
    command = [str(MELTANO), "--environment=sandbox", "run", "--no-install", job]
    if subprocess.run(command, cwd=ROOT, env=dict(env), check=False).returncode:
        sys.exit(f"The job {job} failed; its own message stands above.")
    return time.monotonic() - started


def run_idle(job: str, env: Mapping[str, str], sandbox: SandboxProcess) -> bool:
    """Run a job with nothing to do, print what it asked; return whether that was little enough."""
    sandbox.forget_calls()
    seconds = run(job, env)
    calls = sandbox.calls()
    print(f"Second run, {seconds:.0f} s: {calls['exact']} calls to Exact, {calls['teamleader']} to Teamleader.")
    return all(calls[service] <= most for service, most in IDLE_CALLS[job].items())


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
            **{f"{plugin}_STORE_URI": f"sqlite:///{folder}/connector.db" for plugin in PLUGINS},
            "MELTANO_DATABASE_URI": f"sqlite:///{folder}/meltano.db",
        }


def show_documents(env: Mapping[str, str], sandbox: SandboxProcess) -> bool:
    """Run the forward job twice; return whether both sides are equal and the second run did nothing."""
    seconds = run("documents", env)
    teamleader, exact = sandbox.teamleader_documents(), sandbox.exact_entries()
    journals = {entry["kind"]: entry["journal"] for entry in exact}
    equal = report(summed(teamleader), summed(exact), journals)
    customers = len({document["customer"] for document in teamleader})
    print(
        f"\n{len(exact)} entries for {customers} customers in {seconds:.0f} s. "
        f"Both sides are {'equal to the cent' if equal else 'NOT equal'}."
    )
    idle = run_idle("documents", env, sandbox)
    return equal and idle and len(sandbox.exact_entries()) == len(exact)


def invoices_of(rows: list[dict[str, Any]]) -> Side:
    """Return the invoices by number."""
    return {row["number"]: row for row in rows if row["kind"] == "invoice"}


def settle(sandbox: SandboxProcess) -> dict[str, str]:
    """Match entries in Exact as an accountant does; return number of the invoice -> how.

    Only of invoices of which nobody registered a payment in Teamleader by hand, so that both sides end up equal.
    """
    how: dict[str, str] = {}
    matches: list[dict[str, Any]] = []
    plain, credited = unpaid(sandbox)
    for row, note in credited[:4]:
        how[row["number"]] = "credit note"
        against = {"your_ref": note["number"], "journal": "71"}
        matches.append({"your_ref": row["number"], "how": "credit_note", "against": against})
    rows = iter(plain)
    for kind, count in (("bank", 8), ("bank, in part", 4), ("bank, rest written off", 4)):
        for row in itertools.islice(rows, count):
            how[row["number"]] = kind
            part = {} if kind == "bank" else {"amount": str((row["gross"] * 3 / 5).quantize(CENT))}
            matches.append({"your_ref": row["number"], **part})
            if kind == "bank, rest written off":
                matches.append({"your_ref": row["number"], "how": "write_off"})
    sandbox.exact("match_entries", entries=[{"journal": "70", **match} for match in matches])
    return how


def unpaid(sandbox: SandboxProcess) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Return the invoices that are open as a whole, and those with one credit note, of which nothing else was paid."""
    documents, exact = sandbox.teamleader_documents(), invoices_of(sandbox.exact_entries())
    plain, credited = [], []
    for row in invoices_of(documents).values():
        notes = [note for note in documents if note["credited"] == row["id"]]
        is_open = row["gross"] == exact[row["number"]]["open"] == row["open"] - sum(note["gross"] for note in notes)
        if row["gross"] > 0 and is_open and not notes:
            plain.append(row)
        elif is_open and len(notes) == 1:
            credited.append((row, notes[0]))
    return plain, credited


def show_paid(sandbox: SandboxProcess, how: Mapping[str, str]) -> bool:
    """Print what is paid and open of the settled invoices; return whether both sides are equal."""
    teamleader, exact = invoices_of(sandbox.teamleader_documents()), invoices_of(sandbox.exact_entries())
    equal = True
    print(f"\n{'':66}{'Teamleader':^28}{'Exact Online':^28}")
    print(f"{'Invoice':14}{'settled by':26}{'amount':>20}  {'':4}{'paid':>14}{'open':>14}{'paid':>14}{'open':>14}")
    for number, kind in how.items():
        row, entry = teamleader[number], exact[number]
        amounts = (row["gross"] - row["open"], row["open"], entry["gross"] - entry["open"], entry["open"])
        equal = equal and amounts[:2] == amounts[2:]
        shown = "".join(f"{amount:>14,.2f}" for amount in amounts)
        paid = "paid" if not row["open"] else ""
        print(f"{number:14}{kind:26}{row['gross']:>16,.2f} {row['currency']}  {paid:4}{shown}")
    return equal


def show_payments(env: Mapping[str, str], sandbox: SandboxProcess) -> bool:
    """Settle some entries and run the reverse job twice; return whether Teamleader shows what Exact does."""
    how = settle(sandbox)
    seconds = run("payments", env)
    equal = show_paid(sandbox, how)
    print(
        f"\n{len(how)} invoices settled in Exact reached Teamleader in {seconds:.0f} s. "
        f"Both sides are {'equal to the cent' if equal else 'NOT equal'}."
    )
    before = sandbox.teamleader_documents()
    idle = run_idle("payments", env, sandbox)
    return equal and idle and sandbox.teamleader_documents() == before


def main() -> int:
    """Run the demo; 0 when both sides are equal and second runs did nothing."""
    # The real limits (60 calls a minute) would make the first run last twenty minutes; pacing is tested elsewhere.
    with throw_away_project() as env, SandboxProcess("--no-limits") as sandbox:
        env.update(sandbox.env())
        return 0 if show_documents(env, sandbox) and show_payments(env, sandbox) else 1


if __name__ == "__main__":
    sys.exit(main())
