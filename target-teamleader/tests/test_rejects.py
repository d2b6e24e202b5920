"""What could not be registered is kept, tried again, and solved by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import target_teamleader
from target_teamleader.reasons.catalogue import CATALOGUE
from target_teamleader.reasons.rejection import Rejection

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
PACKAGE = Path(target_teamleader.__file__).parent
USED = {
    code for path in PACKAGE.rglob("*.py") for code in re.findall(r'Rejection\.of\(\s*"([a-z_]+)"', path.read_text())
}


def test_a_refused_payment_is_kept_with_all_that_is_known_and_the_others_go_on(harness: Harness) -> None:
    refused, right = harness.invoice(), harness.invoice()
    harness.fault("registerPayment", "error", status=400, message='The period of "someone" is locked', times=1)
    record = harness.record(refused, ("121.00", DAY))
    ran = harness.run(record, harness.record(right, ("121.00", DAY)))
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert harness.due(right) == 0
    with harness.store() as store:
        kept = store.rejects(harness.division).get("payment", refused["id"])
        assert store.registered_payments(harness.division).get(refused["id"]).plan is None  # type: ignore[union-attr]
        assert store.runs.last(1)[0].outcome == "degraded"
    assert kept is not None
    assert (kept.code, kept.status, kept.number) == ("payment_refused", "rejected", refused["number"])
    assert (kept.amount, kept.currency) == (121, "EUR")
    assert kept.payload == record
    assert "someone" not in kept.reason
    assert "someone" not in ran.log


def test_it_is_tried_again_in_every_run_and_counted(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault("registerPayment", "error", status=400, message="No", times=2)
    harness.run(harness.record(invoice, ("121.00", DAY)))
    harness.run()
    with harness.store() as store:
        assert store.rejects(harness.division).all()[0].attempts == 2
    assert harness.run().counts == {"registered": 1}
    assert harness.codes() == {}


def test_a_newer_record_takes_the_place_of_the_refused_one(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault("registerPayment", "error", status=400, message="No", times=1)
    harness.run(harness.record(invoice, ("121.00", DAY)))
    ran = harness.run(harness.record(invoice))
    assert ran.counts == {"unchanged": 1}
    assert harness.codes() == {}
    assert harness.payments(invoice) == []


def test_a_wrong_payment_method_is_refused_until_the_setting_is_right(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("121.00", DAY)), payment_method_id="none of yours")
    assert ran.counts == {"rejected": 1}
    assert harness.run().counts == {"registered": 1}


def test_rejects_of_other_kinds_are_left_alone(harness: Harness) -> None:
    with harness.store() as store:
        store.rejects(harness.division).put(
            "invoice", "x", code="vat_code_unmapped", reason="-", hint="-", payload={"id": "x"}
        )
    assert harness.run().counts == {}
    assert harness.codes() == {"x": "vat_code_unmapped"}


def test_a_waiting_entry_costs_no_call_and_no_line_in_the_trail_until_something_changes(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("60.50", DAY), amount=60.5, open=0))
    ran = harness.run()
    assert ran.counts == {}
    assert not ran.calls
    with harness.store() as store:
        assert store.rejects(harness.division).all()[0].attempts == 1


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_has_a_title_and_a_hint(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert CATALOGUE[code].title[0].isupper()
    assert not CATALOGUE[code].title.endswith(".")
    assert CATALOGUE[code].hint.endswith(".")
    assert not set("{}\n") & set(CATALOGUE[code].hint)


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert len(USED) >= 8
    assert CATALOGUE.keys() >= USED
    assert Rejection.of("outcome_unknown", "-").hint == CATALOGUE["outcome_unknown"].hint


def test_what_was_kept_under_another_key_is_told_by_each_run(harness: Harness) -> None:
    """Line 33: it waits unseen otherwise, since nobody can read what it was."""
    refused = harness.invoice()
    harness.fault("registerPayment", "error", status=400, message="Locked", times=1)
    harness.run(harness.record(refused, ("121.00", DAY)))
    (harness.folder / "connector.db.key").unlink()
    assert "Rejects that cannot be opened: 1. Put the key of the store back, or log in again" in harness.run().log
