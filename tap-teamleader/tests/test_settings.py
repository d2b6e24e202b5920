"""Settings: what a person reads when one is wrong, and what the documentation says."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from singer_shell.testing import SettingsPromises, TapPromises
from tap_teamleader.tap import TapTeamleader

GOOD: dict[str, Any] = {
    "client_id": "id",
    "client_secret": "the-secret",
    "refresh_token": "the-token",
    "api_url": "http://127.0.0.1:9",
    "auth_url": "http://127.0.0.1:9",
}


class TestSettings(SettingsPromises):
    plugin = TapTeamleader
    good: ClassVar = GOOD

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"start_date": "yesterday"}, "start_date 'yesterday' is not a date such as 2026-01-01, or fiscal_year"),
            ({"attachments": ["docx"]}, "'docx' is not one of ['pdf', 'ubl'] in config['attachments']"),
            ({"lookback_minutes": -1}, "-1 is less than the minimum of 0"),
            ({"customers": "some"}, "'some' is not one of ['invoiced', 'all']"),
        ],
    )
    def test_a_wrong_setting_is_told_in_one_readable_line(self, wrong: dict[str, Any], expected: str) -> None:
        assert expected in self.refusal(**wrong)


class TestTap(TapPromises):
    plugin = TapTeamleader
    good: ClassVar = GOOD
    streams = 10
