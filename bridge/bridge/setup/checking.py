"""A coupling checked: both sides read through clients that cannot write, and all that is wrong."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from bridge import services
from bridge.setup.checks.catalogue import found
from bridge.setup.checks.run import findings
from bridge.setup.snapshot import read_facts
from connector_store import StoreError

if TYPE_CHECKING:
    from bridge.project import Coupling
    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

PLUGINS: Final = ("target-exactonline", "tap-teamleader", "target-teamleader")


def facts_of(coupling: Coupling) -> Facts:
    """Read both sides of a coupling and this machine.

    Raises:
        StoreError: The store cannot be opened.
        Refused: An app or the administration is not known yet.
    """
    settings = {plugin: dict(coupling.settings(plugin)) for plugin in PLUGINS}
    target = settings["target-exactonline"]
    settings["target-exactonline"] |= {
        "division": coupling.division,
        "store_uri": coupling.store_uri,
        "api_url": target.get("api_url") or services.EXACT_API,
    }
    with services.opened(coupling) as store:
        return read_facts(
            exact=services.exact(coupling, store, read_only=True),
            teamleader=services.teamleader(coupling, store, read_only=True),
            store=store,
            settings=settings,
            now=datetime.now(timezone.utc),
            coupling=coupling.name,
        )


def checked(coupling: Coupling) -> list[Finding]:
    """Return all that is wrong with a coupling.

    Raises:
        Refused: An app or the administration is not known yet.
    """
    try:
        facts = facts_of(coupling)
    except StoreError as error:
        return [found("store_unusable", "store_uri", str(error))]
    return findings(facts)
