"""The verbs: what they change, what they refuse, and what a run then does."""

from __future__ import annotations

import getpass
import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import BookedEntry, ConnectorStore, DocumentDetail, RefusedChange, Step
from connector_store.asked_again import asked_after
from connector_store.encryption import key_file
from connector_store.rejects import Status
from target_exactonline.booking import fingerprint
from target_exactonline.booking.rules import Rules
from target_exactonline.circuit_breaker import CircuitBreaker
from target_exactonline.writing import retry
from target_exactonline.writing.documents import is_unchanged

if TYPE_CHECKING:
    from conftest import Bridge

DIVISION = 123456
LATER = datetime(2999, 1, 1, tzinfo=timezone.utc)
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_ENTRY = "aaaaaaaa-0000-4000-8000-000000000002"
CUSTOMER = "company:c0000000-0000-4000-8000-000000000001"
DOCUMENT: dict[str, Any] = {
    "id": "a",
    "kind": "invoice",
    "number": "2026 / 1",
    "date": "2026-03-02",
    "currency": "EUR",
    "customer": CUSTOMER,
    "lines": [{"description": "Work", "net": Decimal(100), "tax_rate": Decimal("0.21")}],
    "totals": {"net": Decimal(100), "gross": Decimal(121), "taxes": []},
    "updated_at": "2026-03-02T10:00:00Z",
}


def goes(bridge: Bridge, kind: str, source_id: str) -> bool:
    """Whether the next run tries the reject of a document."""
    reject = bridge.memory.rejects.get(kind, source_id)
    return reject is not None and retry.may_go(bridge.memory, reject)


# All at once


@pytest.mark.parametrize(("option", "due"), [(["--all"], {"a", "b"}), (["--code", "period_closed"], {"a"})])
def test_all_that_rests_or_all_of_one_reason_is_due_at_once(bridge: Bridge, option: list[str], due: set[str]) -> None:
    """Line 16: who mended a cause in Exact need not wait until the runs notice it."""
    bridge.refused("a", "2026 / 1", code="period_closed", payload=DOCUMENT, not_before=LATER)
    bridge.refused("b", "2026 / 2", code="vat_code_missing", payload=DOCUMENT, not_before=LATER)
    assert f"{len(due)} are tried again by the next run" in bridge.does("retry", *option)
    assert {each.source_id for each in bridge.memory.rejects.due(datetime.now(timezone.utc))} == due


# Asking


