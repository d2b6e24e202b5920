"""What the tests of our plugins share: promises that each of them keeps, and the SDK's standard suite for targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest
import singer_sdk.testing
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.testing import get_target_test_class, target_tests
from singer_sdk.testing.suites import SingerTestSuite
from singer_sdk.testing.suites import target_tests as everything

from singer_shell.endings import UnknownStream
from singer_shell.settings import SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from singer_sdk import Target

    from singer_shell.plugin import ShellPlugin

FEED_STREAMS_OF_THEIR_OWN: Final[tuple[Any, ...]] = (
    target_tests.TargetArrayData,
    target_tests.TargetCamelcaseComplexSchema,
    target_tests.TargetCamelcaseTest,
    target_tests.TargetDuplicateRecords,
    target_tests.TargetEncodedStringData,
    target_tests.TargetNoPrimaryKeys,
    target_tests.TargetOptionalAttributes,
    target_tests.TargetPrimaryKeyUpdates,
    target_tests.TargetRecordMissingKeyProperty,
    target_tests.TargetRecordMissingOptionalFields,
    target_tests.TargetSchemaNoProperties,
    target_tests.TargetSchemaUpdates,
    target_tests.TargetSpecialCharsInAttributes,
)
"""Standard tests that a target of documented streams cannot pass: it refuses every other stream before anything is
opened, which `streams_are_refused` shows for these very files. The SDK leaves TargetMultipleStateMessages out itself
(it compares dicts with texts): our tests of checkpoints take its place."""


def standard_suite(target: type[Target], config: dict[str, Any]) -> type:
    """Return the class of the SDK's standard tests that apply to a target of ours."""
    kept: SingerTestSuite[Any] = SingerTestSuite(
        kind="target", tests=[test for test in everything.tests if test not in FEED_STREAMS_OF_THEIR_OWN]
    )
    made: type = get_target_test_class(target, config=config, include_target_tests=False, custom_suites=[kept])
    return made


def streams_are_refused(target: type[Target], config: dict[str, Any]) -> Callable[[Any], None]:
    """Return a test that feeds the files of the standard tests which were left out."""

    @pytest.mark.parametrize("test", FEED_STREAMS_OF_THEIR_OWN, ids=lambda test: str(test.name))
    def refused(test: Any) -> None:
        path = Path(singer_sdk.testing.__file__).parent / "target_test_streams" / f"{test.name}.singer"
        with path.open(encoding="utf-8") as lines, pytest.raises(UnknownStream):
            target(config=config).listen(lines)

    made: Callable[[Any], None] = refused
    return made


class SettingsPromises:
    """What a person may rely on in the settings of each plugin.

    Attributes:
        plugin: The plugin.
        good: Settings that it takes; `client_secret` is "the-secret".
    """

    plugin: ClassVar[type[ShellPlugin]]
    good: ClassVar[dict[str, Any]]

    def refusal(self, **wrong: Any) -> str:
        """Return the one line with which a wrong setting is refused."""
        with pytest.raises(ConfigValidationError) as refused:
            self.plugin(config={**self.good, **wrong}, validate_config=True)
        (line,) = refused.value.errors
        assert "\n" not in line
        return str(line)

    def test_every_setting_has_a_title_and_a_description(self) -> None:
        """Each says what it is for."""
        properties = self.plugin.config_jsonschema["properties"]
        untold = [name for name, each in properties.items() if not (each.get("title") and each.get("description"))]
        assert untold == []

    def test_secrets_are_marked(self) -> None:
        """The same ones in each plugin."""
        properties = self.plugin.config_jsonschema["properties"]
        assert {name for name, each in properties.items() if each.get("secret")} == set(SECRETS)

    @pytest.mark.parametrize("name", SECRETS)
    def test_the_value_of_a_secret_stays_out_of_the_message(self, name: str) -> None:
        """Even when it is of the wrong type."""
        assert self.refusal(**{name: ["do-not-tell"]}) == f"{name} must be text"

    @pytest.mark.parametrize(
        ("url", "fault"),
        [
            ("http://service.example", "must begin with https://"),
            ("service.example", "is not a web address that begins with https://"),
            ("https://[broken", "is not a web address"),
        ],
    )
    def test_only_safe_addresses_are_taken(self, url: str, fault: str) -> None:
        """Each address among the settings is checked."""
        for name in self.plugin.config_jsonschema["properties"]:
            if name.endswith("_url"):
                assert self.refusal(**{name: url}).startswith(f"{name} {fault}")

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "[::1]"])
    def test_plain_http_is_taken_for_this_machine(self, host: str) -> None:
        """All of 127.0.0.0/8, and IPv6's own."""
        self.plugin(config={**self.good, "api_url": f"http://{host}:9"}, validate_config=True)

    @pytest.mark.parametrize(
        "name", ["batch_config", "faker_config", "load_method", "add_record_metadata", "validate_records"]
    )
    def test_no_setting_promises_what_the_plugin_cannot_do(self, name: str) -> None:
        """The SDK's own settings are there only as far as they work."""
        schema: dict[str, Any] = {"properties": {}}
        self.plugin.append_builtin_config(schema)
        assert name not in schema["properties"]
