"""What is wrong with an input record is told in one line, without its values."""

from __future__ import annotations

from typing import Any

import pytest

from singer_shell.endings import RunEnded, UnknownStream
from singer_shell.validation import InputSchemas

SCHEMAS = InputSchemas("singer_shell")


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
        ({"number": "seven", "day": "x"}, "day: does not have the right form (and 1 more)"),
    ],
)
def test_a_fault_names_the_field_and_the_rule(changes: dict[str, Any], line: str) -> None:
    assert SCHEMAS.fault("numbers", {"id": "1", "number": 1, **changes}) == line


def test_a_record_that_fits_has_no_fault() -> None:
    assert SCHEMAS.fault("numbers", {"id": "1", "number": 1, "extra": {"anything": True}}) is None


def test_a_record_that_does_not_fit_is_kept_as_rejected_and_the_run_goes_on(specimens: Any, numbers: Any) -> None:
    assert specimens.feed(numbers(1, "two", 3)) == ([3], None)
    assert specimens.kept() == [1, 3]
    assert (specimens.last_run().outcome, specimens.last_run().message) == ("degraded", "2 kept, 1 rejected")


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
