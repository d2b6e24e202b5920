"""What tests can let go wrong, on either service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from connector_testing.programs import wait_until
from sandbox.options import Options
from sandbox.world import World

BOTH = ("teamleader", "exact")


def call(sandbox: Any, teamleader: Any, service: str) -> requests.Response:
    if service == "teamleader":
        answer: requests.Response = teamleader.post("users.me")
        return answer
    return requests.get(f"{sandbox.exact_url}/api/v1/current/Me", timeout=60)


@pytest.fixture
def both(changing: tuple[Any, Any]) -> tuple[Any, Any]:
    return changing


@pytest.mark.parametrize("service", BOTH)
def test_an_answer_can_be_an_error_or_nothing(both: tuple[Any, Any], service: str) -> None:
    sandbox, teamleader = both
    sandbox.add_faults([{"service": service, "kind": "error", "status": 503, "message": "Even geduld", "times": 1}])
    sandbox.add_faults([{"service": service, "kind": "empty_500", "times": 1}])
    sandbox.add_faults([{"service": service, "kind": "limit", "times": 1, "seconds": 2}])
    sandbox.add_faults([{"service": service, "kind": "business", "message": "Periode gesloten", "times": 1}])

    error, nothing, limit, business = (call(sandbox, teamleader, service) for _ in range(4))

    assert error.status_code == 503
    assert "Even geduld" in error.text
    assert (nothing.status_code, nothing.content) == (500, b"")
    assert limit.status_code == 429
    assert any(name.lower().endswith("remaining") and value == "0" for name, value in limit.headers.items())
    assert business.status_code == 500
    assert business.json()["error"]["message"]["value"] == "Periode gesloten"
    assert call(sandbox, teamleader, service).status_code in {200, 401}


def test_a_cut_before_the_call_leaves_nothing_and_one_after_it_leaves_the_result(both: tuple[Any, Any]) -> None:
    sandbox, teamleader = both
    before = len(teamleader.every("companies.list"))

    for kind, made in (("reset_before", 0), ("reset_after", 1), ("truncated", 2)):
        sandbox.add_faults([{"service": "teamleader", "match": "companies.add", "kind": kind, "times": 1}])
        with pytest.raises(requests.exceptions.RequestException):
            teamleader.post("companies.add", {"name": kind})
        assert len(teamleader.every("companies.list")) == before + made


def test_half_an_answer_without_a_body_is_no_answer(both: tuple[Any, Any]) -> None:
    sandbox, teamleader = both
    company = teamleader.data("companies.list")[0]["id"]
    sandbox.add_faults([{"match": "companies.update", "kind": "truncated", "times": 1}])

    with pytest.raises(requests.exceptions.ConnectionError):
        teamleader.post("companies.update", {"id": company, "remarks": "changed"})

    assert teamleader.data("companies.info", {"id": company})["remarks"] == "changed"


def test_a_cut_download_is_shorter_than_announced(both: tuple[Any, Any]) -> None:
    sandbox, teamleader = both
    row = teamleader.data("invoices.list")[0]
    location = teamleader.data("invoices.download", {"id": row["id"], "format": "pdf"})["location"]
    sandbox.add_faults([{"match": r"^/download/", "kind": "truncated", "times": 1}])

    with pytest.raises(requests.exceptions.RequestException):
        requests.get(location, timeout=60)
    assert requests.get(location, timeout=60).content.endswith(b"%%EOF\n")


def test_a_held_call_waits_until_the_rules_are_cleared_and_other_rules_still_hold(both: tuple[Any, Any]) -> None:
    sandbox, teamleader = both
    sandbox.add_faults([{"kind": "held", "times": 1}, {"kind": "error", "status": 500, "skip": 1, "times": 1}])

    with ThreadPoolExecutor(1) as somebody:
        held = somebody.submit(requests.get, f"{sandbox.exact_url}/api/v1/current/Me", timeout=600)
        wait_until(lambda: sandbox.held() == 1)
        assert [teamleader.post("users.me").status_code for _ in range(2)] == [500, 200]
        assert not held.done()
        sandbox.clear_faults()
        assert held.result().status_code == 401

    assert sandbox.held() == 0
    sandbox.add_faults([{"kind": "error", "status": 500}])
    sandbox.clear_faults()
    assert teamleader.post("users.me").status_code == 200


def test_chance_is_drawn_from_the_seed() -> None:
    worlds = [World.create(Options(seed=7, customers=1, invoices=0, credit_notes=0)) for _ in range(2)]
    for world in worlds:
        world.faults.add({"kind": "error", "status": 500, "probability": 0.5})

    hits = [[world.faults.hit("exact", "GET", "/")[1] is not None for _ in range(20)] for world in worlds]

    assert hits[0] == hits[1]
    assert set(hits[0]) == {True, False}


def test_a_rule_that_means_nothing_is_refused(both: tuple[Any, Any]) -> None:
    sandbox, _ = both

    with pytest.raises(RuntimeError, match="kind"):
        sandbox.add_faults([{"kind": "explode"}])
    with pytest.raises(RuntimeError, match="object with"):
        sandbox.add_faults([{"kind": "held", "speed": 1}])


def test_calls_are_counted_also_when_they_are_cut(both: tuple[Any, Any]) -> None:
    sandbox, teamleader = both
    sandbox.forget_calls()
    sandbox.add_faults([{"kind": "reset_before", "times": 1, "match": "users.me"}])
    with pytest.raises(requests.exceptions.ConnectionError):
        teamleader.post("users.me")
    teamleader.post("companies.list")
    requests.get(f"{sandbox.exact_url}/api/v1/current/Me", timeout=60)

    assert sandbox.calls() == {"teamleader": 2, "exact": 1}
    assert sandbox.call_list("teamleader") == [("POST", "/users.me"), ("POST", "/companies.list")]
    assert sandbox.writes("exact") == 0
