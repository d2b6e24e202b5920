"""Rows with one cause stand together under it: one closed period or one wrong setting may hold back a hundred."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.view.standing import Row

PER_PERIOD: Final = frozenset({"period_closed", "period_missing"})
PER_CUSTOMER: Final = frozenset(
    {
        "customer_missing", "customer_blocked", "customer_refused", "customer_conflict", "customer_ambiguous",
        "mandate_missing", "waiting_for_customer",
    }
)  # fmt: skip
"""Reasons that lie in the customer: its documents are one line."""


class Group(NamedTuple):
    """Rows with one cause.

    Attributes:
        title: The cause, with number and amount: "Period 2026-03 closed: 4 documents, EUR 16,127.67".
        code: Of the reason.
        hint: What to do.
        actor: Who does it, None when nobody has to.
        lines: Rows that are shown as one each.
    """

    title: str
    code: str
    hint: str
    actor: str | None
    lines: list[list[Row]]


def grouped(rows: Iterable[Row], amount: Callable[[Decimal, str], str], _: Callable[[str], str] = str) -> list[Group]:
    """Group rows by cause, in the order in which the causes come.

    Args:
        rows: Of the status document, each with a code.
        amount: Writes an amount in a currency as the reader does.
        _: Translates.
    """
    causes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        per = row["period"] if row["code"] in PER_PERIOD and row["period"] else row["hint"]
        causes[row["code"], per or ""].append(row)
    return [_group(code, alike, amount, _) for (code, _per), alike in causes.items()]


def _group(code: str, rows: list[Row], amount: Callable[[Decimal, str], str], _: Callable[[str], str]) -> Group:
    cause = _titles().get(code, code.replace("_", " "))
    if code == "period_closed" and rows[0]["period"]:
        title = _("Period {period} closed").format(period=rows[0]["period"])
    elif code == "period_missing" and rows[0]["period"]:
        title = _("Period {period} is not open yet").format(period=rows[0]["period"])
    else:
        title = _(cause)
    parts = [counted(rows, _), *totals(rows, amount)]
    return Group(f"{title}: {', '.join(parts)}", code, _(rows[0]["hint"] or ""), rows[0]["actor"], _lines(code, rows))


def counted(rows: list[Row], _: Callable[[str], str]) -> str:
    """Say how many there are, of what they are when they are all of one kind."""
    kinds = {row["kind"] for row in rows}
    if kinds <= {"invoice", "credit_note"}:
        one, many = _("1 document"), _("{count} documents")
    elif kinds == {"payment"}:
        one, many = _("1 payment"), _("{count} payments")
    elif kinds == {"account"}:
        one, many = _("1 customer"), _("{count} customers")
    else:
        one, many = "1", "{count}"
    return one if len(rows) == 1 else many.format(count=len(rows))


def totals(rows: Iterable[Row], amount: Callable[[Decimal, str], str]) -> list[str]:
    """Return the sum per currency of the rows that have an amount."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["amount"] is not None:
            sums[row["currency"] or ""] += row["amount"]
    return [amount(total, currency) for currency, total in sorted(sums.items())]


def _lines(code: str, rows: list[Row]) -> list[list[Row]]:
    if code not in PER_CUSTOMER:
        return [[row] for row in rows]
    customers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        customers[row["customer"] or row["source_id"]].append(row)
    return list(customers.values())


def _titles() -> dict[str, Any]:
    """Return what each code means, as the catalogues of the targets say (written by `make generated`)."""
    titles: dict[str, Any] = json.loads(files("bridge.view").joinpath("titles.json").read_text(encoding="utf-8"))
    return titles
