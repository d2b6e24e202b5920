"""`bridge customers match`: what it foretells is what the job does, and what a person says counts."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from click.testing import CliRunner

from bridge import services
from bridge.cli import main
from connector_testing.in_process import DIVISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Customer, World


class Settings:
    """The coupling of the tool, with the settings of the coupling in this process."""

    division = DIVISION

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def store_uri(self) -> str:
        return f"sqlite:///{self._world.coupling.folder}/connector.db"

    def settings(self, plugin: str) -> Mapping[str, Any]:
        return self._world.coupling.config_of(plugin)


@pytest.fixture
def bridge(world: World) -> Iterator[Callable[..., str]]:
    """Return what runs a command that must succeed."""
    assert services.EXACT

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["customers", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    with mock.patch("bridge.commands.customers.chosen", return_value=Settings(world)):
        yield run


def filled(world: World, everybody: list[Customer]) -> None:
    """Twenty on both sides, ten of them without anything in common but the name; the rest in Exact only."""
    world.import_customers()
    for each in everybody[:20]:
        world.into_teamleader(each.company() if each.number < 10 else {"name": f"{each.name} {each.form}"})
    for each in everybody:
        world.into_exact(each.account())


def test_a_preview_foretells_what_the_job_does(
    world: World, make_customers: Callable[[int, int], list[Customer]], bridge: Callable[..., str]
) -> None:
    filled(world, make_customers(50, 6))
    known = set(world.companies())
    told = json.loads(bridge("match", "--preview", "--output", "json"))
    assert told["by"]["all"] == {"link": 10, "create": 30, "conflict": 10}
    assert set(world.companies()) == known

    assert world.import_customers()

    created = set(world.companies()) - known
    foretold = Counter(each["decision"] for each in told["rows"])
    assert foretold["create"] == len(created)
    assert foretold["conflict"] == len(world.codes())
    links = world.links()
    for each in told["rows"]:
        if each["decision"] == "link":
            assert each["teamleader_id"] == f"company:{links[each['exact_id']]}"
    after = json.loads(bridge("match", "--preview", "--output", "json"))
    assert after["by"]["all"] == {"link": 0, "create": 0, "conflict": 10}


def test_fifty_corrected_lines_are_what_the_job_does(
    world: World,
    make_customers: Callable[[int, int], list[Customer]],
    bridge: Callable[..., str],
    tmp_path: Any,
) -> None:
    everybody = make_customers(50, 7)
    filled(world, everybody)
    names = {row["name"]: id_ for id_, row in world.companies().items() if "name" in row}
    path = tmp_path / "customers.csv"
    bridge("match", "--preview", "--csv", str(path))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    ours = {f"{each.name} {each.form}": each.number for each in everybody}
    corrected, wanted = [], Counter[str]()
    for row in rows[1:]:
        number = ours.get(row[0])
        if number is not None:
            decision = "link" if number < 20 else "skip" if number < 25 else "create"
            row[4], row[5] = names[row[0]] if number < 20 else "", decision
            wanted[decision] += 1
            corrected.append(row)
    assert len(corrected) == 50
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *corrected])
    path.write_text(text.getvalue(), encoding="utf-8")
    known = set(world.companies())

    assert json.loads(bridge("match", "--csv", str(path), "--yes", "--output", "json")) == dict(wanted)
    assert world.import_customers()

    assert len(set(world.companies()) - known) == wanted["create"] == 25
    links = world.links()
    for row in corrected:
        if row[5] == "link":
            assert links[row[3]] == names[row[0]]
        if row[5] == "skip":
            assert row[3] not in links
    assert set(world.codes().values()) == {"left_out"}


def given_back_as_it_was(bridge: Callable[..., str], path: Any) -> None:
    """A person looks at the file of a preview, and has nothing to correct."""
    bridge("match", "--preview", "--csv", str(path))
    bridge("match", "--csv", str(path), "--yes")


def test_who_was_blocked_when_the_file_was_given_back_comes_when_he_is_no_more(
    world: World, make_customers: Callable[[int, int], list[Customer]], bridge: Callable[..., str], tmp_path: Any
) -> None:
    world.import_customers()
    (customer,) = make_customers(1, 9)
    account = world.into_exact(customer.account(Blocked=True))
    given_back_as_it_was(bridge, tmp_path / "customers.csv")
    assert world.import_customers()
    assert account not in world.links()

    world.coupling.sandbox.exact("block", id=account, blocked=False)
    assert world.import_customers()
    assert account in world.links()


def test_who_came_into_teamleader_after_the_file_was_given_back_is_found_and_not_created_beside_it(
    world: World, make_customers: Callable[[int, int], list[Customer]], bridge: Callable[..., str], tmp_path: Any
) -> None:
    world.import_customers()
    (customer,) = make_customers(1, 9)
    account = world.into_exact(customer.account())
    given_back_as_it_was(bridge, tmp_path / "customers.csv")
    entered = world.into_teamleader(customer.company())

    assert world.import_customers()

    assert world.links()[account] == entered


def test_a_file_with_one_malformed_line_does_nothing(
    world: World,
    make_customers: Callable[[int, int], list[Customer]],
    bridge: Callable[..., str],
    tmp_path: Any,
) -> None:
    filled(world, make_customers(22, 8))
    path = tmp_path / "customers.csv"
    bridge("match", "--preview", "--csv", str(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "half a line"]), encoding="utf-8")
    before = world.links()
    assert f"Line {len(lines) + 1}: " in bridge("match", "--csv", str(path), "--yes", code=1)
    assert world.links() == before


def test_doubles_are_told_with_addresses_to_merge_them(
    world: World, make_customers: Callable[[int, int], list[Customer]], bridge: Callable[..., str]
) -> None:
    world.import_customers()
    [one] = make_customers(1, 9)
    twice = {world.into_teamleader(one.company()), world.into_teamleader(one.company(name="Something else"))}
    [account, other] = [world.into_exact(one.account()), world.into_exact(one.account(Name="Another"))]
    told = json.loads(bridge("doubles", "--output", "json"))
    [here] = [each for each in told["teamleader"] if each["by"] == "VAT number"]
    assert {each.removeprefix("company:") for each in here["ids"]} == twice
    assert all(
        url.endswith(f"id={id_.removeprefix('company:')}") for id_, url in zip(here["ids"], here["urls"], strict=True)
    )
    [there] = [each for each in told["exact"] if each["by"] == "VAT number"]
    assert sorted(there["ids"]) == sorted([account, other])
    assert set(there["differing"]) == {"name"}


def test_a_merged_customer_follows_the_one_that_is_left(
    world: World, make_customers: Callable[[int, int], list[Customer]], bridge: Callable[..., str]
) -> None:
    world.import_customers()
    [one] = make_customers(1, 10)
    account = world.into_exact(one.account())
    world.import_customers()
    world.coupling.sandbox.teamleader("delete_company", id=world.links()[account])
    left = world.into_teamleader(one.company())
    bridge("match", "--yes")
    assert world.links()[account] == left
