"""What more couplings need is arithmetic with what was measured, which can be followed by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from . import bounds, scale
from .page import PAGE, SECTIONS
from .scale import Need, need

FIGURES: dict[str, Any] = {
    "couplings": 200,
    "settings_cpu": 2.0,
    "bytes_of_a_document": 2**20,
    "rounds": [{"idle": {"cpu": 1.0}, "work": {"cpu": 10.0}, "server_cpu": 0.1, "calls": {"teamleader": 600}}],
}


def test_fifteen_hundred_couplings_need_what_a_hundred_cycles_a_minute_cost() -> None:
    # 100 * (0.9 * 1 + 0.1 * 10 + 0.1) = 200, and a day's 1,500 * (10 + 2) are 12.5 a minute.
    expected = Need(
        couplings=1_500,
        cycles=100.0,
        cpu=212.5,
        cores=8,
        projects=8,
        connections=160,
        memory=16 * 450 / 1_024,
        teamleader=300.0,
        accounts=2,
        store=1_500 * 1_000 / 1_024,
    )
    assert need(FIGURES, 1_500)._asdict() == pytest.approx(expected._asdict())


def test_the_page_shows_the_sum() -> None:
    told = scale.arithmetic(FIGURES, 1_500)
    assert told.endswith(
        "100.0 · (0.9 · 1.00 + 0.1 · 10.00 + 0.10) + 1,500 · (10.00 + 2.00) : 1,440 = 212 s of CPU a minute"
    )


def test_ten_times_the_couplings_need_ten_times_as_much_of_all_that_grows() -> None:
    one, ten = need(FIGURES, 1_000), need(FIGURES, 10_000)
    for name in ("cycles", "cpu", "teamleader", "store"):
        assert getattr(ten, name) == pytest.approx(10 * getattr(one, name)), name


def test_the_memory_of_a_run_is_counted_with_no_less_than_it_was_measured() -> None:
    recorded = json.loads(SECTIONS[0].recorded.read_text(encoding="utf-8"))
    (both,) = [each for each in recorded["cases"] if each["name"] == "idle documents payments"]
    assert both["product"]["usage"]["peak"] <= scale.MIB_OF_A_RUN


def test_the_page_names_the_figures_that_are_counted_with() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"once in {scale.MINUTES} minutes" in text
    assert f"counted with {scale.MIB_OF_A_RUN} MiB" in text
    assert f"at most {bounds.CONNECTIONS_OF_A_CALL} connections to PostgreSQL" in text
    assert f"allows {scale.TEAMLEADER_A_MINUTE} calls a minute for each integration and account" in text
