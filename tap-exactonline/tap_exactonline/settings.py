"""The settings of the tap."""

from __future__ import annotations

from typing import Final

from singer_sdk import typing as th

from singer_shell.settings import address, connection

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
).to_dict()
