"""What is wrong with an input record is told in one line, without its values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from singer_shell.endings import RunEnded, UnknownStream
from singer_shell.validation import InputSchemas

SCHEMAS = InputSchemas("singer_shell")
COMPILED = InputSchemas("singer_shell", compiled_after=0)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"number": "seven"}, "number: should be of type integer"),
        ({"day": "tomorrow"}, "day: does not have the right form"),
        ({"day": "2026-02-30"}, "day: does not have the right form"),
        ({"kind": "prime"}, "kind: should be one of odd, even"),
        ({"parts": [{}]}, "parts[0]: 'factor' is missing"),
        ({"day": 3}, "day: should be of type string or null"),
        ({"id": ""}, "id: breaks the rule minLength 1"),
        ({"parts": [{"factor": Decimal("1e30")}]}, "parts[0].factor: no amount is so large, or has so many decimals"),
        ({"parts": [{"factor": Decimal("1e-90")}]}, "parts[0].factor: no amount is so large, or has so many decimals"),
        ({"parts": [{"factor": 0}]}, "parts[0].factor: is less than 1 (A factor)"),
        ({"parts": [{"factor": "ten"}]}, "parts[0].factor: should be of type number"),
        ({"number": "seven", "day": "x"}, "day: does not have the right form (and 1 more)"),
    ],
)
def test_a_fault_names_the_field_and_the_rule(changes: dict[str, Any], line: str) -> None:
    for schemas in (SCHEMAS, COMPILED):
        assert schemas.fault("numbers", {"id": "1", "number": 1, **changes}) == line


def test_a_record_that_fits_has_no_fault() -> None:
    for schemas in (SCHEMAS, COMPILED):
        assert schemas.fault("numbers", {"id": "1", "number": 1, "extra": {"anything": True}}) is None


def test_a_schema_is_compiled_when_many_records_come_and_finds_the_same() -> None:
    schemas = InputSchemas("singer_shell", compiled_after=2)
    right, wrong = {"id": "1", "number": 1}, {"id": "1", "number": "one"}
    found = [schemas.fault("numbers", record) for record in (right, wrong, right, wrong)]
    assert found == [None, "number: should be of type integer"] * 2


def test_a_record_that_does_not_fit_is_kept_as_rejected_and_the_run_goes_on(specimens: Any, numbers: Any) -> None:
    assert specimens.feed(numbers(1, "two", 3)) == ([3], None)
    assert specimens.kept() == [1, 3]
    assert (specimens.last_run().outcome, specimens.last_run().message) == ("degraded", "2 kept, 1 rejected")


def test_an_integer_id_is_taken_as_text(specimens: Any) -> None:
    """Line 30: other taps number their documents."""
    message = '{"type": "RECORD", "stream": "numbers", "record": {"id": %s, "number": %s}}'
    assert specimens.feed([message % (17, 1), message % (18, '"two"')]) == ([], None)
    assert specimens.kept() == [1]
    assert specimens.last_run().message == "1 kept, 1 rejected"
    record = {"id": 17, "number": 1, "parts": [{"factor": 2}]}
    SCHEMAS.turn_ids_to_text("numbers", record)
    assert record == {"id": "17", "number": 1, "parts": [{"factor": 2}]}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[1, 2]", "it is no JSON object"),
        ("null", "it is no JSON object"),
        ("{}", "its type is none of ACTIVATE_VERSION, BATCH, RECORD, SCHEMA, STATE"),
        ('{"type": ["RECORD"]}', "its type is none of ACTIVATE_VERSION, BATCH, RECORD, SCHEMA, STATE"),
        ('{"type": "RECORD", "stream": "numbers"}', "a RECORD needs 'record', which is object"),
        ('{"type": "RECORD", "stream": "numbers", "record": [1]}', "a RECORD needs 'record', which is object"),
        ('{"type": "RECORD", "record": {}}', "a RECORD needs 'stream', which is text"),
        ('{"type": "SCHEMA", "stream": "numbers", "schema": {}}', "the schema has no properties"),
        ('{"type": "STATE"}', "a STATE needs 'value', which is object"),
        (
            '{"type": "RECORD", "stream": "others", "record": {"id": "1"}}',
            "a record of stream 'others' comes before the SCHEMA of that stream",
        ),
        ("[" * 100_000, "its 100001 characters are not JSON"),
    ],
)
def test_a_line_that_is_no_message_ends_the_run_with_its_number(
    specimens: Any, numbers: Any, line: str, fault: str
) -> None:
    """Line 30: what came before it is done, and its state passed on."""
    states, error = specimens.feed([*numbers(1, 2, 3), line])
    assert isinstance(error, RunEnded)
    assert str(error) == f"Line 8 of the input is not Singer: {fault}."
    assert specimens.kept() == [1, 2, 3]
    assert states[-1] == 3
    assert specimens.last_run().message == f"{error}; until then 3 kept"


def test_blank_lines_are_passed_over(specimens: Any, numbers: Any) -> None:
    """Line 30."""
    assert specimens.feed(["", *numbers(1), "   ", *numbers(2), ""]) == ([2], None)
    assert specimens.kept() == [1, 2]


def test_what_is_no_number_is_nothing(specimens: Any) -> None:
    """Line 30: other languages write NaN."""
    specimens.feed(['{"type": "RECORD", "stream": "numbers", "record": {"id": "1", "number": NaN}}'])
    assert specimens.last_run().message == "0 kept, 1 rejected"


def test_a_record_without_identity_ends_the_run(specimens: Any) -> None:
    _, error = specimens.feed(['{"type": "RECORD", "stream": "numbers", "record": {"id": null, "number": 1}}'])
    assert isinstance(error, RunEnded)
    assert str(error) == (
        "A record of stream 'numbers' has no id, so that it cannot even be kept as rejected: mend the sender."
    )


def test_another_stream_is_refused_before_anything_is_opened(specimens: Any) -> None:
    _, error = specimens.feed([specimens.schema.replace("numbers", "other")])
    assert isinstance(error, UnknownStream)
    assert str(error).startswith("Stream 'other' is not one that target-specimen takes: it takes 'numbers'.")
    assert not list(specimens.folder.glob("*.db"))


def test_files_of_records_are_refused(specimens: Any) -> None:
    _, error = specimens.feed(['{"type": "BATCH", "stream": "numbers", "encoding": {}, "manifest": []}'])
    assert isinstance(error, RunEnded)
