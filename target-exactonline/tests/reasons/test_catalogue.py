"""The catalogue of reasons: every code says in one sentence what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import target_exactonline
from target_exactonline.reasons import CATALOGUE, Rejection, refuse

PACKAGE = Path(target_exactonline.__file__).parent
USED = {
    code
    for source in PACKAGE.rglob("*.py")
    for code in re.findall(r'(?:refuse|Rejection\.of)\(\s*"([a-z_]+)"', source.read_text())
}


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_has_a_title_and_a_hint(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert CATALOGUE[code].title[0].isupper()
    assert not CATALOGUE[code].title.endswith(".")
    assert CATALOGUE[code].hint.endswith(".")
    assert "\n" not in CATALOGUE[code].hint


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert len(USED) > 15
    assert CATALOGUE.keys() >= USED


def test_a_hint_is_filled_with_facts() -> None:
    rejection = Rejection.of("gl_account_unknown", "Unknown", gl_account="701000")
    assert "701000" in rejection.hint
    assert str(rejection) == f"Unknown (gl_account_unknown). {rejection.hint}"
    assert refuse("not_numbered", "No number").rejection == Rejection.of("not_numbered", "No number")
    with pytest.raises(KeyError):
        Rejection.of("gl_account_unknown", "Unknown")
