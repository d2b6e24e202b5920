"""The `$…` options of a GET, read from the raw query text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from sandbox.exact.refusals import BadRequest, QuerySyntaxError

if TYPE_CHECKING:
    from sandbox.exact.entities import Entity

_KNOWN = frozenset(
    {"$filter", "$select", "$orderby", "$top", "$skip", "$skiptoken", "$expand", "$inlinecount", "$format"}
)


@dataclass(frozen=True)
class QueryOptions:
    """What a GET asks for. `select` is None for all fields; `orderby` holds (field, descending)."""

    select: tuple[str, ...] | None = None
    filter: str | None = None
    orderby: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int | None = None
    skiptoken: str | None = None
    expand: tuple[str, ...] = ()
    count: bool = False
    raw: tuple[tuple[str, str], ...] = ()


def read_options(query: str, entity: Entity) -> QueryOptions:
    """Options of the raw query text (`+` and `%20` are spaces); raises BadRequest for what the entity does not know."""
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        name = unquote_plus(name)
        if not name.startswith("$"):
            continue
        if name not in _KNOWN or name in given:
            raise BadRequest(f"The query parameter '{name}' is not supported.")
        given[name] = unquote_plus(value)
    if given.get("$inlinecount", "none") not in {"none", "allpages"}:
        raise QuerySyntaxError
    expand = _names(given.get("$expand"))
    for name in expand:
        if name not in entity.fields or not entity.fields[name].is_navigation:
            raise QuerySyntaxError
    return QueryOptions(
        select=_select(given.get("$select"), entity, expand),
        filter=given.get("$filter"),
        orderby=_orderby(given.get("$orderby"), entity),
        top=_number(given.get("$top")),
        skip=_number(given.get("$skip")),
        skiptoken=given.get("$skiptoken"),
        expand=expand,
        count=given.get("$inlinecount") == "allpages",
        raw=tuple(given.items()),
    )


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _select(text: str | None, entity: Entity, expand: tuple[str, ...]) -> tuple[str, ...] | None:
    if text is None or (text.strip() == "*" and not entity.path.startswith("sync/")):
        return None
    names = _names(text)
    for name in names:
        head, _, _tail = name.partition("/")
        if head not in entity.fields or (head != name and head not in expand):
            raise QuerySyntaxError  # one unknown field fails the whole call (exact-online 0.5, 3.14)
    return tuple(dict.fromkeys(name.partition("/")[0] for name in names))


def _orderby(text: str | None, entity: Entity) -> tuple[tuple[str, bool], ...]:
    order = []
    for part in _names(text):
        words = part.split()
        if len(words) not in {1, 2} or words[0] not in entity.fields or entity.fields[words[0]].is_navigation:
            raise QuerySyntaxError
        if len(words) == 2 and words[1] not in {"asc", "desc"}:
            raise QuerySyntaxError
        order.append((words[0], words[-1] == "desc"))
    return tuple(order)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise QuerySyntaxError
    return int(text)
