"""What a person does in the Exact office while the coupling runs: the verbs behind `POST /_sandbox/exact/<verb>`.

Every verb takes the administration and a JSON object. Rows are found by `id`, `code`, `name`, `your_ref` or
`entry_number`; values of fields go under `changes` by their Exact names. What cannot be done is a ValueError with a
sentence.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from sandbox.exact import wire, xml_topics
from sandbox.exact.control_entries import ENTRY_VERBS
from sandbox.exact.control_lines import edit_general_line
from sandbox.exact.entities import ENTITIES
from sandbox.exact.filling import fill
from sandbox.exact.ledger import ledger
from sandbox.exact.refusals import BusinessRefusal
from sandbox.exact.rules import accounts, general_journal, master_data, periods
from sandbox.exact.seed import add_percentage, add_year
from sandbox.exact.texts import LANGUAGES, message

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

__all__ = ["ledger", "verbs"]

Arguments = dict[str, Any]
Verb: TypeAlias = "Callable[[ExactState, Arguments], Any]"
_ACCOUNTS = "crm/Accounts"


def fields_in(path: str, values: Arguments) -> Row:
    """Inside values of fields that are given by their Exact names; dates as ISO texts, amounts as numbers or texts."""
    known = ENTITIES[path].fields
    unknown = values.keys() - known.keys()
    if unknown:
        raise ValueError(f"{path} has no field {', '.join(sorted(unknown))}")
    return {name: wire.from_wire(known[name].type, _exact(value)) for name, value in values.items()}


def _exact(value: Any) -> Any:
    return str(value) if isinstance(value, float) else value


def _account(state: ExactState, arguments: Arguments) -> Row:
    found = None
    if "id" in arguments:
        found = state[_ACCOUNTS].get(arguments["id"])
    elif "code" in arguments:
        found = state.by_code(_ACCOUNTS, str(arguments["code"]))
    elif "name" in arguments:
        found = next(iter(state[_ACCOUNTS].find("Name", arguments["name"])), None)
    if found is None:
        raise ValueError("no such account")
    return found


def _by_code(state: ExactState, path: str, arguments: Arguments) -> Row:
    row = state.by_code(path, str(arguments.get("code", "")))
    if row is None:
        raise ValueError(f"{path} has no code {arguments.get('code')}")
    return row


def add_account(state: ExactState, arguments: Arguments) -> Any:
    """A person enters an account: fields by their Exact names. Gives id and code."""
    row = accounts.create(state, fields_in(_ACCOUNTS, arguments))
    return {"id": row["ID"], "code": row["Code"].strip()}


def edit_account(state: ExactState, arguments: Arguments) -> Any:
    """Change fields of an account, without the checks of the API."""
    state.update(_ACCOUNTS, _account(state, arguments), fields_in(_ACCOUNTS, arguments["changes"]))


def block(state: ExactState, arguments: Arguments) -> Any:
    """Block an account, or with `blocked: false` free it."""
    state.update(_ACCOUNTS, _account(state, arguments), {"Blocked": bool(arguments.get("blocked", True))})


def delete_account(state: ExactState, arguments: Arguments) -> Any:
    """Delete an account; one that has entries cannot be."""
    accounts.delete(state, _account(state, arguments))


def merge_accounts(state: ExactState, arguments: Arguments) -> Any:
    """Merge an account into another (`into`: how that is found), which takes over its entries; it is deleted."""
    account, survivor = _account(state, arguments), _account(state, arguments["into"])
    if account is survivor:
        raise ValueError("an account is not merged into itself")
    for path, field in (("salesentry/SalesEntries", "Customer"), ("crm/BankAccounts", "Account")):
        for row in state[path].find(field, account["ID"]):
            state.update(path, row, {field: survivor["ID"]})
    accounts.delete(state, account)


def _adds(path: str) -> Callable[[ExactState, Arguments], Any]:
    def add(state: ExactState, arguments: Arguments) -> Any:
        return {"id": master_data.create(state, path, fields_in(path, arguments))[ENTITIES[path].key]}

    return add


def _edits(path: str) -> Callable[[ExactState, Arguments], Any]:
    def edit(state: ExactState, arguments: Arguments) -> Any:
        state.update(path, _by_code(state, path, arguments), fields_in(path, arguments["changes"]))

    return edit


def add_vat_code(state: ExactState, arguments: Arguments) -> Any:
    """A new VAT code: fields by their Exact names, `Percentage` as a fraction, valid from `from` (default: always)."""
    values = dict(arguments)
    fraction = Decimal(str(values.pop("Percentage", 0)))
    start = date.fromisoformat(values.pop("from", "1996-01-01"))
    row = master_data.create(
        state, "vat/VATCodes", fields_in("vat/VATCodes", {"Type": "E", "VATTransactionType": "S", **values})
    )
    add_percentage(state, row["ID"], fraction, start)
    return {"id": row["ID"]}


def change_percentage(state: ExactState, arguments: Arguments) -> Any:
    """Give a VAT code (`code`) another `percentage` (fraction) from the day `from`; the one before ends then."""
    row = _by_code(state, "vat/VATCodes", arguments)
    start = date.fromisoformat(arguments["from"])
    for dated in state["vat/VatPercentages"].find("VATCodeID", row["ID"]):
        if dated.get("EndDate") is None:
            state.update("vat/VatPercentages", dated, {"EndDate": wire.day_ms(start) - wire.DAY_MS})
    add_percentage(state, row["ID"], Decimal(str(arguments["percentage"])), start)


def close_period(state: ExactState, arguments: Arguments) -> Any:
    """Close `period` of `year`, or the whole year when no period is named."""
    state.closed_periods |= _periods(state, arguments)


def open_period(state: ExactState, arguments: Arguments) -> Any:
    """Open `period` of `year`, or the whole year, again."""
    state.closed_periods -= _periods(state, arguments)


def _periods(state: ExactState, arguments: Arguments) -> set[periods.Period]:
    year, number = arguments["year"], arguments.get("period")
    found = {(row["FinYear"], row["FinPeriod"]) for row in state[periods.PATH] if row["FinYear"] == year}
    return found if number is None else {period for period in found if period[1] == number}


def set_broken_year(state: ExactState, arguments: Arguments) -> Any:
    """Replace the period table: every year begins on the first of `first_month` of the year that names it."""
    month = arguments["first_month"]
    for row in list(state[periods.PATH]):
        state.delete(periods.PATH, row)
    this_year = state.today().year
    for year in range(this_year - 2, this_year + 2):
        months = [divmod(year * 12 + month - 1 + step, 12) for step in range(12)]
        end = wire.ms_day(wire.day_ms(date(year + 1, month, 1)) - wire.DAY_MS)
        add_year(state, year, [date(of_year, of_month + 1, 1) for of_year, of_month in months], end)


def remove_year(state: ExactState, arguments: Arguments) -> Any:
    """Take the financial `year` out of the period table."""
    for row in list(state[periods.PATH]):
        if row["FinYear"] == arguments["year"]:
            state.delete(periods.PATH, row)


def set_default_payment_condition(state: ExactState, arguments: Arguments) -> Any:
    """The company's payment condition for entries that name none; null for none."""
    state.default_payment_condition = arguments["code"]


