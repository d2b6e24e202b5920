"""An import of customers whose program is killed twenty times: nothing twice, nothing lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from connector_testing.programs import wait_until

if TYPE_CHECKING:
    from conftest import Harness

KILLS = 20
FIRMS = 40
FAULTS = ("reset_after", "orphaned", "truncated", "reset_before")


@pytest.mark.long
def test_twenty_kills_and_faults_in_one_import(harness: Harness) -> None:
    trade = f"Werf {harness.division}"
    records = [
        {
            "id": f"{harness.division}-{number}",
            "division": harness.division,
            "code": str(number),
            "name": f"{trade} {number} NV",
            "email": f"werf{number}@{harness.division}.example",
        }
        for number in range(FIRMS)
    ]

    def created() -> int:
        return sum("companies.add" in path for _, path in harness.sandbox.call_list("teamleader"))

    for number in range(KILLS):
        harness.fault("companies.add", FAULTS[number % len(FAULTS)], skip=number % 3, times=1)
        before = created()
        process = harness.process([*harness.lines(*records), harness.state(number)])
        assert process.stdin is not None
        process.stdin.close()
        wait_until(lambda: created() > before + number % 3 or process.poll() is not None)  # noqa: B023
        process.kill()
        process.wait()
        harness.sandbox.clear_faults()
        harness.later()
    for _ in range(2):
        harness.run(*records)
        harness.later()

    rows = harness.call("companies.list", {"filter": {"term": trade}, "page": {"size": 100, "number": 1}})
    found = Counter(row["name"] for row in rows)
    assert found == Counter(record["name"] for record in records)
    assert harness.codes() == {}
