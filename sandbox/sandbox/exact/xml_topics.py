"""The XML service beside REST: uploads of the topic MatchSets, which settles open terms against each other.

REST cannot match (exact-online 6.30). Address, document and answer are as public clients show them; what it refuses,
and in which words, is an assumption.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from starlette.responses import Response

from sandbox.exact.administration import DIVISION
from sandbox.exact.limits import Headers, LimitReachedError
from sandbox.exact.login import CLIENT_ID, expired
from sandbox.exact.rules import matching, posting
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from starlette.requests import Request

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

PATH = "/docs/XMLUpload.aspx"
ENDPOINT = "docs/XMLUpload.aspx"
ERROR, MESSAGE, FATAL = 0, 2, 3
"""`type` of a message in the answer."""
_GONE = "<html><body><h2>404 - File or directory not found.</h2></body></html>"


class MatchRefusal(Exception):  # noqa: N818 - an answer of the service, not a fault of the program
    """A match set is not carried out; the text is for its message."""


@dataclass(frozen=True)
class _Side:
    """One line of a match set: what is open of an entry, and how much of it is matched, in the company's currency.

    Both are positive for what a customer owes.
    """

    entry: Row
    due: Decimal
    amount: Decimal


async def upload(state: ExactState, request: Request) -> Response:
    """Carry out the match sets of an upload, each for itself; 200 also when all of them are refused."""
    if state.errors.blocks(ENDPOINT):
        return Response("API rate limit exceeded", 429)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or state.tokens.check(token) != "valid":
        state.errors.record(ENDPOINT, 401)
        return expired()
    administration = named(state, request)
    try:
        headers = state.limits.count(
            CLIENT_ID, DIVISION if administration is None else administration.division
        )  # shared with REST (exact-online 2.1)
    except LimitReachedError as limit:
        return Response(status_code=429, headers=limit.headers)
    if request.query_params.get("Topic") != "MatchSets" or state.ended_topics:
        state.errors.record(ENDPOINT, 404)
        return Response(_GONE, 404, headers, "text/html")
    if administration is None:
        state.errors.record(ENDPOINT, 403)
        return Response(status_code=403, headers=headers)
    return _answer(_messages(administration, await request.body()), headers)


def named(state: ExactState, request: Request) -> ExactState | None:
    """The administration that an address outside of REST names, None when there is none of that number."""
    number = request.query_params.get("_Division_", "")
    return state.siblings.get(int(number)) if number.isdecimal() else None


def end_topic(state: ExactState, arguments: dict[str, Any]) -> None:
    """Exact discontinues the XML topics (exact-online 6.30); `ended: false` brings them back."""
    state.ended_topics = bool(arguments.get("ended", True))


def _messages(state: ExactState, body: bytes) -> list[tuple[int, str]]:
    try:
        root = ET.fromstring(body)  # noqa: S314 - what our own tests send
    except ET.ParseError as error:
        return [(FATAL, f"XML: {error}")]
    sets = root.findall("MatchSets/MatchSet")
    return [_carried_out(state, match_set) for match_set in sets] or [(ERROR, "Verplicht: MatchSet")]


def _carried_out(state: ExactState, match_set: ET.Element) -> tuple[int, str]:
    try:
        sides = _sides(state, match_set)
        _check(sides)
    except MatchRefusal as refusal:
        return ERROR, str(refusal)
    match, day = state.new_guid(), max(side.entry["EntryDate"] for side in sides)
    for side in sides:
        matching.cover(state, side.entry, _in_own_currency(side), day, match)
    return MESSAGE, "Afgeletterd"


def _sides(state: ExactState, match_set: ET.Element) -> list[_Side]:
    ledger = state.by_code("financial/GLAccounts", _attribute(match_set.find("GLAccount"), "code"))
    account = state.by_code("crm/Accounts", _attribute(match_set.find("Account"), "code"))
    if ledger is None:
        raise MatchRefusal("Ongeldige referentie: Grootboekrekening")
    if account is None:
        raise MatchRefusal("Ongeldige referentie: Relatie")
    return [_side(state, line, ledger, account) for line in match_set.findall("MatchLines/MatchLine")]


def _side(state: ExactState, line: ET.Element, ledger: Row, account: Row) -> _Side:
    names = ("finyear", "finperiod", "journal", "entry")
    wanted = tuple(_attribute(line, name).strip() for name in names)
    entry = next((each for each in _entries(state) if _name(each) == wanted), None)
    if entry is None or entry["Customer"] != account["ID"]:
        raise MatchRefusal(f"Onbekend: Boekstuk {wanted[3]}")
    terms = [term for term in posting.receivables(state, entry) if term["Status"] == matching.OPEN]
    if not terms or any(term.get("GLAccount") != ledger["ID"] for term in terms):
        raise MatchRefusal(f"Reeds afgeletterd: Boekstuk {wanted[3]}")
    try:
        amount = Decimal(_attribute(line, "amountdc"))
    except InvalidOperation:
        raise MatchRefusal("Ongeldig: Bedrag") from None
    return _Side(entry, -sum((term["AmountDC"] for term in terms), Decimal(0)), amount)


def _entries(state: ExactState) -> list[Row]:
    return [*state[posting.ENTRIES], *state.other_entries.values()]


def _name(entry: Row) -> tuple[str, ...]:
    parts = (entry["ReportingYear"], entry["ReportingPeriod"], entry["Journal"], entry["EntryNumber"])
    return tuple(str(part) for part in parts)


def _check(sides: list[_Side]) -> None:
    """The amounts add up to zero, and no entry gives more than it has."""
    if len(sides) < 2:
        raise MatchRefusal("Verplicht: MatchLine")
    if max(Counter(side.entry["EntryID"] for side in sides).values()) > 1:
        raise MatchRefusal("Bestaat reeds: MatchLine")
    left = sum((side.amount for side in sides), Decimal(0))
    if left:
        raise MatchRefusal(f"De boeking is niet in evenwicht. Verschil: EUR {left}")
    for side in sides:
        if not side.amount or (side.amount > 0) != (side.due > 0) or abs(side.amount) > abs(side.due):
            raise MatchRefusal(f"Ongeldig: Bedrag ({side.amount} van {side.due})")


def _in_own_currency(side: _Side) -> Decimal | None:
    """The amount in the entry's currency; None for all that is open."""
    return None if side.amount == side.due else cents(abs(side.amount) / side.entry["Rate"])


def _attribute(element: ET.Element | None, name: str) -> str:
    return "" if element is None else element.get(name, "")


def _answer(messages: list[tuple[int, str]], headers: Headers) -> Response:
    root = ET.Element("eExact")
    listed = ET.SubElement(root, "Messages")
    for kind, text in messages:
        message = ET.SubElement(listed, "Message", type=str(kind))
        ET.SubElement(message, "Topic", code="MatchSets", node="MatchSet")
        ET.SubElement(message, "Description").text = text
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(b"\xef\xbb\xbf" + content, 200, headers, "text/xml")
