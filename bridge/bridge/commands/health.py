"""`bridge health` and `bridge metrics`: the same facts for a probe and for a monitoring system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click
import simplejson

from bridge.commands.options import language, max_age, settings
from bridge.opening import opened
from bridge.telling import Reader, brief_of, status_of
from bridge.view.metrics import metrics_text
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from datetime import timedelta

UNHEALTHY: Final = 4


@click.command()
@language
@max_age
@settings
def health(store_uri: str, division: int | None, output: str, lang: str, older_than: timedelta) -> None:
    """Say in one line how it goes; exit code 4 when nothing goes through, or did not within --max-age."""
    with opened(store_uri, division) as store:
        told, _ = brief_of(store, Reader(lang, older_than))
    click.echo(simplejson.dumps(told, ensure_ascii=False) if output == "json" else f"{told['level']}: {told['line']}")
    if told["level"] == "red":
        sys.exit(UNHEALTHY)


@click.command()
@max_age
@settings
def metrics(store_uri: str, division: int | None, output: str, older_than: timedelta) -> None:
    """Write measurements as text for Prometheus: last success per direction, documents by status, calls, logins."""
    now = utc_now()
    with opened(store_uri, division) as store:
        document = status_of(store, Reader(max_age=older_than, now=now))
        text = metrics_text(document, store.division, store.store.budgets(store.division), store.store.logins(), now)
    click.echo(simplejson.dumps({"text": text}) if output == "json" else text, nl=False)
