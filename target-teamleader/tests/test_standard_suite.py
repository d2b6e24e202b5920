"""The SDK's standard tests for targets; those that feed streams of their own show that such streams are refused."""

from __future__ import annotations

from typing import Any

from singer_shell.testing import standard_suite, streams_are_refused
from target_teamleader.target import TargetTeamleader

CONFIG: dict[str, Any] = {
    "client_id": "none",
    "client_secret": "none",
    "refresh_token": "none",
    "api_url": "http://127.0.0.1:9",
    "auth_url": "http://127.0.0.1:9",
    "store_uri": "sqlite:////nowhere/never-opened.db",
}

TestStandard = standard_suite(TargetTeamleader, CONFIG)
test_streams_that_are_not_ours_are_refused = streams_are_refused(TargetTeamleader, CONFIG)
