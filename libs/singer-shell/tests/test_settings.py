"""The settings that our plugins share, on both kinds of plugin."""

from __future__ import annotations

from typing import Any, ClassVar

from singer_shell.specimen import SpecimenTap, SpecimenTarget
from singer_shell.testing import SettingsPromises, standard_suite, streams_are_refused

GOOD: dict[str, Any] = {"client_id": "id", "client_secret": "the-secret", "output": "/nowhere"}


class TestTap(SettingsPromises):
    plugin = SpecimenTap
    good: ClassVar = GOOD

    def test_a_fault_of_the_plugins_own_is_told_as_well(self) -> None:
        assert self.refusal(numbers=13) == "numbers must not be 13"

    def test_the_first_refresh_token_may_be_left_out(self) -> None:
        assert SpecimenTap(config=GOOD, validate_config=True).config.get("refresh_token") is None


class TestTarget(SettingsPromises):
    plugin = SpecimenTarget
    good: ClassVar = GOOD


CONFIG = {**GOOD, "store_uri": "sqlite:////nowhere/never-opened.db"}
TestStandard = standard_suite(SpecimenTarget, CONFIG)
test_streams_that_are_not_ours_are_refused = streams_are_refused(SpecimenTarget, CONFIG)
