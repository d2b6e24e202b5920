"""Environment variables by which a program that starts the plugins tells them what concerns one run alone."""

from __future__ import annotations

from typing import Final

DIVISION: Final = "CONNECTOR_DIVISION"
"""The administration that a run of several plugins is for."""
LOGINS: Final = "CONNECTOR_LOGINS_URI"
"""The store of the logins, when a run works on a copy of it: a refresh token can be used once, so that a login is
renewed in one place only."""
PLAN: Final = "CONNECTOR_PLAN_FILE"
"""The file in which a dry run tells its plan; it holds names and amounts, so that its owner alone may read it."""
