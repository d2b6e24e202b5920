"""Wrong settings and wrong logins end the run with lines that a person can act on, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.exceptions import ConfigValidationError

from target_teamleader.target import TargetTeamleader
from teamleader_api import ApiError

if TYPE_CHECKING:
    from conftest import Coupling

DAY = "2026-03-20"


@pytest.mark.parametrize("wrong", [{"refresh_token": "old"}, {"client_secret": "not it"}])
def test_a_login_that_is_refused_ends_the_run(coupling: Coupling, wrong: dict[str, str]) -> None:
    ran = coupling.run(coupling.record(coupling.invoice(), ("121.00", DAY)), **wrong)
    assert isinstance(ran.error, ApiError)
    assert "\n" not in str(ran.error)
    assert next(iter(wrong.values())) not in str(ran.error)


@pytest.mark.parametrize("setting", ["api_url", "auth_url"])
def test_plain_http_is_refused_for_other_hosts(coupling: Coupling, setting: str) -> None:
    ran = coupling.run(coupling.record(coupling.invoice(), ("121.00", DAY)), **{setting: "http://teamleader.example"})
    assert isinstance(ran.error, ApiError)
    assert setting in str(ran.error)


def test_malformed_settings_are_refused_and_secrets_stay_out_of_the_message(coupling: Coupling) -> None:
    with pytest.raises(ConfigValidationError) as refused:
        TargetTeamleader(config={**coupling.settings, "client_secret": 4711, "on_unmatched": "forget"})
    assert any("on_unmatched" in line or "forget" in line for line in refused.value.errors)
    assert not any("4711" in line for line in refused.value.errors)


def test_every_setting_has_a_title_and_a_description() -> None:
    properties = TargetTeamleader.config_jsonschema["properties"]
    assert [name for name, each in properties.items() if not (each.get("title") and each.get("description"))] == []
    secrets = {name for name, each in properties.items() if each.get("writeOnly")}
    assert secrets == {"client_secret", "refresh_token", "store_uri"}


@pytest.mark.parametrize("name", ["load_method", "batch_size_rows", "add_record_metadata", "validate_records"])
def test_no_setting_promises_what_this_target_cannot_do(name: str) -> None:
    schema: dict[str, Any] = {"properties": {}}
    TargetTeamleader.append_builtin_config(schema)
    assert name not in schema["properties"]
