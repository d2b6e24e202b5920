"""Tokens, calls per minute and day, and the block after too many errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Exact


@pytest.fixture
def strict(new_exact: type[Exact]) -> Exact:
    """With the limits of the real service, logged in at the beginning of a minute."""
    exact = new_exact()
    exact.clock.advance(56)
    return exact.login()


def body(answer: Answer) -> dict[str, Any]:
    return json.loads(answer.content)


def test_a_token_answer_has_expires_in_as_text_and_a_new_refresh_token(new_exact: type[Exact]) -> None:
    answer = new_exact().token()
    assert answer.status == 200
    assert body(answer).keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (body(answer)["token_type"], body(answer)["expires_in"]) == ("bearer", "600")
    assert body(answer)["refresh_token"] != "sandbox-exact-refresh"


def test_a_refresh_token_works_once(new_exact: type[Exact]) -> None:
    exact = new_exact()
    second = body(exact.token())["refresh_token"]
    exact.clock.advance(600)
    old = exact.token()
    assert (old.status, body(old)["error"]) == (400, "unauthorized_client")
    assert "Old refresh token used" in body(old)["error_description"]
    assert exact.token(refresh_token=second).status == 200


def test_a_token_asked_for_too_early_costs_nothing(new_exact: type[Exact]) -> None:
    exact = new_exact()
    second = body(exact.token())["refresh_token"]
    exact.clock.advance(569)
    early = exact.token(refresh_token=second)
    assert early.status == 400
    assert body(early) == {
        "error": "access_denied",
        "error_description": "Rate limit exceeded: access_token not expired",
    }
    assert early.headers["reason"].startswith("TooEarlyToRefreshTokens")
    exact.clock.advance(1)
    assert exact.token(refresh_token=second).status == 200


def test_the_age_of_tokens_can_be_set(new_exact: type[Exact]) -> None:
    exact = new_exact({"token_seconds": 5, "min_refresh_seconds": 0})
    first = body(exact.token())
    assert first["expires_in"] == "5"
    assert exact.token(refresh_token=first["refresh_token"]).status == 200


def test_an_unused_refresh_token_lives_thirty_days(new_exact: type[Exact]) -> None:
    exact = new_exact()
    exact.clock.advance(31 * 86_400)
    assert body(exact.token())["error_description"].startswith("The refresh token expired at 2026-07-25")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"refresh_token": "never seen"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ],
)
def test_refused_token_requests(new_exact: type[Exact], changes: dict[str, str], error: str) -> None:
    answer = new_exact().token(**changes)
    assert (answer.status, body(answer)["error"]) == (400, error)


def test_the_token_endpoint_reads_forms_only(new_exact: type[Exact]) -> None:
    answer = new_exact().call(
        "POST", "/api/oauth2/token", b'{"grant_type": "refresh_token"}', content_type="application/json"
    )
    assert (answer.status, body(answer)["error"]) == (400, "invalid_request")


def consented(exact: Exact) -> str:
    """The code that the browser brings back, as it is written in the address."""
    address = "/api/oauth2/auth?client_id=sandbox-exact&response_type=code&state=x&redirect_uri=https://localhost/exact"
    assert b'<form method="post">' in exact.get(address).content
    sent = exact.call("POST", address, b"answer=allow", content_type="application/x-www-form-urlencoded")
    assert sent.status == 302
    back, _, query = sent.headers["location"].partition("?")
    assert back == "https://localhost/exact"
    return dict(part.split("=") for part in query.split("&"))["code"]


def test_a_person_consents_and_the_code_is_exchanged_once_and_decoded(new_exact: type[Exact]) -> None:
    exact = new_exact()
    code = consented(exact)
    back = {"grant_type": "authorization_code", "redirect_uri": "https://localhost/exact"}
    assert code != unquote(code)
    assert exact.token(**back, code=code).status == 400
    assert exact.token(**back, code=unquote(code)).status == 200
    assert exact.token(**back, code=unquote(code)).status == 400
    assert exact.token().status == 400, "the older chain is broken"


def test_a_code_lives_three_minutes(new_exact: type[Exact]) -> None:
    exact = new_exact()
    code = unquote(consented(exact))
    exact.clock.advance(181)
    given = exact.token(grant_type="authorization_code", redirect_uri="https://localhost/exact", code=code)
    assert given.status == 400


def test_an_expired_token_is_401_without_a_body(strict: Exact) -> None:
    strict.clock.advance(600)
    answer = strict.get("crm/Accounts?$select=ID")
    assert (answer.status, answer.content) == (401, b"")
    assert "expired" in answer.headers["www-authenticate"]
    assert strict.get("crm/Accounts?$select=ID", authorization="Bearer nonsense").status == 401
    assert strict.get("crm/Accounts?$select=ID", authorization="").status == 401


def test_every_answer_says_what_is_left_of_minute_and_day(strict: Exact) -> None:
    headers = strict.get("crm/Accounts?$select=ID").headers
    midnight, next_minute = 1782432000000, 1782397380000
    assert {name: int(value) for name, value in headers.items() if name.startswith("x-ratelimit")} == {
        "x-ratelimit-limit": 5000,
        "x-ratelimit-remaining": 4999,
        "x-ratelimit-reset": midnight,
        "x-ratelimit-minutely-limit": 60,
        "x-ratelimit-minutely-remaining": 59,
        "x-ratelimit-minutely-reset": next_minute,
    }


def test_the_61st_call_of_a_minute_is_refused_with_the_minute_headers_only(strict: Exact) -> None:
    for _ in range(60):
        assert strict.get("crm/Accounts?$select=ID").status == 200
    refused = strict.get("crm/Accounts?$select=ID")
    assert (refused.status, refused.content) == (429, b"")
    names = {name for name in refused.headers if name.startswith("x-ratelimit")}
    assert names == {"x-ratelimit-minutely-limit", "x-ratelimit-minutely-remaining", "x-ratelimit-minutely-reset"}
    strict.clock.advance(60)
    assert strict.get("crm/Accounts?$select=ID").status == 200


def test_the_limit_of_the_day_is_refused_with_the_day_headers_only(new_exact: type[Exact]) -> None:
    exact = new_exact({"exact_day_limit": 2}).login()
    for _ in range(2):
        assert exact.get("crm/Accounts?$select=ID").status == 200
    exact.clock.advance(120)
    refused = exact.get("crm/Accounts?$select=ID")
    names = {name for name in refused.headers if name.startswith("x-ratelimit")}
    assert (refused.status, names) == (429, {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"})


def test_more_than_ten_errors_in_an_hour_block_the_endpoint(strict: Exact) -> None:
    for _ in range(11):
        assert strict.get("crm/Accounts?$select=Nme").status == 400
    blocked = strict.get("crm/Accounts?$select=ID")
    assert (blocked.status, blocked.message) == (429, "API rate limit exceeded")
    assert strict.get("crm/Contacts?$select=ID").status == 200
    strict.verb("forget_errors")
    assert strict.get("crm/Accounts?$select=ID").status == 200


def test_the_block_lasts_an_hour_and_business_refusals_do_not_count(new_exact: type[Exact]) -> None:
    exact = new_exact({"token_seconds": 7200}).login()
    for _ in range(12):
        assert exact.post("crm/Accounts", {"Name": ""}).status == 500
    for _ in range(11):
        exact.clock.advance(60)
        assert exact.post("crm/Accounts", {"Nme": ""}).status == 400
    assert exact.post("crm/Accounts", {"Name": "x"}).status == 429
    exact.clock.advance(3600)
    assert exact.post("crm/Accounts", {"Name": "x"}).status == 201


def test_business_refusals_count_when_the_option_says_so(new_exact: type[Exact]) -> None:
    exact = new_exact({"error_velocity": 2, "error_velocity_counts_500": True}).login()
    answers = [exact.post("crm/Accounts", {"Name": ""}).status for _ in range(4)]
    assert answers == [500, 500, 500, 429]


def test_without_limits_there_are_no_headers_and_no_block(exact: Exact) -> None:
    for _ in range(70):
        answer = exact.get("crm/Accounts?$select=Nme")
    assert answer.status == 400
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


def test_another_division_is_forbidden(exact: Exact) -> None:
    codes = [row["Code"] for row in exact.get("system/Divisions?$select=Code").rows]
    assert codes == [123456, 123457]
    answer = exact.get("/api/v1/123457/crm/Accounts?$select=ID")
    assert (answer.status, answer.message) == (403, "Forbidden - WrongDivision")
