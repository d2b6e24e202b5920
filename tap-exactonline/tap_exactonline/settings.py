"""The settings of the tap, and what JSON Schema cannot say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from singer_sdk import typing as th

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}

SETTINGS: Final = th.PropertiesList(
    th.Property(
        "client_id",
        th.StringType,
        required=True,
        title="Client id",
        description="Client id of your app in Exact's app centre.",
    ),
    th.Property(
        "client_secret",
        th.StringType,
        required=True,
        secret=True,
        title="Client secret",
        description="Client secret of your app.",
    ),
    th.Property(
        "refresh_token",
        th.StringType,
        secret=True,
        title="First refresh token",
        description=(
            "Refresh token of the first login; later ones live in the connector store. Needed again only after a new "
            "login."
        ),
    ),
    th.Property(
        "api_url",
        th.StringType,
        default="https://start.exactonline.be",
        title="Country host",
        description=(
            "Host of your country, such as https://start.exactonline.nl. Plain http:// is accepted for this machine "
            "only."
        ),
    ),
    th.Property(
        "division",
        th.IntegerType(minimum=1),
        required=True,
        title="Administration",
        description="Number of the administration (division) to read. Never taken from the login.",
        examples=[123456],
    ),
    th.Property(
        "store_uri",
        th.StringType,
        secret=True,
        default="sqlite:///.meltano/connector.db",
        title="Connector store",
        description=(
            "Where the connector keeps the tokens and the payment terms it has read: a SQLite file, or postgresql://… "
            "in production. Everything that works on the administration shares it."
        ),
    ),
).to_dict()


def problems(config: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the settings beyond their types, one readable line each."""
    fault = _fault(config.get("api_url"))
    return [f"api_url {fault}"] if fault else []


def _fault(url: object) -> str | None:
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is not a web address"
    if parts.scheme not in {"http", "https"} or not host:
        return "is not a web address that begins with https://"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "must begin with https://: plain http:// is accepted for this machine only"
    return None
