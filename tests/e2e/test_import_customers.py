"""`meltano run import-customers`, as a person types it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def test_customers_of_exact_come_into_teamleader_once(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with("--no-limits", "--customers", "3", "--invoices", "0", "--credit-notes", "0")
    sandbox = coupling.sandbox
    firm = sandbox.exact("add_account", Name="Smederij Vulcanus BV", Status="C", Country="BE", VATNumber="BE0428759497")
    sandbox.exact("add_contact", Account=firm["id"], FirstName="Eva", LastName="Maes")
    private = sandbox.exact("add_account", Name="Jan Janssens", Status="C", Country="BE")
    sandbox.exact("add_contact", Account=private["id"], FirstName="Jan", LastName="Janssens")

    ran = coupling.run("import-customers")

    assert ran.code == 0, ran.output[-4000:]
    rows = sandbox.teamleader("list_customers").values()
    [company] = [row for row in rows if row.get("name") == "Smederij Vulcanus BV"]
    persons = {row["last_name"]: row for row in rows if "last_name" in row and row["tags"] == company["tags"]}
    assert company["tags"] == ["Exact Online Import"]
    assert sorted(persons) == ["Janssens", "Maes"]
    assert [each["company"]["id"] for each in persons["Maes"]["companies"]] == [company["id"]]

    sandbox.forget_calls()
    assert coupling.run("import-customers").code == 0
    calls = sandbox.calls()
    assert calls["exact"] <= 3  # a token is among them
    assert calls["teamleader"] == 0
    assert len(sandbox.teamleader("list_customers")) == len(rows)
