"""Finding a customer's account: in the order of accounting rule 22, and never by guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from target_exactonline.booking import AccountIndex, own_reference

if TYPE_CHECKING:
    from target_exactonline.booking import MasterData

RECORD: dict[str, Any] = {
    "id": "company:1",
    "name": "Bakkerij Peeters",
    "vat_number": "BE0428759497",
    "chamber_of_commerce": "0428.759.497",
    "email": "info@peeters.example",
    "address": {"postcode": "9000", "country": "BE"},
}


def row(key: str, **fields: Any) -> dict[str, Any]:
    return {"ID": key, "Code": f"      {key}", "Country": "BE ", "Status": "C", **fields}


@pytest.mark.parametrize(
    ("name", "rows", "how", "account"),
    [
        ("nothing that fits", [row("1", Name="Bakkerij Peeters")], "nothing", None),
        (
            "our own reference first",
            [row("1", SearchCode=own_reference("company:1")), row("2", VATNumber="BE0428759497")],
            "own reference",
            "1",
        ),
        ("the VAT number, however it is written", [row("1", VATNumber="0428.759.497")], "VAT number", "1"),
        (
            "the VAT number before the chamber of commerce",
            [row("1", ChamberOfCommerce="0428759497"), row("2", VATNumber="BE0428759497")],
            "VAT number",
            "2",
        ),
        ("the chamber of commerce", [row("1", ChamberOfCommerce="BE 0428.759.497")], "chamber of commerce", "1"),
        ("its leading zero may be missing", [row("1", ChamberOfCommerce="428759497")], "chamber of commerce", "1"),
        (
            "without a country it is the administration's",
            [row("1", ChamberOfCommerce="0428759497", Country=None)],
            "chamber of commerce",
            "1",
        ),
        (
            "a country in small letters",
            [row("1", ChamberOfCommerce="0428759497", Country="be")],
            "chamber of commerce",
            "1",
        ),
        (
            "the same number in another country is another company",
            [row("1", ChamberOfCommerce="0428759497", Country="NL")],
            "nothing",
            None,
        ),
        (
            "name and e-mail",
            [row("1", Name="bakkerij  PEETERS", Email="Info@Peeters.example")],
            "name",
            "1",
        ),
        ("name and postcode", [row("1", Name="Bakkerij Peeters", Postcode="9 000")], "name", "1"),
        ("part of a name is no name", [row("1", Name="Bakkerij Peeters NV", Postcode="9000")], "nothing", None),
        ("e-mail alone is not enough", [row("1", Name="Peeters", Email="info@peeters.example")], "nothing", None),
        (
            "the same name with another VAT number is another company",
            [row("1", Name="Bakkerij Peeters", Postcode="9000", VATNumber="NL004495445B01")],
            "nothing",
            None,
        ),
    ],
)
def test_a_customer_is_found_by(
    master: MasterData, name: str, rows: list[dict[str, Any]], how: str, account: str | None
) -> None:
    match = AccountIndex(rows, master).match(RECORD)
    assert (match.how, match.account and match.account.id, match.conflict) == (how, account, None), name


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("two with the VAT number", [row("1", VATNumber="BE0428759497"), row("2", VATNumber="BE 0428 759 497")]),
        (
            "one by name and e-mail, another by name and postcode",
            [
                row("1", Name="Bakkerij Peeters", Postcode="9000"),
                row("2", Name="Bakkerij Peeters", Email="info@peeters.example"),
            ],
        ),
    ],
)
def test_two_that_fit_are_a_conflict(master: MasterData, name: str, rows: list[dict[str, Any]]) -> None:
    match = AccountIndex(rows, master).match(RECORD)
    assert match.account is None, name
    assert match.conflict is not None
    assert match.conflict.code == "customer_conflict"
    assert "1, 2" in match.conflict.reason


def test_a_private_person_is_not_matched_by_numbers(master: MasterData) -> None:
    index = AccountIndex([row("1", VATNumber="BE0428759497", ChamberOfCommerce="0428759497")], master)
    assert index.match({**RECORD, "is_person": True}).how == "nothing"


def test_an_account_is_known_with_what_a_writer_needs(master: MasterData) -> None:
    index = AccountIndex([row("1", VATNumber="BE0428759497", Status="A", Blocked=True)], master)
    account = index.match(RECORD).account
    assert account is not None
    assert (account.code, account.is_customer, account.blocked) == ("1", False, True)
    assert index.get("1") == account
    assert index.get("2") is None


def test_a_customer_without_country_is_of_the_administrations(master: MasterData) -> None:
    index = AccountIndex([row("1", ChamberOfCommerce="0428759497")], master)
    assert index.match({"id": "company:1", "name": "x", "chamber_of_commerce": "0428759497"}).account is not None


def test_the_last_row_of_an_account_counts(master: MasterData) -> None:
    index = AccountIndex([row("1", VATNumber="BE0428759497"), row("1", Name="Bakkerij")], master)
    assert len(index) == 1
    assert index.match(RECORD).how == "nothing"
