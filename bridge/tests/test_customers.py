"""Customers of both sides: who is whom, who stands twice, and the file that a person corrects."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import click
import pytest

from bridge.customers import decisions_file
from bridge.customers.doubles import doubles
from bridge.customers.matching import Decision, by_criterion, match
from bridge.customers.reading import Account, BothSides
from customer_identity import Traits

PEETERS = Traits.of(name="Peeters BV", vat_number="BE0428759497", country="BE", email="a@peeters.example", number="17")


def sides(accounts: list[Traits], teamleader: list[Traits], **known: dict[str, str]) -> BothSides:
    return BothSides(
        accounts={
            f"a{number}": Account(f"a{number}", each.number or str(number), each, blocked=False)
            for number, each in enumerate(accounts)
        },
        teamleader={f"company:c{number}": each for number, each in enumerate(teamleader)},
        links=known.get("links", {}),
        new=frozenset(),
        left_out=frozenset(),
    )


def decisions(both: BothSides) -> list[tuple[Decision, str | None]]:
    return [(each.decision, each.teamleader_id) for each in match(both)]


def test_each_account_is_linked_created_or_for_a_person() -> None:
    both = sides(
        [PEETERS, Traits.of(name="Nobody NV", email="n@x.example"), Traits.of(name="De Smet")],
        [replace(PEETERS, name="Peeters", number=""), Traits.of(name="De Smet NV")],
    )
    assert decisions(both) == [
        (Decision.LINK, "company:c0"),
        (Decision.CREATE, None),
        (Decision.CONFLICT, "company:c1"),
    ]


def test_each_criterion_is_counted_alone_and_with_the_others() -> None:
    both = sides([PEETERS, replace(PEETERS, vat_number="", number="18")], [replace(PEETERS, number="")])
    assert by_criterion(both) == {
        "vat": {"link": 1, "create": 1, "conflict": 0},
        "number": {"link": 0, "create": 2, "conflict": 0},
        "name": {"link": 1, "create": 0, "conflict": 1},
        "all": {"link": 1, "create": 0, "conflict": 1},
    }


def test_what_is_linked_is_not_decided_again_and_what_is_gone_follows_the_one_that_is_left() -> None:
    both = sides([PEETERS], [replace(PEETERS, number="")], links={"a0": "company:c0"})
    assert decisions(both) == [(Decision.LINKED, "company:c0")]
    both = sides([PEETERS], [replace(PEETERS, number="")], links={"a0": "company:gone"})
    assert decisions(both) == [(Decision.LINK, "company:c0")]
    assert decisions(sides([PEETERS], [], links={"a0": "company:gone"})) == [(Decision.CONFLICT, None)]


def test_who_is_blocked_left_out_or_said_to_be_new_is_not_looked_for() -> None:
    both = sides([PEETERS, PEETERS, PEETERS], [replace(PEETERS, number="")])
    blocked = replace(both.accounts["a2"], blocked=True, traits=Traits.of(name="Unknown"))
    both = replace(both, new=frozenset({"a0"}), left_out=frozenset({"a1"}), accounts={**both.accounts, "a2": blocked})
    assert [decision for decision, _ in decisions(both)] == [Decision.CREATE, Decision.SKIP, Decision.SKIP]


def test_doubles_are_told_with_what_they_disagree_on() -> None:
    [double] = doubles({"company:1": PEETERS, "company:2": replace(PEETERS, name="Peeters NV", email="b@x.example")})
    assert (double.by, double.sure, double.ids) == ("VAT number", True, ("company:1", "company:2"))
    assert double.differing == {"name": ("Peeters BV", "Peeters NV"), "email": ("a@peeters.example", "b@x.example")}


BOTH = sides([PEETERS, Traits.of(name="=1+1", email="n@x.example")], [replace(PEETERS, number="")])


def file(*lines: tuple[str, ...], separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([decisions_file.COLUMNS, *lines])
    return text.getvalue()


def test_the_file_of_a_preview_is_read_back_as_it_was_written() -> None:
    text = decisions_file.written(match(BOTH))
    assert "'=1+1" in text
    assert [(line.exact_id, line.decision, line.teamleader_id) for line in decisions_file.read(text, BOTH)] == [
        ("a0", "link", "company:c0"),
        ("a1", "create", None),
    ]


def test_a_spreadsheet_may_write_semicolons_a_mark_of_order_and_empty_lines() -> None:
    text = "\ufeff" + file(("", "17", "", "a0", "c0", "LINK", ""), ("",) * 7, separator=";")
    assert [line.teamleader_id for line in decisions_file.read(text, BOTH)] == ["company:c0"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("Peeters", "17"), "it has 2 columns"),
        (("Peeters", "17", "", "a9", "", "create", ""), "no customer in Exact has the id a9"),
        (("Peeters", "18", "", "a0", "", "create", ""), "has the number 17, not 18"),
        (("Peeters", "17", "", "a0", "", "perhaps", ""), "the decision perhaps is none of link, create, skip"),
        (("Peeters", "17", "", "a0", "", "link", ""), "the id in Teamleader is needed"),
        (("Peeters", "17", "", "a0", "c9", "link", ""), "no customer in Teamleader has the id c9"),
    ],
)
def test_a_line_that_cannot_be_carried_out_is_named_and_nothing_is_done(line: tuple[str, ...], why: str) -> None:
    with pytest.raises(click.ClickException, match=rf"^Line 3: .*{why}.*Nothing was done"):
        decisions_file.read(file(("", "17", "", "a0", "c0", "skip", ""), line), BOTH)


def test_one_customer_cannot_be_two_others() -> None:
    lines = (("", "", "", "a0", "c0", "link", ""), ("", "", "", "a1", "c0", "link", ""))
    with pytest.raises(click.ClickException, match="company:c0 is taken by line 2"):
        decisions_file.read(file(*lines), BOTH)


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(click.ClickException, match="The first line has to name the columns"):
        decisions_file.read("a,b\n1,2\n", BOTH)
