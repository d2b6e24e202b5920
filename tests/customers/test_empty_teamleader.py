"""The books came first: Teamleader is empty, the customers stand in Exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector_testing.in_process import CUSTOMERS
from sandbox.teamleader.ids import setting_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Customer, World

NUMBER_FIELD = setting_id(50, 1)
"""The custom field "Boekhoudnummer" of companies."""


@pytest.mark.parametrize("count", [120, pytest.param(1_200, marks=pytest.mark.long)])
def test_all_customers_are_created_once_tagged_and_numbered(
    world: World, make_customers: Callable[[int, int], list[Customer]], count: int
) -> None:
    coupling = world.coupling
    coupling.settings[CUSTOMERS.target.name] = {"company_number_field": NUMBER_FIELD}
    world.import_customers()  # those that the administration begins with
    before = set(world.companies())
    rows = [each.account() for each in make_customers(count, 3)]
    ids = [world.into_exact(row) for row in rows]
    person = world.into_exact({"Name": "Jan Janssens", "Status": "C", "Country": "BE"})
    coupling.sandbox.exact("add_contact", Account=person, FirstName="Jan", LastName="Janssens")
    coupling.sandbox.exact("add_contact", Account=ids[0], FirstName="Eva", LastName="Maes", Email="eva@maes.example")

    assert world.import_customers(), coupling.unexpected

    made = {id_: row for id_, row in world.companies().items() if id_ not in before}
    companies = {row["name"]: row for row in made.values() if "name" in row}
    assert sorted(companies) == sorted(row["Name"] for row in rows)
    assert {tuple(row["tags"]) for row in made.values()} == {("Exact Online Import",)}
    numbers = [each["value"] for row in companies.values() for each in row["custom_fields"]]
    assert len(set(numbers)) == count
    for row in rows:
        company = companies[row["Name"]]
        assert (company["vat_number"], company["emails"][0]["email"]) == (row["VATNumber"], row["Email"])
        assert company["addresses"][0]["address"]["line_1"] == row["AddressLine1"]
    persons = {row["last_name"]: row for row in made.values() if "last_name" in row}
    assert sorted(persons) == ["Janssens", "Maes"]
    assert [each["company"]["id"] for each in persons["Maes"]["companies"]] == [companies[rows[0]["Name"]]["id"]]
    assert world.codes() == {}

    again = world.calls_of()
    assert world.companies().keys() == {*made, *before}
    assert again["exact"] <= 2
    assert again["teamleader"] <= 2
