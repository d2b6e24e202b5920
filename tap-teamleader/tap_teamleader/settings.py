"""The settings of the tap, and what JSON Schema cannot say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from singer_sdk import typing as th

from tap_teamleader import start_date

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}

SETTINGS: Final = th.PropertiesList(
    th.Property(
        "client_id",
        th.StringType,
        required=True,
        title="Client id",
        description="Client id of the integration that you registered in Teamleader's Marketplace.",
    ),
    th.Property(
        "client_secret",
        th.StringType,
        required=True,
        secret=True,
        title="Client secret",
        description="Client secret of that integration.",
    ),
    th.Property(
        "refresh_token",
        th.StringType,
        required=True,
        secret=True,
        title="First refresh token",
        description=(
            "The refresh token of the first login. Teamleader replaces it at every use; the later ones are kept in "
            "the connector store, so this setting only changes when a person logs in again."
        ),
    ),
    th.Property(
        "api_url",
        th.StringType,
        default="https://api.focus.teamleader.eu",
        title="Address of the API",
        description="Where Teamleader answers. Plain http:// is accepted for this machine only.",
    ),
    th.Property(
        "auth_url",
        th.StringType,
        default="https://focus.teamleader.eu",
        title="Address of the login",
        description="Where Teamleader issues tokens. Plain http:// is accepted for this machine only.",
    ),
    th.Property(
        "store_uri",
        th.StringType,
        secret=True,
        default="sqlite:///.meltano/connector.db",
        title="Connector store",
        description="Where the connector keeps the tokens: a SQLite file, or postgresql://… in production.",
    ),
    th.Property(
        "department_id",
        th.StringType,
        title="Department",
        description=(
            "Id of the one Teamleader department (company entity) whose documents are read. Without it, those of all "
            "departments are."
        ),
        examples=["67c576e7-7e6f-465d-b6ab-a864f6e5e95b"],
    ),
    th.Property(
        "start_date",
        th.StringType,
        default="fiscal_year",
        title="First document date",
        description=(
            "Invoices and credit notes dated on or after this day are read. A day (2026-01-01), or: `fiscal_year`, "
            "the first of January of this year; `quarter`, the first day of this calendar quarter; `month`, the first "
            "day of this month; `all`, every document there is. The named ones stay at the day they meant in the "
            "first run. An earlier day set later makes the next run read again from that day."
        ),
        examples=["2026-01-01", "fiscal_year", "quarter", "month", "all"],
    ),
    th.Property(
        "attachments",
        th.ArrayType(th.StringType(allowed_values=["pdf", "ubl"])),
        default=["pdf"],
        title="Attachments",
        description=(
            "Files that come with each invoice and credit note: `pdf`, `ubl` (the Belgian e-fff form), both or none. "
            "Each file costs two calls per document."
        ),
    ),
    th.Property(
        "customers",
        th.StringType,
        default="invoiced",
        allowed_values=["invoiced", "all"],
        title="Customers of the first run",
        description=(
            "`invoiced`: the first run reads the companies and contacts of the documents it reads; `all`: every "
            "company and contact. Later runs read, in both cases, those that changed and those of changed documents. "
            "Without a stream of documents in the selection it is always `all`."
        ),
    ),
    th.Property(
        "lookback_minutes",
        th.IntegerType(minimum=0, maximum=1440),
        default=10,
        title="Look-back in minutes",
        description=(
            "Each run looks this far before the last change it knows, for changes that Teamleader shows late. What "
            "was delivered already is not delivered again."
        ),
    ),
).to_dict()


def problems(config: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the settings beyond their types, one readable line each."""
    found = []
    try:
        start_date.first_day(str(config.get("start_date", start_date.ALL)))
    except start_date.StartDateError as error:
        found.append(str(error))
    found += [f"{name} {fault}" for name in ("api_url", "auth_url") if (fault := _fault(config.get(name)))]
    return found


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
