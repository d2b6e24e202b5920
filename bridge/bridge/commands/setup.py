"""`bridge setup`: from a fresh project to the first booked invoice, a question at a time, resumable."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import click

from bridge import services
from bridge.commands.login import COUNTRIES, SERVICES, logged_in, register_app
from bridge.commands.options import chosen, coupling_option
from bridge.commands.schedule import put_in_place, schedule_of
from bridge.errors import Refused
from bridge.setup.checking import facts_of
from bridge.setup.first import STARTS, book_one, counted, is_day, latest
from bridge.setup.lists import departments, divisions, exact_of_login, listed
from bridge.setup.login import REGISTRATIONS
from bridge.setup.login_status import login_status
from bridge.setup.planned import refusals
from bridge.setup.previewing import previewed
from bridge.setup.suggestions.run import suggestions
from bridge.setup.switches import BY_TAX_RATE, SWITCHES
from bridge.words import LANGUAGES, gettext_for
from customer_identity.identifiers import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.project import Coupling
    from bridge.setup.lists import Row
    from bridge.setup.suggestions.proposal import Open
    from connector_store import ConnectorStore

TARGETS = ("target-exactonline", "target-teamleader")
NEEDED = ("invoice_journal", "credit_note_journal")
"""Settings without which no document can be booked."""
LISTS = {
    "invoice_journal": "journals",
    "credit_note_journal": "journals",
    "vat_codes": "vat-codes",
    "default_gl_account": "ledger-accounts",
    "discount_gl_account": "ledger-accounts",
    "gl_accounts": "ledger-accounts",
    "payment_conditions": "conditions",
    "default_payment_condition": "conditions",
}
"""Setting -> the list that its values are of."""


@click.command()
@click.option("--lang", type=click.Choice(LANGUAGES), help="nl, fr or en; without it the first question.")
@click.option("--browser/--no-browser", default=True, help="Open pages by itself, where this machine can.")
@coupling_option
def setup(lang: str | None, *, browser: bool) -> None:
    """Set a coupling up, a question at a time; stop when you like, and begin again where you were."""
    language = lang or click.prompt("Taal / Langue / Language", type=click.Choice(LANGUAGES), default="nl")
    Guide(chosen(), language, browser=browser).go()


class Guide:
    """The questions, in order; what was answered is in the project's settings at once."""

    def __init__(self, coupling: Coupling, language: str, *, browser: bool) -> None:
        self._coupling = coupling
        self._ = gettext_for(language, "setup")
        self._reason = gettext_for(language)
        self._browser = browser

    def go(self) -> None:
        """Ask what is not answered yet."""
        self._country()
        with services.opened(self._coupling) as store:
            for service in SERVICES:
                self._login(store, service)
            self._companies(store)
            self._proposals(store)
            self.switches(store)
            self._start(store)
            self._preview()
            self._first_invoice(store)
        self._switch_on()

    def _title(self, text: str) -> None:
        click.echo()
        click.secho(text, bold=True)

    def _country(self) -> None:
        _ = self._
        self._title(_("Country"))
        settings = self._coupling.settings("target-exactonline")
        if settings.get("api_url"):
            click.echo(_("Exact answers at {address}.").format(address=settings["api_url"]))
            return
        click.echo(_("It decides at which address Exact answers."))
        country = click.prompt(_("Country of your administration"), type=click.Choice(list(COUNTRIES)), default="be")
        self._keep({"EXACT_API_URL": COUNTRIES[country]})

    def _login(self, store: ConnectorStore, service: str) -> None:
        _ = self._
        registration = REGISTRATIONS[service]
        self._title(_("Log in to {name}").format(name=registration.name))
        self._coupling = register_app(self._coupling, registration, _)
        status = login_status(self._coupling, store, service)
        if status.valid:
            click.echo(_("You are logged in as {user}.").format(user=status.user))
            return
        click.echo(logged_in(self._coupling, store, service, browser=self._browser, _=_))

    def _companies(self, store: ConnectorStore) -> None:
        _ = self._
        self._title(_("Department and administration"))
        ours = [
            each
            for each in departments(services.teamleader(self._coupling, store, read_only=True))
            if each["status"] != "archived"
        ]
        theirs = divisions(exact_of_login(self._coupling, store))
        settings = self._coupling.settings("tap-teamleader")
        known = {each["id"]: each for each in ours}
        department = known.get(settings.get("department_id") or "")
        if department is None:
            department = self._choose(_("Department in Teamleader"), ours, ("name", "vat_number"))
        fitting = [each for each in theirs if _same(each["vat_number"], department["vat_number"])]
        number = self._coupling.settings("target-exactonline").get("division")
        division = next((each for each in theirs if each["code"] == str(number)), None)
        if division is None:
            division = self._choose(
                _("Administration in Exact"), theirs, ("description", "vat_number"), fitting[0] if fitting else None
            )
        if _same(division["vat_number"], department["vat_number"]):
            click.secho(_("The VAT numbers agree: {number}.").format(number=department["vat_number"]), fg="green")
        else:
            click.secho(_("The VAT numbers differ: the documents would be in another company's books."), fg="red")
            if not click.confirm(_("Go on all the same?"), default=False):
                raise Refused(_("Nothing was chosen. Begin again with: bridge setup"))
        if self._coupling.name is None:
            self._keep({"TEAMLEADER_DEPARTMENT_ID": department["id"], "EXACT_DIVISION": division["code"]})

    def _proposals(self, store: ConnectorStore) -> None:
        _ = self._
        self._title(_("Journals, VAT codes, accounts and payment conditions"))
        found = suggestions(facts_of(self._coupling))
        for each in found.proposed:
            name = each.setting if each.key is None else f"{each.setting}, {each.key}"
            click.echo(f"  {name} = {each.value}: {_(each.reason)}")
        if found.proposed and click.confirm(_("Take these over?"), default=True):
            for plugin, settings in found.settings.items():
                self._coupling.add(plugin, settings)
        for left in found.open:
            self._ask_open(store, left)

    def _ask_open(self, store: ConnectorStore, left: Open) -> None:
        _ = self._
        what = LISTS.get(left.setting)
        if what is None:
            return
        name = left.setting if left.key is None else f"{left.setting}, {left.key}"
        click.echo(_("{name} is not sure: {reason}.").format(name=name, reason=_(left.reason)))
        rows = {each["code"]: each for each in listed(what, self._coupling, store)}
        for code in left.candidates or tuple(rows)[:40]:
            click.echo(f"  {code} {rows[code]['description'] if code in rows else ''}")
        needed = left.setting in NEEDED
        if not needed:
            click.echo(_("Leave it empty to choose later: documents that need it wait until then."))
        while True:
            code = click.prompt(name, default=None if needed else "", show_default=False).strip()
            if not code and not needed:
                return
            if code in rows:
                break
            click.echo(_("{code} is not among them.").format(code=code))
        self._coupling.add(left.plugin, {left.setting: code if left.key is None else {left.key: code}})

    def switches(self, store: ConnectorStore) -> None:
        """Show what can be switched, as it is; the default changes nothing."""
        _ = self._
        self._title(_("Switches"))
        for switch in SWITCHES:
            is_on = switch.is_on(self._coupling.settings(switch.plugin))
            click.echo(f"  [{_('yes') if is_on else _('no')}] {_(switch.question)} {_(switch.consequence)}")
        if not click.confirm(_("Change one of them?"), default=False):
            return
        for switch in SWITCHES:
            was_on = switch.is_on(self._coupling.settings(switch.plugin))
            is_on = click.confirm(_(switch.question), default=was_on)
            if switch.setting == BY_TAX_RATE:
                if is_on or was_on:
                    self._coupling.write(switch.plugin, {BY_TAX_RATE: self._by_tax_rate(store) if is_on else None})
            elif is_on != was_on:
                self._coupling.write(switch.plugin, {switch.setting: is_on})

    def _by_tax_rate(self, store: ConnectorStore) -> dict[str, str]:
        _ = self._
        known = {each["code"] for each in listed("ledger-accounts", self._coupling, store)}
        before = self._coupling.settings("target-exactonline").get(BY_TAX_RATE) or {}
        chosen: dict[str, str] = {}
        for rate in dict.fromkeys(each["description"] for each in listed("tax-rates", self._coupling, store)):
            while True:
                code = click.prompt(
                    _("Ledger account of {rate}, empty for none").format(rate=rate), default=before.get(rate, "")
                ).strip()
                if not code or code in known:
                    break
                click.echo(_("{code} is not among them.").format(code=code))
            chosen |= {rate: code} if code else {}
        return chosen

    def _start(self, store: ConnectorStore) -> None:
        _ = self._
        self._title(_("From which day on"))
        client = services.teamleader(self._coupling, store, read_only=True)
        settings = self._coupling.settings("tap-teamleader")
        today = datetime.now(timezone.utc).date()
        for name in STARTS:
            start = counted(client, settings["department_id"], name, today)
            told = _("  {name}: from {day}, {count} invoices, about {minutes} min")
            day = start.first or _("the beginning")
            click.echo(told.format(name=name, day=day, count=start.invoices, minutes=start.minutes))
        click.echo(_("  or a day, such as 2026-01-01. What stands in Exact already is recognised, not booked again."))
        while True:
            answer = click.prompt(_("Start"), default=settings.get("start_date") or STARTS[0]).strip()
            if answer in STARTS or is_day(answer):
                break
            click.echo(_("That is neither one of them nor a day."))
        self._coupling.write("tap-teamleader", {"start_date": answer})

    def _preview(self) -> None:
        _ = self._
        self._title(_("Preview"))
        click.echo(_("Every document is gone through; nothing is written. With hundreds of them it takes minutes."))
        if not click.confirm(_("Do that now?"), default=True):
            return
        found = previewed(self._coupling)
        outcomes = Counter(each["outcome"] for each in found["documents"])
        told = _("{booked} documents would be booked, {refused} not, {adopted} stand in Exact already.")
        click.echo(told.format(booked=outcomes["book"], refused=outcomes["reject"], adopted=outcomes["adopt"]))
        for count, reason, hint in refusals(found["documents"]):
            click.secho(f"  {count} x {self._reason(reason)}. {self._reason(hint)}", fg="yellow")
        customers = found["customers"]
        told = _("Customers: {created} new, {known} known.")
        click.echo(told.format(created=customers["create"], known=customers["match"] + customers["update"]))
        told = _("That takes about {calls} calls to Exact, {minutes} min.")
        click.echo(told.format(calls=found["calls"], minutes=found["minutes"]))
        journal = f"bridge preview{self._of} --csv > journal.csv"
        click.echo(_("Line by line, for a spreadsheet: {command}").format(command=journal))

    def _first_invoice(self, store: ConnectorStore) -> None:
        _ = self._
        self._title(_("The first invoice"))
        if store.links(self._coupling.division).confirmed("invoice", limit=1):
            click.echo(_("Documents were booked already."))
            return
        client = services.teamleader(self._coupling, store, read_only=True)
        invoices = latest(client, self._coupling.settings("tap-teamleader")["department_id"])
        if not invoices:
            click.echo(_("There is no invoice yet."))
            return
        shown = ("number", "date", "customer", "amount", "currency")
        invoice = self._choose(_("Which one shall be booked now"), invoices, shown)
        booked = book_one(self._coupling, invoice)
        if booked.address is None:
            told = _("It was not booked: {reason}. Mend that, and begin again with: bridge setup")
            raise Refused(told.format(reason=self._reason(booked.reason or booked.status)))
        told = _("Booked as entry {number}. Look at it in Exact:")
        click.secho(told.format(number=booked.entry_number), fg="green")
        click.echo(f"  {booked.address}")

    def _switch_on(self) -> None:
        _ = self._
        self._title(_("Switch on"))
        rehearsing = [plugin for plugin in TARGETS if self._coupling.settings(plugin).get("dry_run")]
        if rehearsing:
            click.echo(_("From then on every run writes: documents to Exact, payments to Teamleader."))
            if not click.confirm(_("Switch the dry run off?"), default=False):
                click.echo(_("It stays a dry run. Switch it on later with: bridge setup"))
                return
        for plugin in rehearsing:
            self._coupling.write(plugin, {"dry_run": False})
        click.echo(_("It is on."))
        self._schedule()
        click.echo(_("Whether all goes well: {command}").format(command=f"bridge status{self._of}"))

    def _schedule(self) -> None:
        _ = self._
        schedule = schedule_of(self._coupling)
        asked = _("Have it run by itself, every {minutes} minutes?").format(minutes=schedule.minutes)
        if not click.confirm(asked, default=True):
            click.echo(_("By hand: {command}").format(command=f"bridge run{self._of}"))
            return
        try:
            kind = put_in_place(schedule)
        except Refused:
            click.echo(_("Nothing on this machine calls programs by itself. Where cron is, this line does it:"))
            click.echo(f"  {schedule.cron_line()}")
            return
        told = _("{kind} calls it every {minutes} minutes. To end that: {command}")
        end = f"bridge schedule remove{self._of}"
        click.echo(told.format(kind=kind, minutes=schedule.minutes, command=end))

    @property
    def _of(self) -> str:
        return "" if self._coupling.name is None else f" --coupling {self._coupling.name}"

    def _choose(self, question: str, rows: Sequence[Row], fields: tuple[str, ...], default: Row | None = None) -> Row:
        for number, row in enumerate(rows, start=1):
            shown = "  ".join(str(row[name] if row[name] is not None else "") for name in fields)
            click.secho(f"  {number}. {shown}", fg="green" if row is default else None)
        preset = rows.index(default) + 1 if default is not None else 1
        number = click.prompt(question, type=click.IntRange(1, len(rows)), default=preset)
        return rows[number - 1]

    def _keep(self, variables: dict[str, str]) -> None:
        self._coupling.project.keep_variables(variables)
        self._coupling = self._coupling.reread()


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two VAT numbers are the same, however they are written."""
    return compact(one) == compact(other) != ""