@pytest.mark.parametrize(
    "verb",
    [
        ["retry", "2026/12"],
        ["retry", "--all"],
        ["resend", "2026/12"],
        ["unlink", "2026/12"],
        ["match", "2026/12", ENTRY],
        ["exclude", "2026/12", "--why", "x"],
        ["include", "2026/12"],
        ["dismiss", "2026/12"],
        ["forget", CUSTOMER],
        ["rebuild"],
        ["rekey"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
@pytest.mark.parametrize("answer", ["n\n", ""])
def test_a_verb_says_what_will_happen_and_does_nothing_unless_told_yes(
    bridge: Bridge, verb: list[str], answer: str
) -> None:
    bridge.refused("a", "2026 / 12", payload=DOCUMENT)
    before = bridge.row("a"), len(bridge.memory.store.audit_trail())
    asked = bridge.asks(answer, *verb)
    assert asked.exit_code == 1
    assert "Go on? [y/N]" in asked.stderr
    assert "Nothing was done; --yes does it without asking" in asked.stderr
    assert (bridge.row("a"), len(bridge.memory.store.audit_trail())) == before


def test_a_verb_that_is_told_yes_is_in_the_trail_with_who_did_it(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 12", payload=DOCUMENT)
    assert bridge.asks("y\n", "exclude", "2026/12", "--why", "By hand").exit_code == 0
    told = json.loads(bridge.does("history", "2026/12", "--output", "json"))
    assert [each["event"] for each in told["events"]] == ["reject.put", "reject.left_out", "person.exclude"]
    assert told["events"][-1]["detail"]["by"] == getpass.getuser()
    said = bridge.does("history", "2026/12")
    assert "was refused (code vat_code_unmapped, amount 12.10, currency EUR)" in said
    assert f"a person used bridge exclude (by {getpass.getuser()})" in said


# Which document


def test_a_number_alone_will_do_where_one_document_has_it(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 12", payload=DOCUMENT)
    bridge.does("retry", "2026/12")
    bridge.refused("b", "2026/12", kind="credit_note", payload=DOCUMENT)
    assert "may be invoice 2026 / 12 and credit_note 2026/12: say which" in bridge.refuses("retry", "2026/12")
    bridge.does("retry", "credit_note", "2026/12")


@pytest.mark.parametrize("name", ["2026 / 12", "2026/12", " 2026 /12", "a"])
def test_a_document_is_found_by_number_in_any_spacing_or_by_id(bridge: Bridge, name: str) -> None:
    bridge.linked("a", "2026 / 12")
    bridge.linked("b", "2026 / 1", exact_id=OTHER_ENTRY)
    bridge.does("unlink", "invoice", name)
    assert bridge.memory.links.get("invoice", "a") is None
    assert bridge.memory.links.get("invoice", "b") is not None


def test_a_number_of_two_documents_lists_their_ids_and_does_nothing(bridge: Bridge) -> None:
    bridge.linked("first", "2026 / 12")
    bridge.refused("second", "2026/12")
    line = bridge.refuses("unlink", "invoice", "2026/12")
    assert "first, second" in line
    assert bridge.memory.links.get("invoice", "first") is not None


def test_an_invoice_is_not_a_credit_note(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 12")
    assert "No credit note 2026/12 is known" in bridge.refuses("unlink", "credit_note", "2026/12")


@pytest.mark.parametrize("verb", ["unlink", "resend"])
def test_an_unknown_kind_is_misuse(bridge: Bridge, verb: str) -> None:
    assert "credit_note" in bridge.refuses(verb, "quotation", "2026/12", code=2)


def test_nothing_is_changed_while_a_run_is_under_way(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 12")
    with bridge.memory.store.lock(f"exact:{DIVISION}"):
        assert "wait until it has ended" in bridge.refuses("unlink", "invoice", "a")
        assert bridge.row("a")["status"] == "linked"


# unlink


def test_unlink_releases_a_deleted_entry_with_its_reject(bridge: Bridge) -> None:
    bridge.missing("a", "2026 / 1")
    bridge.refused("a", "2026 / 1", kind="attachment", code="attachment_refused")
    assert "It comes again with: bridge resend invoice a" in bridge.does("unlink", "invoice", "2026/1")
    assert bridge.status()["documents"] == []
    assert bridge.memory.rejects.all() == []
    assert "link.removed" in bridge.events("a")


def test_unlink_of_a_document_that_is_gone_dismisses_the_message_and_keeps_the_entry_known(bridge: Bridge) -> None:
    """Line 11: no document that has its number by now is taken for it."""
    bridge.linked("a", "2026 / 1")
    bridge.refused("a", "2026 / 1", code="source_deleted")
    bridge.memory.links.mark_orphaned("invoice", "a")
    assert "told no more" in bridge.does("unlink", "invoice", "2026/1")
    assert bridge.memory.rejects.all() == []
    assert [link.source_id for link in bridge.memory.links.orphans()] == ["a"]
    bridge.does("unlink", "invoice", "2026/1")
    assert bridge.memory.links.orphans() == []


def test_unlink_refuses_what_was_never_linked_so_that_no_document_is_lost(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1")
    assert "is not linked (vat_code_unmapped)" in bridge.refuses("unlink", "invoice", "a")
    assert bridge.row("a")["status"] == "rejected"


@pytest.mark.parametrize("command", [("unlink", "invoice", "a"), ("match", "invoice", "a", ENTRY)])
def test_what_may_be_in_exact_is_left_for_the_run_to_settle(bridge: Bridge, command: tuple[str, ...]) -> None:
    bridge.memory.links.intend(
        "invoice", "a", number="2026 / 1", fingerprint="f", detail=DocumentDetail(step=Step.ENTRY)
    )
    assert "cut off" in bridge.refuses(*command)
    assert [link.source_id for link in bridge.memory.links.intents()] == ["a"]


# retry and resend


def asked_again(bridge: Bridge) -> list[str]:
    """The documents that the next run reads again in Teamleader."""
    return [each.source_id for each in asked_after(bridge.memory.store, "invoice", "")]


def test_retry_lets_the_next_run_book_the_kept_record_of_a_deleted_entry(bridge: Bridge) -> None:
    bridge.missing("a", "2026 / 1", payload=DOCUMENT)
    assert not goes(bridge, "invoice", "a")
    assert "by the next run, with its settings" in bridge.does("retry", "2026/1")
    assert goes(bridge, "invoice", "a")
    assert bridge.memory.links.get("invoice", "a") is None
    assert bridge.row("a")["status"] == "waiting"
    assert asked_again(bridge) == []


def test_resend_has_one_document_read_again_and_no_other(bridge: Bridge) -> None:
    bridge.missing("a", "2026 / 1")
    bridge.linked("b", "2026 / 2", exact_id=OTHER_ENTRY)
    before = bridge.row("b")
    assert "is read again in Teamleader by the next run, it alone" in bridge.does("resend", "2026/1")
    assert asked_again(bridge) == ["a"]
    assert bridge.row("a")["status"] == "waiting"
    assert bridge.memory.links.get("invoice", "a") is None
    assert bridge.row("b") == before


def test_resend_of_what_is_not_known_any_more_goes_by_its_id(bridge: Bridge) -> None:
    source_id = "625f784d-b0d4-49fe-8eec-f189494164c1"
    bridge.linked(source_id, "2026 / 1")
    assert f"with: bridge resend invoice {source_id}" in bridge.does("unlink", "2026/1")
    bridge.does("resend", "invoice", source_id)
    assert asked_again(bridge) == [source_id]


def test_resend_refuses_what_is_not_in_teamleader_any_more(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", code="source_deleted")
    assert "not in Teamleader any more" in bridge.refuses("resend", "2026/1")


def test_resend_says_that_a_similar_entry_is_another_documents(bridge: Bridge) -> None:
    """Line 6."""
    bridge.refused("a", "2026 / 1", payload=DOCUMENT, code="similar_entry")
    assert "by the next run" in bridge.does("resend", "invoice", "2026/1", "--another")
    assert bridge.memory.another_documents.holds("invoice", "a")
    assert bridge.row("a")["status"] == "waiting"


def test_resend_says_so_of_nothing_else(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", payload=DOCUMENT)
    assert "No entry in Exact is in question" in bridge.refuses("resend", "invoice", "2026/1", "--another")
    assert not bridge.memory.another_documents.holds("invoice", "a")


def test_resend_keeps_the_reason_of_a_reject_which_every_run_tries_again(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", payload=DOCUMENT)
    before = bridge.row("a")
    assert "by the next run" in bridge.does("resend", "invoice", "a")
    assert bridge.row("a") == before
    assert goes(bridge, "invoice", "a")
    assert asked_again(bridge) == ["a"]


def test_resend_lets_a_change_that_exact_refused_be_sent_once_more(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.memory.links.progress("invoice", "a", refused=RefusedChange("g", "m"))
    bridge.refused("a", "2026 / 1", code="changed_after_booking", payload=DOCUMENT)
    bridge.does("resend", "invoice", "a")
    link = bridge.memory.links.get("invoice", "a")
    assert link is not None
    assert (link.state, link.exact_id, link.document.refused) == ("linked", ENTRY, None)


def test_resend_ends_the_pause_after_a_refused_customer(bridge: Bridge) -> None:
    bridge.linked(CUSTOMER, "", kind="account")
    payload = {"id": CUSTOMER, "name": "Bakkerij Peeters"}
    bridge.refused(CUSTOMER, None, kind="account", code="customer_refused", payload=payload, not_before=LATER)

    def sent() -> list[str]:
        updates: list[str] = []
        books: Any = SimpleNamespace(
            store=bridge.memory,
            rules=Rules("VERK", "CRED"),
            interruption=SimpleNamespace(check=lambda: None),
            breaker=CircuitBreaker(bridge.memory.store.error_budget("exact", DIVISION)),
            dry_run=False,
        )
        accounts: Any = SimpleNamespace(update=lambda record, _link: updates.append(record["id"]))
        retry.retry_rejects(books, accounts, SimpleNamespace(), (), lambda _batch: None)  # type: ignore[arg-type]
        return updates

    assert sent() == []
    bridge.does("resend", "account", CUSTOMER)
    assert sent() == [CUSTOMER]
    assert bridge.row(CUSTOMER)["code"] == "customer_refused"


def test_resend_refuses_what_is_in_order_and_what_cannot_be_sent(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2", code="record_invalid", hint="Correct the field.")
    assert "linked and in order" in bridge.refuses("resend", "invoice", "a")
    assert "linked and in order" in bridge.refuses("retry", "invoice", "a")
    assert "Correct the field." in bridge.refuses("retry", "invoice", "b")
    bridge.does("resend", "invoice", "b")
    assert "No invoice c is known" in bridge.refuses("resend", "invoice", "c")


# match


def test_match_links_a_conflict_to_the_entry_a_person_chose(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", code="conflict", payload=DOCUMENT)
    said = json.loads(bridge.does("match", "invoice", "2026/1", ENTRY.upper(), "--output", "json"))
    assert (said["kind"], said["source_id"], said["number"]) == ("invoice", "a", "2026 / 1")
    row = bridge.row("a")
    assert (row["status"], row["code"], row["exact_id"], row["amount"]) == ("linked", None, ENTRY, Decimal("12.10"))
    link = bridge.memory.links.get("invoice", "a")
    assert link is not None
    assert link.how == "matched"


def test_a_run_leaves_a_matched_entry_alone_until_the_document_changes(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", code="conflict", payload=DOCUMENT)
    bridge.does("match", "invoice", "a", ENTRY)
    link = bridge.memory.links.get("invoice", "a")
    assert is_unchanged(DOCUMENT, link)
    assert not is_unchanged({**DOCUMENT, "updated_at": "2999-01-01T00:00:00Z"}, link)
    assert link is not None
    assert link.fingerprint != fingerprint(DOCUMENT)


def test_match_ties_a_deleted_document_to_its_new_entry_and_forgets_the_old_one(bridge: Bridge) -> None:
    bridge.missing("a", "2026 / 1")
    bridge.does("match", "invoice", "a", OTHER_ENTRY)
    row = bridge.row("a")
    assert (row["status"], row["exact_id"], row["entry_number"]) == ("linked", OTHER_ENTRY, None)


def test_match_solves_a_conflict_of_customers_with_what_their_vat_depends_on(bridge: Bridge) -> None:
    record = {"id": CUSTOMER, "name": "Bakker", "vat_number": "nl 8020.12.345 B01", "address": {"country": "NL"}}
    bridge.refused(CUSTOMER, None, kind="account", code="customer_conflict", payload=record)
    assert "meltano run documents" in bridge.does("match", "account", CUSTOMER, ENTRY)
    link = bridge.memory.links.get("account", CUSTOMER)
    assert link is not None
    assert (link.exact_id, link.account.country, link.account.has_vat_number) == (ENTRY, "NL", True)
    assert bridge.row(CUSTOMER)["status"] == "linked"


def test_match_takes_a_customer_that_waits_for_its_first_document(bridge: Bridge) -> None:
    person = {"id": CUSTOMER, "name": "An Peeters", "is_person": True, "vat_number": "BE0", "address": None}
    bridge.memory.customers.put_many({CUSTOMER: person})
    bridge.does("match", "account", CUSTOMER, ENTRY)
    link = bridge.memory.links.get("account", CUSTOMER)
    assert link is not None
    assert link.account.has_vat_number is False
    assert bridge.memory.customers.get(CUSTOMER) is None


def test_match_overwrites_no_link(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    assert "bridge unlink" in bridge.refuses("match", "invoice", "a", OTHER_ENTRY)
    assert bridge.row("a")["exact_id"] == ENTRY


def test_an_entry_belongs_to_one_document_but_customers_may_share_an_account(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2", code="conflict")
    assert "linked to Invoice 2026 / 1" in bridge.refuses("match", "invoice", "b", ENTRY)
    bridge.linked("company:x", "", kind="account", exact_id=OTHER_ENTRY)
    bridge.refused("company:y", None, kind="account", code="customer_conflict", payload={"id": "company:y"})
    bridge.does("match", "account", "company:y", OTHER_ENTRY)


@pytest.mark.parametrize("counterpart", ["Peeters", "", "00000000-0000-0000-0000-000000000000"])
def test_match_wants_the_number_of_an_entry_or_its_id(bridge: Bridge, counterpart: str) -> None:
    bridge.refused("a", "2026 / 1", code="conflict")
    assert f"{counterpart} is " in bridge.refuses("match", "invoice", "a", counterpart, code=2)


@pytest.mark.parametrize("kind", ["invoice", "credit_note", "account"])
def test_match_knows_only_what_a_run_has_met(bridge: Bridge, kind: str) -> None:
    assert "is known" in bridge.refuses("match", kind, "nobody", ENTRY)


# exclude and include


def test_what_a_setting_left_out_is_shown_with_its_reason_and_taken_in_together(bridge: Bridge) -> None:
    off = {"kind": "credit_note", "code": "credit_notes_off", "reason": "book_credit_notes is off"}
    for source_id in ("one", "two"):
        bridge.refused(source_id, f"2026/{source_id}", status=Status.EXCLUDED, **off)
    row = bridge.row("one")
    assert (row["status"], row["code"], row["reason"]) == ("excluded", "credit_notes_off", "book_credit_notes is off")
    assert "2 left out as credit_notes_off are taken in again" in bridge.does("include", "--code", "credit_notes_off")
    assert [bridge.row(each)["status"] for each in ("one", "two")] == ["waiting", "waiting"]
    assert bridge.memory.rejects.excluded("credit_note") == set()


def test_exclude_leaves_a_document_out_and_says_until_when(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 12", payload=DOCUMENT)
    said = bridge.does("exclude", "invoice", "2026/12", "--why", "Booked by hand in May")
    assert said == (
        "Invoice 2026 / 12 is left out: no run books it, whatever becomes of it in Teamleader, until: "
        'bridge include invoice "2026 / 12".\n'
    )
    assert list(bridge.memory.rejects.pending()) == []
    row = bridge.row("a")
    assert (row["status"], row["code"]) == ("excluded", "left_out")
    assert row["reason"] == f"Booked by hand in May ({getpass.getuser()})"
    assert row["hint"] == "Nothing to do; take it in again with: bridge include."
    assert bridge.status()["counts"]["excluded"] == 1
    assert "Booked by hand in May" in bridge.does("status", "--all")


def test_include_takes_it_in_for_the_next_run(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", payload=DOCUMENT)
    bridge.does("exclude", "invoice", "a", "--why", "Not ours")
    said = bridge.does("include", "invoice", "2026/1")
    assert said.startswith("Invoice 2026 / 1 is taken in again, and tried again by the next run, with its settings:")
    assert [reject.source_id for reject in bridge.memory.rejects.pending()] == ["a"]
    assert goes(bridge, "invoice", "a")


def test_include_of_what_is_not_at_hand_says_how_it_comes(bridge: Bridge) -> None:
    bridge.missing("a", "2026 / 12")
    bridge.does("exclude", "invoice", "a", "--why", "Not ours")
    assert "is taken in again, and read again in Teamleader by the next run" in bridge.does("include", "invoice", "a")
    assert asked_again(bridge) == ["a"]


def test_a_booked_document_is_not_left_out_and_an_included_one_not_taken_in(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 12")
    bridge.refused("b", "2026 / 13")
    assert "release it first with: bridge unlink" in bridge.refuses("exclude", "invoice", "a", "--why", "x")
    assert "was not left out; bridge status --all lists" in bridge.refuses("include", "invoice", "b")
    bridge.does("exclude", "invoice", "b", "--why", "x")
    assert "take it in again with: bridge include" in bridge.refuses("resend", "invoice", "b")


def test_why_has_to_be_said(bridge: Bridge) -> None:
    bridge.refused("b", "2026 / 13")
    assert "--why" in bridge.refuses("exclude", "invoice", "b", code=2)


# dismiss


def test_dismiss_takes_back_what_was_told_of_a_booked_document(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 12")
    bridge.refused("a", "2026 / 12", code="changed_after_booking")
    bridge.refused("a", None, kind="payment", code="payment_refused")
    bridge.refused("a/1", None, kind="receipt", code="payment_not_matched")
    said = bridge.does("dismiss", "invoice", "2026/12")
    assert "is dismissed (changed_after_booking, payment_refused, payment_not_matched)" in said
    assert bridge.memory.rejects.all() == []
    assert bridge.row("a")["status"] == "linked"


def test_dismiss_loses_no_document_that_waits_to_be_booked(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 12")
    assert "waits to be booked; what waits is left out with: bridge exclude" in bridge.refuses("dismiss", "2026/12")
    assert bridge.row("a")["status"] == "rejected"


# The store as a whole


def test_rekey_seals_everything_with_another_key(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 12", payload=DOCUMENT)
    bridge.memory.customers.put_many({CUSTOMER: {"name": "An Peeters"}})
    file = key_file(Path(bridge.uri.removeprefix("sqlite:///")))
    before = file.read_text()
    assert "values are sealed with the new key" in bridge.does("rekey")
    assert file.read_text() != before
    assert bridge.row("a")["reason"] == "No VAT code for [21%]"
    with ConnectorStore.open(bridge.uri) as store:
        assert store.customers(DIVISION).get(CUSTOMER) == {"name": "An Peeters"}
        assert store.rejects(DIVISION).unreadable() == 0
    with ConnectorStore.open(bridge.uri, key=before) as store:
        assert not store.has_its_key


def test_rebuild_has_everything_read_again_and_forgets_no_link(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 12")
    before = bridge.memory.store.identity
    assert "read everything again" in bridge.does("rebuild")
    assert bridge.memory.store.identity != before
    assert bridge.row("a")["status"] == "linked"


# forget


def test_forget_leaves_nothing_of_a_customer_but_ids_and_links(bridge: Bridge) -> None:
    """Line 33."""
    record = {"id": CUSTOMER, "name": "An Peeters"}
    bridge.memory.customers.put_many({CUSTOMER: record, "company:other": {"id": "company:other", "name": "Bakker"}})
    bridge.refused(CUSTOMER, None, kind="account", payload=record, reason="An Peeters is refused")
    bridge.refused("a", "2026 / 1", payload=DOCUMENT, reason="Of An Peeters")
    bridge.refused("b", "2026 / 2", payload={**DOCUMENT, "id": "b", "customer": "company:other"})
    bridge.linked("c", "2026 / 3")
    bridge.linked(CUSTOMER, None, kind="account", exact_id=OTHER_ENTRY)
    said_of = {"Customer": OTHER_ENTRY, "Description": "Werk voor An Peeters", "YourRef": "2026 / 3"}
    bridge.memory.booked.put("invoice", "c", BookedEntry(said_of))
    bridge.does("exclude", "invoice", "2026/1", "--why", "An Peeters asks so")

    said = bridge.does("forget", CUSTOMER)

    assert said == (
        f"Customer {CUSTOMER} is forgotten, with the records of its waiting documents (1); its links stay, so that "
        "nothing is booked twice.\n"
    )
    assert bridge.memory.customers.ids() == {"company:other"}
    left = {each.source_id: each for each in bridge.memory.rejects.with_records(["account", "invoice"])}
    assert set(left) == {"b"}
    assert "Peeters" not in bridge.does("status", "--all")
    assert bridge.row("a")["status"] == "excluded"
    assert bridge.row("c")["status"] == "linked"
    assert bridge.memory.booked.get("invoice", "c") == BookedEntry({**said_of, "Description": None})
    assert "customer.forgotten" in bridge.events(CUSTOMER)
    assert "Peeters" not in repr(bridge.memory.store.audit_trail())


@pytest.mark.parametrize("named", [CUSTOMER, OTHER_ENTRY], ids=["by its id in Teamleader", "by that in Exact"])
def test_forget_leaves_nothing_of_a_customer_of_exact_that_could_not_be_imported(bridge: Bridge, named: str) -> None:
    record = {"id": OTHER_ENTRY, "name": "An Peeters"}
    if named == CUSTOMER:
        bridge.linked(CUSTOMER, None, kind="account", exact_id=OTHER_ENTRY)
    kept = {"kind": "customer", "code": "customer_gone", "payload": record, "reason": "An Peeters was deleted"}
    bridge.refused(OTHER_ENTRY, "17", **kept)

    bridge.does("forget", named)

    assert list(bridge.memory.rejects.with_records(["customer"])) == []
    assert "Peeters" not in bridge.does("status", "--all")
    # Nor does it come back by itself.
    assert bridge.memory.rejects.get("customer", OTHER_ENTRY).code == "customer_gone"


def test_a_forgotten_document_comes_again_from_the_source(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", payload=DOCUMENT)
    bridge.does("forget", CUSTOMER)
    assert not goes(bridge, "invoice", "a")
    assert "bridge resend" in bridge.row("a")["hint"]
    assert "is read again in Teamleader" in bridge.does("resend", "invoice", "a")
    assert asked_again(bridge) == ["a"]


def test_a_customer_that_nobody_knows_cannot_be_forgotten(bridge: Bridge) -> None:
    assert "No account company:9 is known" in bridge.refuses("forget", "company:9")


def test_what_the_source_lacks_is_not_sent_again_as_it_is(bridge: Bridge) -> None:
    """Line 30: the hint of the code says what to do there."""
    problems = [{"code": "date_missing", "message": "The document has no date."}]
    bridge.refused("a", "2026 / 1", code="date_missing", payload={**DOCUMENT, "date": None, "problems": problems})
    assert "cannot be sent as it is" in bridge.refuses("retry", "invoice", "a")
