"""How a link comes and goes: the verbs of the links. An intent is a link not confirmed yet."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import and_, insert, select, update

from connector_store.audit import write_audit
from connector_store.booked import forget_booked, keep_booked
from connector_store.columns import as_the_source_writes, utc_now
from connector_store.customers import forget_customer
from connector_store.details import AccountDetail, DocumentDetail
from connector_store.errors import StoreError
from connector_store.link import ACCOUNT, FoundLinks, How, Link, Progress, State, detail_type
from connector_store.schema import links
from connector_store.terms import Terms
from connector_store.write_ahead import PAGE, Change, Key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from decimal import Decimal

    from sqlalchemy.engine import Connection

    from connector_store.booked import BookedEntry
    from connector_store.details import LinkDetail


class Links(FoundLinks):
    """The links of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def intend(
        self,
        kind: str,
        source_id: str,
        *,
        number: str | None,
        fingerprint: str,
        detail: LinkDetail | None = None,
        booked: BookedEntry | None = None,
    ) -> None:
        """Say what is about to be written, before it is sent. `detail` is laid over what is there.

        - Nothing known, or an intent: the state is "intent".
        - Linked: it stays linked, with its Exact id and the fingerprint of what stands in Exact; `changing_to` tells
          the change under way (see `changes`) until `confirm` or `withdraw`. So is one that was deleted at the source
          and comes again: it is linked again.
        - Missing: an intent for a new entry; the id of the old one is kept in the detail's `replaces`.

        `booked` is kept as what is booked (see `Booked`), from now on.

        Raises:
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """

        def decide(link: Link | None) -> Change:
            merged = _over(kind, link, detail)
            told = {"number": number, "fingerprint": fingerprint, **(detail.stored() if detail else {})}
            told.pop("change", None)  # it may be long, and the trail is kept for good
            values: dict[str, Any] = {"number": number or (link.number if link else None)}
            if link is not None and link.state in {State.LINKED, State.ORPHANED}:
                values |= {"state": State.LINKED, "changing_to": fingerprint, "detail": merged.stored()}
                return Change("link.change_intended", told, values, also=keep)
            if link is not None and link.state is State.MISSING:
                merged = dataclasses.replace(merged, replaces=link.exact_id)
            values |= {"state": State.INTENT, "fingerprint": fingerprint, "exact_id": None, "detail": merged.stored()}
            return Change("link.intended", told, values, also=keep)

        keep = self._keeping(kind, source_id, booked)
        self._write(Key(kind, source_id), decide, before_sending=True)

    def progress(self, kind: str, source_id: str, **known: Unpack[Progress]) -> None:
        """Note what is now known (`document_id=…`) of an intent or link.

        Raises:
            StoreError: there is no link of that document.
            StoreUnavailableError: as for `intend`.
        """
        key = Key(kind, source_id)

        def decide(link: Link | None) -> Change:
            detail = dataclasses.replace(self._known(link, key).detail, **known)  # type: ignore[arg-type]
            told = {name: value for name, value in detail.stored().items() if name in known and name != "change"}
            return Change("link.progressed", told, {"detail": detail.stored()})

        self._write(key, decide, before_sending=True)

    def confirm(  # noqa: PLR0913 - everything that is known of an entry
        self,
        kind: str,
        source_id: str,
        *,
        exact_id: str,
        fingerprint: str,
        how: How,
        number: str | None = None,
        entry_number: int | None = None,
        amount: Decimal | None = None,
        currency: str | None = None,
        detail: LinkDetail | None = None,
        booked: BookedEntry | None = None,
    ) -> None:
        """Say that the document stands in Exact: nothing is under way, or stands refused, any more.

        What is None keeps its value; `detail` is laid over what is there, `booked` is kept as what is booked. In the
        same transaction the reject of the document goes, and the staged personal data of an account.
        """
        facts = {"number": number, "entry_number": entry_number, "amount": amount, "currency": currency}
        facts = {name: value for name, value in facts.items() if value is not None}

        def decide(link: Link | None) -> Change:
            values = {
                **facts,
                "state": State.LINKED,
                "how": how,
                "exact_id": exact_id,
                "fingerprint": fingerprint,
                "changing_to": None,
                "verified_at": utc_now(),
                "detail": _outcome_known(_over(kind, link, detail)).stored(),
            }
            before = link.exact_id if link is not None and link.exact_id != exact_id else None
            told = {
                **facts,
                "how": how,
                "exact_id": exact_id,
                "exact_id_before": before,
                "fingerprint": fingerprint,
            }
            is_new = link is None or link.state is not State.LINKED or link.exact_id != exact_id

            def also(connection: Connection) -> None:
                if kind == ACCOUNT:
                    forget_customer(connection, self._division, source_id)
                elif is_new:
                    self._terms.show_again(connection, exact_id)
                if booked is not None:
                    keep_booked(connection, self._division, kind, source_id, booked)

            return Change("link.confirmed", told, values, solved="linked", also=also)

        self._write(Key(kind, source_id), decide)

    def withdraw(self, kind: str, source_id: str) -> bool:
        """Say that nothing was written after all; return whether there was something to withdraw.

        An intent goes (one that replaced a missing entry is missing again); a linked document stays linked and only
        its change is no longer under way.
        """

        def decide(link: Link | None) -> Change | None:
            if link is None or (link.state is not State.INTENT and link.changing_to is None):
                return None
            told = {"fingerprint": link.fingerprint}
            if link.state is not State.INTENT:
                return Change("link.withdrawn", told, _no_change(link))
            values: dict[str, Any] | None = None
            if link.detail.replaces:
                detail = dataclasses.replace(link.detail, replaces=None)
                values = {"state": State.MISSING, "exact_id": link.detail.replaces, "detail": detail.stored()}
            return Change("link.withdrawn", told, values, also=self._forgetting(kind, source_id))

        return self._write(Key(kind, source_id), decide)

    def end_change(
        self,
        kind: str,
        source_id: str,
        *,
        fingerprint: str,
        amount: Decimal | None = None,
        booked: BookedEntry | None = None,
    ) -> None:
        """Say that a change of a linked document is no longer under way, and how the entry stands then.

        Its reject stays, since it may hold a later version.

        Args:
            kind: of the document.
            source_id: of the document.
            fingerprint: of the version that stands in Exact; "" when it is that of none.
            amount: gross, VAT included; None keeps what is known.
            booked: kept as what is booked (see `Booked`).

        Raises:
            StoreError: there is no link of that document.
        """
        key = Key(kind, source_id)

        def decide(found: Link | None) -> Change:
            values = {**_no_change(self._known(found, key)), "fingerprint": fingerprint}
            values |= {} if amount is None else {"amount": amount}
            told = {"fingerprint": fingerprint}
            return Change("link.change_ended", told, values, also=self._keeping(kind, source_id, booked))

        self._write(key, decide)

    def mark_missing(self, kind: str, source_id: str) -> None:
        """Say that the entry was deleted in Exact; its id stays known. It is not posted again by itself.

        Raises:
            StoreError: there is no link of that document, or it was never confirmed.
        """
        self._mark(kind, source_id, State.MISSING, _no_change)

    def mark_orphaned(self, kind: str, source_id: str) -> None:
        """Say that the document was deleted at the source, while its entry stands in Exact.

        A change of the entry that is under way stays so: it is brought to an end all the same.

        Raises:
            StoreError: there is no link of that document, or it was never confirmed.
        """
        self._mark(kind, source_id, State.ORPHANED, lambda _: {})

    def _mark(self, kind: str, source_id: str, state: State, change: Callable[[Link], dict[str, Any]]) -> None:
        """Say that one of the two is gone; `change` tells what becomes of a change under way."""
        key = Key(kind, source_id)

        def decide(found: Link | None) -> Change:
            link = self._known(found, key)
            if link.exact_id is None:
                raise StoreError(f"The {kind} {link.number or source_id} was never linked, so it cannot be {state}")
            return Change(f"link.{state}", {"exact_id": link.exact_id}, {**change(link), "state": state})

        self._write(key, decide)

    def remove(self, kind: str, source_id: str) -> bool:
        """Unlink, because a person asked for it; return whether there was a link. The audit trail keeps the id."""

        def decide(link: Link | None) -> Change | None:
            if link is None:
                return None
            told = {"state": link.state.value, "exact_id": link.exact_id, "entry_number": link.entry_number}
            entry = None if kind == ACCOUNT else link.exact_id

            def also(connection: Connection) -> None:
                forget_booked(connection, self._division, kind, source_id)
                if entry is not None:
                    self._terms.show_again(connection, entry)

            return Change("link.removed", told, None, also=also)

        return self._write(Key(kind, source_id), decide)

    def touch_verified(self, kind: str, ids: Collection[str]) -> None:
        """Say that these entries were just seen in Exact. Every run does so: the trail, never emptied, is not told."""
        wanted = sorted(set(ids))
        if not wanted:
            return
        with self._database.writing() as connection:
            for start in range(0, len(wanted), PAGE):
                some = links.c.source_id.in_(wanted[start : start + PAGE])
                mine = and_(links.c.division == self._division, links.c.kind == kind, some)
                connection.execute(update(links).where(mine).values(verified_at=utc_now()))

    @property
    def _terms(self) -> Terms:
        """The mirror of payment terms, that shows an entry again when it is another document's, or nobody's."""
        return Terms(self._database, self._division)

    def _keeping(self, kind: str, source_id: str, entry: BookedEntry | None) -> Callable[[Connection], None] | None:
        if entry is None:
            return None
        return lambda connection: keep_booked(connection, self._division, kind, source_id, entry)

    def _forgetting(self, kind: str, source_id: str) -> Callable[[Connection], None]:
        return lambda connection: forget_booked(connection, self._division, kind, source_id)


