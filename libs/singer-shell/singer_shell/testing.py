"""What the tests of our plugins share: promises that each of them keeps, and the SDK's standard suite for targets."""

from __future__ import annotations

import json
import subprocess
import sys
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
        """Each says what it is for, in whole sentences."""
        properties = self.plugin.config_jsonschema["properties"]
        untold = [
            name
            for name, each in properties.items()
            if not (each.get("title") and each.get("description", "").endswith("."))
        ]
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
        for name in list(self.plugin.config_jsonschema["properties"]):
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


class TapPromises:
    """What a person may rely on who starts a tap as a program.

    Attributes:
        plugin: The tap; the program is its package.
        good: Settings that it takes, with the addresses of a service that is not there; `client_secret` is
            "the-secret".
        streams: How many streams it has.
    """

    plugin: ClassVar[type[ShellPlugin]]
    good: ClassVar[dict[str, Any]]
    streams: ClassVar[int]

    def start(self, folder: Path, *arguments: str, settings: dict[str, Any] | None = None) -> Any:
        """Run it to its end in a folder; None: without settings."""
        command = [sys.executable, "-m", self.plugin.__module__.partition(".")[0], *arguments]
        if settings is not None:
            (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
            command += ["--config", str(folder / "config.json")]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603

    def ended_in_one_line(self, ran: Any) -> str:
        """Return the line of a run that could not work."""
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "Traceback" not in ran.stderr
        assert "the-secret" not in ran.stderr
        (line,) = [line for line in ran.stderr.splitlines() if "CRITICAL" in line or "ERROR" in line]
        return str(line)

    def test_missing_settings_are_named(self, tmp_path: Path) -> None:
        """All at once, by the variables that Meltano knows them by."""
        line = self.ended_in_one_line(self.start(tmp_path))
        for name in self.plugin.config_jsonschema["required"]:
            assert f"'{name}' is a required property" in line
            assert f"{self.plugin.name.upper().replace('-', '_')}_{name.upper()}" in line

    def test_discovery_needs_no_settings(self, tmp_path: Path) -> None:
        """A catalog can be made before there is a login."""
        ran = self.start(tmp_path, "--discover")
        assert ran.returncode == 0
        assert len(json.loads(ran.stdout)["streams"]) == self.streams

    def test_a_service_that_is_not_there_is_one_line(self, tmp_path: Path) -> None:
        """Not a stack trace of sockets."""
        ran = self.start(tmp_path, settings={**self.good, "store_uri": f"sqlite:///{tmp_path}/store.db"})
        assert ran.returncode == 1
        assert len([line for line in ran.stderr.splitlines() if "CRITICAL" in line]) == 1
        assert "Traceback" not in ran.stderr
        assert "the-secret" not in ran.stderr

    def test_only_what_works_is_promised(self, tmp_path: Path) -> None:
        """`--about` tells what others build upon."""
        about = json.loads(self.start(tmp_path, "--about", "--format=json").stdout)
        assert {"batch", "activate-version"}.isdisjoint(about["capabilities"])
        assert "batch_config" not in about["settings"]["properties"]
