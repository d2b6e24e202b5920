"""What the reverse job asks of both services does not grow with the administration, only with what was matched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

IDLE = {"exact": 3, "teamleader": 1}  # a token is among each
PER_ENTRY = {"exact": 0.05, "teamleader": 1.1}


def calls_of_a_run(coupling: Any) -> dict[str, int]:
    coupling.sandbox.forget_calls()
    ran = coupling.payments()
    assert ran.code == 0, ran.output[-4000:]
    calls: dict[str, int] = coupling.sandbox.calls()
    return calls


@pytest.mark.parametrize(
    ("receivables", "matched"), [(2_000, 60), pytest.param(20_000, 500, marks=pytest.mark.long)], ids=["2000", "20000"]
)
def test_calls_in_an_administration_of_many_receivables(
    coupling_with: Callable[..., Any], receivables: int, matched: int
) -> None:
    coupling = coupling_with(
        *("--no-limits", "--customers", "30", "--invoices", "0", "--credit-notes", "0"),
        settings={"TAP_TEAMLEADER_ATTACHMENTS": "[]"},
    )
    sandbox = coupling.sandbox
    added = set(sandbox.add_invoices(matched + 5)["ids"])
    numbers = [each["number"] for each in sandbox.teamleader_documents() if each["id"] in added]
    assert coupling.documents().code == 0
    sandbox.exact("fill", receivables=receivables)
    settled = [{"your_ref": number, "journal": "70"} for number in numbers]
    sandbox.exact("match_entries", entries=settled[:5])

    first = calls_of_a_run(coupling)
    assert len([each for each in sandbox.teamleader_documents() if not each["open"]]) == 5

    idle = calls_of_a_run(coupling)
    logger.info("The first run asked %s, one with nothing new %s", first, idle)
    assert idle["exact"] <= IDLE["exact"]
    assert idle["teamleader"] <= IDLE["teamleader"]

    sandbox.exact("match_entries", entries=settled[5:])

    busy = calls_of_a_run(coupling)
    logger.info("%s newly matched entries took %s", matched, busy)
    assert len([each for each in sandbox.teamleader_documents() if not each["open"]]) == matched + 5
    for service, most in PER_ENTRY.items():
        assert busy[service] <= IDLE[service] + most * matched, service

    idle = calls_of_a_run(coupling)
    assert idle["exact"] <= IDLE["exact"]
    assert idle["teamleader"] <= IDLE["teamleader"]
