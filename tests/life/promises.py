"""What holds after every quiet day. Each promise yields what breaks it, in words that name the document."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector_store.link import State
from connector_testing.in_process import DIVISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_store import Link, Reject

    from .actors import Life

KINDS: Final = ("invoice", "credit_note")


@dataclass(frozen=True)
class Standing:
    """Both sides and the store, at one quiet moment.

    Attributes:
        life: What happened until then.
        documents: Teamleader's booked documents by kind and id.
        entries: The sales entries of Exact by id.
        links: The links of documents by kind and id.
        rejects: Everything that is kept with a code, by the source id that it tells of.
        late_files: Ids of the documents of which a file waits with a code.
        filed: The documents of Exact with their attachments.
    """

    life: Life
    documents: dict[tuple[str, str], dict[str, Any]]
    entries: dict[str, dict[str, Any]]
    links: dict[tuple[str, str], Link]
    rejects: dict[str, list[Reject]]
    late_files: set[str]
    filed: list[dict[str, Any]]

    @classmethod
    def of(cls, life: Life) -> Standing:
        """Look at everything."""
        rejects: dict[str, list[Reject]] = defaultdict(list)
        with life.coupling.store() as store:
            links = {(each.kind, each.source_id): each for each in store.links(DIVISION).all() if each.kind in KINDS}
            late = {each.source_id for each in store.files(DIVISION).waiting() if each.problem is not None}
            for each in store.rejects(DIVISION).all():
                rejects[each.source_id].append(each)
        return cls(
            life,
            {(each["kind"], each["id"]): each for each in life.sandbox.teamleader_documents()},
            {each["entry_id"]: each for each in life.sandbox.exact_entries()},
            links,
            dict(rejects),
            late,
            life.sandbox.ledger()["documents"],
        )

    def entry_of(self, key: tuple[str, str]) -> dict[str, Any] | None:
        """Return the entry that a document is linked to, if it stands there."""
        link = self.links.get(key)
        return None if link is None or link.state is not State.LINKED else self.entries.get(link.exact_id or "")

    def waiting(self) -> Iterator[str]:
        """Yield what is kept with a code, in words."""
        for each in (reject for told in self.rejects.values() for reject in told):
            yield f"{each.kind} {each.number or each.source_id}: {each.code}"

    def is_told(self, source_id: str) -> bool:
        """Tell whether a person sees a code for it."""
        return bool(self.rejects.get(source_id))


def a_booked_document_is_in_exact_or_waits_with_a_code(standing: Standing) -> Iterator[str]:
    for (kind, source_id), document in standing.documents.items():
        if standing.entry_of((kind, source_id)) is None and not standing.is_told(source_id):
            yield f"{kind} {document['number']} is nowhere"


def no_document_is_in_exact_twice(standing: Standing) -> Iterator[str]:
    """Of a number that was used again there may be one entry more, of the invoice that was deleted."""
    made = [each for each in standing.entries.values() if each["entry_id"] not in standing.life.made_by_hand]
    for (kind, number), times in Counter((each["kind"], each["number"]) for each in made).items():
        if times > 1 + standing.life.used_again[number]:
            yield f"{kind} {number} is booked {times} times"
    for exact_id, times in Counter(each.exact_id for each in standing.links.values()).items():
        if times > 1 and exact_id is not None:
            yield f"{times} documents are linked to entry {exact_id}"


def a_typed_document_is_not_booked_beside_it(standing: Standing) -> Iterator[str]:
    def named(entry: dict[str, Any]) -> tuple[str, str]:
        return entry["kind"], "".join((entry["number"] or "").split())

    typed = {named(standing.entries[each]) for each in standing.life.made_by_hand if each in standing.entries}
    for entry in standing.entries.values():
        if entry["entry_id"] not in standing.life.made_by_hand and named(entry) in typed:
            yield f"{entry['number']} was typed by hand, and is booked beside that"


def amounts_are_those_of_teamleader_to_the_cent(standing: Standing) -> Iterator[str]:
    for key, document in standing.documents.items():
        entry = standing.entry_of(key)
        if entry is None or standing.is_told(document["id"]):
            continue
        booked, wanted = ([each[name] for name in ("net", "vat", "gross")] for each in (entry, document))
        if booked != wanted:
            yield f"{key[0]} {document['number']} is {wanted}, its entry {booked}"


def what_teamleader_no_longer_has_is_told(standing: Standing) -> Iterator[str]:
    """An entry without a link is told by the document that has its number, and waits.

    That of a document which was deleted before the store was lost cannot be told from one that a person booked.
    """
    live = {(kind, each["number"]) for (kind, _), each in standing.documents.items()}
    by_entry = {link.exact_id: key for key, link in standing.links.items()}
    numbers = {(each.kind, each.number) for told in standing.rejects.values() for each in told}
    for entry in standing.entries.values():
        if entry["entry_id"] in standing.life.made_by_hand:
            continue
        key = by_entry.get(entry["entry_id"])
        named = (entry["kind"], entry["number"])
        if key is None and named not in live and entry["entry_id"] in standing.life.forgotten:
            continue
        if key is None and named not in numbers:
            yield f"the entry of {entry['number']} belongs to no document that the store knows"
        elif key is not None and key not in standing.documents and not standing.is_told(key[1]):
            yield f"{key[0]} {entry['number']} is gone from Teamleader, and nobody is told"


def what_the_accountant_recoded_stays(standing: Standing) -> Iterator[str]:
    accounts = {line["id"]: line["gl_account"] for entry in standing.entries.values() for line in entry["lines"]}
    for line, account in standing.life.recoded.items():
        if line in accounts and accounts[line] != account:
            yield f"line {line} was recoded to {account}, and is {accounts[line]}"


def what_the_accountant_wrote_stays(standing: Standing) -> Iterator[str]:
    for entry, text in standing.life.rewritten.items():
        if entry in standing.entries and standing.entries[entry]["description"] != text:
            yield f"the entry of {standing.entries[entry]['number']} was described as {text}, and is no more"


def a_booked_document_has_its_file_or_waits_for_it(standing: Standing) -> Iterator[str]:
    """One PDF each. An entry that a person typed gets none."""
    files = {each["entry_id"]: each["attachments"] for each in standing.filed}
    for key, document in standing.documents.items():
        entry = standing.entry_of(key)
        if entry is None or entry["entry_id"] in standing.life.made_by_hand or standing.is_told(document["id"]):
            continue
        if document["id"] in standing.late_files:
            continue
        names = [each["file_name"] for each in files.get(entry["entry_id"], [])]
        if len(names) != 1:
            yield f"{key[0]} {document['number']} has the files {names}"


def as_much_is_due_as_is_open(standing: Standing) -> Iterator[str]:
    """Until the accountant matches a credit note, it lies open beside its invoice; Teamleader took it off at once.

    Of an invoice whose credit note waits it is not known in Exact what is left.
    """
    credited: dict[str, Decimal] = defaultdict(Decimal)
    unknown = set()
    for key, document in standing.documents.items():
        if document["credited"] is None:
            continue
        if (entry := standing.entry_of(key)) is not None:
            credited[document["credited"]] += entry["open"]
        elif standing.is_told(document["id"]):
            unknown.add(document["credited"])
    for key, document in standing.documents.items():
        entry = standing.entry_of(key)
        if key[0] != "invoice" or entry is None or standing.is_told(document["id"]):
            continue
        if standing.is_told(entry["entry_id"]) or document["id"] in unknown:
            continue
        left = max(entry["open"] + credited[document["id"]], Decimal(0))
        if document["due"] < left and document["id"] in standing.life.paid_by_hand:
            continue  # the money is not in Exact yet, or never comes there: that is no fault of the coupling
        if document["due"] != left:
            yield f"invoice {document['number']}: {document['due']} is due, {left} is open in Exact"


def a_run_ends_with_a_line_for_a_person(standing: Standing) -> Iterator[str]:
    yield from standing.life.coupling.unexpected


PROMISES: Final[tuple[Callable[[Standing], Iterator[str]], ...]] = (
    a_booked_document_is_in_exact_or_waits_with_a_code,
    no_document_is_in_exact_twice,
    a_typed_document_is_not_booked_beside_it,
    amounts_are_those_of_teamleader_to_the_cent,
    what_teamleader_no_longer_has_is_told,
    what_the_accountant_recoded_stays,
    what_the_accountant_wrote_stays,
    a_booked_document_has_its_file_or_waits_for_it,
    as_much_is_due_as_is_open,
    a_run_ends_with_a_line_for_a_person,
)
