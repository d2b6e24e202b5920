"""What the streams share of their tap: one connection to Exact."""

from __future__ import annotations

from functools import cached_property

from exactonline_api import ExactClient
from singer_shell.login import day_limit, login
from singer_shell.tap import ShellTap
from tap_exactonline import administration

SERVICE = "exact"
"""Name of the service in the store: everything that works with this login shares its tokens."""


class ExactTap(ShellTap):
    """A tap that is connected to one administration."""

    @cached_property
    def client(self) -> ExactClient:
        """The connection that all streams share; it cannot write.

        Raises:
            StoreError: The connector store cannot be opened.
            exactonline_api.ConfigurationError: An address is not acceptable.
        """
        shared, division = login(self.config, self.store, SERVICE, self.interruption), self.config["division"]
        budget = self.store.budget(SERVICE, self.config["client_id"], division)
        return ExactClient(**shared, division=division, **day_limit(budget), read_only=True)

    @cached_property
    def last_move(self) -> str | None:
        """When row versions were last counted anew (see `administration`); asked by whom it concerns."""
        return administration.known_move(self.client, self.store, self.config["division"])
