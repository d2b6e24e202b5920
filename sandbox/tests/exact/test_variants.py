"""Administrations other than the Belgian one: a Dutch one, and ones that nobody finished."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import requests

from sandbox.testing import SandboxThread


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Any:
    with SandboxThread(
        today=date(2026, 6, 25), no_limits=True, customers=2, invoices=2, credit_notes=0, **request.param
    ) as sandbox:
        yield sandbox


def rows(sandbox: SandboxThread, path: str, select: str) -> list[dict[str, Any]]:
    login = {"grant_type": "refresh_token", "client_id": "sandbox-exact", "client_secret": "sandbox-exact-secret"}
    token = requests.post(
        f"{sandbox.exact_url}/api/oauth2/token", data={**login, "refresh_token": "sandbox-exact-refresh"}, timeout=10
    ).json()["access_token"]
    answer = requests.get(
        f"{sandbox.exact_url}/api/v1/123456/{path}",
        params={"$select": select},
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        timeout=60,
    )
    found: list[dict[str, Any]] = answer.json()["d"]["results"]
    return found


@pytest.mark.parametrize("started", [{"country": "NL"}], indirect=True)
def test_a_dutch_administration_has_a_dutch_number_chart_and_rates(started: SandboxThread) -> None:
    division = rows(started, "system/Divisions", "Code,VATNumber,Country")[0]
    assert (division["VATNumber"], division["Country"].strip()) == ("NL001234567B29", "NL")


@pytest.mark.parametrize(
    ("started", "path", "select", "left"),
    [
        ({"unfinished": ("no-journal",)}, "financial/Journals", "Code,Type", lambda row: row["Type"] == 20),
        ({"unfinished": ("wrong-types",)}, "financial/Journals", "Code,Type", lambda row: row["Type"] == 20),
        ({"unfinished": ("no-year",)}, "financial/FinancialPeriods", "FinYear", lambda row: row["FinYear"] > 2025),
        (
            {"unfinished": ("no-vat-codes",)},
            "vat/VATCodes",
            "Code,VATTransactionType",
            lambda row: row["VATTransactionType"] == "S",
        ),
    ],
    indirect=["started"],
)
def test_what_somebody_left_out_is_not_there(started: SandboxThread, path: str, select: str, left: Any) -> None:
    found = rows(started, path, select)
    assert found
    assert [row for row in found if left(row)] == []
