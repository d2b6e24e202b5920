"""What a person does in the Teamleader office: the verbs behind `POST /_sandbox/teamleader/<verb>`.

Every verb takes the account and a JSON object. Documents are described shortly: a customer is `company:<id>` or
`contact:<id>`; a line has `description`, `quantity`, `unit_price`, `tax_rate` (description or id), `discount` in
percent and `category` (name, ledger number or id). `department` is the id of the department, else the first one is
meant. What cannot be done is a ValueError with a sentence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import drafting, summary, validation
from sandbox.teamleader.account_verbs import ACCOUNT_VERBS
from sandbox.teamleader.ids import DEPARTMENT_ID
from sandbox.teamleader.model import Discount, Line, Payment, Term
from sandbox.teamleader.refusals import Refusal
from sandbox.teamleader.totals import Tax, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.teamleader.model import Document, Kind, Row
    from sandbox.teamleader.state import TeamleaderState

Arguments = dict[str, Any]

_DEFAULT_LINES = [{"description": "Uren advies", "quantity": 2, "unit_price": "95.00", "category": "Diensten"}]
_CREDITED = ("lines", "discounts", "currency", "rate", "term", "department_id")
"""What a credit note takes over from the invoice that it takes back as a whole."""
_PLAIN = (
    *("number", "currency", "note", "payment_reference", "mandate", "name", "vat_number", "email", "national_id"),
    "sent",
)


def _amount(value: Any) -> Decimal:
    return Decimal(str(value))


def _named(rows: Iterable[Row], value: str, what: str, *names: str) -> str:
    for row in rows:
        if value == row["id"] or any(row.get(name) == value for name in names):
            return str(row["id"])
    raise ValueError(f"no {what} is called {value}")


def _category(state: TeamleaderState, value: str | None) -> str | None:
    if value is None:
        return None
    for row in state.product_categories:
        if any(ledger["ledger_account_number"] == value for ledger in row["ledgers"]):
            return str(row["id"])
    return _named(state.product_categories, value, "product category", "name")


def _line(state: TeamleaderState, row: Arguments, department: str = DEPARTMENT_ID) -> Line:
    rates = [rate for rate in state.tax_rates if rate["department"]["id"] == department]
    withheld = row.get("withholding")
    return Line(
        description=row.get("description", "Levering"),
        quantity=_amount(row.get("quantity", 1)),
        unit_price=_amount(row["unit_price"]),
        tax_rate_id=_named(rates, row.get("tax_rate", "21%"), "tax rate", "description"),
        category_id=_category(state, row.get("category", "Diensten")),
        discount=None if row.get("discount") is None else _amount(row["discount"]),
        section=row.get("section", ""),
        extended_description=row.get("extended_description"),
        withholding_id=withheld and _named(state.withholding_tax_rates, withheld, "withholding rate", "description"),
    )


def _customer(state: TeamleaderState, value: str) -> Arguments:
    type_, _, id_ = value.partition(":")
    return drafting.invoicee(state, "contact" if type_ == "contact" else "company", id_)


def _discounts(_state: TeamleaderState, rows: list[Arguments]) -> Arguments:
    named = ((row.get("description", "Handelskorting"), _amount(row["percentage"])) for row in rows)
    return {"discounts": tuple(Discount(description, percentage) for description, percentage in named)}


_READERS: dict[str, Callable[[TeamleaderState, Any], Arguments]] = {
    "customer": _customer,
    "lines": lambda _state, _rows: {},
    "department": lambda _state, id_: {"department_id": id_},
    "discounts": _discounts,
    "rate": lambda _state, rate: {"rate": _amount(rate)},
    "date": lambda _state, day: {"date": day and date.fromisoformat(day)},
    "due_on": lambda _state, day: {"due_on": day and date.fromisoformat(day)},
    "purchase_order_number": lambda _state, number: {"purchase_order": number},
    "expected_payment_method": lambda _state, method: {"payment_method": method},
    "payment_term": lambda _state, term: {"term": Term(term["type"], term.get("days", 0))},
    "invoice": lambda _state, id_: {"credited_id": id_},
    "updated_at": lambda _state, moment: {"updated_at": validation.moment(moment)},
    "totals": lambda _state, _totals: {},
}
"""From an argument of a verb to fields of a document; those in _PLAIN have the name of the field."""


def _fields(state: TeamleaderState, arguments: Arguments, department: str = DEPARTMENT_ID) -> dict[str, Any]:
    """Fields of a document out of a verb's arguments; `department` is that of the document as it stands."""
    unknown = arguments.keys() - _READERS.keys() - set(_PLAIN)
    if unknown:
        raise ValueError(f"a document has no {', '.join(sorted(unknown))}")
    fields: dict[str, Any] = {}
    for name in arguments.keys() & _READERS.keys():
        fields |= _READERS[name](state, arguments[name])
    if "lines" in arguments:
        department = arguments.get("department", department)
        fields["lines"] = tuple(_line(state, row, department) for row in arguments["lines"])
    return fields | {name: arguments[name] for name in _PLAIN if name in arguments}


