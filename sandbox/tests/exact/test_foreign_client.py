"""A client that is not ours, the PyPI package `exactonline`, works with the running sandbox as it does with Exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import exactonline.http
import pytest
from exactonline.api import ExactApi
from exactonline.http import HTTPError
from exactonline.resource import DELETE, GET, POST, PUT
from exactonline.storage import ExactOnlineConfig, MissingSetting

from sandbox.testing import SandboxThread

if TYPE_CHECKING:
    from collections.abc import Iterator


class Memory(ExactOnlineConfig):  # type: ignore[misc]
    """The settings of the package, kept in a dict."""

    def __init__(self, url: str) -> None:
        self.values = {
            ("server", "auth_url"): f"{url}/api/oauth2/auth",
            ("server", "rest_url"): f"{url}/api",
            ("server", "token_url"): f"{url}/api/oauth2/token",
            ("application", "client_id"): "sandbox-exact",
            ("application", "client_secret"): "sandbox-exact-secret",
            ("transient", "refresh_token"): "sandbox-exact-refresh",
            ("transient", "access_token"): "none yet",
        }

    def get(self, section: str, option: str) -> str:
        if (section, option) not in self.values:
            raise MissingSetting(option)
        return self.values[section, option]

    def set(self, section: str, option: str, value: str) -> None:
        self.values[section, option] = value


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with SandboxThread(customers=0, invoices=0, credit_notes=0) as sandbox:
        yield sandbox.exact_url


@pytest.fixture(scope="module")
def api(url: str) -> Iterator[Any]:
    secure = exactonline.http.opt_secure
    before = secure.protocols
    secure.protocols = ("https", "http")  # the package itself only talks https
    yield ExactApi(storage=Memory(url))
    secure.protocols = before


def test_it_logs_in_chooses_a_division_and_books(api: Any) -> None:
    choices, current = api.get_divisions()
    assert (choices[123456], current) == ("Zandbak BV", 123456)
    assert api.storage.get_refresh_token() != "sandbox-exact-refresh"
    api.set_division(current)

    ledger = api.ledgeraccounts.filter(code__in=["700000", "704000"])
    assert {row["Code"] for row in ledger} == {"700000", "704000"}
    assert len(api.ledgeraccounts.all()) > 60, "it follows __next"
    assert len(api.vatcodes.all()) >= 18

    created = api.relations.create({"Name": "Klant van buiten", "Status": "C"})
    customer = api.relations.filter(select="ID,Code,Name", filter=f"ID eq guid'{created['ID']}'")[0]
    assert api.relations.get(relation_code=customer["Code"].strip())["ID"] == created["ID"]

    entry = api.invoices.create(
        {
            "Customer": created["ID"],
            "Journal": "70",
            "PaymentCondition": "30",
            "YourRef": "F0005555",
            "SalesEntryLines": [{"GLAccount": ledger[0]["ID"], "AmountFC": 41.98, "VATCode": "21"}],
        }
    )
    assert round(entry["AmountFC"], 2) == 50.8
    found = api.invoices.get(invoice_number="F0005555")
    assert found["EntryID"] == entry["EntryID"]
    assert [line["VATAmountFC"] for line in found["SalesEntryLines"]] == [8.82]
    mapped = api.invoices.map_foreign2exact_invoice_numbers(["F0005555", "F0005556"])
    assert mapped == {"F0005555": entry["InvoiceNumber"], "F0005556": None}

    owed = f"cashflow/Receivables?$select=AmountFC,InvoiceNumber&$filter=Account%20eq%20guid%27{created['ID']}%27"
    assert [(row["AmountFC"], row["InvoiceNumber"]) for row in api.restv1(GET(owed))] == [(-50.8, entry["EntryNumber"])]

    key = f"salesentry/SalesEntries(guid'{entry['EntryID']}')"
    api.restv1(PUT(key, {"Description": "Anders"}))
    assert api.restv1(GET(f"{key}/SalesEntryLines"))[0]["AmountFC"] == 41.98
    api.restv1(DELETE(key))
    assert api.restv1(GET(owed)) == []


def test_it_sees_refusals_as_errors(api: Any) -> None:
    api.set_division(123456)
    with pytest.raises(HTTPError) as refused:
        api.restv1(POST("crm/Accounts", {"Name": ""}))
    assert refused.value.code == 500
    assert b"Verplicht: Naam" in refused.value.response
