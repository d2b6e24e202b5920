"""Reads both sides and this machine once, for the checks, the suggestions and the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bridge.setup.administration import read_administration
from bridge.setup.department import read_department
from bridge.setup.facts import Facts
from bridge.setup.machine import read_machine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector_store import ConnectorStore
    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient


def read_facts(
    *,
    exact: ExactClient,
    teamleader: TeamleaderClient,
    store: ConnectorStore,
    settings: Mapping[str, Mapping[str, Any]],
    now: datetime,
    coupling: str | None = None,
) -> Facts:
    """Return what both sides hold, with clients that need not be allowed to write.

    Args:
        exact: The administration.
        teamleader: The department's account.
        store: The coupling's store.
        settings: Those of target-exactonline, tap-teamleader and target-teamleader, by plugin.
        now: The moment on this machine, UTC.
        coupling: Its name; None is the project's own.
    """
    target, tap = settings["target-exactonline"], settings["tap-teamleader"]
    division = int(target["division"])
    department = str(tap["department_id"]) if tap.get("department_id") else None
    return Facts(
        now=now,
        administration=read_administration(exact, division, str(target["api_url"])),
        department=read_department(teamleader, department),
        machine=read_machine(store, str(target["store_uri"]), division, coupling),
        target=target,
        tap=tap,
        payments=settings.get("target-teamleader", {}),
    )
