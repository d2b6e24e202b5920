"""A server of PostgreSQL for the tests of a session, where the system has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector_store.testing import PostgresMissingError, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector_store.testing import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of PostgreSQL; without one on this machine the test is skipped."""
    try:
        with postgres_server() as server:
            yield server
    except PostgresMissingError as missing:
        pytest.skip(str(missing))
