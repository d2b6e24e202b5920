"""Documents of one company never land in the books of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from conftest import Harness

OWN = "BE0765432146"
OTHER = "BE0428759497"


def test_a_document_of_another_company_ends_the_run_before_anything_is_written(harness: Harness) -> None:
    harness.exact.forget_calls()

    ran = harness.run(harness.company(), harness.invoice(issuer_vat_number=OTHER))

    assert isinstance(ran.error, RunEnded)
    assert OTHER in str(ran.error)
    assert OWN in str(ran.error)
    assert harness.entries() == []
    assert [method for method, _ in harness.exact.calls() if method != "GET"] == []


@pytest.mark.parametrize("written", [OWN, "be 0765.432.146", "0765432146", None, "", "unknown"])
def test_the_own_company_is_recognised_however_its_number_is_written(harness: Harness, written: str | None) -> None:
    assert harness.run(harness.company(), harness.invoice(issuer_vat_number=written)).counts["booked"] == 1


def test_a_document_of_another_department_ends_the_run_before_anything_is_written(harness: Harness) -> None:
    ran = harness.run(harness.company(), harness.invoice(department="south"), department_id="north")

    assert isinstance(ran.error, RunEnded)
    assert "is of department south, and these settings book department north" in str(ran.error)
    assert harness.entries() == []


@pytest.mark.parametrize("named", ["north", None])
def test_a_document_of_the_own_department_or_of_a_sender_without_departments_is_booked(
    harness: Harness, named: str | None
) -> None:
    ran = harness.run(harness.company(), harness.invoice(department=named), department_id="north")
    assert ran.counts["booked"] == 1


def test_what_waits_of_another_department_is_left_to_its_own_settings(harness: Harness) -> None:
    waiting = harness.run(
        harness.company(), harness.invoice(department="south"), department_id="south", vat_codes={"6%": "6"}
    )
    assert waiting.counts["rejected"] == 1
    harness.run(department_id="north")
    assert harness.entries() == []
    assert harness.run(department_id="south").counts["booked"] == 1


def test_what_was_booked_for_one_department_is_known_as_its_own(harness: Harness) -> None:
    document = harness.invoice(department="north")
    harness.run(harness.company(), document, department_id="north")
    with harness.store() as store:
        (link,) = [each for each in store.links(harness.division).all() if each.kind == "invoice"]
    assert link.document.department == "north"


def test_what_was_booked_for_all_departments_is_of_none(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice(department="north"))
    with harness.store() as store:
        (link,) = [each for each in store.links(harness.division).all() if each.kind == "invoice"]
    assert link.document.department is None
