"""The standard suite of the SDK, on a sandbox that starts when the first of its tests does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from tap_exactonline.tap import TapExactOnline

if TYPE_CHECKING:
    from collections.abc import Callable

# The address is filled in by the fixture below: the suite wants the settings before there is a sandbox.
CONFIG: dict[str, Any] = {
    "client_id": "sandbox-exact",
    "client_secret": "sandbox-exact-secret",
    "refresh_token": "sandbox-exact-refresh",
    "api_url": "http://127.0.0.1:1",
    "division": 123456,
    "store_uri": "sqlite:///unused.db",
}


@pytest.fixture(scope="module", autouse=True)
def _sandbox(harness_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    harness = harness_of(tmp_path_factory.mktemp("standard"))
    customer = harness.customer()
    for number in range(8):
        entry = harness.invoice(customer, your_ref=f"2026 / {number}")
        if number % 2:
            harness.do("match_entry", id=entry, amount="21")
    harness.do("unmatch_entry", id=entry)
    harness.person().post("crm/Contacts", {"Account": customer, "FirstName": "An", "LastName": "Peeters"})
    CONFIG.update(harness.config)


TestStandard = get_tap_test_class(
    TapExactOnline, config=CONFIG, suite_config=SuiteConfig(max_records_limit=60), parse_env_config=False
)
