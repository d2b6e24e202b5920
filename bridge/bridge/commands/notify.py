"""`bridge notify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import simplejson

from bridge.commands.options import chosen, language, max_age, settings
from bridge.errors import Refused
from bridge.opening import opened
from bridge.run.alerts import Message
from bridge.run.notify import Targets, send
from bridge.run.notify import notify as notify_them
from bridge.telling import Reader, status_of
from bridge.words import gettext_for

if TYPE_CHECKING:
    from datetime import timedelta


@click.command()
@click.option("--test", is_flag=True, help="Send a message to every target now, to see that it comes through.")
@click.option("--target", "targets", multiple=True, metavar="URL", help="Instead of the setting notify_urls.")
@language
@max_age
@settings
def notify(
    store_uri: str,
    division: int | None,
    output: str,
    lang: str,
    older_than: timedelta,
    targets: tuple[str, ...],
    *,
    test: bool,
) -> None:
    """Tell who has to know, as bridge run does at its end: once what is new, once when it is over."""
    words = gettext_for(lang)
    told = {"notify_urls": targets} if targets else chosen().settings("bridge")
    wanted = Targets.of(told)
    if not wanted.urls:
        raise Refused("Nobody is to be told: set notify_urls of bridge (BRIDGE_NOTIFY_URLS) to addresses of Apprise")
    if test:
        sent = [Message("test", words("Test of the coupling"), words("This message came through."))]
        send(sent, wanted.urls)
    else:
        with opened(store_uri, division) as store:
            document = status_of(store, Reader(lang, older_than))
            sent = notify_them(store, document, wanted, words)
    if output == "json":
        click.echo(simplejson.dumps([message._asdict() for message in sent], ensure_ascii=False))
        return
    for message in sent:
        click.echo(f"{message.kind}: {message.title}")
    if not sent:
        click.echo(words("Nothing new to tell."))
