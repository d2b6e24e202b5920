"""Files behind temporary locations."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response

from sandbox.teamleader import document_actions, pdf, ubl
from sandbox.teamleader.file_states import FileState, delivered
from sandbox.teamleader.shapes import stamp

if TYPE_CHECKING:
    from starlette.requests import Request

    from sandbox.teamleader.model import Kind, Row
    from sandbox.teamleader.state import TeamleaderState


class _File(NamedTuple):
    kind: Kind
    document_id: str
    format: str
    expires: datetime


class Downloads:
    """Locations that were given out, and what lies behind them until they expire."""

    def __init__(self, state: TeamleaderState) -> None:
        self._state = state
        self._files: dict[str, _File] = {}

    def offer(self, kind: Kind, body: Row, site: str) -> Row:
        """Answer of `….download`: a location on the same host, and when it ends."""
        document = document_actions.find(self._state, kind, body["id"])
        now = self._state.clock()
        self._files = {token: file for token, file in self._files.items() if file.expires > now - timedelta(hours=1)}
        token = secrets.token_hex(24)
        expires = now + timedelta(seconds=self._state.options.download_seconds)
        self._files[token] = _File(kind, document.id, body["format"], expires)
        return {"data": {"location": f"{site}/download/{document.id}/{token}", "expires": stamp(expires)}}

    async def serve(self, request: Request) -> Response:
        """The file itself. The storage behind the locations refuses a request that carries a second kind of proof."""
        if "authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400, media_type="text/plain")
        file = self._files.get(request.path_params["token"])
        if file is None:
            return Response("Not found", 404, media_type="text/plain")
        document = self._state.documents[file.kind].get(file.document_id)
        if document is None or self._state.clock() > file.expires:
            return Response("Request has expired", 403, media_type="text/plain")
        files = self._state.files
        wanted = files.get(document.id) or files.get("") or FileState()
        if file.format == "pdf":
            least = self._state.options.pdf_bytes if wanted.bytes is None else wanted.bytes
            content, media_type = delivered(wanted, pdf.render(document, least), "application/pdf")
        else:
            content = ubl.render(self._state, document, file.format)
            media_type = "application/xml"
        return Response(content, media_type=media_type)
