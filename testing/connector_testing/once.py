"""What thousands of runs in one process need only once, though a program of its own needs it each time.

What a run does stays the same: statements and schemas are compiled alike, and a run that is killed within this process
leaves to the system what it committed, as one does that dies of SIGKILL. Only a machine that loses its power would miss
what was not synced.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import sqlalchemy
from singer_sdk.helpers._catalog import get_selected_schema
from singer_sdk.singerlib import Schema
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import URL, Engine


@contextmanager
def prepared_once() -> Iterator[None]:
    """Keep compiled statements and schemas from one run to the next, wait for no disk, and look for no proxy."""
    schemas: dict[int, Any] = {}
    selected: dict[tuple[str, int], Any] = {}
    with ExitStack() as patches:
        for name, instead in {
            "connector_store.engine.create_engine": _engines(),
            "singer_sdk.singerlib.Schema.to_dict": lambda schema: _kept(schemas, id(schema), _to_dict, schema),
            "singer_sdk.mapper.get_selected_schema": lambda stream, schema, mask: _kept(
                selected, (stream, id(schema)), get_selected_schema, stream, schema, mask
            ),
            "requests.sessions.get_environ_proxies": lambda *_, **__: {},
        }.items():
            patches.enter_context(mock.patch(name, instead))
        yield


_to_dict = Schema.to_dict


def _kept(kept: dict[Any, Any], key: Any, work: Callable[..., Any], *given: Any) -> Any:
    """Return what was worked out of the same objects before; they are kept as well, so that no other gets their id."""
    if key not in kept:
        kept[key] = (work(*given), given)
    return kept[key][0]


def _engines() -> Callable[..., Engine]:
    """Return what makes engines that share one cache of compiled statements, which belong to one dialect."""
    first: list[Engine] = []

    def created(url: URL, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(url, **options)
        first.append(engine)
        del first[1:]
        engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache  # noqa: SLF001
        event.listen(engine, "checkout", _not_synced)
        return engine

    return created


def _not_synced(connection: Any, *_: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
