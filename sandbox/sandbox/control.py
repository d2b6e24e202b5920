"""The sandbox's own endpoints, `/_sandbox/…` on both ports: faults, call log, verbs, contents, and a page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandbox import jsonio, page
from sandbox.exact import control as exact
from sandbox.faults import FaultRuleError
from sandbox.teamleader.summary import summary
from sandbox.teamleader.verbs import verbs as teamleader_verbs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from sandbox.world import World


def build_app(world: World) -> Starlette:
    """The control endpoints of a world. There is no login: the sandbox listens on this machine only."""
    control = _Control(world)
    routes: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
        ("POST", "login", control.login),
        ("GET", "clock", control.time),
        ("POST", "clock", control.move_time),
        ("GET", "faults", control.list_faults),
        ("POST", "faults", control.add_faults),
        ("DELETE", "faults", control.clear_faults),
        ("GET", "held", control.held),
        ("GET", "calls", control.list_calls),
        ("DELETE", "calls", control.clear_calls),
        ("GET", "tokens", control.tokens),
        ("GET", "ledger", control.ledger),
        ("GET", "teamleader", control.teamleader),
        ("GET", "page", control.page),
        ("POST", "{service}/{verb}", control.verb),
    ]
    return Starlette(routes=[Route(f"/_sandbox/{path}", run, methods=[method]) for method, path, run in routes])


class _Control:
    def __init__(self, world: World) -> None:
        self._world = world

    def _state(self, service: str) -> Any:
        return {"teamleader": self._world.teamleader, "exact": self._world.exact}[service]

    async def login(self, request: Request) -> Response:
        """A person logs in again: {"service"} -> {"refresh_token"}."""
        service = (await _document(request)).get("service")
        if service not in {"teamleader", "exact"}:
            return _problem("service is teamleader or exact")
        return jsonio.answer({"refresh_token": self._state(service).tokens.login()})

    async def time(self, _request: Request) -> Response:
        """What the time is for both services: {"now"}."""
        return jsonio.answer({"now": self._world.clock().isoformat()})

    async def move_time(self, request: Request) -> Response:
        """Move the time of both services on by {"days", "seconds"} or {"to"}, stop or start it with {"frozen"}."""
        asked = await _document(request)
        if "frozen" in asked:
            self._world.clock.freeze(frozen=bool(asked["frozen"]))
        moment = self._world.clock()
        moment += timedelta(days=float(asked.get("days", 0)), seconds=float(asked.get("seconds", 0)))
        try:
            await self._world.later.move_to(datetime.fromisoformat(asked["to"]) if "to" in asked else moment)
        except (TypeError, ValueError):
            return _problem("to is a moment with offset, e.g. 2026-12-01T08:00:00+00:00")
        return await self.time(request)

    async def list_faults(self, _request: Request) -> Response:
        """The fault rules in force."""
        return jsonio.answer([vars(rule) for rule in self._world.faults.rules])

    async def add_faults(self, request: Request) -> Response:
        """Put fault rules in force: one or a list -> {"rules": number in force}."""
        try:
            return jsonio.answer({"rules": self._world.faults.add(jsonio.read(await request.body()))})
        except FaultRuleError as error:
            return _problem(str(error))

    async def clear_faults(self, _request: Request) -> Response:
        """Let everything go well again."""
        self._world.faults.clear()
        return Response(status_code=204)

    async def held(self, _request: Request) -> Response:
        """Number of calls that wait until the rules are cleared: {"held"}."""
        return jsonio.answer({"held": self._world.faults.held})

    async def list_calls(self, request: Request) -> Response:
        """Calls per service since the last reset; `?counts=1` leaves the list out."""
        return jsonio.answer(self._world.calls.document(listed="counts" not in request.query_params))

    async def clear_calls(self, _request: Request) -> Response:
        """Forget every call."""
        self._world.calls.clear()
        return Response(status_code=204)

    async def tokens(self, _request: Request) -> Response:
        """Every token that was given out, per service, so that a test can look for them where none may be."""
        return jsonio.answer({service: self._state(service).tokens.issued for service in ("teamleader", "exact")})

    async def ledger(self, request: Request) -> Response:
        """What was booked in Exact; in the administration `?division=` where there are several."""
        division = int(request.query_params.get("division", self._world.exact.division))
        return jsonio.answer(exact.ledger(self._world.exact.siblings[division]))

    async def teamleader(self, _request: Request) -> Response:
        """Documents and totals of Teamleader."""
        return jsonio.answer(summary(self._world.teamleader))

    async def page(self, _request: Request) -> Response:
        """Both sides next to each other, for people."""
        return HTMLResponse(page.render(self._world), headers={"Cache-Control": "no-store"})

    async def verb(self, request: Request) -> Response:
        """What a person does in one of the offices: the verb's arguments -> what it gives back."""
        service, name = request.path_params["service"], request.path_params["verb"]
        all_verbs: dict[str, dict[str, Any]] = {"teamleader": dict(teamleader_verbs), "exact": dict(exact.verbs)}
        verbs = all_verbs.get(service, {})
        if name not in verbs:
            return _problem(f"{service} has no verb {name}; it has {', '.join(sorted(verbs))}", 404)
        arguments, state = await _document(request), self._state(service)
        if service == "exact":
            state = state.siblings[int(arguments.pop("division", state.division))]
        try:
            return jsonio.answer(verbs[name](state, arguments))
        except ValueError as problem:
            return _problem(str(problem))


async def _document(request: Request) -> dict[str, Any]:
    body = await request.body()
    document = jsonio.read(body) if body else {}
    return document if isinstance(document, dict) else {}


def _problem(text: str, status: int = 400) -> Response:
    return jsonio.answer({"error": text}, status)
