"""The service as an ASGI application: login, limits, checking of bodies, one place that makes the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from sandbox import jsonio
from sandbox.consent import Consent
from sandbox.contracts import contract
from sandbox.oauth import ARRIVED, TokenPair, TokenRefusedError
from sandbox.teamleader.actions import ACTIONS, DOWNLOADS
from sandbox.teamleader.downloads import Downloads
from sandbox.teamleader.ids import CLIENT_ID, CLIENT_SECRET, CODE_LIFE, REDIRECT_ADDRESS
from sandbox.teamleader.refusals import Refusal, bad_request
from sandbox.teamleader.validation import check

if TYPE_CHECKING:
    from starlette.requests import Request

    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState


def build_app(state: TeamleaderState) -> Starlette:
    """The Teamleader side of the sandbox: API, login and files on one host."""
    service = _Service(state)
    return Starlette(
        routes=[
            Route("/oauth2/authorize", service.consent.answer, methods=["GET", "POST"]),
            Route("/oauth2/access_token", service.token, methods=["POST"]),
            Route("/download/{document}/{token}", service.downloads.serve, methods=["GET"]),
            Route("/{action:path}", service.call, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )


class _Service:
    def __init__(self, state: TeamleaderState) -> None:
        self._state = state
        self.consent = Consent("Teamleader Focus", state.tokens, CLIENT_ID, REDIRECT_ADDRESS, CODE_LIFE)
        self.downloads = Downloads(state)

    async def token(self, request: Request) -> Response:
        """`POST /oauth2/access_token`, as a form or as JSON."""
        try:
            form = _form(request.headers.get("content-type", ""), await request.body())
        except ValueError:
            return _login_refused("invalid_request", "The request body cannot be read", 400)
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return _login_refused("invalid_client", "Client authentication failed", 401)
        try:
            pair = self._exchange(form)
        except TokenRefusedError:
            return _login_refused("invalid_grant", "The code or refresh token is invalid, expired or revoked", 400)
        if pair is None:
            return _login_refused("unsupported_grant_type", "The grant type is not supported", 400)
        answer = {"token_type": "Bearer", "expires_in": pair.expires_in}
        return jsonio.answer(answer | {"access_token": pair.access_token, "refresh_token": pair.refresh_token})

    def _exchange(self, form: Row) -> TokenPair | None:
        if form.get("grant_type") == "refresh_token":
            return self._state.tokens.exchange(str(form.get("refresh_token")))
        if form.get("grant_type") == "authorization_code":
            return self._state.tokens.exchange_code(str(form.get("code")), str(form.get("redirect_uri")))
        return None

    async def call(self, request: Request) -> Response:
        """One action."""
        body = await request.body()
        is_let_through = self._state.window.count()
        headers = self._state.window.headers()
        if not is_let_through:
            return _refused(Refusal(429, "Too many requests"), headers)
        try:
            self._check_login(request)
            action = request.path_params["action"]
            answer = self._answer(action, request.method, body, f"{request.url.scheme}://{request.url.netloc}")
        except Refusal as refusal:
            return _refused(refusal, headers)
        status = contract("teamleader")[action]["status"]
        return (
            Response(status_code=status, headers=headers) if answer is None else jsonio.answer(answer, status, headers)
        )

    def _check_login(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._state.tokens.check(token, request.scope.get(ARRIVED)) != "valid":
            raise Refusal(401, "The access token is missing, invalid or expired")

    def _answer(self, action: str, method: str, body: bytes, site: str) -> Row | None:
        if action not in ACTIONS and action not in DOWNLOADS:
            raise Refusal(404, "The requested resource was not found")
        if method != "POST":
            raise Refusal(405, "Method not allowed")
        if action in self._state.denied_actions:
            raise Refusal(403, "The integration has no access to this resource")
        document = _read(body)
        check(action, document)
        if action in DOWNLOADS:
            return self.downloads.offer(DOWNLOADS[action], document, site)
        return ACTIONS[action](self._state, document)


def _refused(refusal: Refusal, headers: dict[str, str]) -> Response:
    return jsonio.answer({"errors": [{"title": refusal.title}]}, refusal.status, headers)


def _read(body: bytes) -> Any:
    if not body:
        return {}
    try:
        document = jsonio.read(body)
    except ValueError:
        raise bad_request("The request body is not valid JSON") from None
    return {} if document == [] else document


def _form(content_type: str, body: bytes) -> Row:
    if content_type.startswith("application/json"):
        document = jsonio.read(body)
        if not isinstance(document, dict):
            raise ValueError(content_type)
        return document
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8")).items()}


def _login_refused(code: str, description: str, status: int) -> Response:
    return jsonio.answer({"error": code, "error_description": description}, status)
