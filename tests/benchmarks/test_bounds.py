"""Both directions stay within what they may cost. CPU depends on the machine: the bounds are ratios, and generous."""

from __future__ import annotations

import pytest

from .bounds import CPU_OF_BARE_SCRIPT, CPU_OF_EMPTY_RUN, CYCLE_OF_EMPTY_RUN, DOCUMENTS, ROWS, ROWS_PER_CPU_SECOND
from .cases import Case, both_ways, idle, reading


@pytest.fixture(scope="module")
def measured() -> dict[str, Case]:
    return {case.name: case for case in both_ways(DOCUMENTS)}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_document_costs_at_most_twice_the_cpu_of_a_script_that_makes_the_same_calls(
    measured: dict[str, Case],
) -> None:
    ratio = measured["forward"].ratio
    assert ratio is not None
    assert ratio <= CPU_OF_BARE_SCRIPT


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_script_makes_as_many_calls_as_the_product(measured: dict[str, Case]) -> None:
    forward = measured["forward"]
    assert forward.baseline is not None
    for service, calls in forward.product.calls.items():
        assert abs(calls - forward.baseline.calls[service]) <= 0.05 * calls, service


@pytest.fixture(scope="module")
def of_empty_run() -> dict[str, float]:
    return {case.name: case.ratio or 0 for case in idle()}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_both_jobs_with_nothing_new_cost_at_most_2_2_times_an_empty_run(of_empty_run: dict[str, float]) -> None:
    assert 0 < of_empty_run["idle documents payments"] <= CPU_OF_EMPTY_RUN


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_cycle_of_the_schedule_with_nothing_new_costs_at_most_half_an_empty_run(
    of_empty_run: dict[str, float],
) -> None:
    assert 0 < of_empty_run["idle cycle"] <= CYCLE_OF_EMPTY_RUN


@pytest.mark.long
def test_ledger_accounts_are_read_at_6000_rows_per_second_of_cpu() -> None:
    (case,) = reading(ROWS)
    assert case.units / case.product.usage.cpu >= ROWS_PER_CPU_SECOND
