"""Both services and the store of a coupling, as its plugins have them: same settings, same login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import Refused
from connector_store import ConnectorStore
from connector_store.project import project_uri
from exactonline_api import ExactClient
from exactonline_api.client import PATIENT
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from api_core.transport import Timeout
    from bridge.project import Coupling

TEAMLEADER = "teamleader"
EXACT = "exact"
"""Names of the services in the store, as the plugins have them."""
TEAMLEADER_API = "https://api.focus.teamleader.eu"
TEAMLEADER_LOGIN = "https://focus.teamleader.eu"
EXACT_API = "https://start.exactonline.be"
"""Where the services are when no setting says so, as for the plugins."""
NO_DIVISION = 0
"""For what Exact answers of the login itself, which belongs to no administration (exact-online 0.2)."""


def opened(coupling: Coupling) -> ConnectorStore:
    """Open the store of a coupling, to be closed by the `with` it stands in; a new one is made where there is none.

    Raises:
        StoreError: It cannot be opened.
    """
    return ConnectorStore.open(project_uri(coupling.store_uri))


def teamleader(coupling: Coupling, store: ConnectorStore, *, read_only: bool = False) -> TeamleaderClient:
    """Return Teamleader with the login that the plugins use; `read_only` sends nothing but list, info and the like.

    Raises:
        Refused: The app of the login is not known yet.
    """
    settings = coupling.settings("tap-teamleader")
    client_id, client_secret = app(settings, TEAMLEADER)
    return TeamleaderClient(
        api_url=settings.get("api_url") or TEAMLEADER_API,
        auth_url=settings.get("auth_url") or TEAMLEADER_LOGIN,
        client_id=client_id,
        client_secret=client_secret,
        refresh_token=settings.get("refresh_token"),
        tokens=store.tokens(TEAMLEADER, client_id),
        read_only=read_only,
    )


def exact(
    coupling: Coupling,
    store: ConnectorStore,
    *,
    division: int | None = None,
    read_only: bool = False,
    timeout: Timeout = PATIENT,
) -> ExactClient:
    """Return the coupling's administration in Exact, or another one of the login; `read_only` sends nothing but GET.

    Raises:
        Refused: The app of the login or the administration is not known yet.
    """
    settings = coupling.settings("target-exactonline")
    client_id, client_secret = app(settings, EXACT)
    return ExactClient(
        api_url=settings.get("api_url") or EXACT_API,
        division=coupling.division if division is None else division,
        client_id=client_id,
        client_secret=client_secret,
        refresh_token=settings.get("refresh_token"),
        tokens=store.tokens(EXACT, client_id),
        read_only=read_only,
        timeout=timeout,
    )


def app(settings: Mapping[str, Any], service: str) -> tuple[str, str]:
    """Return client id and client secret of the app that logs in to a service.

    Raises:
        Refused: They are not set yet.
    """
    client_id, client_secret = settings.get("client_id"), settings.get("client_secret")
    if not client_id or not client_secret:
        names = f"{service.upper()}_CLIENT_ID and {service.upper()}_CLIENT_SECRET"
        raise Refused(f"{names} are not set: bridge login {service} tells how to get them")
    return str(client_id), str(client_secret)


def login_site(settings: Mapping[str, Any], service: str) -> str:
    """Return where people log in to a service, without a stroke at the end."""
    if service == TEAMLEADER:
        return str(settings.get("auth_url") or TEAMLEADER_LOGIN).rstrip("/")
    return str(settings.get("api_url") or EXACT_API).rstrip("/")
