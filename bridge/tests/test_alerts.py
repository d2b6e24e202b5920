"""Who is told, and when: once when something is new, once when it is over, and never a flood."""

from __future__ import annotations

from datetime import date
from typing import Any

from bridge.run.alerts import Message, Told, Wishes, due

TODAY = date(2026, 11, 27)


def document(level: str = "green", line: str = "All in order", to_do: int = 0, paid: int = 0) -> dict[str, Any]:
    rows = [
        {
            "kind": "invoice",
            "source_id": f"i{number}",
            "number": f"2026 / {number}",
            "status": "rejected",
            "code": "period_closed",
            "customer": "Peeters bv",
            "hint": "Reopen the period.",
        }
        for number in range(to_do)
    ]
    became = [{"source_id": f"p{number}", "number": f"2026 / 9{number}", "amount": 1} for number in range(paid)]
    counts = {"linked": 5, "waiting": 0, "rejected": to_do, "excluded": 0}
    return {
        "health": {"level": level, "line": line, "couplings": []},
        "documents": rows,
        "paid": became,
        "counts": counts,
    }


def told_of(before: Told, *documents: dict[str, Any], wishes: Wishes | None = None) -> list[Message]:
    """What is sent over several runs."""
    sent: list[Message] = []
    for each in documents:
        messages, before = due(each, before, wishes or Wishes(), TODAY)
        sent += messages
    return sent


def test_a_hundred_new_rejects_are_one_message_and_nothing_more_while_they_stay() -> None:
    (message,) = told_of(Told(), document("amber", to_do=100), document("amber", to_do=100))
    assert message.kind == "problem"
    assert message.title == "100 need you"
    assert message.body == "period_closed: 100, 100 in all; see: bridge status"


def test_one_more_is_told_of_alone() -> None:
    first, second = told_of(Told(), document("amber", to_do=3), document("amber", to_do=4))
    assert (first.title, second.title) == ("3 need you", "1 needs you")


def test_no_name_and_no_amount_leaves_unless_it_was_asked_for() -> None:
    (message,) = told_of(Told(), document("amber", to_do=1))
    assert "Peeters" not in message.title + message.body
    assert "2026 / 0" not in message.title + message.body
    (message,) = told_of(Told(), document("amber", to_do=1), wishes=Wishes(details=True))
    assert message.body == "2026 / 0 Peeters bv: Reopen the period."


def test_what_does_not_work_is_told_once_and_so_is_its_end() -> None:
    red = document("red", "Login to Exact expired: nothing booked since 09:30")
    first, second = told_of(Told(), red, red, red, document(line="All in order, last success 14:15"), document())
    assert (first.kind, first.title) == ("problem", "Login to Exact expired: nothing booked since 09:30")
    assert (second.kind, second.title) == ("recovery", "It works again")
    assert second.body == "All in order, last success 14:15"


def test_what_a_person_mended_is_told_when_nothing_is_left() -> None:
    sent = told_of(Told(), document("amber", to_do=2), document("amber", to_do=1), document(), document())
    assert [message.title for message in sent] == ["2 need you", "Nothing needs you any more"]


def test_what_passes_by_itself_tells_nobody() -> None:
    assert told_of(Told(), document("amber", "Exact does not answer"), document()) == []


def test_the_summary_comes_once_a_day_when_it_is_wanted() -> None:
    wishes = Wishes(summary=True, name="north")
    (message,) = told_of(Told(), document(), document(), wishes=wishes)
    assert (message.kind, message.title) == ("summary", "north: All in order")
    assert message.body == "5 linked, 0 waiting, 0 rejected, 0 excluded"
    _, told = due(document(), Told(), wishes, TODAY)
    assert [message.kind for message in due(document(), told, wishes, date(2026, 11, 28))[0]] == ["summary"]


def test_paid_invoices_are_told_once_when_it_is_wanted() -> None:
    assert told_of(Told(), document(paid=2)) == []
    (message,) = told_of(Told(), document(paid=2), document(paid=2), wishes=Wishes(paid=True))
    assert (message.kind, message.body) == ("paid", "2 invoices became paid")
    (message,) = told_of(Told(), document(paid=1), wishes=Wishes(paid=True, details=True))
    assert message.body == "2026 / 90"


def test_what_was_told_is_kept_between_runs() -> None:
    _, told = due(document("red", to_do=2, paid=1), Told(), Wishes(summary=True), TODAY)
    assert Told.read(told.kept()) == told


def couplings(**lines: str) -> dict[str, Any]:
    """The document of couplings in one administration; those with a line do not work."""
    names = ("north", "south")
    each = [
        {"name": name, "level": "red" if name in lines else "green", "line": lines.get(name, "All in order")}
        for name in names
    ]
    worst = next((f"{name}: {line}" for name, line in lines.items()), "All in order")
    made = document("red" if lines else "green", worst)
    return {**made, "health": {**made["health"], "couplings": each}}


def test_each_coupling_of_an_administration_is_told_of_once_and_so_is_its_end() -> None:
    wishes = Wishes(name="north")
    sent = told_of(
        Told(),
        couplings(north="Login to Exact expired"),
        couplings(north="Login to Exact expired", south="No journal"),
        couplings(north="Login to Exact expired", south="No journal"),
        couplings(south="No journal"),
        couplings(),
        wishes=wishes,
    )
    assert [(message.kind, message.title) for message in sent] == [
        ("problem", "north: Login to Exact expired"),
        ("problem", "south: No journal"),
        ("recovery", "north: It works again"),
        ("recovery", "south: It works again"),
    ]


def test_what_an_earlier_version_told_is_not_told_again() -> None:
    red = document("red", "Login to Exact expired: nothing booked since 09:30")
    assert told_of(Told.read({"red": True, "to_do": [], "paid": [], "summary": None}), red) == []
