"""Subscriptions that are collected by direct debit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.seed.recipes import tax_rate
from sandbox.teamleader import drafting
from sandbox.teamleader.ids import DEPARTMENT_ID, setting_id
from sandbox.teamleader.model import Line, Row
from sandbox.teamleader.settings import CURRENCY
from sandbox.teamleader.shapes import WEB, ref

if TYPE_CHECKING:
    from random import Random

    from sandbox.teamleader.state import TeamleaderState

_MOST = 12


def seed_subscriptions(state: TeamleaderState, rng: Random) -> dict[str, str]:
    """Add a subscription for some Belgian companies; return its id by the id of its customer."""
    belgian = [id_ for id_, row in state.customers["company"].items() if row["vat_number"].startswith("BE")]
    customers = sorted(rng.sample(belgian, min(_MOST, len(belgian))))
    for number, customer in enumerate(customers):
        row = _subscription(state, rng, customer, number)
        state.subscriptions[row["id"]] = row
    return {row["invoicee"]["customer"]["id"]: id_ for id_, row in state.subscriptions.items()}


def _subscription(state: TeamleaderState, rng: Random, customer: str, number: int) -> Row:
    line = Line("Abonnement hosting", Decimal(1), Decimal("24.95") * (number + 1), tax_rate("21"), setting_id(20, 4))
    document = drafting.new_document(state, "invoice", drafting.invoicee(state, "company", customer), [line], ())
    start = state.today() - timedelta(days=rng.randrange(310, 700))
    totals = document.totals
    return {
        "id": state.new_id(),
        "title": f"Hosting {document.name}"[:100],
        "note": None,
        "status": "deactivated" if number % 6 == 5 else "active",
        "department": ref("department", DEPARTMENT_ID),
        "invoicee": {"customer": ref("company", customer), "for_attention_of": None},
        "project": None,
        "starts_on": start.isoformat(),
        "ends_on": None,
        "next_renewal_date": (state.today() + timedelta(days=rng.randrange(1, 28))).isoformat(),
        "billing_cycle": {"periodicity": {"unit": "month", "period": 1}, "days_in_advance": 7},
        "total": {
            "tax_exclusive": {"amount": totals.net, "currency": CURRENCY},
            "tax_inclusive": {"amount": totals.gross, "currency": CURRENCY},
            "taxes": [
                {
                    "rate": tax.rate,
                    "taxable": {"amount": tax.taxable, "currency": CURRENCY},
                    "tax": {"amount": tax.tax, "currency": CURRENCY},
                }
                for tax in totals.taxes
            ],
        },
        "web_url": f"{WEB}/subscriptions",
    }
