"""What a preview shows is what the real run does, and it leaves no trace (issue 10, item 7)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.coupling import DIVISION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.coupling import Coupling

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

READS = {"list", "info", "me", "access_token"}

Journal = dict[tuple[str, str], list[tuple[Any, ...]]]


def preview(coupling: Coupling, *arguments: str) -> str:
    ran = coupling.bridge("preview", *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def digests(folder: Path) -> dict[str, str]:
    """Return the content of every file of the store, and of Meltano's database."""
    files = [path for path in folder.glob("*.db*") if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def foreseen(found: dict[str, Any]) -> Journal:
    return {
        (each["kind"], each["number"]): sorted(
            (each["journal"], each["date"], line["gl_account"], line["vat_code"], line["net"], line["vat"])
            for line in each["lines"]
        )
        for each in found["documents"]
        if each["outcome"] == "book"
    }


def in_the_books(coupling: Coupling) -> Journal:
    return {
        (entry["kind"], entry["number"]): sorted(
            (entry["journal"], entry["date"], line["gl_account"], line["vat_code"], line["net"], line["vat"])
            for line in entry["lines"]
        )
        for entry in coupling.sandbox.exact_entries()
        if entry["number"]
    }


def the_preview_equals_the_real_run(coupling: Coupling) -> None:
    coupling.sandbox.teamleader("add_product_category", name="Oude reeks", ledger="706000")
    coupling.sandbox.add_invoice(lines=[{"unit_price": "10", "tax_rate": "21%", "category": "Oude reeks"}])
    with coupling.opened():
        pass  # the store as a login leaves it
    coupling.sandbox.forget_calls()
    coupling.bridge("check")  # renews both logins
    before = digests(coupling.folder)
    found = json.loads(preview(coupling, "--output", "json"), parse_float=Decimal)
    assert digests(coupling.folder) == before
    assert coupling.sandbox.writes("exact") == 0
    assert {path.replace("/", ".").rpartition(".")[2] for _, path in coupling.sandbox.call_list("teamleader")} <= READS
    ran = coupling.documents()
    assert ran.code == 0, ran.output
    assert foreseen(found) == in_the_books(coupling)
    with coupling.opened() as store:
        (run,) = [each for each in store.runs.last(9) if each.plugin == "target-exactonline"]
        rejects = Counter(each.code for each in store.rejects(DIVISION).all())
    outcomes = Counter(each["outcome"] for each in found["documents"])
    assert outcomes["book"] == run.counts["booked"]
    assert outcomes["reject"] == run.counts.get("rejected", 0)
    assert Counter(each["code"] for each in found["documents"] if each["outcome"] == "reject") == rejects
    assert found["customers"]["create"] == run.counts.get("customers created", 0)
    assert found["customers"]["match"] == run.counts.get("customers matched", 0)
    assert found["minutes"] >= 1


def test_a_preview_equals_the_real_run_and_leaves_the_store_byte_for_byte(small: Coupling) -> None:
    the_preview_equals_the_real_run(small)
    rows = list(csv.DictReader(io.StringIO(preview(small, "--csv"))))
    assert {row["outcome"] for row in rows} <= {"unchanged", "reject"}
    assert all(row["number"] for row in rows)


def test_of_the_demos_whole_year_too(coupling_with: Callable[..., Coupling]) -> None:
    the_preview_equals_the_real_run(coupling_with("--no-limits"))
