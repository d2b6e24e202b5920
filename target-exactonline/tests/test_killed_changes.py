"""Line 1: wherever a run is cut off while it changes an entry, after the next one it is the old entry or the new."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store.links import Links
from connector_store.rejects import Rejects
from connector_testing.cutting import Cut, cut_off
from exactonline_api import ExactClient
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Harness, SandboxExact

STEPS = (
    (ExactClient, "put"),
    (ExactClient, "post"),
    (ExactClient, "delete"),
    (Links, "intend"),
    (Links, "confirm"),
    (Links, "withdraw"),
    (Links, "progress"),
    (Links, "end_change"),
    (Rejects, "put"),
)
LINES = "salesentry/SalesEntryLines"
Entry = tuple[str, list[tuple[Decimal, str]]]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))


def version(harness: Harness, record: dict[str, Any], nets: list[str], due: str, day: int) -> dict[str, Any]:
    amounts = [Decimal(net) for net in nets]
    tax = (sum(amounts) * Decimal("0.21")).quantize(Decimal("0.01"))
    return harness.as_version(
        record,
        lines=[{**record["lines"][0], "net": amount, "description": f"Werk {amount}"} for amount in amounts],
        totals={
            "net": sum(amounts),
            "gross": sum(amounts) + tax,
            "taxes": [{"rate": Decimal("0.21"), "taxable": sum(amounts), "tax": tax}],
        },
        due_date=due,
        updated_at=f"2026-05-{day}T09:00:00Z",
    )


def stands(harness: Harness, record: dict[str, Any]) -> Entry:
    (entry,) = harness.exact.entries(record["number"])
    return entry["due_date"], sorted((line["net"], line["description"]) for line in entry["lines"])


def wanted(record: dict[str, Any]) -> Entry:
    return record["due_date"], sorted((line["net"], line["description"]) for line in record["lines"])


@pytest.mark.parametrize(
    ("refused", "then", "stride"),
    [
        (None, "the same", 1),
        (None, "the old version", 2),
        ("DELETE", "the same", 2),
        ("DELETE", "the old version", 3),
        ("PUT", "nothing", 3),
    ],
)
def test_line_1_a_change_that_is_cut_off_at_any_moment_ends_as_the_old_or_the_new_entry(
    exact_service: SandboxExact,
    make_harness: type[Harness],
    tmp_path: Path,
    refused: str | None,
    then: str,
    stride: int,
) -> None:
    for step in range(0, 90, stride):
        (tmp_path / str(step)).mkdir()
        harness = make_harness(exact_service, tmp_path / str(step))
        record = harness.invoice()
        old = version(harness, record, ["100.00", "30.00", "20.00"], "2026-04-01", 18)
        new = version(harness, record, ["150.00", "30.00"], "2026-05-31", 20)
        harness.run(harness.company(), old)
        if refused:
            harness.exact.fault(match=LINES, method=refused, kind="business", message="Niet toegestaan", times=1)
        with cut_off(STEPS, step) as passed:
            harness.run(new)
        harness.exact.no_faults()
        comes = {"the same": [new], "nothing": [], "the old version": [{**old, "updated_at": new["updated_at"]}]}
        harness.exact.later()
        harness.run(*comes[then])
        found, where = stands(harness, record), f"cut off at moment {step}"
        if then == "nothing":
            assert without_texts(found) in (without_texts(wanted(old)), without_texts(wanted(new))), where
        else:
            is_refused = harness.codes() == {record["id"]: "changed_after_booking"}
            last = new if then == "the same" else old
            assert found == wanted(last) or (is_refused and found == wanted(old)), where
        link = harness.link(record)
        assert (link.changing_to, link.document.change) == (None, None), where
        if passed[0] <= step:
            break
    assert step > 6


def without_texts(entry: Entry) -> tuple[str, list[Decimal]]:
    return entry[0], [net for net, _ in entry[1]]


def test_a_long_change_that_is_cut_off_rests_from_its_last_write(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line 9: Exact may still be at the last line, ten minutes after the first."""
    record = harness.invoice()
    old = version(harness, record, ["100.00"], "2026-04-01", 18)
    new = version(harness, record, [f"{number}.00" for number in range(1, 9)], "2026-04-01", 20)
    harness.run(harness.company(), old)
    post, posted = ExactClient.post, []

    def slow(*arguments: Any, **named: Any) -> Any:
        posted.append(arguments)
        if len(posted) > 6:
            raise Cut
        harness.exact.wait(100)
        return post(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(ExactClient, "post", slow)
        harness.run(new)
    assert harness.link(record).changing_to is not None
    harness.run()
    assert harness.link(record).changing_to is not None
    harness.exact.later()
    harness.run(new)
    assert stands(harness, record) == wanted(new)
