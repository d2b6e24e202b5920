"""Logging in to the sandbox's Teamleader, and its rate limit."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit


def test_a_refresh_token_can_be_used_once(changing: tuple[Any, Any]) -> None:
    _, teamleader = changing
    used = teamleader.used

    refused = teamleader.log_in(refresh_token=used)
    renewed = teamleader.log_in()

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert renewed.json()["expires_in"] == 3600
    assert renewed.json()["token_type"] == "Bearer"
    assert teamleader.call("users.me")


def test_the_older_access_token_works_until_its_hour_is_over(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    older = dict(teamleader.headers)
    teamleader.log_in()
    teamleader.headers = older

    assert teamleader.post("users.me").status_code == 200
    sandbox.advance(3601)
    assert teamleader.post("users.me").status_code == 401


def test_wrong_credentials(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing

    assert teamleader.log_in(client_secret="wrong").json()["error"] == "invalid_client"
    assert teamleader.log_in(grant_type="password").json()["error"] == "unsupported_grant_type"
    sandbox.teamleader("revoke")
    assert teamleader.log_in().status_code == 400
    assert teamleader.post("users.me").status_code == 401


def test_a_new_login_ends_the_older_chain(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing

    token = sandbox.logged_in_again()["TAP_TEAMLEADER_REFRESH_TOKEN"]

    assert teamleader.log_in().status_code == 400
    assert teamleader.log_in(refresh_token=token).status_code == 200


def test_a_person_logs_in_in_the_browser_and_lets_the_app_in(changing: tuple[Any, Any]) -> None:
    _, teamleader = changing
    back = "http://localhost:8765/teamleader"
    asked = {"client_id": "sandbox-teamleader", "response_type": "code", "redirect_uri": back, "state": "abc"}
    address = f"{teamleader.url}/oauth2/authorize"

    page = teamleader.session.get(address, params=asked, timeout=60)
    assert '<form method="post">' in page.text
    assert teamleader.session.get(address, params={**asked, "redirect_uri": f"{back}/"}, timeout=60).status_code == 400

    def answered(answer: str) -> dict[str, list[str]]:
        sent = teamleader.session.post(address, data={**asked, "answer": answer}, allow_redirects=False, timeout=60)
        return parse_qs(urlsplit(sent.headers["location"]).query)

    assert answered("deny") == {"error": ["access_denied"], "state": ["abc"]}
    given = answered("allow")
    assert given["state"] == ["abc"]
    exchange = {"grant_type": "authorization_code", "code": given["code"][0], "redirect_uri": back}
    assert teamleader.log_in(**exchange).status_code == 200
    assert teamleader.log_in(**exchange).status_code == 400


def test_a_missing_right_is_a_403(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing

    sandbox.teamleader("deny", actions=["invoices.list"])

    assert teamleader.post("invoices.list").status_code == 403
    assert teamleader.post("creditNotes.list").status_code == 200


def test_the_window_slides_and_every_answer_tells_about_it(small_sandbox: Any) -> None:
    sandbox, teamleader = small_sandbox("--tl-minute-limit", "5")

    answers = [teamleader.post("users.me") for _ in range(4)] + [teamleader.post("invoices.fly")]
    over = teamleader.post("users.me")

    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0"]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"5"}
    assert over.status_code == 429
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0100", over.headers["X-RateLimit-Reset"])
    sandbox.advance(61)
    assert teamleader.post("users.me").status_code == 200
