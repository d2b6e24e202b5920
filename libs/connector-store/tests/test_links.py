"""Links: an intent before the write, a link after it, and never a lost id of Exact."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from connector_store import (
    AccountDetail,
    BookedEntry,
    BookedLine,
    ConnectorStore,
    DocumentDetail,
    EntryChange,
    How,
    Link,
    Links,
    RefusedChange,
    State,
    Step,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


@pytest.fixture
def links(store: ConnectorStore) -> Links:
    return store.links(1)


def intend(links: Links, source_id: str = "a", fingerprint: str = "f1", **detail: Any) -> None:
    links.intend("invoice", source_id, number="2026 / 1", fingerprint=fingerprint, detail=DocumentDetail(**detail))


def confirm(links: Links, source_id: str = "a", exact_id: str = "guid-a", **more: Any) -> None:
    links.confirm("invoice", source_id, exact_id=exact_id, **{"fingerprint": "f1", "how": How.POSTED, **more})


def get(links: Links, source_id: str = "a") -> Link:
    link = links.get("invoice", source_id)
    assert link is not None
    return link


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_from_intent_to_link(links: Links, clock: time_machine.Traveller) -> None:
    intend(links, customer="c")
    assert (get(links).state, get(links).exact_id, get(links).created_at) == ("intent", None, NOON)
    clock.shift(timedelta(seconds=5))
    links.progress("invoice", "a", document_id="d")
    confirm(links, entry_number=26700001, amount=Decimal("121.00"), currency="EUR", detail=DocumentDetail(journal="70"))
    assert get(links) == Link(
        division=1,
        kind="invoice",
        source_id="a",
        state=State.LINKED,
        number="2026 / 1",
        how=How.POSTED,
        exact_id="guid-a",
        entry_number=26700001,
        amount=Decimal("121.00"),
        currency="EUR",
        fingerprint="f1",
        detail=DocumentDetail(customer="c", document_id="d", journal="70"),
        created_at=NOON,
        updated_at=NOON + timedelta(seconds=5),
        verified_at=NOON + timedelta(seconds=5),
        changing_to=None,
    )
    assert str(get(links).amount) == "121.00"


def test_an_intent_said_again_keeps_what_was_reached(links: Links) -> None:
    intend(links, fingerprint="f1", document_id="d")
    intend(links, fingerprint="f2", customer="c")
    assert (get(links).fingerprint, get(links).detail) == ("f2", DocumentDetail(document_id="d", customer="c"))


def test_a_change_of_a_linked_document_keeps_it_linked_until_the_change_is_confirmed(links: Links) -> None:
    confirm(links, exact_id="guid-a", entry_number=7, amount=Decimal("10.00"))
    intend(links, fingerprint="f2", change=EntryChange("f2", ("line",)))
    link = get(links)
    assert (link.state, link.exact_id, link.fingerprint, link.changing_to) == ("linked", "guid-a", "f1", "f2")
    assert links.intents() == []
    assert links.changes() == [link]
    confirm(links, fingerprint="f2", how=How.UPDATED)
    link = get(links)
    assert (link.fingerprint, link.changing_to, link.how) == ("f2", None, "updated")
    assert (link.entry_number, link.amount) == (7, Decimal("10.00"))
    assert links.changes() == []


def test_a_change_is_kept_with_what_it_takes_to_take_it_back_until_it_is_withdrawn(links: Links) -> None:
    confirm(links)
    line = BookedLine(gl_account="g", net=Decimal("10.00"), vat=Decimal("2.10"), vat_code="4", id="line")
    change = EntryChange(
        "f2", ("line",), before=(line,), header_before={"DueDate": None}, header_after={"DueDate": "d"}
    )
    intend(links, fingerprint="f2", change=change)
    assert repr(get(links).document.change) == repr(change)
    links.withdraw("invoice", "a")
    assert get(links).document.change is None


def test_what_is_booked_is_kept_and_forgotten_with_its_link(store: ConnectorStore, links: Links) -> None:
    entry = BookedEntry({"YourRef": "2026 / 1"})
    links.intend("invoice", "a", number=None, fingerprint="f", booked=entry)
    assert store.booked(1).get("invoice", "a") == entry
    links.withdraw("invoice", "a")
    assert store.booked(1).get("invoice", "a") is None
    links.confirm("invoice", "a", exact_id="e", fingerprint="f", how=How.ADOPTED, booked=entry)
    assert store.booked(1).get("invoice", "a") == entry
    links.remove("invoice", "a")
    assert store.booked(1).get("invoice", "a") is None


def test_a_change_that_ends_leaves_the_reject_which_may_hold_a_later_version(
    store: ConnectorStore, links: Links
) -> None:
    confirm(links, amount=Decimal("10.00"))
    intend(links, fingerprint="f2")
    store.rejects(1).put("invoice", "a", code="change_unfinished", reason="", hint="", payload={"id": "a"})
    links.end_change("invoice", "a", fingerprint="f2", amount=Decimal("12.00"))
    link = get(links)
    assert (link.state, link.fingerprint, link.changing_to, link.amount) == ("linked", "f2", None, Decimal("12.00"))
    assert store.rejects(1).get("invoice", "a") is not None


def test_a_withdrawn_change_leaves_the_link_as_it_was(links: Links) -> None:
    confirm(links)
    intend(links, fingerprint="f2")
    assert links.withdraw("invoice", "a")
    assert (get(links).state, get(links).fingerprint, get(links).changing_to) == ("linked", "f1", None)
    assert not links.withdraw("invoice", "a")


def test_a_withdrawn_intent_is_gone(links: Links) -> None:
    intend(links)
    assert links.withdraw("invoice", "a")
    assert links.get("invoice", "a") is None
    assert not links.withdraw("invoice", "a")


def test_an_entry_that_is_missing_keeps_its_id_and_may_be_found_again(links: Links) -> None:
    confirm(links)
    links.mark_missing("invoice", "a")
    assert (get(links).state, get(links).exact_id) == ("missing", "guid-a")
    assert links.confirmed("invoice") == []
    confirm(links, how=How.ADOPTED)
    assert get(links).state == "linked"


def test_replacing_a_missing_entry_remembers_the_old_id_also_when_it_is_withdrawn(links: Links) -> None:
    confirm(links)
    links.mark_missing("invoice", "a")
    intend(links, fingerprint="f2")
    link = get(links)
    assert (link.state, link.exact_id, link.detail) == ("intent", None, DocumentDetail(replaces="guid-a"))
    links.withdraw("invoice", "a")
    assert (get(links).state, get(links).exact_id, get(links).detail) == ("missing", "guid-a", DocumentDetail())


def test_only_what_was_linked_can_be_missing(links: Links) -> None:
    with pytest.raises(StoreError, match="knows no link of invoice a"):
        links.mark_missing("invoice", "a")
    intend(links)
    with pytest.raises(StoreError, match="2026 / 1 was never linked"):
        links.mark_missing("invoice", "a")


def test_progress_of_nothing_is_a_mistake(links: Links) -> None:
    with pytest.raises(StoreError, match="knows no link"):
        links.progress("invoice", "a", document_id="d")


def test_a_person_unlinks(links: Links) -> None:
    confirm(links)
    assert links.remove("invoice", "a")
    assert links.get("invoice", "a") is None
    assert not links.remove("invoice", "a")


def test_a_confirmed_document_has_no_reject_any_more(store: ConnectorStore, links: Links) -> None:
    for kind in ("invoice", "credit_note"):
        store.rejects(1).put(kind, "a", code="c", reason="r", hint="h", payload=None)
    confirm(links)
    assert [reject.kind for reject in store.rejects(1).all()] == ["credit_note"]


def test_a_linked_customer_leaves_no_personal_data_behind(store: ConnectorStore, links: Links) -> None:
    store.customers(1).put_many({"company:1": {"name": "n"}, "company:2": {"name": "n"}})
    links.confirm("account", "company:1", exact_id="guid-c", fingerprint="f", how=How.MATCHED)
    assert store.customers(1).ids() == {"company:2"}


def test_links_are_found_by_the_id_of_exact(links: Links) -> None:
    confirm(links, "a", exact_id="guid-a")
    confirm(links, "b", exact_id="guid-b")
    found = links.find_exact("guid-b")
    assert found is not None
    assert found.source_id == "b"
    assert links.find_exact("guid-c") is None


def test_many_links_are_read_at_once(links: Links) -> None:
    for number in range(3):
        intend(links, f"id-{number}")
    wanted = ["id-0", "id-2", "id-2", *(f"unknown-{number}" for number in range(1200))]
    assert set(links.get_many("invoice", wanted)) == {"id-0", "id-2"}
    assert links.get_many("credit_note", wanted) == {}
    assert links.get_many("invoice", []) == {}


def test_intents_come_oldest_first(links: Links, clock: time_machine.Traveller) -> None:
    for source_id in ("z", "m", "a"):
        intend(links, source_id)
        clock.shift(timedelta(seconds=1))
    confirm(links, "m", exact_id="guid-m")
    assert [link.source_id for link in links.intents()] == ["z", "a"]


def test_the_least_recently_verified_come_first(links: Links, clock: time_machine.Traveller) -> None:
    for source_id in ("a", "b", "c"):
        confirm(links, source_id, exact_id=source_id)
        clock.shift(timedelta(minutes=1))
    links.touch_verified("invoice", ["a", "unknown"])
    links.touch_verified("invoice", [])
    assert [link.source_id for link in links.confirmed("invoice")] == ["b", "c", "a"]
    assert [link.source_id for link in links.confirmed("invoice", limit=1)] == ["b"]
    before = NOON + timedelta(minutes=2)
    assert [link.source_id for link in links.confirmed("invoice", verified_before=before)] == ["b"]
    assert links.confirmed("credit_note") == []


def test_divisions_do_not_see_each_other(store: ConnectorStore) -> None:
    confirm(store.links(1))
    other = store.links(2)
    assert other.get("invoice", "a") is None
    assert other.find_exact("guid-a") is None
    assert other.count() == {}
    other.touch_verified("invoice", ["a"])
    assert not other.remove("invoice", "a")
    assert store.links(1).count() == {("invoice", "linked"): 1}


def test_all_links_are_read_in_pages(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector_store.links.PAGE", 2)
    for kind in ("invoice", "account"):
        for source_id in ("a", "b", "c"):
            links.intend(kind, source_id, number=None, fingerprint="f")
    assert [(link.kind, link.source_id) for link in links.all()] == [
        (kind, source_id) for kind in ("account", "invoice") for source_id in ("a", "b", "c")
    ]


def test_what_is_kept_comes_back_as_it_was_told(links: Links) -> None:
    told = DocumentDetail(
        step=Step.FILES,
        date=date(2026, 6, 25),
        gross=Decimal("5.00"),
        change=EntryChange("f", ("a", "b")),
        refused=RefusedChange("f", "m"),
    )
    links.intend("invoice", "a", number=None, fingerprint="f", detail=told)
    assert repr(get(links).detail) == repr(told)


def test_a_confirmed_document_has_nothing_under_way_or_refused_any_more(links: Links) -> None:
    intend(links, step=Step.ENTRY, change=EntryChange("f", ("a",)), refused=RefusedChange("f"), document_id="d")
    confirm(links)
    assert get(links).detail == DocumentDetail(document_id="d")


def test_what_the_vat_of_a_customer_depends_on_is_told_as_a_whole(links: Links) -> None:
    named: dict[str, Any] = {"exact_id": "e", "fingerprint": "f", "how": How.POSTED}
    links.confirm("account", "c", **named, detail=AccountDetail(country="BE", has_vat_number=True, mark="m"))
    links.confirm("account", "c", **named)
    assert links.get("account", "c").account.has_vat_number is True  # type: ignore[union-attr]
    links.confirm("account", "c", **named, detail=AccountDetail(country="NL"))
    assert links.get("account", "c").account == AccountDetail(country="NL", mark="m")  # type: ignore[union-attr]


def test_the_detail_of_a_document_is_none_of_a_customer(links: Links) -> None:
    confirm(links)
    with pytest.raises(TypeError, match="none of a customer"):
        _ = get(links).account


def test_an_amount_that_is_a_float_is_refused(links: Links) -> None:
    with pytest.raises(Exception, match="never float"):
        confirm(links, amount=0.1)
    assert links.get("invoice", "a") is None


def test_every_verb_leaves_its_line_in_the_audit_trail(store: ConnectorStore, links: Links) -> None:
    intend(links)
    links.progress("invoice", "a", document_id="d")
    confirm(links, entry_number=7, amount=Decimal("10.00"))
    intend(links, fingerprint="f2")
    links.withdraw("invoice", "a")
    links.mark_missing("invoice", "a")
    confirm(links, exact_id="guid-b", how=How.ADOPTED)
    links.remove("invoice", "a")
    links.touch_verified("invoice", ["a"])
    trail = store.audit_trail(division=1)
    assert [entry.event.removeprefix("link.") for entry in trail] == [
        *("intended", "progressed", "confirmed", "change_intended", "withdrawn", "missing", "confirmed", "removed"),
    ]
    assert trail[2].detail == {
        "how": "posted",
        "exact_id": "guid-a",
        "entry_number": 7,
        "amount": Decimal("10.00"),
        "fingerprint": "f1",
    }
    assert trail[6].detail["exact_id_before"] == "guid-a"
    assert {(entry.kind, entry.source_id) for entry in trail[:8]} == {("invoice", "a")}
