"""The settings of the tap, and what JSON Schema cannot say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from singer_sdk import typing as th

from singer_shell.settings import address, connection
from teamleader_api import start_date

if TYPE_CHECKING:
    from collections.abc import Mapping

API_URL: Final = address(
    "api_url", "Address of the API", "Where Teamleader answers.", "https://api.focus.teamleader.eu"
)
AUTH_URL: Final = address(
    "auth_url", "Address of the login", "Where Teamleader issues tokens.", "https://focus.teamleader.eu"
)

SETTINGS: Final = th.PropertiesList(
    *connection("your integration in Teamleader's Marketplace", API_URL, "the tokens"),
    AUTH_URL,
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
            "Each file costs two calls per document, and none when nothing but its payments changed."
        ),
    ),
    th.Property(
        "attachment_content",
        th.StringType,
        default="spool",
        allowed_values=["spool", "inline"],
        title="Where files go",
        description=(
            "`spool`: files of up to 50 MB go into the connector store beside the records, for a target of ours that "
            "shares the store; records name them by their SHA-256. `inline`: the content stands in the record as "
            "Base64, for other targets, up to 10 MB per document."
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


def faults(config: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the settings beyond their types, one readable line each."""
    try:
        start_date.first_day(str(config.get("start_date", start_date.ALL)))
    except start_date.StartDateError as error:
        return [str(error)]
    return []
