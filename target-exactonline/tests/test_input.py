"""What the target does with input that is not what it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from singer_shell.endings import RunEnded, UnknownStream

if TYPE_CHECKING:
    from conftest import Desk


def test_an_unknown_stream_is_refused_without_a_call(desk: Desk) -> None:
    desk.exact.forget_calls()
    ran = desk.feed(
        [
            json.dumps(
                {"type": "SCHEMA", "stream": "meltano_test_stream", "schema": {"properties": {}}, "key_properties": []}
            )
        ]
    )
    assert isinstance(ran.error, UnknownStream)
    assert "meltano_test_stream" in ran.error.lines[0]
    assert len(ran.error.lines) == 1
    assert desk.exact.calls() == []
    assert not desk.database.exists()


def test_an_invalid_record_is_kept_and_the_run_goes_on(desk: Desk) -> None:
    wrong = desk.invoice(date="yesterday")
    right = desk.invoice()
    ran = desk.run(desk.company(), wrong, right)
    assert ran.error is None
    assert ran.counts == {"booked": 1, "rejected": 1, "customers created": 1}
    assert desk.codes() == {wrong["id"]: "record_invalid"}
    assert ran.states


def test_a_corrected_record_takes_the_place_of_the_invalid_one(desk: Desk) -> None:
    wrong = desk.invoice(date="yesterday")
    desk.run(desk.company(), wrong)
    ran = desk.run(desk.company(), desk.as_version(wrong, date="2026-03-01"))
    assert ran.counts["booked"] == 1
    assert desk.codes() == {}


def test_a_record_without_identity_ends_the_run(desk: Desk) -> None:
    ran = desk.run(desk.company(), {**desk.invoice(), "id": None})
    assert isinstance(ran.error, RunEnded)


def test_what_a_mapper_could_not_express_is_its_reject(desk: Desk) -> None:
    record = desk.invoice(problems=[{"code": "withholding_tax", "message": "The document has withholding tax"}])
    desk.run(desk.company(), record)
    assert desk.codes() == {record["id"]: "withholding_tax"}


def test_dates_reach_the_memory_as_they_came_even_when_the_sender_declares_them(desk: Desk) -> None:
    record = desk.invoice(customer="company:unknown")
    schema = {"properties": {"id": {"type": "string"}, "date": {"type": "string", "format": "date"}}}
    desk.feed(
        [
            json.dumps({"type": "SCHEMA", "stream": "sales_entries", "schema": schema, "key_properties": ["id"]}),
            json.dumps({"type": "RECORD", "stream": "sales_entries", "record": record}, default=float),
        ]
    )
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert kept.payload is not None
    assert kept.payload["date"] == record["date"]


@pytest.mark.parametrize("message", ["BATCH"])
def test_batches_of_files_are_refused(desk: Desk, message: str) -> None:
    ran = desk.feed([json.dumps({"type": message, "stream": "accounts", "encoding": {}, "manifest": []})])
    assert isinstance(ran.error, RunEnded)
