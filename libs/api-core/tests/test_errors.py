"""One tree of errors, and texts that may be logged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api_core import errors
from api_core.errors import ApiError, ConfigurationError, RecordRefused

if TYPE_CHECKING:
    from api_core.service import Service

LINE = re.compile(r"^(?P<indent> +)(?P<name>[A-Z]\w+) +[A-Z]")


def drawn() -> dict[str, str]:
    """Return class -> its base, as the module's docstring draws them."""
    bases: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := LINE.match(line):
            indent, name = len(found["indent"]), found["name"]
            path = [(depth, each) for depth, each in path if depth < indent]
            bases[name] = path[-1][1] if path else "Exception"
            path.append((indent, name))
    return bases


def test_the_tree_is_as_it_is_drawn() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ApiError)]
    assert {each.__name__: each.__bases__[0].__name__ for each in classes} == drawn()


def test_a_wrong_setting_is_a_wrong_value_to_who_knows_no_api() -> None:
    assert issubclass(ConfigurationError, ValueError)


def test_a_refusal_keeps_all_that_was_said_and_its_text_no_personal_data(parcels: Service) -> None:
    said = ["name 'Jan Peeters' is taken ", "", "see jan@example.be", "BE68 5390 0754 7034 is closed"]
    error = RecordRefused(parcels, "parcels.add", 400, said)
    assert (error.endpoint, error.status, error.messages) == ("parcels.add", 400, said)
    assert str(error) == "Parcels refused parcels.add (400): name … is taken; see …; … is closed"


@pytest.mark.parametrize("messages", [[], [""]])
def test_a_refusal_without_a_reason_says_so(parcels: Service, messages: list[str]) -> None:
    assert str(RecordRefused(parcels, "parcels", 400, messages)).endswith("(400): no reason given")


def test_a_long_story_is_cut(parcels: Service) -> None:
    assert len(parcels.shown(["word " * 1000])) == 300
