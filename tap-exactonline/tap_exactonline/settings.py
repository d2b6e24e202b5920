"""The settings of the tap."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from singer_sdk import typing as th

from singer_shell.settings import address, connection, text

if TYPE_CHECKING:
    from collections.abc import Mapping

API_URL: Final = address(
    "api_url",
    "Country host",
    "Host of your country, such as https://start.exactonline.nl.",
    "https://start.exactonline.be",
)

SETTINGS: Final = th.PropertiesList(
    *connection("your app in Exact's app centre", API_URL, "the tokens and the payment terms that were read"),
    th.Property(
        "division",
        th.IntegerType(minimum=1),
        required=True,
        title="Administration",
        description="Number of the administration (division) to read. Never taken from the login.",
        examples=[123456],
    ),
    text(
        "start_date",
        "Start date",
        "First day of the changes that a first run reads, YYYY-MM-DD, of the streams that are read by last change "
        "(journals, vat_codes, payment_conditions, financial_periods, contacts, sales_entries). The others are read "
        "whole. Without it everything is read.",
    ),
).to_dict()


def faults(config: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the settings beyond their types, one readable line each."""
    day = config.get("start_date")
    if day is not None:
        try:
            date.fromisoformat(str(day))
        except ValueError:
            return [f"start_date {day!r} is not a day such as 2026-01-01"]
    return []