def _override(totals: Totals, given: Arguments) -> Totals:
    """Totals that the engine would not give: `net`, `gross`, and `taxes` as rows of rate, taxable, tax."""
    changes: dict[str, Any] = {name: _amount(given[name]) for name in ("net", "gross") if name in given}
    if "taxes" in given:
        changes["taxes"] = tuple(
            Tax(_amount(row["rate"]), _amount(row["taxable"]), _amount(row["tax"])) for row in given["taxes"]
        )
    return replace(totals, **changes)


def _add(state: TeamleaderState, kind: Kind, arguments: Arguments) -> Document:
    status = arguments.pop("status", "booked")
    credited = state.documents["invoice"].get(arguments.get("invoice", ""))
    if credited is not None and "customer" not in arguments:
        arguments["customer"] = f"{credited.customer_type}:{credited.customer_id}"
    elif "customer" not in arguments:
        arguments["customer"] = "company:" + next(iter(state.customers["company"]))
    fields = _fields(state, arguments)
    if credited is not None and "lines" not in arguments:
        fields = {name: getattr(credited, name) for name in _CREDITED} | fields
    elif "lines" not in arguments:
        department = arguments.get("department", DEPARTMENT_ID)
        fields["lines"] = tuple(_line(state, row, department) for row in _DEFAULT_LINES)
    lines, discounts = fields.pop("lines"), fields.pop("discounts", ())
    customer = {name: fields.pop(name) for name in drafting.INVOICEE}
    number, day, due_on = (fields.pop(name, None) for name in ("number", "date", "due_on"))
    document = drafting.new_document(state, kind, customer, lines, discounts, **fields)
    if "totals" in arguments:
        document.totals = _override(document.totals, arguments["totals"])
    if status == "booked":
        drafting.book(state, document, day or state.today(), number)
        document.due_on = due_on or document.due_on
        if "payment_reference" in arguments:
            document.payment_reference = arguments["payment_reference"]
    return state.add_document(document)


def add_invoice(state: TeamleaderState, arguments: Arguments) -> Any:
    """A new invoice, booked unless `status` is `draft`. Everything has a default."""
    return _answer(_add(state, "invoice", arguments))


def add_invoices(state: TeamleaderState, arguments: Arguments) -> Any:
    """`count` new invoices, for one customer after the other."""
    companies = list(state.customers["company"])
    customers = (f"company:{companies[number % len(companies)]}" for number in range(int(arguments.pop("count"))))
    return {"ids": [_add(state, "invoice", {"customer": customer, **arguments}).id for customer in customers]}


def add_credit_note(state: TeamleaderState, arguments: Arguments) -> Any:
    """A new credit note; with `invoice` and without lines: for the whole of that invoice."""
    if "invoice" in arguments:
        _found(state, "invoice", arguments["invoice"])
    return _answer(_add(state, "credit_note", arguments))


