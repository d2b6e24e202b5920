"""Wrong settings and wrong logins end the run with lines that a person can act on, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from exactonline_api.errors import ApiError
from singer_shell.endings import RunEnded, SettingsRefused
from singer_shell.testing import SettingsPromises
from target_exactonline.target import TargetExactOnline

if TYPE_CHECKING:
    from conftest import Harness


def writes(harness: Harness) -> list[tuple[str, str]]:
    return [call for call in harness.exact.calls() if call[0] != "GET"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"invoice_journal": "50"}, ["invoice_journal", "50", "not a sales journal"]),
        ({"credit_note_journal": "99"}, ["credit_note_journal", "99", "does not exist"]),
        ({"credit_note_journal": "70"}, ["credit_note_journal", "same"]),
        ({"description_template": "{nummer}"}, ["description_template"]),
        ({"closed_until": "Easter"}, ["closed_until", "date"]),
    ],
)
def test_settings_that_do_not_fit(harness: Harness, settings: dict[str, Any], words: list[str]) -> None:
    harness.exact.forget_calls()
    ran = harness.run(harness.company(), harness.invoice(), **settings)
    assert isinstance(ran.error, SettingsRefused)
    assert all(word in " ".join(ran.error.lines) for word in words)
    assert all("\n" not in line for line in ran.error.lines)
    assert writes(harness) == []


def test_all_problems_are_named_at_once(harness: Harness) -> None:
    ran = harness.run(
        harness.company(),
        harness.invoice(),
        invoice_journal="50",
        credit_note_journal="60",
        default_gl_account="123456",
    )
    assert isinstance(ran.error, SettingsRefused)
    assert len(ran.error.lines) == 3


def test_a_code_that_only_some_documents_need_is_a_warning(harness: Harness) -> None:
    ran = harness.run(harness.company(), harness.invoice(), vat_codes={**harness.settings["vat_codes"], "12%": "no"})
    assert ran.counts["booked"] == 1
    assert "vat_codes, '12%'" in ran.log


def test_a_wrong_division_ends_the_run(harness: Harness) -> None:
    harness.exact.forget_calls()
    ran = harness.run(harness.company(), harness.invoice(), division=999999)
    assert isinstance(ran.error, RunEnded | ApiError)
    assert "999999" in str(ran.error)
    assert writes(harness) == []


@pytest.mark.parametrize("wrong", [{"refresh_token": "old"}, {"client_secret": "not it"}])
def test_a_login_that_is_refused_ends_the_run(harness: Harness, wrong: dict[str, str]) -> None:
    ran = harness.run(harness.company(), harness.invoice(), **wrong)
    assert isinstance(ran.error, ApiError)
    assert "\n" not in str(ran.error)
    assert next(iter(wrong.values())) not in str(ran.error)


class TestSettings(SettingsPromises):
    plugin = TargetExactOnline
    good: ClassVar = {
        "client_id": "id",
        "client_secret": "the-secret",
        "api_url": "http://127.0.0.1:9",
        "division": 1,
        "invoice_journal": "70",
    }
