"""What is measured: each case is a piece of work of the product, beside its baseline."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from connector_testing.coupling import Coupling
from sandbox.testing import SandboxProcess

from .coupled import Measure, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


CREDIT_NOTES_PER_DOCUMENT = 10
"""One in ten documents is a credit note."""
IDLE_DOCUMENTS = 50
IDLE_TIMES = 3
"""Idle runs are short: the middle one of three counts."""


@dataclass(frozen=True)
class Case:
    """A piece of work and its baseline."""

    name: str
    work: str
    """In words, for a table."""
    units: int
    unit: str
    product: Measure
    baseline: Measure | None
    baseline_name: str

    @property
    def ratio(self) -> float | None:
        """CPU of the product to that of the baseline."""
        return None if self.baseline is None else self.product.usage.cpu / self.baseline.usage.cpu


@contextmanager
def coupled(documents: int) -> Iterator[Measured]:
    """Yield a coupling, nothing of which has run, with a Teamleader that holds so many documents."""
    credit_notes = documents // CREDIT_NOTES_PER_DOCUMENT
    sizes = ("--invoices", str(documents - credit_notes), "--credit-notes", str(credit_notes))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, SandboxProcess("--no-limits", *sizes) as sandbox:
        yield Measured(Coupling(Path(folder), sandbox))


def both_ways(documents: int) -> Iterator[Case]:
    """Measure what a coupling costs from its first run to an idle one."""
    with coupled(documents) as bare:
        bare_forward = bare.bare("forward")
        bare_reverse = _bare_payments(bare)
    with coupled(documents) as product:
        first = product.run("documents")
        yield Case("forward", "a first run of `documents`", documents, "document", first, bare_forward, "bare script")
        product.run("payments")
        settled = _settle(product)
        back = product.run("payments")
        yield Case("reverse", "`payments` after all was settled", settled, "payment", back, bare_reverse, "bare script")
        read_back = product.run("documents")
        yield Case("read back", "`documents` after those payments", settled, "payment", read_back, None, "")


def idle() -> Iterator[Case]:
    """Measure runs with nothing to do, beside an empty one."""
    with coupled(IDLE_DOCUMENTS) as product:
        product.run("documents", "payments")
        for jobs in (("documents",), ("payments",), ("documents", "payments")):
            work = " and ".join(f"`{job}`" for job in jobs)
            yield _idle(f"idle {' '.join(jobs)}", work, product, partial(product.run, *jobs))
        product.cycle("run")
        yield _idle("idle cycle", "`bridge run --only-news`", product, partial(product.cycle, "run", "--only-news"))


def _idle(name: str, work: str, product: Measured, run: Callable[[], Measure]) -> Case:
    run()
    pairs = [(run(), product.empty_run()) for _ in range(IDLE_TIMES)]
    middle = sorted((each for each, _ in pairs), key=lambda each: each.usage.cpu)[IDLE_TIMES // 2]
    empty = sorted((usage for _, usage in pairs), key=lambda usage: usage.cpu)[IDLE_TIMES // 2]
    return Case(name, f"{work}, nothing new", 1, "run", middle, Measure(empty, {}), "empty `meltano run`")


def first_load(rows: int) -> Iterator[Case]:
    """Measure a first run of the way back in books that people kept by hand for years."""
    with coupled(0) as product:
        product.sandbox.fill(receivables=rows)
        load = product.run("payments")
        bare = product.bare("reverse", payments=[], paid_at="")
    yield Case("first load", "a first run of `payments`", rows, "receivable", load, bare, "bare script")


def reading(rows: int) -> Iterator[Case]:
    """Measure tap-exactonline alone."""
    with coupled(0) as product:
        product.sandbox.fill(gl_accounts=rows)
        catalog = product.catalog("tap-exactonline", "gl_accounts")
        read = product.plugin("tap-exactonline", "--catalog", str(catalog))
        wanted = json.loads(catalog.read_text(encoding="utf-8"))["streams"]
        (schema,) = [each["schema"] for each in wanted if each["tap_stream_id"] == "gl_accounts"]
        bare = product.bare("reading", select=",".join(schema["properties"]))
    yield Case("reading", "ledger accounts by tap-exactonline", rows, "row", read, bare, "bare script")


def _settle(measured: Measured) -> int:
    """Match every entry of an invoice that nothing settled yet; return how many."""
    exact = measured.coupling.in_exact()
    open_ = [
        number for number, side in measured.coupling.in_teamleader().items() if not side[0] and exact[number][1] > 0
    ]
    measured.sandbox.exact("match_entries", entries=[{"your_ref": number, "journal": "70"} for number in open_])
    return len(open_)


def _bare_payments(bare: Measured) -> Measure:
    """Have the script register as much as the product will."""
    documents = [row for row in bare.sandbox.teamleader_documents() if row["kind"] == "invoice"]
    untouched = [row for row in documents if row["open"] == row["gross"] > 0]
    open_ = [(row["id"], int(row["open"] * 100), row["currency"]) for row in untouched]
    return bare.bare("reverse", payments=open_, paid_at="2026-01-01T10:00:00+00:00")
