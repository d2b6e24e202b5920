"""What the streams share of their tap: one connection to Teamleader."""

from __future__ import annotations

from functools import cached_property

from singer_shell.login import login
from singer_shell.tap import ShellTap
from teamleader_api import TeamleaderClient


class TeamleaderTap(ShellTap):
    """A tap that is connected to one account."""

    @cached_property
    def client(self) -> TeamleaderClient:
        """The connection that all streams share.

        Raises:
            StoreError: The connector store cannot be opened.
            teamleader_api.ConfigurationError: An address is not acceptable.
        """
        shared = login(self.config, self.store, "teamleader", self.interruption)
        return TeamleaderClient(**shared, auth_url=self.config["auth_url"])
