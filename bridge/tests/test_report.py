"""`bridge report`: one page that holds everything, read in three languages and looked at in a browser at two widths."""

from __future__ import annotations

import json
import re
import shutil
import stat
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.reporting import Wanted, page
from bridge.view.chart import Bar, chart
from bridge.view.report import Calls, Input
from bridge.view.status import status_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Bridge

NOW = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)
LANGUAGES = ("nl", "fr", "en")
WIDTHS = (420, 1280)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def sums(count: int, net: str, vat: str) -> dict[str, Any]:
    return {"count": count, "net": Decimal(net), "vat": Decimal(vat), "gross": Decimal(net) + Decimal(vat)}


def month(name: str, kind: str, rate: str, **sides: dict[str, Any]) -> dict[str, Any]:
    nothing = {side: sums(0, "0", "0") for side in ("teamleader", "exact", "waiting", "excluded", "before_start")}
    return {"month": name, "kind": kind, "currency": "EUR", "vat_rate": Decimal(rate), **nothing, **sides}


RECONCILED: dict[str, Any] = {
    "equal": False,
    "months": [
        month(
            f"2026-0{number}",
            "invoice",
            "0.21",
            teamleader=sums(40 + number, "24000.00", "5040.00"),
            exact=sums(30 + number, "20000.00", "4200.00"),
            waiting=sums(8, "3000.00", "630.00"),
            excluded=sums(2, "1000.00", "210.00"),
        )
        for number in range(1, 7)
    ]
    + [
        month(
            "2026-06",
            "credit_note",
            "0.06",
            teamleader=sums(1, "-50.00", "-3.00"),
            exact=sums(1, "-49.00", "-2.94"),
        )
    ],
    "differences": [
        {
            "number": "2026/3",
            "kind": "credit_note",
            "what": "net",
            "teamleader": Decimal("-50.00"),
            "exact": Decimal("-49.00"),
            "source_id": "a",
            "exact_id": "b",
            "entry_number": 26710003,
            "code": None,
            "message": "the amounts without VAT differ",
        }
    ],
    "held": [],
    "standings": {},
    "moved": [{"kind": "invoice", "number": "2026/5", "date": "2026-02-27", "entry_date": "2026-03-01"}],
    "unregistered": [
        {
            "number": "2026/6",
            "kind": "invoice",
            "what": "open",
            "teamleader": Decimal("121.00"),
            "exact": Decimal("0.00"),
            "source_id": "d",
            "exact_id": "e",
            "entry_number": 26700006,
            "code": None,
            "message": "not as much is open",
        }
    ],
    "by_hand": 0,
    "calls": 20,
}


@pytest.fixture
def given(bridge: Bridge) -> Input:
    """A coupling with a year's worth of what can be told."""
    for number in range(1, 5):
        bridge.refused(
            f"c{number}",
            f"2026 / {number}",
            code="period_closed",
            reason=f"Period 2026-03 is closed; the document is of 2026-03-{number:02}",
            hint="Reopen the period of 2026-03-01 in Exact and use: bridge resend, or set on_closed_period to "
            "next_open to book it in the first open one.",
            payload={
                "id": f"c{number}",
                "kind": "invoice",
                "number": f"2026 / {number}",
                "date": f"2026-03-{number:02}",
            },
        )
    bridge.refused(
        "v", "2026 / 9", hint='Add the rate to the setting vat_codes, for example "21%": "<VAT code in Exact>".'
    )
    bridge.refused("<script>", "2026 / <b>10</b>", reason="<script>alert(1)</script>")
    bridge.refused("w", "2026 / 11", code="waiting_for_customer", status="waiting", reason="Of a customer")
    run = bridge.memory.store.runs.start("target-exactonline", bridge.memory.division)
    bridge.memory.store.runs.finish(run, "degraded", {}, "4 booked, 2 refused")
    status = status_document(bridge.memory, now=NOW, zone=timezone.utc, is_there=lambda _: True)
    paid = {"source_id": "p", "number": "2026 / 7", "amount": Decimal("1234.50"), "currency": "EUR"}
    paid |= {"how": "money", "paid_at": "2026-06-24", "told_at": "2026-06-25T10:00:00Z"}
    return Input(status, RECONCILED, None, (paid,), NOW - timedelta(days=1), Calls(1200, 5000))


