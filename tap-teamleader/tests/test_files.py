"""Files go beside the records; whatever is wrong with one, its document comes, and the file follows."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from api_core.repeats import TRIES
from connector_store import ConnectorStore
from tap_teamleader.attachments import UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def files_harness(harness_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return harness_of(tmp_path_factory.mktemp("store"), invoices=4, credit_notes=2)


@pytest.fixture
def fresh(files_harness: Any, tmp_path: Path) -> Iterator[Any]:
    """The account with a store of its own; every file is whole again afterwards."""
    files_harness.config.update(store_uri=f"sqlite:///{tmp_path}/store.db", attachments=["pdf"])
    files_harness.config["refresh_token"] = files_harness.post("login", {"service": "teamleader"})["refresh_token"]
    yield files_harness
    files_harness.delete("faults")
    files_harness.post("teamleader/set_file", {"how": "whole"})
    files_harness.post("teamleader/deny", {"actions": []})


def run(harness: Any, state: Any = None, hours: int = 0, **config: Any) -> Any:
    """Run over the invoices, so many hours from now as the queue of files sees it."""
    with time_machine.travel(datetime.now(timezone.utc) + timedelta(hours=hours)):
        return harness.run(state, catalog=harness.catalog("invoices"), **config)


def peak_of_a_run(harness: Any, folder: Path) -> int:
    """Return the most bytes of memory that a process of the tap used over the invoices, in a store of its own."""
    (folder / "catalog.json").write_text(json.dumps(harness.catalog("invoices")))
    token = harness.post("login", {"service": "teamleader"})["refresh_token"]
    store = f"sqlite:///{folder}/{token}.db"
    (folder / "config.json").write_text(json.dumps({**harness.config, "refresh_token": token, "store_uri": store}))
    command = [sys.executable, "-m", "tap_teamleader", "--config", folder / "config.json"]
    with subprocess.Popen([*command, "--catalog", folder / "catalog.json"], stdout=subprocess.DEVNULL) as tap:
        _, status, used = os.wait4(tap.pid, 0)
        tap.returncode = os.waitstatus_to_exitcode(status)
    assert tap.returncode == 0
    return used.ru_maxrss * 1024


def files_of(ran: Any) -> list[dict[str, Any]]:
    return [file for record in ran.records("invoices") for file in record["attachments"]]


def problems(ran: Any) -> set[str | None]:
    return {file.get("problem") for file in files_of(ran)}


def test_files_come_when_they_are_wanted_beside_the_records(fresh: Any) -> None:
    ran = run(fresh, attachments=["pdf", "ubl"])
    records = ran.records("invoices")
    assert records
    assert ran.calls["invoices.download"] == ran.calls["file"] == 2 * len(records)
    with ConnectorStore.open(fresh.config["store_uri"]) as store:
        for record in records:
            assert [file["format"] for file in record["attachments"]] == ["pdf", "ubl"]
            assert [file["filename"].rpartition(".")[2] for file in record["attachments"]] == ["pdf", "xml"]
            for file in record["attachments"]:
                with store.spool.open(file["sha256"]) as stream:
                    content = stream.read()
                assert hashlib.sha256(content).hexdigest() == file["sha256"]
                assert len(content) == file["size"]
                assert "content" not in file


def test_a_deselected_property_saves_the_downloads(fresh: Any) -> None:
    catalog = fresh.catalog("invoices", without=("invoices.attachments",))
    ran = fresh.run(catalog=catalog)
    assert ran.records("invoices")
    assert ran.calls["invoices.download"] == ran.calls["file"] == 0


def test_contents_stand_in_the_record_when_that_is_chosen(fresh: Any) -> None:
    for file in files_of(run(fresh, attachment_content="inline")):
        assert base64.b64decode(file["content"]).startswith(b"%PDF-")
        assert "sha256" not in file


@pytest.mark.parametrize("how", ["half", "html", "empty"])
def test_line_13_a_damaged_file_is_told_and_comes_when_it_is_whole(fresh: Any, how: str) -> None:
    fresh.post("teamleader/set_file", {"how": how})
    first = run(fresh)
    assert problems(first) == {"file_damaged"}
    still = run(fresh, first.state)
    assert still.calls["file"] == len(first.ids("invoices"))
    assert not still.records("invoices")
    fresh.post("teamleader/set_file", {"how": "whole"})
    rests = run(fresh, still.state)
    assert rests.calls["file"] == 0
    assert not rests.records("invoices")
    later = run(fresh, rests.state, hours=1)
    assert sorted(later.ids("invoices")) == sorted(first.ids("invoices"))
    assert problems(later) == {None}
    assert not run(fresh, later.state, hours=30).records("invoices")


def test_line_13_a_late_file_comes_again_until_its_record_arrived(fresh: Any) -> None:
    fresh.post("teamleader/set_file", {"how": "half"})
    first = run(fresh)
    fresh.post("teamleader/set_file", {"how": "whole"})
    later = run(fresh, first.state)
    again = run(fresh, first.state)
    assert sorted(again.ids("invoices")) == sorted(later.ids("invoices")) == sorted(first.ids("invoices"))
    assert again.calls["file"] == 0
    assert files_of(again) == files_of(later)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_line_31_files_that_are_refused_hold_back_no_document(fresh: Any, status: int) -> None:
    rule = {"service": "teamleader", "match": "invoices.download", "kind": "error", "status": status}
    fresh.post("faults", [rule])
    ran = run(fresh)
    assert ran.code == 0
    assert problems(ran) == {"file_denied" if status == 403 else "file_not_delivered"}
    assert ran.calls["invoices.download"] == 1 or status != 403


def test_files_that_get_no_answer_hold_up_two_documents_and_no_other(fresh: Any) -> None:
    fresh.post("faults", [{"service": "teamleader", "match": "invoices.download", "kind": "error", "status": 503}])
    ran = run(fresh)
    assert ran.code == 0
    assert problems(ran) == {"file_not_delivered"}
    assert ran.calls["invoices.download"] == UNANSWERED * TRIES < len(files_of(ran)) * TRIES
    fresh.delete("faults")
    assert problems(run(fresh, ran.state)) == {None}


def test_line_31_a_right_to_a_list_that_nothing_needs_holds_back_nothing(
    fresh: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fresh.post("teamleader/deny", {"actions": ["subscriptions.list"]})
    ran = fresh.run(catalog=fresh.catalog("invoices", "subscriptions"))
    assert ran.code == 0
    assert ran.records("invoices")
    assert "subscriptions are left out" in caplog.text
    fresh.post("teamleader/deny", {"actions": ["taxRates.list"]})
    assert fresh.run(catalog=fresh.catalog("tax_rates", "invoices")).code == 1


def test_line_14_a_file_of_any_size_makes_no_long_line(fresh: Any) -> None:
    first, second, *_ = run(fresh, attachments=[]).ids("invoices")
    fresh.post("teamleader/set_file", {"id": first, "bytes": 39 * MEBIBYTE})
    fresh.post("teamleader/set_file", {"id": second, "bytes": 60 * MEBIBYTE})
    for how, known in (("spool", None), ("inline", "file_too_large")):
        ran = run(fresh, attachment_content=how)
        found = {record["id"]: record["attachments"][0] for record in ran.records("invoices")}
        assert found[second]["problem"] == "file_too_large"
        assert found[first].get("problem") == known
        assert all("problem" not in file for name, file in found.items() if name not in {first, second})
        assert max(len(str(record)) for record in ran.records("invoices")) < 100_000
    for document in (first, second):
        fresh.post("teamleader/set_file", {"id": document, "how": "whole"})


def test_line_14_a_file_of_any_size_is_never_in_memory(fresh: Any, tmp_path: Path) -> None:
    first, *_ = run(fresh, attachments=[]).ids("invoices")
    usual = peak_of_a_run(fresh, tmp_path)
    fresh.post("teamleader/set_file", {"id": first, "bytes": 45 * MEBIBYTE})
    large = peak_of_a_run(fresh, tmp_path)
    fresh.post("teamleader/set_file", {"id": first, "how": "whole"})
    assert large - usual < 15 * MEBIBYTE


def test_line_4_a_file_is_fetched_again_when_its_document_changed_but_not_for_a_payment(fresh: Any) -> None:
    first = run(fresh)
    unpaid = next(record for record in first.records("invoices") if not record["paid"])
    fresh.post("teamleader/pay", {"id": unpaid["id"]})
    paid = run(fresh, first.state, lookback_minutes=1440)
    assert unpaid["id"] in paid.ids("invoices")
    assert paid.calls["file"] == 0
    changed = next(record for record in first.records("invoices") if record["id"] != unpaid["id"])
    fresh.post("teamleader/edit_invoice", {"id": changed["id"], "note": "with another note"})
    later = run(fresh, paid.state, lookback_minutes=1440)
    assert changed["id"] in later.ids("invoices")
    assert later.calls["file"] == 1
