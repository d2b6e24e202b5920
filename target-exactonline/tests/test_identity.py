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
