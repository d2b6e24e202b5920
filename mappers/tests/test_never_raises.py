"""Whatever comes in, a record comes out: an exception in a mapper kills the target."""

from __future__ import annotations

import copy
import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st
from singer_sdk.singerlib import RecordMessage
from singer_sdk.singerlib.json import deserialize_json, serialize_json

from teamleader_exactonline_mappers import schemas
from teamleader_exactonline_mappers.mapper import TeamleaderExactOnlineMapper

_spec = importlib.util.spec_from_file_location("mapper_shapes", Path(__file__).with_name("conftest.py"))
assert _spec
assert _spec.loader
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)

SCHEMAS = {
    name: json.loads((Path(schemas.__file__).parent / f"{name}.json").read_text("utf-8"))
    for name in ("accounts", "sales_entries", "payments")
}
STREAMS = ["companies", "contacts", "invoices", "credit_notes", "tax_rates", "product_categories", "departments"]
FORWARD, REVERSE = "teamleader-to-exactonline", "exactonline-to-teamleader"

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(st.characters(), max_size=12)
    | st.sampled_from(["EUR", "2026-02-31", "percentage", "company", "invoicing", "  ", "\ud800", Decimal("1E+999999")])
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += places(item, (*path, key))
    return found


@st.composite
def mutilated(draw: st.DrawFn) -> tuple[str, Any]:
    """A real document in which up to five values were replaced by anything, or removed."""
    stream = draw(st.sampled_from(["invoices", "credit_notes"]))
    return stream, mutilate(draw, shapes.invoice() if stream == "invoices" else shapes.credit_note())


@st.composite
def mutilated_receivable(draw: st.DrawFn) -> Any:
    """An entry of Exact, settled in part, mutilated alike."""
    return mutilate(draw, shapes.receivable(shapes.term("21.00"), shapes.term("100.00", 50, settled_by=[40])))


def mutilate(draw: st.DrawFn, document: Any) -> Any:
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 5))):
        path = draw(st.sampled_from(places(document)))
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(anything)
        if not places(document):
            break
    return document


def mapped(stream: str, record: Any, mapping: str = FORWARD) -> list[dict[str, Any]]:
    mapper = TeamleaderExactOnlineMapper(config={"mapping": mapping})
    mapper.map_schema_message({"stream": stream})
    messages = mapper.map_record_message({"stream": stream, "record": record, "time_extracted": "yesterday"})
    return [message.to_dict() for message in messages if isinstance(message, RecordMessage)]


def check(stream: str, messages: list[dict[str, Any]]) -> None:
    assert len(messages) == (1 if stream in {"companies", "contacts", "invoices", "credit_notes"} else 0)
    for message in messages:
        # Through the pipe and back, as the target gets it.
        record = deserialize_json(serialize_json(message["record"]))
        jsonschema.validate(record, SCHEMAS[message["stream"]])
        assert record["id"]
        if message["stream"] == "sales_entries" and not record["problems"]:
            assert record["number"]
            assert record["date"]
            assert record["customer"]
            assert record["lines"]
            assert all(row["net"] is not None and row["tax_rate"] is not None for row in record["lines"])


def check_payment(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        record = deserialize_json(serialize_json(message["record"]))
        jsonschema.validate(record, SCHEMAS["payments"])
        assert record["id"]
        if record.get("settled") is not None:
            rest = record["settled"] - sum(each["amount"] for each in record["settlements"])
            assert abs(rest) < Decimal("0.005")
        if not record["problems"]:
            told = ("division", "amount", "settled", "open", "deleted", "version")
            assert all(record[name] is not None for name in told)
            assert record["currency"] or record["deleted"]
            assert abs(record["amount"] - record["settled"] - record["open"]) < Decimal("0.005")


@settings(max_examples=150)
@given(st.sampled_from(STREAMS), anything)
def test_any_value_as_record(stream: str, record: Any) -> None:
    check(stream, mapped(stream, record))


@settings(max_examples=300)
@given(mutilated())
def test_a_mutilated_document(case: tuple[str, Any]) -> None:
    stream, document = case
    check(stream, mapped(stream, document))


@settings(max_examples=150)
@given(anything)
def test_any_value_as_receivable(record: Any) -> None:
    check_payment(mapped("receivables", record, REVERSE))


@settings(max_examples=300)
@given(mutilated_receivable())
def test_a_mutilated_receivable(record: Any) -> None:
    check_payment(mapped("receivables", record, REVERSE))


def test_a_record_without_id_gets_the_same_made_up_one_in_every_run() -> None:
    (first,) = mapped("invoices", shapes.invoice(id=None))
    (second,) = mapped("invoices", shapes.invoice(id=None))
    assert first["record"]["id"] == second["record"]["id"] != mapped("invoices", {})[0]["record"]["id"]
    assert first["record"]["problems"][0]["code"] == "document_id_missing"


def test_an_unforeseen_fault_of_the_mapping_itself_is_a_problem_of_the_record(monkeypatch: Any) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("teamleader_exactonline_mappers.mappings.sales_entry", fails)
    (message,) = mapped("invoices", shapes.invoice())
    assert [problem["code"] for problem in message["record"]["problems"]] == ["mapping_failed"]


def test_an_unforeseen_fault_is_a_problem_of_the_payment(monkeypatch: Any) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("teamleader_exactonline_mappers.mappings.payment", fails)
    (message,) = mapped("receivables", shapes.receivable(), REVERSE)
    assert message["record"]["id"] == shapes.receivable()["TransactionEntryID"]
    assert [problem["code"] for problem in message["record"]["problems"]] == ["mapping_failed"]


def test_a_receivable_without_entry_id_gets_the_same_made_up_one_in_every_run() -> None:
    (first,), (second,) = (mapped("receivables", shapes.receivable(TransactionEntryID=" "), REVERSE) for _ in "ab")
    assert first["record"]["id"] == second["record"]["id"]
    assert first["record"]["problems"][0]["code"] == "receivable_unreadable"
    assert "TransactionEntryID" in first["record"]["problems"][0]["message"]
