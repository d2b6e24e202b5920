"""Settings: what a person reads when one is wrong, and what the documentation says."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from singer_shell.testing import SettingsPromises, TapPromises
from tap_exactonline.tap import TapExactOnline

GOOD: dict[str, Any] = {
    "client_id": "id",
    "client_secret": "the-secret",
    "refresh_token": "the-token",
    "api_url": "http://127.0.0.1:9",
    "division": 123456,
}


class TestSettings(SettingsPromises):
    plugin = TapExactOnline
    good: ClassVar = GOOD

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"division": "mine"}, "'mine' is not of type 'integer'"),
            ({"division": 0}, "0 is less than the minimum of 1"),
            ({"start_date": "soon"}, "start_date 'soon' is not a day such as 2026-01-01"),
            ({"division": None}, "None is not of type 'integer'"),
        ],
    )
    def test_a_wrong_setting_is_told_in_one_readable_line(self, wrong: dict[str, Any], expected: str) -> None:
        assert expected in self.refusal(**wrong)


class TestTap(TapPromises):
    plugin = TapExactOnline
    good: ClassVar = GOOD
    streams = 10
