"""The mapper as a program between two others."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.singerlib.json import serialize_json

from connector_testing.programs import wait_until, waits_for_input
from teamleader_exactonline_mappers import schemas

_spec = importlib.util.spec_from_file_location("mapper_shapes", Path(__file__).with_name("conftest.py"))
assert _spec
assert _spec.loader
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)

SCHEMAS = Path(schemas.__file__).parent
PROGRAM = [sys.executable, "-m", "teamleader_exactonline_mappers"]


def pipe(*lines: str, end: str = "\n", mapping: str | None = None) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.json")
        config.write_text(json.dumps({} if mapping is None else {"mapping": mapping}))
        program = PROGRAM if mapping is None else [*PROGRAM, "--config", str(config)]
        return subprocess.run(
            program, input="\n".join(lines) + end, capture_output=True, text=True, check=False, timeout=60
        )


def messages(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def schema(stream: str) -> str:
    return serialize_json({"type": "SCHEMA", "stream": stream, "schema": {"properties": {}}, "key_properties": ["id"]})


def record(stream: str, content: Any, **fields: Any) -> str:
    return serialize_json({"type": "RECORD", "stream": stream, "record": content, **fields})


def test_a_run_of_the_forward_job() -> None:
    ran = pipe(
        schema("departments"),
        record("departments", {"id": shapes.DEPARTMENT, "currency": "EUR"}),
        schema("product_categories"),
        schema("companies"),
        record("companies", {"id": "c-1", "name": "Acme"}),
        schema("contacts"),
        record("contacts", {"id": "p-1", "last_name": "Peeters"}),
        '{"type": "STATE", "value": {"bookmarks": {"companies": {"n": 1.10}}}}',
        schema("invoices"),
        record("invoices", shapes.invoice(), time_extracted="2026-06-25T10:00:00+00:00"),
        schema("credit_notes"),
        record("credit_notes", shapes.credit_note()),
        schema("subscriptions"),
        record("subscriptions", {"id": "s-1"}),
        '{"type": "ACTIVATE_VERSION", "stream": "companies", "version": 1}',
        '{"type": "STATE", "value": {"bookmarks": {}}}',
    )
    assert ran.returncode == 0, ran.stderr
    found = messages(ran.stdout)
    assert [(message["type"], message.get("stream")) for message in found] == [
        ("SCHEMA", "accounts"),
        ("RECORD", "accounts"),
        ("RECORD", "accounts"),
        ("STATE", None),
        ("SCHEMA", "sales_entries"),
        ("RECORD", "sales_entries"),
        ("RECORD", "sales_entries"),
        ("STATE", None),
    ]
    assert '{"type":"STATE","value":{"bookmarks":{"companies":{"n":1.10}}}}' in ran.stdout
    assert found[5]["time_extracted"] == "2026-06-25T10:00:00+00:00"
    # To the digit, as a JSON number, through the pipe.
    assert '"net":100.00' in ran.stdout
    assert '"gross":-121.00' in ran.stdout


def test_a_run_of_the_reverse_job() -> None:
    ran = pipe(
        schema("accounts"),
        record("accounts", {"ID": "a-1"}),
        schema("receivables"),
        record("receivables", shapes.receivable(shapes.term("121.00", 50, settled_by=[40]))),
        record("receivables", shapes.receivable(TransactionType=40)),
        '{"type": "STATE", "value": {"bookmarks": {"receivables": {"n": 1.10}}}}',
        '{"type": "ACTIVATE_VERSION", "stream": "receivables", "version": 1}',
        schema("companies"),
        record("companies", {"id": "c-1", "name": "Acme"}),
        mapping="exactonline-to-teamleader",
    )
    assert ran.returncode == 0, ran.stderr
    found = messages(ran.stdout)
    assert [(message["type"], message.get("stream")) for message in found] == [
        ("SCHEMA", "payments"),
        ("RECORD", "payments"),
        ("STATE", None),
    ]
    assert '{"type":"STATE","value":{"bookmarks":{"receivables":{"n":1.10}}}}' in ran.stdout
    assert '"settled":121.00' in ran.stdout
    assert found[0]["key_properties"] == ["id"]


def test_a_receivable_that_was_cut_off_is_dropped_without_a_crash() -> None:
    cut_off = record("receivables", shapes.receivable())[:80]
    ran = pipe(record("receivables", shapes.receivable()), cut_off, end="", mapping="exactonline-to-teamleader")
    assert ran.returncode == 0
    assert [message["type"] for message in messages(ran.stdout)] == ["SCHEMA", "RECORD"]
    assert "cut off" in ran.stderr


SOURCES = {
    "accounts": ("companies", "teamleader-to-exactonline"),
    "deleted_entries": ("deleted_documents", None),
    "sales_entries": ("invoices", None),
    "payments": ("receivables", "exactonline-to-teamleader"),
    "companies": ("accounts", "exactonline-customers-to-teamleader"),
    "contacts": ("contacts", "exactonline-customers-to-teamleader"),
}


@pytest.mark.parametrize("stream", SOURCES)
def test_a_schema_file_is_what_the_target_is_told_as_it_stands(stream: str) -> None:
    source, mapping = SOURCES[stream]
    message = messages(pipe(schema(source), mapping=mapping).stdout)[0]
    assert message == {
        "type": "SCHEMA",
        "stream": stream,
        "schema": json.loads(SCHEMAS.joinpath(f"{stream}.json").read_text("utf-8")),
        "key_properties": ["id"],
    }


def test_every_schema_file_is_used() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == SOURCES.keys()


def test_a_message_that_was_cut_off_is_dropped_without_a_crash() -> None:
    ran = pipe(record("companies", {"id": "c-1", "name": "Acme"}), '{"type":"RECORD","stream":"companies","rec', end="")
    assert ran.returncode == 0
    assert [message["type"] for message in messages(ran.stdout)] == ["SCHEMA", "RECORD"]
    assert "cut off" in ran.stderr


def test_a_line_that_is_no_message_ends_the_run_without_showing_it() -> None:
    ran = pipe('{"name": "Jan Peeters", ', schema("companies"))
    assert ran.returncode == 1
    assert "Peeters" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_wrong_mapping_is_one_readable_line(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"mapping": "sideways"}')
    ran = subprocess.run(
        [*PROGRAM, "--config", str(config)], input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 1
    assert [line for line in ran.stderr.splitlines() if "sideways" in line]
    assert "Traceback" not in ran.stderr


def test_sigterm_between_messages_ends_it_at_once_with_whole_lines() -> None:
    process = subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    with process:
        process.stdin.write(schema("companies") + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["type"] == "SCHEMA"
        wait_until(lambda: waits_for_input(process))
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_it_promises_nothing_it_does_not_do() -> None:
    ran = subprocess.run([*PROGRAM, "--about", "--format=json"], capture_output=True, text=True, check=True)
    about = json.loads(ran.stdout)
    assert about["capabilities"] == ["about", "structured-logging"]
    assert list(about["settings"]["properties"]) == ["mapping"]
    assert set(about["settings"]["properties"]["mapping"]["enum"]) == {
        mapping for _, mapping in SOURCES.values() if mapping
    }