def _edit(state: TeamleaderState, kind: Kind, arguments: Arguments) -> Any:
    document = _found(state, kind, arguments.pop("id", ""))
    before = document.updated_at
    changed = state.rewrite(document, **_fields(state, arguments, document.department_id))
    if "totals" in arguments:
        changed.totals = _override(changed.totals, arguments["totals"])
    if changed.updated_at == before and "updated_at" not in arguments:
        state.touch(changed)
    return _answer(changed)


def edit_invoice(state: TeamleaderState, arguments: Arguments) -> Any:
    """Change an invoice, booked or not; `updated_at` moves unless it is given."""
    return _edit(state, "invoice", arguments)


def edit_credit_note(state: TeamleaderState, arguments: Arguments) -> Any:
    """Change a credit note."""
    return _edit(state, "credit_note", arguments)


def delete_document(state: TeamleaderState, arguments: Arguments) -> Any:
    """Make an invoice or credit note (`kind`) disappear."""
    kind: Kind = arguments.get("kind", "invoice")
    state.remove_document(_found(state, kind, arguments["id"]))
    return {"id": arguments["id"]}


def book(state: TeamleaderState, arguments: Arguments) -> Any:
    """Book a draft, today or on `date`."""
    document = _found(state, "invoice", arguments["id"])
    if document.is_booked:
        raise ValueError("the invoice is already booked")
    drafting.book(state, document, date.fromisoformat(arguments["date"]) if "date" in arguments else state.today())
    state.touch(document)
    return _answer(document)


def pay(state: TeamleaderState, arguments: Arguments) -> Any:
    """Register a payment, of what is due unless `amount` is given; `paid_at` is a moment with offset."""
    document = _found(state, "invoice", arguments["id"])
    amount = _amount(arguments["amount"]) if "amount" in arguments else state.due(document)
    paid_at = validation.moment(arguments["paid_at"]) if "paid_at" in arguments else state.now()
    state.pay(document, Payment(paid_at, amount, state.payment_methods[0]["id"]))
    state.touch(document)
    return _answer(document)


def remove_payments(state: TeamleaderState, arguments: Arguments) -> Any:
    """Take every payment of an invoice back."""
    document = _found(state, "invoice", arguments["id"])
    document.payments.clear()
    state.settle(document)
    state.touch(document)
    return summary.settlement(state, document)


def payments(state: TeamleaderState, arguments: Arguments) -> Any:
    """Tell `paid`, `due` and `payments` of an invoice, without a trace in the account."""
    return summary.settlement(state, _found(state, "invoice", arguments["id"]))


def _found(state: TeamleaderState, kind: Kind, id_: str) -> Document:
    document = state.documents[kind].get(id_)
    if document is None:
        raise ValueError(f"no {kind} has that id")
    return document


def _answer(document: Document) -> Arguments:
    return {
        "id": document.id,
        "number": document.number,
        "customer": f"{document.customer_type}:{document.customer_id}",
        "net": document.totals.net,
        "vat": document.totals.vat,
        "gross": document.totals.gross,
    }


_VERBS: dict[str, Callable[[TeamleaderState, Arguments], Any]] = {
    "add_invoice": add_invoice,
    "add_invoices": add_invoices,
    "add_credit_note": add_credit_note,
    "edit_invoice": edit_invoice,
    "edit_credit_note": edit_credit_note,
    "delete_document": delete_document,
    "book": book,
    "pay": pay,
    "payments": payments,
    "remove_payments": remove_payments,
    **ACCOUNT_VERBS,
}


def _in_sentences(
    verb: Callable[[TeamleaderState, Arguments], Any],
) -> Callable[[TeamleaderState, Arguments], Any]:
    """The verb with its refusals as sentences."""

    def carry_out(state: TeamleaderState, arguments: Arguments) -> Any:
        try:
            return verb(state, dict(arguments))
        except Refusal as refusal:
            raise ValueError(refusal.title) from None
        except KeyError as missing:
            raise ValueError(f"{missing.args[0]} is missing or unknown") from None

    return carry_out


verbs = {name: _in_sentences(verb) for name, verb in _VERBS.items()}
"""The verbs by the name in their address."""
