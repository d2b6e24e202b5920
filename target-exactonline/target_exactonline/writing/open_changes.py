"""Changes of booked entries that a run left halfway: finished when they were carried out, taken back when not.

The documents come again, by themselves or as rejects, and are compared with their entries anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector_store import State
from target_exactonline.booking.standing import in_the_books, line_in_exact, pair_up
from target_exactonline.money import cents
from target_exactonline.writing.amend import Amendment, Ended, Goal, Standing, backward
from target_exactonline.writing.resolve import rests
from target_exactonline.writing.search import entries_by_id, entry_lines

if TYPE_CHECKING:
    from connector_store import BookedEntry, BookedLine, EntryChange, Link
    from target_exactonline.administration import Administration


def finish_open_changes(administration: Administration) -> None:
    """Bring every entry whose change was left halfway to its new or its old state: two calls, and the writes.

    Where Exact may still be at it, it rests until a later run.
    """
    links = administration.store.links
    left_open = links.changes()
    if not left_open:
        return
    ids = [str(link.exact_id) for link in left_open]
    rows = entries_by_id(administration.client, ids)
    lines = entry_lines(administration.client, rows)
    for link in left_open:
        administration.interruption.check()
        if rests(administration, link):
            continue
        row, change = rows.get(str(link.exact_id)), link.document.change
        if row is None and link.state is State.LINKED:
            links.mark_missing(link.kind, link.source_id)
        elif row is None or change is None:
            links.withdraw(link.kind, link.source_id)
        else:
            _finish(administration, link, change, Standing(row, lines.get(str(link.exact_id), [])))


def _finish(administration: Administration, link: Link, change: EntryChange, standing: Standing) -> None:
    amendment = Amendment(administration, link, change)
    amendment.standing = standing
    new = Goal(tuple((line, {}) for line in change.after), change.header_after)
    links, known = administration.store.links, administration.store.booked.get(link.kind, link.source_id)
    if not amendment.left(new).count:
        booked = known and booked_as_it_stands(known, change, change.header_after, change.after, standing)
        amount = cents(standing.row.get("AmountFC"))
        links.end_change(link.kind, link.source_id, fingerprint=change.fingerprint, amount=amount, booked=booked)
        administration.outcomes.done("updated", link.kind, link.number)
        return
    if not _is_a_persons(change, standing):
        ended = amendment.take_back(backward(change))
        if ended is not Ended.OLD or amendment.standing is None:
            return
        standing = amendment.standing
    booked = known and booked_as_it_stands(known, change, change.header_before, change.before, standing)
    fingerprint = link.fingerprint
    if booked is not None and _texts_left(change, standing):
        # Old texts are not remembered: the document, in whatever version it comes, brings its own.
        fingerprint, booked = "", replace(booked, lines_digest=None)
    links.end_change(link.kind, link.source_id, fingerprint=fingerprint, booked=booked)


def _texts_left(change: EntryChange, standing: Standing) -> bool:
    """Tell whether lines that were taken back have another text than before."""
    texts = {line.id: line.description_hash for line in change.before}
    present = {line.id: line.description_hash for line in (line_in_exact(row) for row in standing.lines)}
    return any(present.get(line_id) != text for line_id, text in texts.items())


def _is_a_persons(change: EntryChange, standing: Standing) -> bool:
    """Tell whether a line of the change says neither what it said before nor what it was to say."""
    said: dict[str | None, set[Any]] = {}
    for line in (*change.before, *change.after):
        said.setdefault(line.id, set()).add(in_the_books(line))
    present = [line_in_exact(row) for row in standing.lines]
    return any(line.id in said and in_the_books(line) not in said[line.id] for line in present)


def booked_as_it_stands(
    booked: BookedEntry,
    change: EntryChange,
    header: dict[str, str | None],
    changed: tuple[BookedLine, ...],
    standing: Standing,
) -> BookedEntry:
    """Return what is booked when a change has ended.

    Args:
        booked: what was, its lines with their ids.
        change: the change.
        header: its fields as they stand: one of its two sides.
        changed: its lines as they stand: the same side. What was removed and came back has another id now.
        standing: the entry.
    """
    found = [line_in_exact(row) for row in standing.lines]
    present = {line.id for line in found}
    by_id: dict[str | None, BookedLine] = {line.id: line for line in changed if line.id is not None}
    going = {line.id for line in change.before} - by_id.keys()
    lines = [by_id.get(line.id, line) for line in booked.lines if line.id not in going]
    lines += [line for line in changed if line.id is None]
    lines = [line if line.id in present else replace(line, id=None) for line in lines]
    touched = {line.id for line in change.before} | {line.id for line in found if line.id not in change.old}
    places = pair_up(lines, found)
    for place, there in places.items():
        text = found[there].description_hash if found[there].id in touched else lines[place].description_hash
        lines[place] = replace(lines[place], id=found[there].id, description_hash=text)
    digest = change.lines_digest if header is change.header_after else booked.lines_digest
    return replace(booked, header={**booked.header, **header}, lines=tuple(lines), lines_digest=digest)
