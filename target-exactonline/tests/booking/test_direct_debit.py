"""Direct debit: bank account and mandate, checked and if asked created (accounting rule 30)."""

from __future__ import annotations

from typing import Any

import pytest

from target_exactonline.booking import check_collection, is_direct_debit

IBAN = "BE71096123456769"
BANKS = [
    {"ID": "b1", "BankAccount": "BE68539007547034", "Main": True},
    {"ID": "b2", "BankAccount": IBAN, "Main": False},
]
MANDATES = [{"ID": "m1", "Reference": "MND-1 ", "CancellationDate": None}]


def document(reference: str | None = "MND-1") -> dict[str, Any]:
    return {"payment_method": "direct_debit", "mandate_reference": reference, "date": "2026-03-05"}


def test_only_direct_debit_is_collected() -> None:
    assert is_direct_debit(document())
    assert not is_direct_debit({"payment_method": "bank_transfer"})


@pytest.mark.parametrize(
    ("name", "reference", "iban", "banks", "mandates", "found", "warnings"),
    [
        ("all there", "MND-1", IBAN, BANKS, MANDATES, ("b2", "m1"), 0),
        ("no IBAN in the source: the main account", "MND-1", None, BANKS, MANDATES, ("b1", "m1"), 0),
        ("no reference: any valid mandate", None, IBAN, BANKS, MANDATES, ("b2", "m1"), 0),
        ("another bank account only", "MND-1", IBAN, BANKS[:1], MANDATES, (None, "m1"), 1),
        ("a blocked bank account", "MND-1", IBAN, [{**BANKS[1], "Blocked": True}], MANDATES, (None, "m1"), 1),
        ("another mandate only", "MND-2", IBAN, BANKS, MANDATES, ("b2", None), 1),
        ("a cancelled mandate", "MND-1", IBAN, BANKS, [{**MANDATES[0], "CancellationDate": "x"}], ("b2", None), 1),
        ("nothing there", "MND-1", IBAN, [], [], (None, None), 2),
    ],
)
def test_what_a_collection_needs(
    name: str, reference: str | None, iban: str | None, banks: Any, mandates: Any, found: Any, warnings: int
) -> None:
    collection = check_collection(document(reference), iban, banks, mandates)
    assert (collection.bank_account, collection.mandate) == found, name
    assert len(collection.warnings) == warnings


def test_a_mandate_to_create_is_core_and_recurring() -> None:
    plan = check_collection(document(), IBAN, BANKS, []).plan
    assert plan is not None
    assert plan.body("account", "b2") == {
        "Account": "account",
        "BankAccount": "b2",
        "Reference": "MND-1",
        "SignatureDate": "2026-03-05",
        "Type": 0,
        "PaymentType": 1,
    }


@pytest.mark.parametrize("reference", [None, "x" * 36])
def test_without_a_usable_reference_no_mandate_is_made_up(reference: str | None) -> None:
    assert check_collection(document(reference), IBAN, BANKS, []).plan is None
