"""Runs of the tap against the sandbox, in this process."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from connector_store import ConnectorStore
from connector_testing.taps import TapHarness
from exactonline_api import ExactClient
from sandbox.testing import SandboxProcess
from tap_exactonline.tap import TapExactOnline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIVISION = 123456


@dataclass
class Harness(TapHarness):
    """An administration in the sandbox, the people who work in it, and the tap's settings for it."""

    tap = TapExactOnline
    key = "ID"
    keys: ClassVar = {"receivables": "TransactionEntryID", "sales_entries": "EntryID"}

    def do(self, verb: str, **arguments: Any) -> Any:
        """Let a person do something in Exact."""
        return self.sandbox.exact(verb, **arguments)

    def customer(self, **fields: Any) -> str:
        return str(self.do("add_account", **{"Name": "Klant", "Status": "C", **fields})["id"])

    def invoice(self, customer: str, amount: str = "100", **fields: Any) -> str:
        """Book an invoice of that amount, VAT of 21 % not included, and return its id."""
        lines = [{"amount": amount, "vat_code": fields.pop("vat_code", "21")}]
        return str(self.do("add_entry", customer=customer, lines=lines, **fields)["id"])

    def fault(self, **rule: Any) -> None:
        self.sandbox.add_faults([{"service": "exact", **rule}])

    def calls(self) -> Counter[str]:
        """The calls since they were forgotten last, by endpoint, logins left out."""
        paths = [re.sub(r"^/api/v1/\d+/", "", path).split("?")[0] for _, path in self.sandbox.call_list("exact")]
        return Counter(path.split("(")[0] for path in paths if "oauth2" not in path)

    def person(self) -> ExactClient:
        """Somebody at work in Exact through its API, with the tap's own login."""
        return ExactClient(
            **{name: self.config[name] for name in ("api_url", "division", "client_id", "client_secret")},
            refresh_token=self.config["refresh_token"],
            tokens=self.store().tokens("exact", self.config["client_id"]),
        )

    def store(self) -> ConnectorStore:
        return ConnectorStore.open(self.config["store_uri"])

    def lose_store(self) -> None:
        """Lose the file; a person logs in again."""
        database = Path(self.config["store_uri"].removeprefix("sqlite:///"))
        for path in database.parent.glob(f"{database.name}*"):
            path.unlink()
        self.config |= self.new_login()

    def new_login(self) -> dict[str, Any]:
        """A person logs in: the settings for it."""
        return {"refresh_token": self.sandbox.control("POST", "login", {"service": "exact"})["refresh_token"]}

    def with_store_in(self, folder: Path) -> Harness:
        """The same administration, with a store and a login of its own."""
        return Harness(self.sandbox, {**self.config, "store_uri": f"sqlite:///{folder}/store.db", **self.new_login()})


@pytest.fixture(scope="session")
def harness_of() -> Iterator[Callable[..., Harness]]:
    """Start a sandbox with a store in this folder and return the administration in it."""
    started: list[SandboxProcess] = []

    def start(folder: Path, *arguments: str) -> Harness:
        sizes = ("--customers", "2", "--invoices", "2", "--credit-notes", "1")
        sandbox = SandboxProcess("--no-limits", *sizes, *arguments)
        sandbox.start()
        started.append(sandbox)
        config = {
            "client_id": "sandbox-exact",
            "client_secret": "sandbox-exact-secret",
            "refresh_token": "sandbox-exact-refresh",
            "api_url": sandbox.exact_url,
            "division": DIVISION,
            "store_uri": f"sqlite:///{folder}/store.db",
        }
        return Harness(sandbox, config)

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture(scope="module")
def harness(harness_of: Callable[..., Harness], tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """An administration that the tests of a module share."""
    return harness_of(tmp_path_factory.mktemp("store"))


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    harness: Harness | None = request.getfixturevalue("harness") if "harness" in request.fixturenames else None
    yield
    if harness:
        harness.sandbox.clear_faults()
