"""Runs of the tap against the sandbox, in this process."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import simplejson

from connector_store import ConnectorStore
from exactonline_api import ExactClient
from sandbox.testing import SandboxProcess
from tap_exactonline.tap import TapExactOnline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIVISION = 123456


@dataclass
class Run:
    """What a run put out."""

    messages: list[dict[str, Any]]
    code: int
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def state(self) -> dict[str, Any]:
        """The last state, as Meltano would keep it."""
        states = [message["value"] for message in self.messages if message["type"] == "STATE"]
        return copy.deepcopy(states[-1]) if states else {}

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]

    def ids(self, stream: str) -> list[str]:
        key = {"receivables": "TransactionEntryID", "sales_entries": "EntryID"}.get(stream, "ID")
        return [record[key] for record in self.records(stream)]


@dataclass
class Office:
    """An administration in the sandbox, the people who work in it, and the tap's settings for it."""

    sandbox: SandboxProcess
    config: dict[str, Any]

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
        """The calls since they were forgotten last, by endpoint."""
        paths = [re.sub(r"^/api/v1/\d+/", "", path).split("?")[0] for _, path in self.sandbox.call_list("exact")]
        return Counter("token" if "oauth2" in path else path.split("(")[0] for path in paths)

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

    def with_store_in(self, folder: Path) -> Office:
        """The same administration, with a store and a login of its own."""
        return Office(self.sandbox, {**self.config, "store_uri": f"sqlite:///{folder}/store.db", **self.new_login()})

    def run(
        self, *streams: str, state: dict[str, Any] | None = None, catalog: dict[str, Any] | None = None, **config: Any
    ) -> Run:
        """Run the tap to its end with these streams (none named: all) and count its calls."""
        self.sandbox.forget_calls()
        output, code = io.StringIO(), 0
        with contextlib.redirect_stdout(output):
            try:
                TapExactOnline(
                    config={**self.config, **config},
                    state=copy.deepcopy(state),
                    catalog=catalog or self.catalog(*streams),
                ).sync_all()
            except SystemExit as ended:
                code = int(ended.code or 0)
        messages = [simplejson.loads(line, use_decimal=True) for line in output.getvalue().splitlines()]
        calls = self.calls()
        del calls["token"]
        return Run(messages, code, calls)

    def catalog(self, *streams: str, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> dict[str, Any]:
        """A catalog with these streams (none named: all); properties are written as `stream.property`."""
        catalog: dict[str, Any] = json.loads(TapExactOnline(config=self.config).catalog_json_text)
        for entry in catalog["streams"]:
            name = entry["tap_stream_id"]
            for metadata in entry["metadata"]:
                path = metadata["breadcrumb"]
                if not path:
                    metadata["metadata"]["selected"] = not streams or name in streams
                else:
                    full = f"{name}.{path[-1]}"
                    metadata["metadata"]["selected"] = full not in without and (not only or full in only)
        return catalog

    def settings_file(self, folder: Path, *streams: str, **config: Any) -> list[str]:
        """Write settings and catalog; return the arguments that name them."""
        (folder / "config.json").write_text(json.dumps({**self.config, **config}))
        (folder / "catalog.json").write_text(json.dumps(self.catalog(*streams)))
        return ["--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]


@pytest.fixture(scope="session")
def office_of() -> Iterator[Callable[..., Office]]:
    """Start a sandbox with a store in this folder and return the administration in it."""
    started: list[SandboxProcess] = []

    def start(folder: Path, *arguments: str) -> Office:
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
        return Office(sandbox, config)

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture(scope="module")
def office(office_of: Callable[..., Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An administration that the tests of a module share."""
    return office_of(tmp_path_factory.mktemp("store"))


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    office: Office | None = request.getfixturevalue("office") if "office" in request.fixturenames else None
    yield
    if office:
        office.sandbox.clear_faults()
