"""Logging in to a service: which app to register, the way to its page, the code that comes back, tokens into the store.

Everything but the terminal: a web console logs in with the same functions.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from api_core.errors import LoginLost
from bridge import services
from bridge.errors import Refused

if TYPE_CHECKING:
    from bridge.project import Coupling
    from connector_store import ConnectorStore


@dataclass(frozen=True)
class Registration:
    """What a person registers with a service before the first login, and what the service promises of it."""

    service: str
    name: str
    where: str
    """Place and menu where an app is registered."""
    redirect_address: str
    """To be copied to the letter (exact-online 1.3)."""
    rights: tuple[str, ...]
    """Rights or scopes that the app needs, in the service's words."""
    code_minutes: int
    """How long a code can be exchanged."""
    plugin: str
    """The plugin whose settings the login is read from."""


REGISTRATIONS: Final = {
    services.TEAMLEADER: Registration(
        services.TEAMLEADER,
        "Teamleader",
        "https://marketplace.focus.teamleader.eu, menu Build: a private integration with the redirect address",
        "http://localhost:8765/teamleader",
        ("companies", "contacts", "departments", "invoices", "payment methods", "products", "subscriptions", "users"),
        10,  # teamleader 1.4
        "tap-teamleader",
    ),
    services.EXACT: Registration(
        services.EXACT,
        "Exact Online",
        "https://apps.exactonline.com, in your country, menu Manage my apps: an app for your own use",
        "https://localhost/exact",
        (  # exact-online 0.6
            "Financial: accounting, receivables, cashflow, generalledgers, currencies, costcenters",
            "Crm: accounts",
            "Organization: documents, administration",
        ),
        3,  # exact-online 1.4
        "target-exactonline",
    ),
}
PATHS: Final = {services.TEAMLEADER: "oauth2/authorize", services.EXACT: "api/oauth2/auth"}


def new_state() -> str:
    """Return what an address must bring back, so that nobody else's code is taken for ours."""
    return secrets.token_urlsafe(24)


def consent_address(coupling: Coupling, service: str, state: str) -> str:
    """Return the address of the page on which a person lets the app in.

    Raises:
        Refused: The app is not known yet.
    """
    registration = REGISTRATIONS[service]
    settings = coupling.settings(registration.plugin)
    client_id, _ = services.app(settings, service)
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": registration.redirect_address,
        "state": state,
    }
    site = services.login_site(settings, service)
    return f"{site}/{PATHS[service]}?{urlencode(asked)}"


def code_of(service: str, address: str, state: str) -> str:
    """Return the code, decoded (exact-online 1.4), of the address that a person was sent back to.

    Raises:
        Refused: It is another address, or of another login, or the person said no.
    """
    registration = REGISTRATIONS[service]
    given = _query(address)
    if "error" in given:
        raise Refused(f"{registration.name} was told not to let the app in: open the address again and allow it")
    if "code" not in given:
        raise Refused(
            "That address holds no code: copy the whole address that the browser shows afterwards, beginning with "
            f"{registration.redirect_address}?"
        )
    if not is_of_login(address, state):
        raise Refused("That address is of another login: open the one that was shown last, and paste what follows it")
    return given["code"]


def is_of_login(address: str, state: str) -> bool:
    """Tell whether an address is the answer to the login of this state: any page can send a browser to ours."""
    return secrets.compare_digest(_query(address).get("state", "").encode(), state.encode())


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address.strip()).query).items()}


def log_in(coupling: Coupling, store: ConnectorStore, service: str, code: str) -> None:
    """Exchange a code, and keep the tokens in the store under its lock.

    Raises:
        Refused: The service does not take the code or the app.
        ApiError: It does not answer.
    """
    registration = REGISTRATIONS[service]
    client = (
        services.teamleader(coupling, store)
        if service == services.TEAMLEADER
        else services.exact(coupling, store, division=services.NO_DIVISION)
    )
    try:
        client.log_in(code, registration.redirect_address)
    except LoginLost as error:
        raise Refused(f"{error}; begin again with: bridge login {service}") from None
