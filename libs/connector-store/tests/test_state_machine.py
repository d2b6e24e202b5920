"""Any order of verbs on links and rejects leads where a simple model of them says."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from connector_store import ConnectorStore, How, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

DOCUMENTS = st.sampled_from(["a", "a", "a", "b"])
FINGERPRINTS = st.sampled_from(["f1", "f2", "f3"])
EXACT_IDS = st.sampled_from(["e1", "e2"])


class Documents(RuleBasedStateMachine):
    """A division of the store beside a dictionary that says what it should hold."""

    store: ConnectorStore
    divisions: Iterator[int]

    @initialize()
    def begin(self) -> None:
        self.division = next(self.divisions)
        self.links, self.rejects = self.store.links(self.division), self.store.rejects(self.division)
        self.model: dict[str, dict[str, Any]] = {}
        self.rejected: dict[str, int] = {}
        self.audited = 0

    @rule(document=DOCUMENTS, fingerprint=FINGERPRINTS)
    def intend(self, document: str, fingerprint: str) -> None:
        self.links.intend("invoice", document, number=None, fingerprint=fingerprint)
        self.audited += 1
        known = self.model.setdefault(document, {"state": "none", "exact_id": None, "replaces": None})
        if known["state"] == "linked":
            known["changing_to"] = fingerprint
            return
        if known["state"] == "missing":
            known["replaces"] = known["exact_id"]
        known |= {"state": "intent", "exact_id": None, "fingerprint": fingerprint, "changing_to": None}

    @rule(document=DOCUMENTS, fingerprint=FINGERPRINTS, exact_id=EXACT_IDS)
    def confirm(self, document: str, fingerprint: str, exact_id: str) -> None:
        self.links.confirm("invoice", document, exact_id=exact_id, fingerprint=fingerprint, how=How.POSTED)
        self.audited += 1 + (self.rejected.pop(document, None) is not None)
        known = self.model.setdefault(document, {"replaces": None})
        known |= {"state": "linked", "exact_id": exact_id, "fingerprint": fingerprint, "changing_to": None}

    @rule(document=DOCUMENTS)
    def withdraw(self, document: str) -> None:
        known = self.model.get(document, {"state": "none", "changing_to": None})
        expected = known["state"] == "intent" or known["changing_to"] is not None
        assert self.links.withdraw("invoice", document) == expected
        self.audited += expected
        if known["state"] == "intent" and known["replaces"]:
            known |= {"state": "missing", "exact_id": known["replaces"], "replaces": None}
        elif known["state"] == "intent":
            del self.model[document]
        elif expected:
            known["changing_to"] = None

    @rule(document=DOCUMENTS)
    def miss(self, document: str) -> None:
        known = self.model.get(document)
        try:
            self.links.mark_missing("invoice", document)
        except StoreError:
            assert known is None or known["state"] == "intent"
        else:
            assert known is not None
            known |= {"state": "missing", "changing_to": None}
            self.audited += 1

    @rule(document=DOCUMENTS)
    def remove(self, document: str) -> None:
        existed = self.model.pop(document, None) is not None
        assert self.links.remove("invoice", document) == existed
        self.audited += existed

    @rule(document=DOCUMENTS)
    def reject(self, document: str) -> None:
        self.rejects.put("invoice", document, code="c", reason="r", hint="h", payload={"id": document})
        self.audited += document not in self.rejected  # the same again is nothing new for the trail
        self.rejected[document] = self.rejected.get(document, 0) + 1

    @rule(document=DOCUMENTS)
    def resolve(self, document: str) -> None:
        existed = self.rejected.pop(document, None) is not None
        assert self.rejects.resolve("invoice", document) == existed
        self.audited += existed

    @invariant()
    def holds_what_the_model_says(self) -> None:
        held = {
            link.source_id: (link.state, link.exact_id, link.fingerprint, link.changing_to) for link in self.links.all()
        }
        assert held == {
            document: (known["state"], known["exact_id"], known["fingerprint"], known["changing_to"])
            for document, known in self.model.items()
        }
        assert all((exact_id is None) == (state == "intent") for state, exact_id, *_ in held.values())
        assert {reject.source_id: reject.attempts for reject in self.rejects.all()} == self.rejected
        assert len(self.store.audit_trail(division=self.division)) == self.audited


def test_links_and_rejects(store: ConnectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Documents, "store", store, raising=False)
    monkeypatch.setattr(Documents, "divisions", itertools.count(1), raising=False)
    run_state_machine_as_test(
        Documents,
        settings=settings(max_examples=25, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]),
    )
