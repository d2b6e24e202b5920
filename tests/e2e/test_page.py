"""The sandbox's page, as a person sees it in a browser after a run."""

from __future__ import annotations

import shutil
import struct
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def browse(folder: Path, *arguments: str) -> str:
    """Open headless Chromium with a profile of its own; return what it printed."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder}/profile", "--window-size=1400,2000", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed on this machine")
def test_the_page_shows_the_journals_beside_teamleaders_invoices(small: Any, tmp_path: Path) -> None:
    assert small.documents().code == 0
    picture = tmp_path / "page.png"

    browse(tmp_path, f"--screenshot={picture}", small.sandbox.page_url)
    shown = browse(tmp_path, "--dump-dom", small.sandbox.page_url)

    kind, width, height = struct.unpack(">12x4sII", picture.read_bytes()[:24])
    assert (kind, width, height) == (b"IHDR", 1400, 2000)
    assert len(set(picture.read_bytes())) > 200, "more than a white page"
    for entry in small.sandbox.exact_entries():
        assert entry["number"] in shown
    for title in ("Sales journals", "Receivables", "Teamleader"):
        assert title.lower() in shown.lower()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed on this machine")
def test_the_page_cuts_no_column_on_a_desk_and_is_no_wider_than_a_telephone(small: Any) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is no browser it is of no use

    name = "Een klant met een heel lange naam en meer NV"
    customer = small.sandbox.exact("add_account", Name=name, Status="C")["id"]
    lines = [{"vat_code": "21", "amount": "1234567.55"}]
    for document in small.sandbox.teamleader_documents()[:5]:
        small.sandbox.exact("add_entry", customer=customer, your_ref=document["number"], lines=lines)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(small.sandbox.page_url)
        boxes = page.eval_on_selector_all(".scroll", "all => all.map(each => [each.scrollWidth, each.clientWidth])")
        assert [wide for wide, room in boxes if wide > room] == []
        page.set_viewport_size({"width": 420, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 420
        browser.close()
