"""Teamleader's own shapes, through the tap and the mapper as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The messages of the tap on a sandbox of 40 invoices, and what the mapper made of them."""
    folder: Path = tmp_path_factory.mktemp("pipe")
    with SandboxProcess("--no-limits", "--customers", "20", "--invoices", "40", "--credit-notes", "8") as sandbox:
        config = {
            "client_id": "sandbox-teamleader",
            "client_secret": "sandbox-teamleader-secret",
            "refresh_token": "sandbox-teamleader-refresh",
            "api_url": sandbox.teamleader_url,
            "auth_url": sandbox.teamleader_url,
            "store_uri": f"sqlite:///{folder}/store.db",
            "start_date": "all",
        }
        (folder / "config.json").write_text(json.dumps(config))
        command = [sys.executable, "-m", "tap_teamleader", "--config", str(folder / "config.json")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as tap:
            output, _ = tap.communicate()
    mapped = subprocess.run(
        [sys.executable, "-m", "teamleader_exactonline_mappers"],
        input=output,
        capture_output=True,
        text=True,
        check=True,
    )
    return messages(output), messages(mapped.stdout)


def messages(output: str) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in output.splitlines()]


def records(found: list[dict[str, Any]], *streams: str) -> list[dict[str, Any]]:
    return [message["record"] for message in found if message["type"] == "RECORD" and message["stream"] in streams]


Ran = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def test_every_customer_and_document_becomes_one_record(ran: Ran) -> None:
    source, mapped = ran
    assert len(records(mapped, "accounts")) == len(records(source, "companies", "contacts")) > 0
    ids = [record["id"] for record in records(mapped, "sales_entries")]
    assert ids == [record["id"] for record in records(source, "invoices", "credit_notes")]


def test_every_record_fits_the_schema_that_went_before_it(ran: Ran) -> None:
    schemas = {message["stream"]: message["schema"] for message in ran[1] if message["type"] == "SCHEMA"}
    for message in ran[1]:
        if message["type"] == "RECORD":
            jsonschema.validate(message["record"], schemas[message["stream"]])


def test_what_teamleader_sends_has_no_problems_but_withholding_is_told(ran: Ran) -> None:
    problems = [problem for record in records(ran[1], "sales_entries") for problem in record["problems"]]
    assert problems == []


def test_the_sums_are_those_of_teamleader_with_credit_notes_taken_off(ran: Ran) -> None:
    source, mapped = ran
    invoiced = sum(record["total"]["tax_inclusive"]["amount"] for record in records(source, "invoices"))
    credited = sum(record["total"]["tax_inclusive"]["amount"] for record in records(source, "credit_notes"))
    assert sum(record["totals"]["gross"] for record in records(mapped, "sales_entries")) == invoiced - credited
    for record in records(mapped, "sales_entries"):
        assert (
            record["totals"]["net"] + sum(tax["tax"] for tax in record["totals"]["taxes"])
            == (record["totals"]["gross"])
        )


def test_every_document_names_a_customer_that_came_before_it(ran: Ran) -> None:
    known: set[str] = set()
    for message in ran[1]:
        if message["type"] != "RECORD":
            continue
        if message["stream"] == "accounts":
            known.add(message["record"]["id"])
        else:
            assert message["record"]["customer"] in known


def test_every_state_passes_as_it_came(ran: Ran) -> None:
    states = [[message for message in found if message["type"] == "STATE"] for found in ran]
    assert states[0] == states[1]


def test_every_document_brings_its_pdf(ran: Ran) -> None:
    for record in records(ran[1], "sales_entries"):
        assert [file["media_type"] for file in record["attachments"]] == ["application/pdf"]
