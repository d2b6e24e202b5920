"""Both sides are filled: customers meet without doubles, and nobody's work is touched."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.in_process import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Customer, World

Row = dict[str, Any]
MADE_BY_THE_SERVICE = {"updated_at"}


@dataclass(frozen=True)
class Sizes:
    """How many customers stand where."""

    same: int
    homonyms: int
    only_in_teamleader: int
    only_in_exact: int


SMALL = Sizes(same=70, homonyms=8, only_in_teamleader=22, only_in_exact=42)
AS_ASKED = Sizes(same=700, homonyms=40, only_in_teamleader=260, only_in_exact=460)


def plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


DIFFERENCES: tuple[Callable[[Customer], Row], ...] = (
    lambda _: {},
    lambda each: {"Name": each.name.upper(), "Email": None},
    lambda each: {"Name": f"{plain(each.name)} B.V.B.A.", "VATNumber": None},
    lambda each: {"VATNumber": f"{each.vat_number[:6]}.{each.vat_number[6:9]}.{each.vat_number[9:]}", "Name": "Other"},
    lambda each: {"Name": each.name.replace("a", "aa", 1).replace("é", "ee"), "VATNumber": None},
    lambda _: {"VATNumber": None, "AddressLine1": None, "Postcode": None, "Phone": None},
    lambda each: {"VATNumber": None, "Email": None, "Phone": f"+32 {each.phone.removeprefix('0')}"},
)
"""What the accountant typed in another way, or not at all."""


@pytest.mark.parametrize(
    "sizes", [pytest.param(SMALL, id="small"), pytest.param(AS_ASKED, id="as asked", marks=pytest.mark.long)]
)
def test_no_wrong_link_and_nearly_all_found(
    world: World, make_customers: Callable[[int, int], list[Customer]], sizes: Sizes
) -> None:
    coupling = world.coupling
    world.import_customers()  # those that the administration begins with
    everybody = make_customers(sizes.same + sizes.only_in_teamleader + sizes.only_in_exact, 4)
    same, others = everybody[: sizes.same], everybody[sizes.same :]
    truth = {
        world.into_exact(each.account(**DIFFERENCES[each.number % len(DIFFERENCES)](each))): world.into_teamleader(
            each.company()
        )
        for each in same
    }
    for each in others[: sizes.only_in_teamleader]:
        world.into_teamleader(each.company())
    alone = {world.into_exact(each.account()) for each in others[sizes.only_in_teamleader :]}
    homonyms = {
        world.into_exact(
            {
                "Name": f"{each.name} {each.form}",
                "Status": "C",
                "Country": "BE",
                "Email": f"other{each.number}@elsewhere.example",
                "AddressLine1": "Nieuwstraat 999",
                "Postcode": "3500",
            }
        )
        for each in same[: sizes.homonyms]
    }
    before = world.companies()

    assert world.import_customers(), coupling.unexpected

    links = world.links()
    right = [account for account, company in truth.items() if links.get(account) == company]
    wrong = [account for account, company in truth.items() if account in links and links[account] != company]
    assert wrong == []
    assert len(right) >= 0.98 * sizes.same, [world.codes().get(each) for each in truth if each not in right]
    for account in alone | homonyms:
        assert links.get(account) not in before
    told = world.codes()
    assert all(account in links or account in told for account in truth.keys() | alone | homonyms)

    after = world.companies()
    for id_, row in before.items():
        typed = {name: value for name, value in row.items() if value not in ("", None, [])}
        typed = {name: value for name, value in typed.items() if name not in MADE_BY_THE_SERVICE}
        assert {name: after[id_][name] for name in typed} == typed

    # The other direction books on the accounts that are there.
    invoiced = [truth[account] for account in right[:20]]
    for company in invoiced:
        coupling.sandbox.add_invoice(customer=f"company:{company}")
    accounts = {each["customer"] for each in coupling.sandbox.exact_entries()}
    assert coupling.run(DOCUMENTS), coupling.unexpected
    accounts = {each["customer"] for each in coupling.sandbox.exact_entries()} - accounts
    assert accounts == set(right[:20])
