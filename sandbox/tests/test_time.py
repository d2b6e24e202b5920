"""The clock of both services, and what a service still does after its client has gone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest
import requests

from connector_testing.programs import wait_until
from sandbox.testing import SandboxThread

if TYPE_CHECKING:
    from conftest import Teamleader

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
SMALL: dict[str, Any] = {"customers": 5, "invoices": 3, "credit_notes": 0}


def names(teamleader: Teamleader) -> set[str]:
    return {row["name"] for row in teamleader.every("companies.list")}


def hang_up_on(sandbox: SandboxThread, teamleader: Teamleader, name: str, seconds: float) -> None:
    rule = {"service": "teamleader", "match": "companies.add", "kind": "orphaned", "seconds": seconds, "times": 1}
    sandbox.add_faults([rule])
    with pytest.raises(requests.exceptions.ConnectionError):
        teamleader.post("companies.add", {"name": name})


def test_a_frozen_clock_stands_until_it_is_moved(frozen: tuple[SandboxThread, Teamleader]) -> None:
    sandbox, _ = frozen
    assert sandbox.now() == sandbox.now() == NOON
    sandbox.advance(90)
    assert sandbox.now() == NOON + timedelta(seconds=90)
    sandbox.advance(days=3)
    sandbox.move_to(NOON)
    assert sandbox.now() == NOON + timedelta(days=3, seconds=90)
    sandbox.move_to(NOON + timedelta(days=30))
    assert sandbox.now() == NOON + timedelta(days=30)


def test_a_clock_that_runs_can_be_stopped_and_started(small_sandbox: Any) -> None:
    sandbox, _ = small_sandbox("--no-limits")
    sandbox.control("POST", "clock", {"frozen": True})
    assert sandbox.now() == sandbox.now()
    stopped = sandbox.now()
    sandbox.control("POST", "clock", {"frozen": False})
    assert sandbox.now() > stopped


def test_a_moment_that_is_none_is_refused(frozen: tuple[SandboxThread, Teamleader]) -> None:
    sandbox, _ = frozen
    for wrong in ("tomorrow", "2026-12-01T08:00:00"):
        with pytest.raises(RuntimeError, match="moment with offset"):
            sandbox.control("POST", "clock", {"to": wrong})


def test_both_services_live_in_that_time(frozen: tuple[SandboxThread, Teamleader]) -> None:
    sandbox, teamleader = frozen
    sandbox.advance(days=40)
    teamleader.refresh_token = sandbox.logged_in_again()["TAP_TEAMLEADER_REFRESH_TOKEN"]
    teamleader.log_in()
    answer = teamleader.post("users.me")
    assert parsedate_to_datetime(answer.headers["Date"]) == NOON + timedelta(days=40)
    made = sandbox.teamleader("add_company", name="Later BV")["id"]
    assert teamleader.data("companies.info", {"id": made})["added_at"] == "2026-04-11T12:00:00+00:00"
    account = sandbox.exact("add_account", Name="Klant", Status="C")["code"]
    sandbox.exact("add_entry", customer=account, your_ref="later", lines=[{"amount": "1", "vat_code": "21"}])
    assert sandbox.exact_entries()[0]["date"] == "2026-04-11"


def test_an_orphaned_call_is_carried_out_later(frozen: tuple[SandboxThread, Teamleader]) -> None:
    sandbox, teamleader = frozen
    hang_up_on(sandbox, teamleader, "Wees BV", 90)
    assert "Wees BV" not in names(teamleader)
    sandbox.advance(89)
    assert "Wees BV" not in names(teamleader)
    sandbox.advance(1)
    assert "Wees BV" in names(teamleader)


def test_orphaned_calls_are_carried_out_in_their_order_and_at_their_own_moment(
    frozen: tuple[SandboxThread, Teamleader],
) -> None:
    sandbox, teamleader = frozen
    hang_up_on(sandbox, teamleader, "Tweede BV", 60)
    hang_up_on(sandbox, teamleader, "Eerste BV", 30)
    sandbox.advance(600)
    added = {row["name"]: row["added_at"] for row in teamleader.every("companies.list")}
    assert (added["Eerste BV"], added["Tweede BV"]) == ("2026-03-02T12:00:30+00:00", "2026-03-02T12:01:00+00:00")


def test_an_orphaned_call_keeps_the_login_with_which_it_arrived(frozen: tuple[SandboxThread, Teamleader]) -> None:
    sandbox, teamleader = frozen
    hang_up_on(sandbox, teamleader, "Geduldig BV", 4000)
    sandbox.advance(4000)
    teamleader.log_in()
    assert "Geduldig BV" in names(teamleader)


def test_a_call_whose_client_leaves_while_it_is_held_is_carried_out(
    frozen: tuple[SandboxThread, Teamleader],
) -> None:
    sandbox, teamleader = frozen
    sandbox.add_faults([{"match": "companies.add", "kind": "held", "times": 1}])
    client = HTTPConnection(teamleader.url.removeprefix("http://"))
    client.request("POST", "/companies.add", '{"name": "Traag BV"}', teamleader.headers)
    wait_until(lambda: sandbox.held() == 1)
    client.close()
    assert "Traag BV" not in names(teamleader)
    sandbox.clear_faults()
    wait_until(lambda: "Traag BV" in names(teamleader))


def test_a_sandbox_in_a_thread_ends_and_another_begins_anew() -> None:
    with SandboxThread(**SMALL) as first:
        first.add_invoice()
        url = first.teamleader_url
        assert len(first.teamleader_documents()) == 4
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{url}/_sandbox/clock", timeout=5)
    with SandboxThread(**SMALL) as second:
        assert len(second.teamleader_documents()) == 3