def written(given: Input, language: str) -> str:
    return page(given, Wanted(language, NOW, timedelta(hours=2)), "Bakkerij Peeters", 123456)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "nl",
            [
                "Te doen",
                "Periode 2026-03 gesloten: 4 documenten",
                "Heropen de periode van 01/03/2026 in Exact",
                "EUR 1.234,50",
                "Niet gelijk",
                "jan 2026",
            ],
        ),
        ("fr", ["À faire", "Rouvrez la période de 01/03/2026 dans Exact", "Pas égal", "janv. 2026"]),
        ("en", ["To do", "Reopen the period of 2026-03-01 in Exact", "EUR 1,234.50", "Not equal", "Jan 2026"]),
    ],
)
def test_the_page_speaks_the_readers_language(given: Input, language: str, says: list[str]) -> None:
    text = written(given, language)
    assert f'<html lang="{language}">' in text
    for each in says:
        assert each in text


def test_what_is_booked_in_another_month_or_stays_open_by_a_setting_is_told_apart(given: Input) -> None:
    text = written(given, "nl")
    sections = {
        re.findall("<h2>(.*?)</h2>", section)[0]: re.findall("<td.*?>(.*?)</td>", section)
        for section in text.split("<section>")[1:]
    }
    unpaid = sections["Afgepunt in Exact, open in Teamleader: betalingen worden niet geregistreerd"]
    assert unpaid == ["Factuur 2026/6", "er staat niet evenveel open", "121,00", "0,00"]
    assert sections["In een andere maand geboekt"] == ["Factuur 2026/5", "27 feb 2026", "1 mrt 2026"]
    assert sections["Verschillen"][0] == "Creditnota 2026/3"


def test_the_page_holds_everything_itself_and_takes_nothing_for_markup(given: Input) -> None:
    text = written(given, "en")
    assert not re.search(r"<(script|link rel=.stylesheet|img|iframe)|@import|url\(", text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    addresses = set(re.findall(r'href="([^"]+)"', text)) - {"data:,"}
    assert addresses
    assert all(each.startswith(("https://focus.teamleader.eu/", "https://start.exactonline.be/")) for each in addresses)


def test_a_pile_is_as_high_as_what_it_holds() -> None:
    drawn = chart([Bar("a", (("exact", Decimal(60)), ("waiting", Decimal(20)))), Bar("b", (("exact", Decimal(40)),))])
    heights = [piece.height for piece in drawn.pieces]
    assert heights[0] == 3 * heights[1]
    assert heights[2] == 2 * heights[1]
    assert [label.text for label in drawn.labels] == ["a", "b"]


def test_report_is_written_whole_for_its_owner_alone_and_remembers_when(bridge: Bridge, tmp_path: Path) -> None:
    bridge.linked("a", "2026 / 12")
    file = tmp_path / "report.html"
    assert f"The report is in {file}" in bridge.does("report", "--offline", "--file", str(file), "--lang", "nl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Nog geen run" in file.read_text(encoding="utf-8")
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    assert bridge.memory.store.position(bridge.memory.division, "bridge report") is not None
    told = json.loads(bridge.does("report", "--offline", "--file", str(file), "--output", "json"))
    assert told == {"file": str(file), "level": "amber"}
    assert "cannot be written" in bridge.refuses("report", "--offline", "--file", str(tmp_path / "no" / "report.html"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is no browser it is of no use

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_browser_shows_it_without_error_or_request_and_accessibly(
    given: Input, browser: Any, tmp_path: Path, language: str, width: int
) -> None:
    """Screenshots stay in pytest's folder of the test: report-nl-420.png and five others."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    file = tmp_path / "report.html"
    file.write_text(written(given, language), encoding="utf-8")
    # axe is put into the page, which allows no script of its own.
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    shown = context.new_page()
    told: list[str] = []
    asked: list[str] = []
    shown.on("console", lambda message: told.append(message.text))
    shown.on("pageerror", lambda error: told.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    picture = tmp_path / f"report-{language}-{width}.png"
    shown.screenshot(path=str(picture), full_page=True)
    assert picture.stat().st_size > 0
    assert told == []
    assert {each for each in asked if not each.startswith("data:")} == {file.as_uri()}
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(shown).response["violations"]
    assert [(each["id"], each["impact"]) for each in found if each["impact"] in {"serious", "critical"}] == []
    context.close()
