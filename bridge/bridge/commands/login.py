"""`bridge login`."""

from __future__ import annotations

import select
import socket
import sys
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bridge import services
from bridge.commands.options import chosen, coupling_option, echo_json, output_option
from bridge.errors import Refused
from bridge.setup.countries import HOSTS
from bridge.setup.login import REGISTRATIONS, code_of, consent_address, is_of_login, log_in, new_state
from bridge.setup.login_status import login_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.project import Coupling
    from bridge.setup.login import Registration
    from bridge.setup.login_status import LoginStatus
    from connector_store import ConnectorStore

SERVICES = (services.TEAMLEADER, services.EXACT)
COUNTRIES = {"uk" if country == "GB" else country.lower(): f"https://{host}" for country, host in HOSTS.items()}
"""As people name a country -> the address of its Exact."""
_THANKS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nGo back to the terminal."
_NOT_OURS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@click.command()
@click.argument("service", type=click.Choice(SERVICES), required=False)
@click.option("--status", "shows_status", is_flag=True, help="Show how both logins stand.")
@click.option("--country", type=click.Choice(list(COUNTRIES)), help="Of your Exact; it decides the address.")
@click.option("--browser/--no-browser", default=True, help="Open the page by itself, where this machine can.")
@output_option
@coupling_option
def login(service: str | None, country: str | None, output: str, *, shows_status: bool, browser: bool) -> None:
    """Log in to Teamleader or Exact, or show how both logins stand."""
    if shows_status == (service is not None):
        raise click.UsageError("Name teamleader or exact, or give --status.")
    coupling = chosen()
    if service is None:
        show_status(coupling, output)
        return
    if country:
        coupling.project.keep_variables({"EXACT_API_URL": COUNTRIES[country]})
        coupling = coupling.reread()
    coupling = register_app(coupling, REGISTRATIONS[service])
    with services.opened(coupling) as store:
        click.echo(logged_in(coupling, store, service, browser=browser))


def register_app(coupling: Coupling, registration: Registration, _: Callable[[str], str] = str) -> Coupling:
    """Tell which app to register, and keep its id and secret where they are not known yet; `_` translates."""
    settings = coupling.settings(registration.plugin)
    if settings.get("client_id") and settings.get("client_secret"):
        return coupling
    click.echo(_("Register an app for {name}: {where}.").format(name=registration.name, where=registration.where))
    click.echo(f"{_('Redirect address, to the letter')}:\n  {registration.redirect_address}")
    click.echo(f"{_('Rights')}:\n" + "\n".join(f"  {right}" for right in registration.rights))
    prefix = registration.service.upper()
    given = {
        f"{prefix}_CLIENT_ID": click.prompt(_("Client id")).strip(),
        f"{prefix}_CLIENT_SECRET": click.prompt(_("Client secret"), hide_input=True).strip(),
    }
    coupling.project.keep_variables(given)
    return coupling.reread()


def logged_in(
    coupling: Coupling, store: ConnectorStore, service: str, *, browser: bool = True, _: Callable[[str], str] = str
) -> str:
    """Have a person log in, keep the tokens, and return a sentence about the login; `_` translates."""
    registration = REGISTRATIONS[service]
    state = new_state()
    address = consent_address(coupling, service, state)
    click.echo(f"{_('Open this address, log in, and allow the app')}:\n\n{address}\n")
    if browser and sys.stdin.isatty():
        with suppress(webbrowser.Error):
            webbrowser.open(address)
    then = _(
        "Then your browser goes to an address that begins with {address} and may show an error: that is as it should "
        "be. Copy the whole address and paste it here, within {minutes} minutes."
    )
    click.echo(then.format(address=f"{registration.redirect_address}?", minutes=registration.code_minutes))
    click.echo(f"{_('Address')}: ", nl=False)
    code = code_of(service, _way_back(registration, state), state)
    log_in(coupling, store, service, code)
    status = login_status(coupling, store, service)
    if not status.valid:
        raise Refused(f"{status.problem}; mend it with: {status.remedy}")
    told = _("Logged in to {name} as {user}, with access to {companies}.")
    return told.format(name=registration.name, user=status.user, companies=_names(status))


def _way_back(registration: Registration, state: str) -> str:
    """Return the address that the browser was sent to: pasted, or caught where the address is one of this machine."""
    target = urlsplit(registration.redirect_address)
    if target.scheme != "http" or not sys.stdin.isatty():
        return sys.stdin.readline()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", target.port or 80))
            listener.listen(4)
        except OSError:  # another program listens there: the address can be pasted all the same
            return sys.stdin.readline()
        while True:
            ready, _, _ = select.select([sys.stdin, listener], [], [])
            if sys.stdin in ready:
                return sys.stdin.readline()
            if caught := _caught(listener, registration, state):
                click.echo("received")
                return caught


def _caught(listener: socket.socket, registration: Registration, state: str) -> str | None:
    """Return the address of a request when it is the answer to this login; others are turned away, and wait goes on."""
    browser, _ = listener.accept()
    with browser, suppress(OSError):
        browser.settimeout(5)
        first, _, _ = browser.recv(8192).partition(b"\r\n")
        _, _, path = first.decode("ascii", "replace").partition(" ")
        target = urlsplit(registration.redirect_address)
        address = f"{target.scheme}://{target.netloc}{path.partition(' ')[0]}"
        is_ours = address.startswith(f"{registration.redirect_address}?") and is_of_login(address, state)
        browser.sendall(_THANKS if is_ours else _NOT_OURS)
        return address if is_ours else None
    return None


def show_status(coupling: Coupling, output: str) -> None:
    """Write how both logins stand."""
    with services.opened(coupling) as store:
        statuses = [login_status(coupling, store, service) for service in SERVICES]
    if output == "json":
        echo_json([each.as_row() for each in statuses])
        return
    for status in statuses:
        click.echo(f"{REGISTRATIONS[status.service].name}: {'logged in' if status.valid else 'not logged in'}")
        if status.valid:
            click.echo(f"  as {status.user}, with access to {_names(status)}")
            click.echo(f"  last renewed {status.age_days} days ago" + _end(status))
            if lacking := [right for right, allowed in status.rights.items() if not allowed]:
                click.echo(f"  lacks the right to: {', '.join(lacking)}")
        if status.problem:
            click.echo(f"  {status.problem}. Mend it with: {status.remedy}")


def _end(status: LoginStatus) -> str:
    return f"; ends on {status.dies_on} unless a run uses it before" if status.dies_on else ""


def _names(status: LoginStatus) -> str:
    return ", ".join(str(each.get("name") or f"{each['code']} {each['description']}") for each in status.companies)
