"""The settings that all our plugins have, the rule for addresses, and the list of secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from singer_sdk import typing as th

from api_core.transport import is_private
from connector_store.project import DEFAULT_URI

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRETS: Final = ("client_secret", "refresh_token", "store_uri")
"""Settings whose values never reach a log or a message: the URI of a store may hold a password."""


def text(name: str, title: str, description: str, **options: Any) -> th.Property[str]:  # noqa: ANN401
    """Return a setting that is text; `options` are those of `th.Property`."""
    return th.Property(
        name, th.StringType, title=title, description=description, secret=name in SECRETS or None, **options
    )


def flag(name: str, title: str, description: str, *, default: bool = False) -> th.Property[bool]:
    """Return a setting that is on or off."""
    return th.Property(name, th.BooleanType, default=default, title=title, description=description)


def address(name: str, title: str, description: str, default: str) -> th.Property[str]:
    """Return a setting that is the address of a service; `faults_of_addresses` looks after it by its name, `…_url`."""
    return text(name, title, f"{description} Plain http:// is accepted for this machine only.", default=default)


def lock_timeout(doing: str) -> th.Property[float]:
    """Return the setting that tells how long to wait for another run that is `doing` the same."""
    description = f"Seconds to wait when another run is {doing} the same administration."
    return th.Property("lock_timeout", th.NumberType, default=30, title="Wait for another run", description=description)


def connection(app: str, api: th.Property[str], store: str) -> tuple[th.Property[Any], ...]:
    """Return the settings of a login and of the store.

    Args:
        app: What was registered with the service to log in, such as "your app in Exact's app centre".
        api: The address of the service.
        store: What the plugin keeps in the store, or reads there.
    """
    return (
        text("client_id", "Client id", f"Client id of {app}.", required=True),
        text("client_secret", "Client secret", f"Client secret of {app}.", required=True),
        text(
            "refresh_token",
            "First refresh token",
            "Refresh token of the first login; later ones live in the store. Needed again only after a new login.",
        ),
        api,
        text(
            "store_uri",
            "Connector store",
            f"SQLAlchemy URI of the store with {store}: a SQLite file, relative to the project's folder, or "
            "postgresql://… in production. The plugins that work together share it.",
            default=DEFAULT_URI,
        ),
    )


def faults_of_addresses(config: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the addresses among the settings, a readable line each."""
    urls = {name: url for name, url in config.items() if name.endswith("_url") and isinstance(url, str)}
    return [f"{name} {fault}" for name, url in urls.items() if (fault := _fault(url))]


def _fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is not a web address"
    if parts.scheme not in {"http", "https"} or not host:
        return "is not a web address that begins with https://"
    if not is_private(url):
        return "must begin with https://: plain http:// is accepted for this machine only"
    return None
