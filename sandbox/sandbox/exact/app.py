"""The service as an ASGI application: address to endpoint, login, limits, one place that makes the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import simplejson
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from sandbox.consent import Consent
from sandbox.exact import atom, reading, texts, writing, xml_topics
from sandbox.exact.administration import DIVISION
from sandbox.exact.entities import ENTITIES, Entity
from sandbox.exact.limits import Headers, LimitReachedError
from sandbox.exact.login import CLIENT_ID, CODE_LIFE, REDIRECT_ADDRESS, expired, token_endpoint
from sandbox.exact.refusals import BadRequest, BusinessRefusal, Forbidden, NotFound, Refusal
from sandbox.exact.rules import documents
from sandbox.oauth import ARRIVED

if TYPE_CHECKING:
    from starlette.requests import Request

    from sandbox.exact.administration import ExactState

MAX_ADDRESS = 8192
"""Length above which an address is refused: 300 terms of a filter, 12 kB, failed (exact-online 3.16)."""

_TOO_LONG = "<h2>Request URL Too Long</h2><hr><p>HTTP Error 414. The request URL is too long.</p>"
_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "MERGE"]
_ADDRESS = re.compile(r"/api/v1/(?:(?P<division>\d+)/(?P<path>.+)|(?P<me>current/Me))")
_RESOURCE = re.compile(r"(?P<entity>[A-Za-z/]+?)(?:\((?P<key>.*)\))?(?:/(?P<rest>\$count|[A-Za-z_]+))?")


@dataclass(frozen=True)
class Target:
    """What an address means: an entity, maybe one row of it, maybe the rows behind that row."""

    entity: Entity
    division: int
    key: Any = None
    rest: str | None = None


def build_app(state: ExactState) -> Starlette:
    """The Exact side of the sandbox."""
    service = _Service(state)
    return Starlette(
        routes=[
            Route("/api/oauth2/token", service.token, methods=["POST"]),
            Route("/api/oauth2/auth", service.consent.answer, methods=["GET", "POST"]),
            Route("/docs/SysAttachment.aspx", service.download, methods=["GET"]),
            Route(xml_topics.PATH, service.upload, methods=["POST"]),
            Route("/{path:path}", service.api, methods=_METHODS),
        ]
    )


def find_target(path: str) -> Target:
    """The target of a decoded path; raises NotFound."""
    address = _ADDRESS.fullmatch(path)
    if address is None:
        raise NotFound(path.rsplit("/", 1)[-1])
    if address["me"]:
        return Target(ENTITIES["current/Me"], DIVISION)
    resource = _RESOURCE.fullmatch(address["path"])
    if resource is None:
        raise NotFound(address["path"].split("/", 1)[0])
    name, key, rest = resource["entity"], resource["key"], resource["rest"]
    if key is None and rest is not None and rest != "$count":
        name, rest = f"{name}/{rest}", None
    entity = ENTITIES.get(name)
    if entity is None or name == "current/Me":
        raise NotFound(name.rsplit("/", 1)[-1])
    return Target(entity, int(address["division"]), None if key is None else reading.key_value(entity, key), rest)


class _Service:
    def __init__(self, state: ExactState) -> None:
        self._state = state
        self.consent = Consent("Exact Online", state.tokens, CLIENT_ID, REDIRECT_ADDRESS, CODE_LIFE)

    async def token(self, request: Request) -> Response:
        return token_endpoint(self._state.tokens, request.headers.get("content-type", ""), await request.body())

    async def download(self, request: Request) -> Response:
        if not self._is_logged_in(request):
            return expired()
        attachment = request.query_params.get("ID", "")
        state = xml_topics.named(self._state, request)
        if state is None or attachment not in state.attachments:
            return Response(status_code=404)
        row = state["documents/DocumentAttachments"].rows[attachment]
        headers = {"Content-Disposition": f'attachment; filename="{attachment}{_suffix(row["FileName"])}"'}
        return Response(documents.content(state, attachment), media_type="application/octet-stream", headers=headers)

    async def upload(self, request: Request) -> Response:
        return await xml_topics.upload(self._state, request)

    def _is_logged_in(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._state.tokens.check(token, request.scope.get(ARRIVED)) == "valid"

    async def api(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode("utf-8", "replace")
        query = request.scope["query_string"].decode("utf-8", "replace")
        if len(raw_path) + len(query) > MAX_ADDRESS:
            return Response(_TOO_LONG, status_code=414, media_type="text/html")
        body = await request.body()
        wants_json = "application/json" in request.headers.get("accept", "")
        self._state.site_url = f"{request.url.scheme}://{request.url.netloc}"
        try:
            target = find_target(unquote(raw_path))
        except Refusal as refusal:
            return self._refused(refusal, raw_path, {}, wants_json=wants_json)
        if self._state.errors.blocks(target.entity.path):
            return _answer("API rate limit exceeded", 429, {}, wants_json=wants_json)
        if not self._is_logged_in(request):
            self._state.errors.record(target.entity.path, 401)
            return expired()
        return self._limited(request, target, query, body, wants_json=wants_json)

    def _limited(self, request: Request, target: Target, query: str, body: bytes, *, wants_json: bool) -> Response:
        try:
            headers = self._state.limits.count(CLIENT_ID, target.division)
        except LimitReachedError as limit:
            return Response(status_code=429, headers=limit.headers)
        try:
            return self._carry_out(request, target, query, body, headers, wants_json=wants_json)
        except Refusal as refusal:
            return self._refused(refusal, target.entity.path, headers, wants_json=wants_json)

    def _refused(self, refusal: Refusal, endpoint: str, headers: Headers, *, wants_json: bool) -> Response:
        self._state.errors.record(endpoint, refusal.status)
        text = refusal.text
        if isinstance(refusal, BusinessRefusal):
            text = texts.message(refusal.problems, self._state.language)
        return _answer(text, refusal.status, headers, wants_json=wants_json)

    def _carry_out(
        self, request: Request, target: Target, query: str, body: bytes, headers: Headers, *, wants_json: bool
    ) -> Response:
        state, entity, method = self._state.siblings.get(target.division), target.entity, request.method
        if state is None:
            raise Forbidden("Forbidden - WrongDivision")  # exact-online 4.4
        state.site_url = self._state.site_url
        if entity.path.startswith(state.denied_entities):
            raise Forbidden
        if method not in entity.methods or (method == "POST" and target.key is not None):
            return _answer("Method Not Allowed", 405, headers, wants_json=wants_json)
        root = f"{state.site_url}/api/v1"
        base_url = root if entity.path == "current/Me" else f"{root}/{state.division}"
        if method == "GET":
            return self._get(state, target, base_url, query, headers, wants_json=wants_json)
        if method == "DELETE":
            writing.delete(state, entity, target.key)
            return Response(status_code=204, headers=headers)
        if "application/json" not in request.headers.get("content-type", ""):
            return _answer("Unsupported media type requested.", 415, headers, wants_json=wants_json)
        if method == "PUT":
            if target.key is None:
                raise BadRequest("Error processing request stream.")
            writing.update(state, entity, target.key, body)
            return Response(status_code=204, headers=headers)
        representation = "return=representation" in request.headers.get("prefer", "").replace(" ", "")
        row = writing.create(state, entity, base_url, body, representation=representation)
        created = {**headers, "Location": row["__metadata"]["uri"]}
        return _data(row, entity, 201, created, wants_json=wants_json)

    def _get(
        self, state: ExactState, target: Target, base_url: str, query: str, headers: Headers, *, wants_json: bool
    ) -> Response:
        entity = target.entity
        if target.rest == "$count" and target.key is None:
            if wants_json:
                return _answer("Unsupported media type requested.", 415, headers, wants_json=True)  # exact-online 3.11
            return Response(str(reading.count(state, entity, query)), media_type="text/plain", headers=headers)
        if target.key is None:
            data = reading.read_list(state, entity, base_url, query)
            return _data(data, entity, 200, headers, wants_json=wants_json)
        if target.rest is None:
            row = reading.read_row(state, entity, base_url, target.key, query)
            return _data(row, entity, 200, headers, wants_json=wants_json)
        child, data = reading.read_children(state, entity, base_url, target.key, target.rest, query)
        return _data(data, child, 200, headers, wants_json=wants_json)


def _data(data: Any, entity: Entity, status: int, headers: Headers, *, wants_json: bool) -> Response:
    if wants_json:
        return Response(_json({"d": data}), status, headers, "application/json")
    return Response(atom.document(data, entity), status, headers, "application/atom+xml")


def _answer(text: str, status: int, headers: Headers, *, wants_json: bool) -> Response:
    """A refusal in the shape of exact-online 4.1."""
    if wants_json:
        body = {"error": {"code": "", "message": {"lang": "", "value": text}}}
        return Response(_json(body), status, headers, "application/json")
    return Response(atom.error(text), status, headers, "application/xml")


def _json(data: Any) -> str:
    return simplejson.dumps(data, use_decimal=True, ensure_ascii=False)


def _suffix(file_name: str) -> str:
    return "." + file_name.rsplit(".", 1)[-1] if re.fullmatch(r".*\.\w{1,5}", file_name) else ""
