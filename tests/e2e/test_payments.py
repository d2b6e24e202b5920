"""What a user sees of `meltano run payments`: an invoice is as paid in Teamleader as its entry is settled in Exact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EMPTY = ("--no-limits", "--customers", "30", "--invoices", "0", "--credit-notes", "0")
WRITES = ("invoices.registerPayment", "invoices.removePayments")
VAT_NUMBER = "BE0428759497"
NO_FILES = {"TAP_TEAMLEADER_ATTACHMENTS": "[]"}


def settle(coupling: Any, numbers: Iterable[str], **how: Any) -> None:
    """The accountant matches these entries, in whole unless `amount` says otherwise."""
    entries = [{"your_ref": number, "journal": "70", **how} for number in numbers]
    coupling.sandbox.exact("match_entries", entries=entries)


def numbers_of(coupling: Any, invoices: Any) -> list[str]:
    """Numbers of invoices that were just added."""
    number = {each["id"]: each["number"] for each in coupling.sandbox.teamleader_documents()}
    return [number[invoice] for invoice in invoices["ids"]]


def writes_to_teamleader(coupling: Any) -> int:
    return len([path for _, path in coupling.sandbox.call_list("teamleader") if path.endswith(WRITES)])


def ran_payments(coupling: Any) -> str:
    ran = coupling.payments()
    assert ran.code == 0, ran.output[-4000:]
    return str(ran.output)


def assert_a_second_run_changes_nothing(coupling: Any) -> None:
    before, kept = coupling.registered(), coupling.rejects()
    written = writes_to_teamleader(coupling)

    ran_payments(coupling)

    assert writes_to_teamleader(coupling) == written
    assert (coupling.registered(), coupling.rejects()) == (before, kept)


def assert_brought_in_line(coupling: Any) -> None:
    """Run the reverse job; then paid and open are equal on both sides, and running it again changes nothing."""
    ran_payments(coupling)
    assert coupling.in_teamleader() == coupling.in_exact()
    assert coupling.rejects() == []
    assert_a_second_run_changes_nothing(coupling)


def test_teamleader_follows_what_the_accountant_does(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with(*EMPTY, settings=NO_FILES)
    sandbox = coupling.sandbox
    numbers = numbers_of(coupling, sandbox.add_invoices(90))
    assert len(set(numbers)) == 90
    full, partly, credited, written_off, untouched = (
        numbers[:50], numbers[50:70], numbers[70:75], numbers[75:80], numbers[80:]
    )  # fmt: skip
    invoices = {each["number"]: each for each in sandbox.teamleader_documents()}
    # Three credit notes name the invoice they take back, which Teamleader then knows by itself; two do not.
    notes = [sandbox.add_credit_note(invoice=invoices[number]["id"]) for number in credited[:3]]
    notes += [sandbox.add_credit_note(customer=invoices[number]["customer"]) for number in credited[3:]]
    assert coupling.documents().code == 0
    assert coupling.in_exact().keys() == set(numbers)

    settle(coupling, full, date="2026-03-02")
    settle(coupling, partly, amount="100.00", date="2026-03-03")
    entries = [
        {"your_ref": number, "journal": "70", "how": "credit_note", "against": {"your_ref": note["number"]}}
        for number, note in zip(credited, notes, strict=True)
    ]
    sandbox.exact("match_entries", entries=entries[:3])
    assert_brought_in_line(coupling)
    paid = coupling.registered()
    assert paid == {
        **{number: [(invoices[number]["gross"], "2026-03-02")] for number in full},
        **{number: [(Decimal("100.00"), "2026-03-03")] for number in partly},
    }

    settle(coupling, partly, date="2026-04-04")
    sandbox.exact("match_entries", entries=entries[3:])
    settle(coupling, written_off[:3], how="write_off")
    settle(coupling, written_off[3:], amount="229.00")
    settle(coupling, written_off[3:], how="write_off")
    assert_brought_in_line(coupling)
    for number in partly:
        rest = invoices[number]["gross"] - 100
        assert coupling.registered()[number] == [(Decimal("100.00"), "2026-03-03"), (rest, "2026-04-04")]

    assert {number for number in credited if number in coupling.registered()} == set(credited[3:])
    side = coupling.in_teamleader()
    assert all(side[number][1] == 0 for number in (*full, *partly, *credited, *written_off))
    assert all(side[number][0] == 0 for number in untouched)

    unmatched = [full[0], full[1], partly[0], partly[1], written_off[4]]
    sandbox.exact("unmatch_entries", entries=[{"your_ref": number, "journal": "70"} for number in unmatched])
    before = coupling.registered()

    # Kept: Teamleader stays as it was told, and a person sees it.
    ran_payments(coupling)
    assert coupling.registered() == before
    assert sorted(number for number, _, code in coupling.rejects() if code == "unmatched_in_exact") == sorted(unmatched)
    assert len(coupling.rejects()) == 5
    assert_a_second_run_changes_nothing(coupling)

    # Removed: the same five are taken back once the setting says so.
    coupling.settings["TARGET_TEAMLEADER_ON_UNMATCHED"] = "remove"
    assert_brought_in_line(coupling)
    left = coupling.registered()
    assert left == {number: paid for number, paid in before.items() if number not in unmatched}

    settle(coupling, unmatched, date="2026-05-05")
    assert_brought_in_line(coupling)
    assert coupling.in_teamleader() == {number: (invoices[number]["gross"], Decimal(0)) for number in numbers} | {
        number: (Decimal(0), invoices[number]["gross"]) for number in untouched
    }
    assert all(coupling.registered()[number] == [(invoices[number]["gross"], "2026-05-05")] for number in unmatched)


class SettledInvoices:
    """Invoices of every kind, settled by the accountant, and what the runs then did about them."""

    def __init__(self, coupling: Any) -> None:
        self.coupling = coupling
        self.sandbox = coupling.sandbox
        self._invoices()
        self._before_the_coupling()
        self._settled()
        self.log = ran_payments(coupling)
        self.teamleader, self.exact = coupling.in_teamleader(), coupling.in_exact()
        self.registered = coupling.registered()

    def _invoices(self) -> None:
        """Booked in Teamleader, where somebody has registered some payments by hand."""
        known = self.sandbox.teamleader("add_company", name="Klant van vroeger", vat_number=VAT_NUMBER)["id"]
        add, pay = self.sandbox.add_invoice, self.sandbox.teamleader
        self.plain, self.two_terms = add(), add()
        self.dollars = add(currency="USD", rate="0.9137")
        self.adopted, self.adopted_and_paid = (add(customer=f"company:{known}") for _ in range(2))
        self.paid_by_hand, self.partly_by_hand, self.only_in_teamleader = add(), add(), add()
        for invoice in (self.paid_by_hand, self.adopted_and_paid, self.only_in_teamleader):
            pay("pay", id=invoice["id"], paid_at="2026-02-02T12:00:00+00:00")
        pay("pay", id=self.partly_by_hand["id"], amount="50.00", paid_at="2026-02-02T12:00:00+00:00")

    def _before_the_coupling(self) -> None:
        """Entries that the accountant booked and settled when there was no coupling yet."""
        customer = self.sandbox.exact("add_account", Name="Vroeger", Status="C", VATNumber=VAT_NUMBER)["id"]
        for invoice in (self.adopted, self.adopted_and_paid):
            lines = [{"vat_code": "21", "amount": str(invoice["net"])}]
            entry = {"your_ref": invoice["number"], "customer": customer, "lines": lines}
            self.sandbox.exact("add_entry", **entry)
            settle(self.coupling, [invoice["number"]], date="2026-02-04")
        self.foreign = [
            self.sandbox.exact("add_entry", customer=customer, lines=[{"vat_code": "21", "amount": "80.00"}], **ref)
            for ref in ({"your_ref": "K-1"}, {"your_ref": "2019 / 1"}, {})
        ]
        self.sandbox.exact("match_entries", entries=[{"id": entry["id"]} for entry in self.foreign])

    def _settled(self) -> None:
        ran = self.coupling.documents()
        assert ran.code == 0, ran.output[-4000:]
        assert self.coupling.rejects() == []
        of = {"your_ref": self.two_terms["number"], "journal": "70"}
        half = self.two_terms["gross"] / 2
        parts = [{"amount": str(half), "due_date": day} for day in ("2026-12-01", "2027-01-01")]
        self.sandbox.exact("split_terms", **of, parts=parts)
        self.sandbox.exact("match_entry", **of, amount=str(half), date="2026-03-09")
        settle(self.coupling, [self.plain["number"], self.dollars["number"]], date="2026-03-05")
        settle(self.coupling, [self.paid_by_hand["number"], self.partly_by_hand["number"]], date="2026-03-06")

    def paid(self, invoice: Any) -> list[tuple[Decimal, str]]:
        found: list[tuple[Decimal, str]] = self.registered.get(invoice["number"], [])
        return found


@pytest.fixture(scope="module")
def settled(shared_coupling_with: Callable[..., Any]) -> SettledInvoices:
    return SettledInvoices(shared_coupling_with(*EMPTY, settings=NO_FILES))


@pytest.mark.xdist_group("payments-settled")
class TestOfAnInvoice:
    def test_both_sides_are_equal_where_exact_knows_it_all(self, settled: SettledInvoices) -> None:
        shared = settled.teamleader.keys() - {settled.only_in_teamleader["number"]}
        assert len(shared) == 7
        assert {number: settled.teamleader[number] for number in shared} == {
            number: settled.exact[number] for number in shared
        }
        assert settled.coupling.rejects() == []

    def test_one_of_two_terms_is_a_payment_in_part(self, settled: SettledInvoices) -> None:
        half = settled.two_terms["gross"] / 2
        assert settled.paid(settled.two_terms) == [(half, "2026-03-09")]
        assert settled.teamleader[settled.two_terms["number"]] == (half, half)

    def test_a_foreign_currency_is_paid_in_that_currency(self, settled: SettledInvoices) -> None:
        assert settled.paid(settled.dollars) == [(settled.dollars["gross"], "2026-03-05")]

    def test_an_entry_settled_before_the_coupling_is_registered_once_it_is_adopted(
        self, settled: SettledInvoices
    ) -> None:
        assert settled.paid(settled.adopted) == [(settled.adopted["gross"], "2026-02-04")]

    def test_one_that_somebody_registered_by_hand_is_left_alone(self, settled: SettledInvoices) -> None:
        for invoice in (settled.paid_by_hand, settled.adopted_and_paid):
            assert settled.paid(invoice) == [(invoice["gross"], "2026-02-02")]

    def test_what_somebody_registered_in_part_is_completed(self, settled: SettledInvoices) -> None:
        rest = settled.partly_by_hand["gross"] - 50
        assert settled.paid(settled.partly_by_hand) == [(Decimal("50.00"), "2026-02-02"), (rest, "2026-03-06")]

    def test_what_exact_does_not_know_of_stays_paid(self, settled: SettledInvoices) -> None:
        assert settled.paid(settled.only_in_teamleader) == [(settled.only_in_teamleader["gross"], "2026-02-02")]

    def test_entries_of_exact_alone_are_counted_and_left_out(self, settled: SettledInvoices) -> None:
        assert settled.exact.keys() - settled.teamleader.keys() == {"K-1", "2019 / 1", None}
        assert "3 not from Teamleader" in settled.log

    def test_the_forward_job_sees_no_change_in_what_the_reverse_job_registered(self, settled: SettledInvoices) -> None:
        written, entries = settled.sandbox.writes("exact"), settled.sandbox.exact_entries()

        ran = settled.coupling.documents()

        assert ran.code == 0, ran.output[-4000:]
        assert settled.sandbox.writes("exact") == written
        assert settled.sandbox.exact_entries() == entries
        assert settled.coupling.rejects() == []

    def test_the_status_lists_what_was_registered(self, settled: SettledInvoices) -> None:
        with settled.coupling.opened() as store:
            known = {each.number: each for each in store.registered_payments(123456).all()}
        for invoice in (settled.plain, settled.two_terms, settled.dollars, settled.adopted):
            payment = known[invoice["number"]]
            assert [(each.amount, each.paid_at) for each in payment.registered] == settled.paid(invoice)
            assert payment.settled == settled.exact[invoice["number"]][0]
            assert payment.plan is None


def test_one_command_does_both_jobs(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with(*EMPTY, settings=NO_FILES)
    numbers = numbers_of(coupling, coupling.sandbox.add_invoices(4))
    first = coupling.run("documents", "payments")
    assert first.code == 0, first.output[-4000:]
    settle(coupling, numbers[:2])
    coupling.sandbox.add_invoice()

    ran = coupling.run("documents", "payments")

    assert ran.code == 0, ran.output[-4000:]
    assert len(coupling.in_exact()) == 5
    assert coupling.in_teamleader() == coupling.in_exact()
    assert [number for number, (_, due) in coupling.in_teamleader().items() if due == 0] == numbers[:2]


def test_without_links_the_number_tells_which_invoice_it_is(coupling_with: Callable[..., Any]) -> None:
    """As with a tap of others, or an accountant who books the invoices by hand for good."""
    coupling = coupling_with(*EMPTY, settings=NO_FILES)
    customer = coupling.sandbox.exact("add_account", Name="Klant", Status="C")["id"]
    same, other = coupling.sandbox.add_invoice(), coupling.sandbox.add_invoice()
    for invoice, net in ((same, same["net"]), (other, other["net"] + 1)):
        lines = [{"vat_code": "21", "amount": str(net)}]
        coupling.sandbox.exact("add_entry", customer=customer, your_ref=invoice["number"], lines=lines)
    settle(coupling, [same["number"], other["number"]], date="2026-03-05")

    ran_payments(coupling)

    assert coupling.registered() == {same["number"]: [(same["gross"], "2026-03-05")]}
    assert coupling.rejects() == []
    assert_a_second_run_changes_nothing(coupling)
