"""An import that is killed at its calls, and whose answers are lost: nothing twice, nothing lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Customer, World

KILLS = 20
FAULTS = ("reset_after", "orphaned", "truncated", "reset_before")


def test_twenty_kills_and_faults_in_one_import(
    world: World, make_customers: Callable[[int, int], list[Customer]]
) -> None:
    coupling = world.coupling
    world.import_customers()  # those that the administration begins with
    known = set(world.companies())
    everybody = make_customers(40, 5)
    accounts = [world.into_exact(each.account()) for each in everybody]
    for number, account in enumerate(accounts[:10]):
        coupling.sandbox.exact("add_contact", Account=account, FirstName="Eva", LastName=f"Maes{number}")

    for kill in range(KILLS):
        kind = FAULTS[kill % len(FAULTS)]
        coupling.sandbox.clear_faults()
        coupling.sandbox.add_faults(
            [{"service": "teamleader", "match": ".add", "kind": kind, "skip": kill % 3, "times": 1}]
        )
        world.import_customers(kill_at=5 + 2 * kill + kill % 2)
        if coupling.asks_for_login():
            coupling.log_in_again()
        coupling.let_pass(timedelta(minutes=6))
    coupling.sandbox.clear_faults()
    for _ in range(3):
        world.import_customers()
        coupling.let_pass(timedelta(minutes=6))

    assert coupling.unexpected == []
    assert world.codes() == {}
    made = {id_: row for id_, row in world.companies().items() if id_ not in known}
    companies = Counter(row["name"] for row in made.values() if "name" in row)
    assert companies == Counter(f"{each.name} {each.form}" for each in everybody)
    persons = Counter(row["last_name"] for row in made.values() if "last_name" in row)
    assert persons == Counter(f"Maes{number}" for number in range(10))
    links = world.links()
    assert {links[account] for account in accounts} == {id_ for id_, row in made.items() if "name" in row}
    for row in made.values():
        if "last_name" in row:
            assert len(row["companies"]) == 1
