"""OAuth 2 as Exact has it (exact-online 1.1-1.18): single-use refresh tokens, one chain per user, 9½ minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

import simplejson
from starlette.responses import Response

from sandbox.oauth import ExpiredTokenError, OldTokenUsedError, TooEarlyError, UnknownTokenError

if TYPE_CHECKING:
    from sandbox.exact.limits import Headers
    from sandbox.oauth import TokenIssuer, TokenPair

CLIENT_ID = "sandbox-exact"
CLIENT_SECRET = "sandbox-exact-secret"
REDIRECT_ADDRESS = "https://localhost/exact"
CODE_LIFE = timedelta(minutes=3)
"""exact-online 1.4"""


class _LoginRefusedError(Exception):
    """A 400 of the token endpoint: OAuth error code, description and extra headers."""

    def __init__(self, code: str, description: str, headers: Headers | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.headers = headers or {}


def token_endpoint(tokens: TokenIssuer, content_type: str, body: bytes) -> Response:
    """`POST /api/oauth2/token`: form-encoded, credentials in the body (exact-online 1.1). Every refusal is a 400."""
    try:
        pair = _granted(tokens, _form(content_type, body))
    except _LoginRefusedError as refused:
        text = simplejson.dumps({"error": refused.code, "error_description": refused.description})
        return Response(text, 400, refused.headers, "application/json")
    answer = {
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": str(pair.expires_in),  # a text (exact-online 1.5)
        "refresh_token": pair.refresh_token,
    }
    return Response(simplejson.dumps(answer), media_type="application/json")


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if not content_type.startswith("application/x-www-form-urlencoded"):
        raise _LoginRefusedError("invalid_request", "The request must be form-encoded.")
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
        raise _LoginRefusedError("invalid_client", "Client authentication failed.")
    if form.get("grant_type") not in {"refresh_token", "authorization_code"}:
        raise _LoginRefusedError("unsupported_grant_type", "The grant type is not supported.")
    return form


def _granted(tokens: TokenIssuer, form: dict[str, str]) -> TokenPair:
    try:
        if form["grant_type"] == "authorization_code":
            return tokens.exchange_code(form.get("code", ""), form.get("redirect_uri", ""))
        return tokens.exchange(form.get("refresh_token", ""))
    except OldTokenUsedError:  # exact-online 1.10
        raise _LoginRefusedError("unauthorized_client", "Unauthorized Client: Old refresh token used.") from None
    except TooEarlyError:  # exact-online 1.8; nothing is consumed (exact-online 1.9)
        reason = {"Reason": "TooEarlyToRefreshTokens: access token not expired"}
        text = "Rate limit exceeded: access_token not expired"
        raise _LoginRefusedError("access_denied", text, reason) from None
    except ExpiredTokenError as error:  # exact-online 1.12
        text = f"The refresh token expired at {error.expired_at:%Y-%m-%d %H:%M:%S}"
        raise _LoginRefusedError("invalid_request", text) from None
    except UnknownTokenError:  # exact-online 1.14
        text = "Token is not allowed, because of invalid or empty chainId"
        raise _LoginRefusedError("invalid_grant", text) from None


def expired() -> Response:
    """401 without a body; the header says why, URL-encoded (exact-online 1.17)."""
    reason = quote("Bearer error=invalid_token, error_description=access token expired", safe="")
    return Response(status_code=401, headers={"WWW-Authenticate": reason})
