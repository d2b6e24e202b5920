"""Whatever the document, what is booked equals it: net, VAT per rate and gross.

Documents are made the way an invoicing program makes them: prices of four decimals, line discounts, commercial
discounts, totals rounded per rate or per line. The entry is read the way Exact books it: VAT computed per line unless
it is sent.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from target_exactonline.booking import EntryPlan, MasterData, Rules, compose_entry

if TYPE_CHECKING:
    from collections.abc import Callable

CENT = Decimal("0.01")
RATES = ["0.21", "0.12", "0.06", "0"]
CODES = {"H": "0.21", "M": "0.12", "L": "0.06", "0": "0", "EX": "0", "MC": "0"}


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@st.composite
def priced_lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    lines = []
    for _ in range(draw(st.integers(1, 40))):
        rate = draw(st.sampled_from(RATES))
        description = draw(st.sampled_from(["0%", "0% Export", "0% Medecontractant"])) if rate == "0" else None
        quantity = draw(st.decimals("0.25", 40, places=2))
        price = draw(st.decimals(-500, 500, places=4))
        discount = draw(st.sampled_from([0, 0, 0, 5, 10, Decimal("12.5"), 100]))
        exact = quantity * price * (1 - Decimal(discount) / 100)
        lines.append(
            {
                "description": "Dienst",
                "quantity": quantity,
                "net": rounded(exact),
                "tax_rate": Decimal(rate),
                "tax_rate_description": description,
                "ledger_number": draw(st.sampled_from([None, "701000", "702000"])),
                "exact": exact,
            }
        )
    return lines


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    lines = draw(priced_lines())
    percentages = draw(st.lists(st.sampled_from([Decimal(5), Decimal(10), Decimal("2.5"), Decimal(33)]), max_size=2))
    kept, added = Decimal(1), sum(percentages, Decimal(0)) / 100
    for each in percentages:
        kept *= 1 - each / 100
    factor = draw(st.sampled_from([kept, 1 - added]))
    base = draw(st.sampled_from(["net", "exact"]))
    vat_per_line = draw(st.booleans())
    sign = draw(st.sampled_from([1, -1]))
    taxes = []
    for rate in sorted({each["tax_rate"] for each in lines}):
        own = [each[base] * factor for each in lines if each["tax_rate"] == rate]
        taxable = rounded(sum(own, Decimal(0)))
        tax = sum((rounded(each * rate) for each in own), Decimal(0)) if vat_per_line else rounded(taxable * rate)
        taxes.append({"rate": rate, "taxable": sign * taxable, "tax": sign * tax})
    net = sum((each["taxable"] for each in taxes), Decimal(0))
    gross = net + sum((each["tax"] for each in taxes), Decimal(0))
    currency = draw(st.sampled_from(["EUR", "USD"]))
    return {
        "kind": "credit_note" if gross < 0 else "invoice",
        "number": "2026 / 7",
        "date": "2026-05-04",
        "currency": currency,
        "exchange_rate": Decimal(1) if currency == "EUR" else Decimal("0.9137"),
        "lines": [{**each, "net": sign * each["net"]} for each in lines],
        "discounts": [{"percentage": each} for each in percentages],
        "totals": {"net": net, "gross": gross, "taxes": taxes},
    }


def as_exact_books(body: dict[str, Any]) -> dict[Decimal, list[Decimal]]:
    """Net and VAT per rate as Exact computes them from the body that is sent."""
    booked: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in body["SalesEntryLines"]:
        rate = Decimal(CODES[line["VATCode"]])
        booked[rate][0] += line["AmountFC"]
        booked[rate][1] += line.get("VATAmountFC", rounded(line["AmountFC"] * rate))
        assert line["AmountFC"] == rounded(line["AmountFC"])
        assert rate or not line.get("VATAmountFC")
    return booked


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(document=documents(), discount_account=st.sampled_from([None, "708000"]))
def test_net_vat_per_rate_and_gross_equal_the_document(
    document: dict[str, Any],
    discount_account: str | None,
    rules: Callable[..., Rules],
    master: MasterData,
) -> None:
    plan = compose_entry(document, rules(discount_gl_account=discount_account), master)
    assert isinstance(plan, EntryPlan), plan
    booked = as_exact_books(plan.body("customer"))
    for row in document["totals"]["taxes"]:
        assert booked[row["rate"]] == [row["taxable"], row["tax"]]
    assert plan.net == document["totals"]["net"] == sum(net for net, _ in booked.values())
    assert plan.gross == document["totals"]["gross"] == sum(net + vat for net, vat in booked.values())
    assert plan.vat == plan.gross - plan.net
