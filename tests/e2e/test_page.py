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
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=90).stdout


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
