"""The page on which a person logs in and lets an app in, as a browser sees it: a form, then a way back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from starlette.requests import Request

    from sandbox.oauth import TokenIssuer

_TEMPLATES = Environment(loader=PackageLoader("sandbox"), autoescape=select_autoescape(["html"]))
_UNKNOWN = "<h1>Error</h1><p>The application is not known, or not with this redirect address.</p>"


class Consent:
    """The page of one service.

    Args:
        service: Its name.
        tokens: Of the one app that is registered there.
        client_id: Of that app.
        redirect_address: Where that app may send people back to, to the letter (exact-online 1.3).
        code_life: How long a code can be exchanged.
    """

    def __init__(
        self, service: str, tokens: TokenIssuer, client_id: str, redirect_address: str, code_life: timedelta
    ) -> None:
        self._service = service
        self._tokens = tokens
        self._client_id = client_id
        self._redirect_address = redirect_address
        self._code_life = code_life

    async def answer(self, request: Request) -> Response:
        """GET shows the form, POST is a button of it."""
        asked: Mapping[str, str] = dict(request.query_params)
        if request.method == "POST":
            asked = {**asked, **dict(parse_qsl((await request.body()).decode("utf-8", "replace")))}
        back = asked.get("redirect_uri", "")
        is_known = asked.get("client_id") == self._client_id and asked.get("response_type") == "code"
        if not is_known or back != self._redirect_address:
            return Response(_UNKNOWN, 400, media_type="text/html")
        if request.method == "GET":
            form = _TEMPLATES.get_template("consent.html")
            shown = [
                (name, asked[name]) for name in ("client_id", "response_type", "redirect_uri", "state") if name in asked
            ]
            return HTMLResponse(
                form.render(service=self._service, asked=shown, client_id=self._client_id, user="an@zandbak.example")
            )
        given = {"state": asked["state"]} if "state" in asked else {}
        if asked.get("answer") == "allow":
            given = {"code": self._tokens.authorize(back, self._code_life), **given}
        else:
            given = {"error": "access_denied", **given}
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(given)}", 302)
