"""What taps and targets of ours share as plugins of the SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.plugin_base import PluginBase
from typing_extensions import override

from singer_shell import settings
from singer_shell.endings import Trouble, wrong_settings
from singer_shell.runs import record_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from singer_shell.stop import Interruption


class ShellPlugin(PluginBase):
    """A plugin whose settings are checked without showing secrets.

    Attributes:
        interruption: The wish to stop.
    """

    interruption: Interruption

    @classmethod
    def faults(cls, config: Mapping[str, Any]) -> list[str]:  # noqa: ARG003
        """List what is wrong with the plugin's own settings beyond their types, one readable line each."""
        return []

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings; an error names the setting and never shows a secret."""
        try:
            found = super()._validate_config(raise_errors=True)
        except ConfigValidationError as refused:
            found = refused.errors
        lines = [_without_secrets(line) for line in found]
        lines += [*settings.faults_of_addresses(self.config), *self.faults(self.config)]
        if lines and raise_errors:
            record_refusal(self.config, self.name, Trouble(wrong_settings(self.name, lines)))
            raise ConfigValidationError("Config validation failed", errors=lines, schema=self.config_jsonschema)
        return lines


def _without_secrets(line: str) -> str:
    secret = next((name for name in settings.SECRETS if f"config[{name!r}]" in line), None)
    return f"{secret} must be text" if secret else line
