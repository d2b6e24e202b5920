"""The standard suite of the SDK, on a sandbox that starts when the first of its tests does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from tap_teamleader.tap import TapTeamleader

if TYPE_CHECKING:
    from collections.abc import Callable

# The addresses are filled in by the fixture below: the suite wants the settings before there is a sandbox.
CONFIG: dict[str, Any] = {
    "client_id": "sandbox-teamleader",
    "client_secret": "sandbox-teamleader-secret",
    "refresh_token": "sandbox-teamleader-refresh",
    "api_url": "http://127.0.0.1:1",
    "auth_url": "http://127.0.0.1:1",
    "store_uri": "sqlite:///unused.db",
    "start_date": "all",
}


@pytest.fixture(scope="module", autouse=True)
def _sandbox(harness_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    CONFIG.update(harness_of(tmp_path_factory.mktemp("standard"), invoices=20, credit_notes=6).config)
    CONFIG["attachments"] = ["pdf"]


# Nothing is deleted in a sandbox that has just begun; `test_deletions.py` holds the stream to what is.
SUITE = SuiteConfig(max_records_limit=50, ignore_no_records_for_streams=["deleted_documents"])
TestStandard = get_tap_test_class(TapTeamleader, config=CONFIG, suite_config=SUITE, parse_env_config=False)
