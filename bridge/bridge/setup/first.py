"""The first documents of a coupling: how many there are from a day on, and one of them booked before all others."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from bridge.errors import Refused
from bridge.opening import opened
from bridge.run.saying import last_said
from bridge.setup.planned import PER_MINUTE
from bridge.telling import Reader, status_of
from teamleader_api.start_date import first_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.project import Coupling
    from teamleader_api import TeamleaderClient

CALLS: Final = 4
"""To Exact, for a document with its file and now and then a new customer."""
STARTS: Final = ("fiscal_year", "quarter", "month", "all")
"""Words of tap-teamleader's start_date, in the order in which they are offered."""


@dataclass(frozen=True)
class Start:
    """A day to begin with: the setting, the day (None: all there is), how many invoices that is, and how long."""

    setting: str
    first: date | None
    invoices: int

    @property
    def minutes(self) -> int:
        """How long Exact's limit makes them last, at least one."""
        return max(1, round(self.invoices * CALLS / PER_MINUTE))


@dataclass(frozen=True)
class Booked:
    """What came of the one document: its status and, when it stands in Exact, where."""

    status: str
    address: str | None
    entry_number: int | None
    reason: str | None


def counted(client: TeamleaderClient, department_id: str, setting: str, today: date) -> Start:
    """Return a start with its number of booked invoices: one call."""
    first = first_day(setting, today)
    chosen: dict[str, Any] = {"department_id": department_id, "status": ["outstanding", "matched"]}
    if first is not None:
        chosen["invoice_date_after"] = first.isoformat()
    rows = next(client.pages("invoices.list", {"filter": chosen}, 1), [])
    page = client.first_page_meta or {}
    return Start(setting, first, int(page.get("matches", len(rows))))


def latest(client: TeamleaderClient, department_id: str, count: int = 5) -> list[dict[str, Any]]:
    """Return the last invoices that were booked: id, number, date, customer and total."""
    body = {
        "filter": {"department_id": department_id, "status": ["outstanding", "matched"]},
        "sort": [{"field": "invoice_date", "order": "desc"}],
    }
    rows = next(client.pages("invoices.list", body, count), [])[:count]
    return [
        {
            "id": row["id"],
            "number": row["invoice_number"],
            "date": row["invoice_date"],
            "customer": row["invoicee"]["name"],
            "amount": row["total"]["payable"]["amount"],
            "currency": row["total"]["payable"]["currency"],
        }
        for row in rows
    ]


def book_one(coupling: Coupling, invoice: dict[str, Any]) -> Booked:
    """Book one invoice through the plugins themselves, all others left out; the state of the runs stays as it is.

    Raises:
        Refused: The run failed; its log says why.
    """
    it_alone = {
        "invoices": {"__filter__": f"record['id'] == '{invoice['id']}'"},
        "credit_notes": {"__filter__": "record['id'] == ''"},
    }
    done = _run(
        coupling,
        {
            coupling.variable("tap-teamleader", "start_date"): str(invoice["date"]),
            coupling.variable("tap-teamleader", "stream_maps"): json.dumps(it_alone),
            coupling.variable("target-exactonline", "dry_run"): "false",
        },
    )
    if done.returncode:
        raise Refused(f"The run did not work: {last_said(done.stderr)}")
    with opened(coupling.store_uri, coupling.division) as division:
        rows = status_of(division, Reader())["documents"]
    row = next((each for each in rows if each["source_id"] == invoice["id"]), None)
    if row is None:
        return Booked("unknown", None, None, last_said(done.stderr))
    return Booked(row["status"], (row["urls"] or {}).get("exact"), row["entry_number"], row["reason"])


def _run(coupling: Coupling, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    end = "" if coupling.name is None else f"-{coupling.name}"
    command = [str(coupling.project.meltano), "run", "--no-install", "--no-state-update", f"documents{end}"]
    env = {**os.environ, **variables}
    return subprocess.run(  # noqa: S603 - Meltano, and a job of the project
        command, cwd=coupling.project.folder, env=env, capture_output=True, text=True, check=False
    )


def is_day(text: str) -> bool:
    """Tell whether a text is a day that is not to come."""
    try:
        return date.fromisoformat(text) <= date.today() + timedelta(days=1)  # noqa: DTZ011 - of the person's calendar
    except ValueError:
        return False