def set_language(state: ExactState, arguments: Arguments) -> Any:
    """Language of the API user, in which refusals are worded: `nl` or `en`."""
    if arguments["language"] not in LANGUAGES:
        raise ValueError(f"texts are known in {', '.join(LANGUAGES)}")
    state.language = arguments["language"]


def edit_division(state: ExactState, arguments: Arguments) -> Any:
    """Change fields of the administration itself, such as VATNumber."""
    path = "system/Divisions"
    division = next(iter(state[path]))
    state.update(path, division, fields_in(path, arguments["changes"]))


def move_division(state: ExactState, _arguments: Arguments) -> Any:
    """Move the administration to another database: all row versions start anew (exact-online 9.5)."""
    state.reset_versions()
    division = next(iter(state["system/Divisions"]))
    state.update("system/Divisions", division, {"DivisionMoveDate": wire.day_ms(state.today())})


def deny(state: ExactState, arguments: Arguments) -> Any:
    """The API user has no right to `entities` from now on, each a path or its beginning; an empty list ends it."""
    state.denied_entities = tuple(arguments["entities"])


def show_late(state: ExactState, arguments: Arguments) -> Any:
    """Rows made from now on show in lists after `seconds`, 0 for at once; of `entities` (paths) only, or of all.

    By its key a row is read at once, and the sync endpoints do not wait either.
    """
    state.show_late(float(arguments["seconds"]), arguments.get("entities"))


def set_limits(state: ExactState, arguments: Arguments) -> Any:
    """Other numbers of calls per `minute` and `day`, null for none; calls of today count."""
    state.limits.change(**arguments)


def expire_tokens(state: ExactState, _arguments: Arguments) -> Any:
    """Let every access token be expired."""
    state.tokens.expire()


def revoke(state: ExactState, _arguments: Arguments) -> Any:
    """Let the user take the app's access away."""
    state.tokens.revoke()


def forget_errors(state: ExactState, _arguments: Arguments) -> Any:
    """Lift the blocks of the error velocity."""
    state.errors.forget()


def _in_sentences(verb: Verb) -> Verb:
    """The verb with refusals of the rules as ValueErrors: the caller is a test, not a client."""

    def speak(state: ExactState, arguments: Arguments) -> Any:
        try:
            return verb(state, arguments)
        except BusinessRefusal as refusal:
            raise ValueError(message(refusal.problems, "en")) from None

    return speak


_VERBS: dict[str, Verb] = {
    **ENTRY_VERBS,
    "fill": fill,
    "add_account": add_account,
    "edit_account": edit_account,
    "block": block,
    "add_contact": _adds("crm/Contacts"),
    "delete_account": delete_account,
    "merge_accounts": merge_accounts,
    "add_vat_code": add_vat_code,
    "edit_vat_code": _edits("vat/VATCodes"),
    "change_percentage": change_percentage,
    "add_gl_account": _adds("financial/GLAccounts"),
    "edit_gl_account": _edits("financial/GLAccounts"),
    "add_journal": _adds("financial/Journals"),
    "edit_journal": _edits("financial/Journals"),
    "add_payment_condition": _adds("cashflow/PaymentConditions"),
    "edit_payment_condition": _edits("cashflow/PaymentConditions"),
    "add_exchange_rate": _adds("financial/ExchangeRates"),
    "add_currency": _adds("general/Currencies"),
    "add_cost_center": _adds("hrm/Costcenters"),
    "add_cost_unit": _adds("hrm/Costunits"),
    "set_default_payment_condition": set_default_payment_condition,
    "close_period": close_period,
    "open_period": open_period,
    "set_broken_year": set_broken_year,
    "remove_year": remove_year,
    "set_language": set_language,
    "edit_division": edit_division,
    "move_division": move_division,
    "deny": deny,
    "show_late": show_late,
    "set_limits": set_limits,
    "expire_tokens": expire_tokens,
    "revoke": revoke,
    "forget_errors": forget_errors,
    "delete_general_entry": general_journal.delete_by_hand,
    "edit_general_line": edit_general_line,
    "match_general_entry": general_journal.match_by_hand,
    "end_xml_topics": xml_topics.end_topic,
}

verbs: dict[str, Verb] = {name: _in_sentences(verb) for name, verb in _VERBS.items()}
"""The verbs by the name in their address."""
