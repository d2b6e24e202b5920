"""The token endpoint as Exact has it (§1): form-encoded, refresh tokens for one use, not earlier than 9½ minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

import simplejson
from starlette.responses import Response

from sandbox.oauth import ExpiredTokenError, OldTokenUsedError, TokenIssuer, TooEarlyError, UnknownTokenError

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.limits import Headers

CLIENT_ID = "sandbox-exact"
CLIENT_SECRET = "sandbox-exact-secret"


class _LoginRefusedError(Exception):
    """The answer of a refused token request: OAuth error code, description and extra headers."""

    def __init__(self, code: str, description: str, headers: Headers | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.headers = headers or {}


def token_endpoint(state: ExactState, content_type: str, body: bytes) -> Response:
    """`POST /api/oauth2/token`, credentials in the body (fact 1.1). Every refusal is a 400."""
    try:
        form = _form(content_type, body)
        answer = _exchange(state.tokens, form.get("refresh_token", ""))
    except _LoginRefusedError as refused:
        text = simplejson.dumps({"error": refused.code, "error_description": refused.description})
        return Response(text, 400, refused.headers, "application/json")
    return Response(simplejson.dumps(answer), media_type="application/json")


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if not content_type.startswith("application/x-www-form-urlencoded"):
        raise _LoginRefusedError("invalid_request", "The request must be form-encoded.")
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
        raise _LoginRefusedError("invalid_client", "Client authentication failed.")
    if form.get("grant_type") != "refresh_token":
        raise _LoginRefusedError("unsupported_grant_type", "The grant type is not supported.")
    return form


def _exchange(tokens: TokenIssuer, refresh_token: str) -> dict[str, str]:
    try:
        pair = tokens.exchange(refresh_token)
    except OldTokenUsedError:
        raise _LoginRefusedError(
            "unauthorized_client", "Unauthorized Client: Old refresh token used."
        ) from None  # fact 1.10
    except TooEarlyError:
        raise _LoginRefusedError(
            "access_denied",
            "Rate limit exceeded: access_token not expired",
            {"Reason": "TooEarlyToRefreshTokens: access token not expired"},
        ) from None  # fact 1.8; nothing is consumed (fact 1.9)
    except ExpiredTokenError as error:
        text = f"The refresh token expired at {error.expired_at:%Y-%m-%d %H:%M:%S}"
        raise _LoginRefusedError("invalid_request", text) from None  # fact 1.12
    except UnknownTokenError:
        raise _LoginRefusedError("invalid_grant", "The refresh token is not valid.") from None
    return {
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": str(pair.expires_in),  # a text (fact 1.5)
        "refresh_token": pair.refresh_token,
    }


def expired() -> Response:
    """401 without a body; the header says why, URL-encoded (fact 1.17)."""
    reason = quote("Bearer error=invalid_token, error_description=access token expired", safe="")
    return Response(status_code=401, headers={"WWW-Authenticate": reason})
