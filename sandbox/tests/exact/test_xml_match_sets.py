"""The XML topic MatchSets: it settles open terms against each other, which REST cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Exact

UPLOAD = "/docs/XMLUpload.aspx?Topic=MatchSets&_Division_=123456"
GENERAL = "generaljournalentry/GeneralJournalEntries"


@pytest.fixture
def exact(new_exact: type[Exact]) -> Exact:
    return new_exact({"no_limits": True}).login()


class Case:
    """An invoice of 121.00 and a receipt, both open."""

    def __init__(self, exact: Exact, amount: int = 121) -> None:
        self.exact = exact
        self.customer = exact.customer()
        self.code = exact.row("crm/Accounts", self.customer)["Code"].strip()
        self.invoice = exact.entry(Customer=self.customer).d
        sides = (("400000", -amount, self.customer), ("499000", amount, None))
        lines = [
            {"GLAccount": exact.ledger(code), "AmountFC": each, "Account": account, "Date": "2026-06-10"}
            for code, each, account in sides
        ]
        self.receipt = exact.post(GENERAL, {"JournalCode": "90", "GeneralJournalEntryLines": lines}).d

    def match(self, *amounts: Any, code: str | None = None, ledger: str = "400000", url: str = UPLOAD) -> Answer:
        names = (("2026", "6", "70", self.invoice["EntryNumber"]), ("2026", "6", "90", self.receipt["EntryNumber"]))
        lines = "".join(
            f'<MatchLine finyear="{year}" finperiod="{period}" journal="{book}" entry="{entry}" amountdc="{amount}"/>'
            for (year, period, book, entry), amount in zip(names, amounts, strict=False)
        )
        accounts = f'<GLAccount code="{ledger}"/><Account code="{code or self.code}"/>'
        body = (
            f"<eExact><MatchSets><MatchSet>{accounts}<MatchLines>{lines}</MatchLines></MatchSet></MatchSets></eExact>"
        )
        return self.exact.call("POST", url, body.encode(), content_type="text/xml")

    def terms(self, entry: str) -> list[tuple[Any, int]]:
        fields = "AmountFC,Status,TransactionEntryID"
        rows = self.exact.get(f"cashflow/Receivables?$select={fields}&$filter=TransactionEntryID eq guid'{entry}'").rows
        return sorted((row["AmountFC"], row["Status"]) for row in rows)


def messages(answer: Answer) -> list[tuple[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return re.findall(r'<Message type="(\d)">.*?<Description>(.*?)</Description>', text, re.DOTALL)


def test_an_invoice_and_a_receipt_of_the_same_amount_settle_each_other(exact: Exact) -> None:
    case = Case(exact)
    answer = case.match("121.00", "-121.00")
    assert (answer.status, messages(answer)) == (200, [("2", "Afgeletterd")])
    assert case.terms(case.invoice["EntryID"]) == [(-121, 50)]
    assert case.terms(case.receipt["EntryID"]) == [(121, 50)]


def test_a_part_leaves_the_rest_open_as_a_term_of_its_own(exact: Exact) -> None:
    case = Case(exact, amount=50)
    case.match("50.00", "-50.00")
    assert case.terms(case.invoice["EntryID"]) == [(-71, 20), (-50, 50)]


@pytest.mark.parametrize(
    ("amounts", "changes", "said"),
    [
        (("121", "-120"), {}, "niet in evenwicht"),
        (("500", "-500"), {}, "Ongeldig: Bedrag"),
        (("-121", "121"), {}, "Ongeldig: Bedrag"),
        (("veel", "-121"), {}, "Ongeldig: Bedrag"),
        (("121",), {}, "Verplicht: MatchLine"),
        (("121", "-121"), {"ledger": "123"}, "Grootboekrekening"),
        (("121", "-121"), {"code": "999999"}, "Relatie"),
        (("121", "-121"), {"ledger": "440000"}, "Reeds afgeletterd"),
    ],
)
def test_a_match_that_cannot_be_is_told_in_a_message_and_changes_nothing(
    exact: Exact, amounts: tuple[str, ...], changes: dict[str, str], said: str
) -> None:
    case = Case(exact)
    answer = case.match(*amounts, **changes)
    ((kind, text),) = messages(answer)
    assert (answer.status, kind) == (200, "0")
    assert said in text
    assert case.terms(case.invoice["EntryID"]) == [(-121, 20)]


def test_a_second_match_of_the_same_is_refused(exact: Exact) -> None:
    case = Case(exact)
    case.match("121", "-121")
    assert messages(case.match("121", "-121"))[0][0] == "0"


def test_what_is_no_xml_is_a_fatal_message(exact: Exact) -> None:
    assert messages(exact.call("POST", UPLOAD, b"<eExact>", content_type="text/xml"))[0][0] == "3"


def test_it_needs_a_login_the_right_administration_and_a_topic_that_exists(exact: Exact) -> None:
    case = Case(exact)
    for url, status in ((UPLOAD.replace("123456", "123457"), 403), (UPLOAD.replace("MatchSets", "Items"), 404)):
        assert case.match("121", "-121", url=url).status == status
    exact.headers["authorization"] = "Bearer x"
    assert case.match("121", "-121").status == 401


def test_after_the_topics_end_nothing_is_taken_any_more(exact: Exact) -> None:
    case = Case(exact)
    exact.verb("end_xml_topics")
    assert case.match("121", "-121").status == 404
    exact.verb("end_xml_topics", ended=False)
    assert case.match("121", "-121").status == 200


def test_an_upload_counts_for_the_limit_of_calls(new_exact: type[Exact]) -> None:
    exact = new_exact({"exact_minute_limit": 3}).login()
    statuses = [exact.call("POST", UPLOAD, b"<eExact/>", content_type="text/xml").status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_what_is_selected_for_collection_cannot_be_matched(exact: Exact) -> None:
    case = Case(exact)
    exact.verb("collect_entry", id=case.invoice["EntryID"])
    assert case.terms(case.invoice["EntryID"]) == [(-121, 30)]
    assert messages(case.match("121", "-121"))[0][0] == "0"