def link_account(connection: Connection, division: int, source_id: str, exact_id: str) -> None:
    """Link a customer to its account within the transaction that found the two; a link there is stays as it is.

    The customer's present version counts as that of the account: it is not rewritten before it changes.
    """
    mine = and_(links.c.division == division, links.c.kind == ACCOUNT, links.c.source_id == source_id)
    if connection.execute(select(links.c.state).where(mine)).first() is not None:
        return
    moment = utc_now()
    detail = AccountDetail(updated_at=as_the_source_writes(moment))
    connection.execute(
        insert(links).values(
            division=division,
            kind=ACCOUNT,
            source_id=source_id,
            state=State.LINKED,
            how=How.MATCHED,
            exact_id=exact_id,
            fingerprint="",
            detail=detail.stored(),
            created_at=moment,
            updated_at=moment,
            verified_at=moment,
        )
    )
    told = {"exact_id": exact_id, "how": How.MATCHED}
    write_audit(connection, "link.confirmed", division=division, kind=ACCOUNT, source_id=source_id, detail=told)


def _over(kind: str, link: Link | None, detail: LinkDetail | None) -> LinkDetail:
    known = link.detail if link is not None else detail_type(kind)()
    return known if detail is None else detail.over(known)


def _no_change(link: Link) -> dict[str, Any]:
    """Return the columns of a link whose change is no longer under way."""
    detail = dataclasses.replace(link.detail, sent_at=None)
    if isinstance(detail, DocumentDetail):
        detail = dataclasses.replace(detail, change=None)
    return {"changing_to": None, "detail": detail.stored()}


def _outcome_known(detail: LinkDetail) -> LinkDetail:
    if isinstance(detail, DocumentDetail):
        return dataclasses.replace(detail, step=None, sent_at=None, change=None, refused=None)
    return dataclasses.replace(detail, step=None, sent_at=None)
