"""Finds customers in Teamleader: all of them once per run for matching, a hundred by id, one that was just created."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from connector_store import CustomerType
from customer_identity import CustomerIndex, Match, Verdict
from target_teamleader.rules.customer_fields import traits_of_record
from teamleader_api import NotFound
from teamleader_api.customers import RESOURCES, name_of, traits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from customer_identity import Traits
    from teamleader_api import TeamleaderClient

Row = dict[str, Any]
BATCH = 100
SLACK = timedelta(minutes=1)
"""Between the moment that is noted before a creation and the one that Teamleader notes: both are its clock's, in whole
seconds, the first of them of an earlier answer."""


def key_of(type_: CustomerType, id_: str) -> str:
    """Return a name for a customer of either type, the same as in links: `company:<id>`."""
    return f"{type_}:{id_}"


def type_and_id(key: str) -> tuple[CustomerType, str]:
    """Return what `key_of` was given."""
    type_, _, id_ = key.partition(":")
    return CustomerType(type_), id_


class _Indexes(NamedTuple):
    """Who may be a customer: a firm may be a contact, when its owner buys in his own name; a person is no company."""

    everybody: CustomerIndex
    contacts: CustomerIndex

    def add(self, type_: CustomerType, id_: str, known: Traits) -> None:
        """Add a customer where it is looked for."""
        for index in self if type_ is CustomerType.CONTACT else (self.everybody,):
            index.add(key_of(type_, id_), known)


class CustomerSearch:
    """Asks Teamleader for customers."""

    def __init__(self, client: TeamleaderClient, number_fields: Mapping[CustomerType, str]) -> None:
        self._client = client
        self._number_fields = number_fields

    @cached_property
    def _indexes(self) -> _Indexes:
        """All active customers by what they are known by; read at the first customer that has to be found."""
        indexes = _Indexes(CustomerIndex(), CustomerIndex())
        for type_ in CustomerType:
            rows = self._client.listed_until_stable(
                f"{RESOURCES[type_]}.list", self._listing({"status": "active"}), key=_id, project=dict
            )
            for row in rows:
                indexes.add(type_, row["id"], traits(row, self._number_fields.get(type_)))
        return indexes

    def match(self, record: Row, company_id: str | None) -> Match:
        """Find a customer of the books.

        Of contact persons of one name without anything else in common, those of the same company are one, and others
        are not.

        Args:
            record: What the books say of it.
            company_id: Teamleader's id of the company that a contact person works at.
        """
        wanted = traits_of_record(record)
        if company_id is None:
            return self._indexes.everybody.match(wanted)
        match = self._indexes.contacts.match(wanted)
        if match.verdict is not Verdict.WEAK:
            return match
        colleagues = self._rows(CustomerType.CONTACT, {"company_id": company_id})
        there = {key_of(CustomerType.CONTACT, row["id"]) for row in colleagues}
        ids = tuple(each for each in match.ids if each in there)
        return Match({0: Verdict.NONE, 1: Verdict.FOUND}.get(len(ids), Verdict.SEVERAL), match.by, ids)

    def add(self, type_: CustomerType, id_: str, record: Row) -> None:
        """Let a customer that was just created be found."""
        self._indexes.add(type_, id_, traits_of_record(record))

    def forget(self, key: str) -> None:
        """Find a customer no more that is gone."""
        for each in self._indexes:
            each.remove(key)

    def by_ids(self, type_: CustomerType, ids: Sequence[str]) -> dict[str, Row]:
        """Return the rows that are there, by id."""
        rows = self._client.rows_with_ids(f"{RESOURCES[type_]}.list", ids, self._listing({}))
        return {row["id"]: row for row in rows}

    def info(self, type_: CustomerType, id_: str) -> Row | None:
        """Return all that stands there of one customer, None when it is gone."""
        try:
            row: Row = self._client.call(f"{RESOURCES[type_]}.info", {"id": id_})
        except NotFound:
            return None
        return row

    def created_since(self, type_: CustomerType, body: Row, moment: datetime) -> list[Row]:
        """Return the customers of that name, and of what else was sent, that were added since a moment."""
        name = name_of(body)
        rows = self._rows(type_, {"term": name, "updated_since": (moment - SLACK).isoformat(timespec="seconds")})
        return [
            row
            for row in rows
            if name_of(row) == name
            and datetime.fromisoformat(row["added_at"]) >= moment - SLACK
            and set(body.get("tags", [])) <= set(row.get("tags") or [])
            and all(each in (row.get("emails") or []) for each in body.get("emails", []))
        ]

    def _rows(self, type_: CustomerType, filter_: Row) -> Iterator[Row]:
        return self._client.rows(f"{RESOURCES[type_]}.list", self._listing(filter_))

    def _listing(self, filter_: Row) -> Row:
        return {"filter": filter_, **({"includes": "custom_fields"} if self._number_fields else {})}


def _id(row: Row) -> str:
    return str(row["id"])
