"""Wrong settings and wrong logins end the run with lines that a person can act on, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from singer_shell.testing import SettingsPromises
from target_teamleader.target import TargetTeamleader
from teamleader_api import ApiError

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"


@pytest.mark.parametrize("wrong", [{"refresh_token": "old"}, {"client_secret": "not it"}])
def test_a_login_that_is_refused_ends_the_run(harness: Harness, wrong: dict[str, str]) -> None:
    ran = harness.run(harness.record(harness.invoice(), ("121.00", DAY)), **wrong)
    assert isinstance(ran.error, ApiError)
    assert "\n" not in str(ran.error)
    assert next(iter(wrong.values())) not in str(ran.error)


class TestSettings(SettingsPromises):
    plugin = TargetTeamleader
    good: ClassVar = {"client_id": "id", "client_secret": "the-secret"}
