"""What is remembered of customers that come from Exact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from connector_store import AccountDetail, CustomerType, How, ImportedHow, State, StoreError
from connector_store.division_store import ACCOUNT, CUSTOMER

if TYPE_CHECKING:
    from connector_store import ConnectorStore, ImportedCustomers

SENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GUID, COMPANY = "0a-exact", "0b-teamleader"


def intend(customers: ImportedCustomers, source_id: str = GUID) -> None:
    customers.intend(source_id, CustomerType.COMPANY, number="17", fingerprint="f1", sent_at=SENT)


def confirm(customers: ImportedCustomers, source_id: str = GUID, *, is_account: bool = True) -> None:
    customers.confirm(
        source_id,
        CustomerType.COMPANY,
        teamleader_id=COMPANY,
        how=ImportedHow.CREATED,
        fingerprint="f1",
        number="17",
        is_account=is_account,
    )


def test_a_creation_is_intended_carried_out_and_confirmed(store: ConnectorStore) -> None:
    customers = store.imported_customers(1)
    store.rejects(1).put(CUSTOMER, GUID, code="code", reason="reason", hint="hint", payload={"id": GUID})
    intend(customers)
    [under_way] = customers.under_way()
    assert (under_way.source_id, under_way.teamleader_id, under_way.sent_at) == (GUID, None, SENT)

    confirm(customers)

    known = customers.get(GUID)
    assert known is not None
    assert (known.type, known.teamleader_id, known.how) == (CustomerType.COMPANY, COMPANY, ImportedHow.CREATED)
    assert (known.number, known.sent_at) == ("17", None)
    assert customers.under_way() == []
    assert store.rejects(1).all() == []
    assert store.imported_customers(2).get(GUID) is None


def test_the_other_direction_knows_the_account_from_the_same_moment_on(store: ConnectorStore) -> None:
    confirm(store.imported_customers(1))
    link = store.links(1).get(ACCOUNT, f"company:{COMPANY}")
    assert link is not None
    assert (link.state, link.how, link.exact_id, link.fingerprint) == (State.LINKED, How.MATCHED, GUID, "")


def test_a_contact_person_is_no_account(store: ConnectorStore) -> None:
    confirm(store.imported_customers(1), is_account=False)
    assert list(store.links(1).all()) == []


def test_a_link_that_is_there_stays_as_it_is(store: ConnectorStore) -> None:
    links = store.links(1)
    links.confirm(
        ACCOUNT,
        f"company:{COMPANY}",
        exact_id=GUID,
        fingerprint="as booked",
        how=How.POSTED,
        detail=AccountDetail(country="BE"),
    )
    confirm(store.imported_customers(1))
    link = links.get(ACCOUNT, f"company:{COMPANY}")
    assert link is not None
    assert (link.fingerprint, link.how, link.account.country) == ("as booked", How.POSTED, "BE")


def test_customers_are_found_from_either_side(store: ConnectorStore) -> None:
    customers = store.imported_customers(1)
    confirm(customers)
    assert set(customers.get_many([GUID, "other"])) == {GUID}
    assert set(customers.by_teamleader([COMPANY, "other"])) == {COMPANY}


def test_the_rest_of_a_creation_is_noted(store: ConnectorStore) -> None:
    customers = store.imported_customers(1)
    intend(customers)
    later = SENT.replace(hour=13)
    customers.rest(GUID, later)
    assert [each.sent_at for each in customers.under_way()] == [later]
    with pytest.raises(StoreError, match="knows no customer"):
        customers.rest("other", later)


def test_what_was_not_carried_out_is_withdrawn(store: ConnectorStore) -> None:
    customers = store.imported_customers(1)
    intend(customers)
    assert customers.withdraw(GUID)
    assert not customers.withdraw(GUID)
    assert customers.under_way() == []
    events = [line.event for line in store.audit_trail(kind=CUSTOMER)]
    assert events == ["customer.intended", "customer.withdrawn"]
