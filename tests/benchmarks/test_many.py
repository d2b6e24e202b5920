"""Many couplings on one PostgreSQL store, nine in ten of them idle: all are served, and nothing is mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector_testing.programs import wait_until

from .bounds import CONNECTIONS_OF_A_CALL
from .office import office_of
from .watch import connections

if TYPE_CHECKING:
    from pathlib import Path

    from connector_store.testing import PostgresServer

    from .office import Office, Round

SIDE_BY_SIDE = 4


def all_worked(office: Office, round_: Round) -> None:
    logs = [(office.folder / f"client-{each.place + 1}.log").read_text("utf-8")[-2000:] for each in round_.failed]
    assert not logs, "\n".join(logs)
    assert round_.watched.deadlocks == 0
    assert 0 < round_.watched.connections <= SIDE_BY_SIDE * CONNECTIONS_OF_A_CALL
    wait_until(lambda: connections(office.store_uri) == 0)


@pytest.mark.long
def test_clients_with_nothing_new_cost_three_calls_each(tmp_path: Path, postgres: PostgresServer) -> None:
    with office_of(3, tmp_path, postgres) as office:
        round_ = office.cycle(SIDE_BY_SIDE)
        all_worked(office, round_)
        assert round_.to == {"teamleader": 6, "exact": 3}
        assert office.mixed() == {}


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [20, 200])
def test_each_invoice_is_booked_once_in_its_own_books_and_each_payment_comes_back_to_its_own_invoice(
    tmp_path: Path, postgres: PostgresServer, count: int
) -> None:
    with office_of(count, tmp_path, postgres) as office:
        office.invoice(range(0, count, 10))
        assert len({number for documents in office.booked.values() for number, _ in documents}) == 1
        all_worked(office, office.cycle(SIDE_BY_SIDE))
        assert office.mixed() == {}

        office.settle()
        all_worked(office, office.cycle(SIDE_BY_SIDE))
        assert office.settled == office.booked
        assert office.mixed() == {}
