"""What the target does with input that is not what it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from singer_shell.endings import RunEnded, UnknownStream
from target_teamleader.streams import PAYMENTS, SCHEMAS

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
MAPPER = Path(__file__).parents[2] / "mappers/teamleader_exactonline_mappers/schemas/payments.json"


def entry(**changes: Any) -> dict[str, Any]:
    record = {"id": "e", "division": 1, "currency": "EUR", "amount": 121, "settled": 21, "open": 100}
    return {**record, **changes}


@pytest.mark.parametrize("stream", ["meltano_test_stream", "accounts", "sales_entries"])
def test_an_unknown_stream_is_refused_without_a_call(harness: Harness, stream: str) -> None:
    ran = harness.feed([harness.schema(stream)])
    assert isinstance(ran.error, UnknownStream)
    assert stream in ran.error.lines[0]
    assert not ran.calls
    assert not list(harness.folder.glob("connector.db"))


def test_an_invalid_record_is_kept_and_the_run_goes_on(harness: Harness) -> None:
    wrong, right = harness.invoice(), harness.invoice()
    ran = harness.run(harness.record(wrong, ("121.00", DAY), open="nothing"), harness.record(right, ("121.00", DAY)))
    assert ran.error is None
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert harness.codes() == {wrong["id"]: "record_invalid"}
    assert ran.states
    assert harness.run().counts == {}
    assert harness.run(harness.record(wrong, ("121.00", DAY))).counts == {"registered": 1}
    assert harness.codes() == {}


def test_an_invalid_record_of_an_unknown_invoice_is_kept_under_its_own_id_until_it_is_right(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.run(harness.record(invoice, ("121.00", DAY), version="two"))
    assert harness.codes() == {invoice["entry"]: "record_invalid"}
    harness.run(harness.record(invoice, ("121.00", DAY)))
    assert harness.codes() == {}
    assert harness.due(invoice) == 0


def test_what_a_mapper_could_not_express_is_its_reject(harness: Harness) -> None:
    invoice = harness.invoice()
    problems = [{"code": "receivable_unreadable", "message": "The receivable does not tell its SettledFC"}]
    ran = harness.run(harness.record(invoice, settled=None, open=None, problems=problems))
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {invoice["id"]: "receivable_unreadable"}
    assert harness.run().counts == {}
    harness.run(harness.record(invoice))
    assert harness.codes() == {}


def test_a_code_of_a_mapper_that_is_not_known_here_is_kept_as_it_is(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, problems=[{"code": "something_new", "message": "It is new"}]))
    assert harness.codes() == {invoice["id"]: "something_new"}


@pytest.mark.parametrize("changes", [{"id": None}, {"id": ""}])
def test_a_record_without_identity_ends_the_run(harness: Harness, changes: dict[str, Any]) -> None:
    ran = harness.run({**harness.record(harness.invoice()), **changes})
    assert isinstance(ran.error, RunEnded)


def test_a_record_that_does_not_tell_its_administration_is_that_of_the_setting_or_ends_the_run(
    harness: Harness,
) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("121.00", DAY), division=None)
    assert isinstance(harness.run(record, division=None).error, RunEnded)
    assert harness.run(record).counts == {"registered": 1}


def test_amounts_that_do_not_make_up_the_receivable_are_its_reject(harness: Harness) -> None:
    """Line 30: as the mapper tells it."""
    invoice = harness.invoice()
    problems = [{"code": "receivable_amounts_differ", "message": "Settled and open do not make up the amount"}]
    harness.run(harness.record(invoice, problems=problems))
    assert harness.codes() == {invoice["id"]: "receivable_amounts_differ"}


def test_batches_of_files_are_refused(harness: Harness) -> None:
    ran = harness.feed([json.dumps({"type": "BATCH", "stream": "payments", "encoding": {}, "manifest": []})])
    assert isinstance(ran.error, RunEnded)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": "20 March"}, "date: does not have the right form"),
        ({"settlements": [{"how": "cash", "amount": 1}]}, "settlements[0].how: should be one of money,"),
        ({"settlements": [{"how": "money"}]}, "settlements[0]: 'amount' is missing"),
        ({"settled": None}, "settled: should be of type number"),
        ({"amount": "121"}, "amount: should be of type"),
        ({"currency": "euro"}, "currency: does not have the right form"),
        ({"currency": None}, "currency: should be of type string"),
        ({"division": 0}, "division: is less than 1"),
        ({"id": ""}, "id: breaks the rule minLength 1"),
    ],
)
def test_a_fault_names_the_field_and_the_rule(changes: dict[str, Any], sentence: str) -> None:
    found = SCHEMAS.fault(PAYMENTS, entry(**changes))
    assert found is not None
    assert found.startswith(sentence)


def test_a_missing_field_is_named() -> None:
    record = entry()
    del record["open"]
    assert SCHEMAS.fault(PAYMENTS, record) == "the record: 'open' is missing"


@pytest.mark.parametrize(
    "record",
    [
        entry(),
        entry(extra={"anything": True}),
        entry(deleted=True, currency=None, amount=0, settled=0, open=0),
        {"id": "e", "division": 1, "amount": None, "problems": [{"code": "mapping_failed", "message": "…"}]},
        entry(problems=[], settlements=None, date=None),
    ],
)
def test_what_is_taken(record: dict[str, Any]) -> None:
    assert SCHEMAS.fault(PAYMENTS, record) is None


def test_every_field_is_described() -> None:
    def fields(node: dict[str, Any], path: str) -> list[str]:
        found = []
        for name, each in node.get("properties", {}).items():
            found += [] if "description" in each else [f"{path}.{name}"]
            found += fields(each, f"{path}.{name}") + fields(each.get("items", {}), f"{path}.{name}[]")
        return found

    assert fields(SCHEMAS.schema(PAYMENTS), PAYMENTS) == []


@pytest.mark.skipif(not MAPPER.exists(), reason="the mappers are not beside this package")
def test_every_field_of_the_mapper_is_known_here() -> None:
    mapped = json.loads(MAPPER.read_text(encoding="utf-8"))
    assert mapped["properties"].keys() == SCHEMAS.schema(PAYMENTS)["properties"].keys()
