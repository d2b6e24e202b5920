"""Who does what in a life: each move is a small thing that a person, a network or a machine does.

A move is a function of the life; it returns what it did, in words, or None when there was nothing to do it to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector_store.division_store import DivisionStore
from connector_store.known import NotPossibleError
from connector_store.people import Next, try_again
from connector_testing.in_process import DIVISION

if TYPE_CHECKING:
    import random

    from connector_testing.in_process import Coupling

RATES: Final = ("21%", "12%", "6%", "0%")
UNMAPPED_RATE: Final = "15%"
WRITES: Final = {"exact": "/api/v1/", "teamleader": "registerPayment|removePayments"}


@dataclass
class Life:
    """What is known of a life: its chance, its coupling, and what people did that the promises must know."""

    seed: int
    draw: random.Random
    coupling: Coupling
    moves: list[str] = field(default_factory=list)
    """Everything that happened, in words, day by day."""
    made_by_hand: set[str] = field(default_factory=set)
    """Ids of the entries that the accountant typed."""
    used_again: Counter[str] = field(default_factory=Counter)
    """Number of an invoice -> how often it was deleted, and the number given to the next one."""
    forgotten: set[str] = field(default_factory=set)
    """Ids of the entries that stood in Exact when the store was lost or an older copy put back."""
    shows_late: bool = False
    """Exact does not show yet what was made just now: nobody can see what a person types meanwhile."""
    paid_by_hand: set[str] = field(default_factory=set)
    """Ids of the invoices of which Teamleader's user registered a payment."""
    rewritten: dict[str, str] = field(default_factory=dict)
    """Id of an entry -> the description that the accountant gave it."""
    recoded: dict[str, str] = field(default_factory=dict)
    """Id of a line -> the ledger account that the accountant gave it."""

    @property
    def sandbox(self) -> Any:
        """Both services."""
        return self.coupling.sandbox

    def documents(self, kind: str = "invoice") -> list[dict[str, Any]]:
        """Return Teamleader's booked documents of a kind."""
        return [each for each in self.sandbox.teamleader_documents() if each["kind"] == kind]

    def pick(self, found: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Return one of them, of the youngest mostly: people work at what is new."""
        if not found:
            return None
        return self.draw.choice(found[-6:] if self.draw.random() < 0.7 else found)


# The Teamleader user


def _lines(life: Life, rates: tuple[str, ...] = RATES) -> list[dict[str, Any]]:
    def line() -> dict[str, Any]:
        price = Decimal(life.draw.randint(100, 90_000)) / 100
        priced = {"unit_price": str(price), "quantity": life.draw.choice((1, 2, "1.5"))}
        return {**priced, "tax_rate": life.draw.choice(rates)}

    return [line() for _ in range(life.draw.randint(1, 3))]


def _customer(life: Life) -> dict[str, Any]:
    customers = sorted({each["customer"] for each in life.sandbox.teamleader_documents()})
    return {"customer": life.draw.choice(customers)} if customers else {}


def add_invoice(life: Life) -> str | None:
    made = life.sandbox.add_invoice(lines=_lines(life), **_customer(life))
    return f"invoice {made['number']} of {made['gross']}"


def add_credit_note(life: Life) -> str | None:
    invoice = life.pick([each for each in life.documents() if not each["payments"] and each["due"] == each["gross"]])
    if invoice is None:
        return None
    made = life.sandbox.add_credit_note(invoice=invoice["id"])
    return f"credit note {made['number']} for invoice {invoice['number']}"


def add_company(life: Life) -> str | None:
    number = len(life.moves)
    company = life.sandbox.teamleader("add_company", name=f"Bedrijf {life.seed}-{number}")
    made = life.sandbox.add_invoice(customer=f"company:{company['id']}", lines=_lines(life))
    return f"new customer with invoice {made['number']}"


def edit_amount(life: Life) -> str | None:
    invoice = life.pick([each for each in life.documents() if each["due"] == each["gross"]])
    if invoice is None:
        return None
    made = life.sandbox.teamleader("edit_invoice", id=invoice["id"], lines=_lines(life))
    return f"invoice {invoice['number']} becomes {made['gross']}"


def edit_due_date(life: Life) -> str | None:
    invoice = life.pick(life.documents())
    if invoice is None:
        return None
    day = (life.sandbox.now() + timedelta(days=life.draw.randint(5, 60))).date().isoformat()
    life.sandbox.teamleader("edit_invoice", id=invoice["id"], due_on=day)
    return f"invoice {invoice['number']} is due on {day}"


def edit_nothing(life: Life) -> str | None:
    invoice = life.pick(life.documents())
    if invoice is None:
        return None
    life.sandbox.teamleader("edit_invoice", id=invoice["id"])
    return f"invoice {invoice['number']} is saved as it was"


def use_unmapped_rate(life: Life) -> str | None:
    if not any("rate 15% is new" in each for each in life.moves):
        life.sandbox.teamleader("add_tax_rate", description=UNMAPPED_RATE, rate="0.15")
        life.moves.append("rate 15% is new")
    made = life.sandbox.add_invoice(lines=_lines(life, (UNMAPPED_RATE,)), **_customer(life))
    return f"invoice {made['number']} with a rate that nobody mapped"


def mend_waiting(life: Life) -> str | None:
    with life.coupling.store() as store:
        waiting = {each.source_id for each in store.rejects(DIVISION).all() if each.code.startswith("vat_")}
    invoice = life.pick([each for each in life.documents() if each["id"] in waiting])
    if invoice is None:
        return None
    life.sandbox.teamleader("edit_invoice", id=invoice["id"], lines=_lines(life))
    return f"invoice {invoice['number']}, which waits, gets rates that are mapped"


def delete_booked(life: Life) -> str | None:
    invoice = life.pick([each for each in life.documents() if each["due"] == each["gross"]][:-1])
    if invoice is None:
        return None
    life.sandbox.teamleader("delete_document", id=invoice["id"])
    return f"invoice {invoice['number']} is deleted"


def use_number_again(life: Life) -> str | None:
    made = life.sandbox.add_invoice(lines=_lines(life), **_customer(life))
    life.coupling.let_pass(timedelta(minutes=1))
    if life.draw.random() < 0.5:
        life.coupling.cycle()
    life.sandbox.teamleader("delete_document", id=made["id"])
    again = life.sandbox.add_invoice(lines=_lines(life), **_customer(life))
    life.used_again[again["number"]] += made["number"] == again["number"]
    return f"invoice {made['number']} is deleted, and a new one has number {again['number']}"


def pay_by_hand(life: Life) -> str | None:
    invoice = life.pick([each for each in life.documents() if each["due"] > 1])
    if invoice is None:
        return None
    amount = (invoice["due"] * life.draw.choice((Decimal("0.5"), Decimal(1)))).quantize(Decimal("0.01"))
    life.sandbox.pay(invoice["id"], str(amount))
    life.paid_by_hand.add(invoice["id"])
    return f"{amount} of invoice {invoice['number']} is paid, registered by hand"


def edit_customer(life: Life) -> str | None:
    invoice = life.pick([each for each in life.documents() if each["customer"].startswith("company:")])
    if invoice is None:
        return None
    street = f"Nieuwstraat {len(life.moves)}"
    life.sandbox.teamleader(
        "edit_customers",
        type="company",
        ids=[invoice["customer"].partition(":")[2]],
        changes={"website": f"https://{street.replace(' ', '-').lower()}.example"},
    )
    return f"the customer of invoice {invoice['number']} has another website"


def break_file(life: Life) -> str | None:
    invoice = life.pick(life.documents())
    if invoice is None:
        return None
    how = life.draw.choice(("half", "html", "empty", "whole"))
    life.sandbox.teamleader("set_file", id=invoice["id"], how=how)
    return f"the PDF of invoice {invoice['number']} comes {how}"


# The accountant


def _entries(life: Life) -> list[dict[str, Any]]:
    return [each for each in life.sandbox.exact_entries() if each["kind"] == "invoice"]


def match_whole(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["open"] > 0])
    if entry is None:
        return None
    life.sandbox.match({"id": entry["entry_id"]})
    return f"entry of {entry['number']} is settled"


def match_part(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["open"] > 1])
    if entry is None:
        return None
    amount = (entry["open"] * life.draw.choice((Decimal("0.25"), Decimal("0.5")))).quantize(Decimal("0.01"))
    life.sandbox.match({"id": entry["entry_id"], "amount": str(amount)})
    return f"{amount} of entry of {entry['number']} is settled"


def unmatch(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["settled"] > 0])
    if entry is None:
        return None
    life.sandbox.unmatch({"id": entry["entry_id"]})
    return f"entry of {entry['number']} is un-matched"


def _recoded(life: Life, entry: str, account: str) -> bool:
    """Recode the first line of an entry; where lines were replaced, the numbers begin later."""
    for number in range(1, 50):
        try:
            life.sandbox.exact("edit_line", id=entry, line=number, gl_account=account)
        except RuntimeError:
            continue
        return True
    return False


def recode(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["lines"]])
    if entry is None:
        return None
    line = entry["lines"][0]
    account = next(each for each in ("700100", "700000") if each != line["gl_account"])
    if not _recoded(life, entry["entry_id"], account):
        return None
    life.recoded[line["id"]] = account
    return f"the first line of the entry of {entry['number']} is recoded to {account}"


def delete_entry(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["settled"] == 0])
    if entry is None:
        return None
    life.sandbox.exact("delete_entry", id=entry["entry_id"])
    return f"entry of {entry['number']} is deleted"


def match_credit_note(life: Life) -> str | None:
    """Settle an invoice with its credit note, as far as both are open."""
    numbers = {each["id"]: each["number"] for each in life.documents() if not life.used_again[each["number"]]}
    entries = {(each["kind"], each["number"]): each for each in life.sandbox.exact_entries()}
    both = []
    for document in life.documents("credit_note"):
        invoice = entries.get(("invoice", numbers.get(document["credited"])))
        note = entries.get(("credit_note", document["number"]))
        if invoice and note and invoice["open"] >= -note["open"] > 0:
            both.append((invoice, note))
    if not both:
        return None
    invoice, note = life.draw.choice(both)
    against = {"id": note["entry_id"]}
    life.sandbox.match(
        {"id": invoice["entry_id"], "amount": str(-note["open"]), "how": "credit_note", "against": against}
    )
    return f"entry of {invoice['number']} is settled with credit note {note['number']}"


def rewrite(life: Life) -> str | None:
    entry = life.pick([each for each in _entries(life) if each["settled"] == 0])
    if entry is None:
        return None
    text = f"Nagekeken {len(life.moves)}"
    life.sandbox.exact("edit_entry", id=entry["entry_id"], changes={"Description": text})
    life.rewritten[entry["entry_id"]] = text
    return f"the entry of {entry['number']} is described as {text}"


def block_account(life: Life) -> str | None:
    entry = life.pick(_entries(life))
    if entry is None:
        return None
    life.sandbox.exact("block", id=entry["customer"])
    return f"account {entry['customer_name']} is blocked"


def free_accounts(life: Life) -> str | None:
    for account in {each["customer"] for each in _entries(life)}:
        life.sandbox.exact("block", id=account, blocked=False)
    return "no account is blocked"


def merge_accounts(life: Life) -> str | None:
    accounts = sorted({each["customer"] for each in _entries(life)})
    if len(accounts) < 2:
        return None
    gone, into = life.draw.sample(accounts, 2)
    life.sandbox.exact("merge_accounts", id=gone, into={"id": into})
    return f"account {gone} is merged into {into}"


def close_month(life: Life) -> str | None:
    last = life.sandbox.now().replace(day=1) - timedelta(days=1)
    life.sandbox.exact("close_period", year=last.year, period=last.month)
    return f"period {last.year}-{last.month} is closed"


def reopen_month(life: Life) -> str | None:
    last = life.sandbox.now().replace(day=1) - timedelta(days=1)
    life.sandbox.exact("open_period", year=last.year, period=last.month)
    return f"period {last.year}-{last.month} is open"


def type_in_other_spelling(life: Life) -> str | None:
    if life.shows_late:
        return None
    made = life.sandbox.add_invoice(lines=[{"unit_price": "100"}], **_customer(life))
    (document,) = [each for each in life.documents() if each["id"] == made["id"]]
    accounts = {each["name"]: each["id"] for each in life.sandbox.ledger()["accounts"]}
    if document["customer_name"] not in accounts:
        return f"invoice {made['number']}"
    typed = life.sandbox.exact(
        "add_entry",
        customer=accounts[document["customer_name"]],
        your_ref=document["number"].replace(" ", ""),
        date=document["date"],
        lines=[{"gl_account": "700000", "vat_code": "21", "amount": "100"}],
    )
    life.made_by_hand.add(typed["id"])
    return f"invoice {made['number']} is typed by hand as {document['number'].replace(' ', '')}"


# The network


def _fault(life: Life, kind: str, **rule: Any) -> str:
    service = life.draw.choice(("exact", "exact", "teamleader"))
    rule = {"service": service, "skip": life.draw.randint(0, 12), "times": life.draw.randint(1, 3), **rule}
    life.sandbox.add_faults([{"kind": kind, **rule}])
    return f"{kind} {rule}"


def lose_answer(life: Life) -> str | None:
    return _fault(life, "reset_after")


def lose_request(life: Life) -> str | None:
    return _fault(life, "reset_before")


def cut_answer(life: Life) -> str | None:
    return _fault(life, "truncated")


def answer_500(life: Life) -> str | None:
    return _fault(life, "empty_500")


def lose_written_answer(life: Life) -> str | None:
    return _fault(life, "reset_after", service="exact", method="POST", match="/api/v1/", skip=life.draw.randint(0, 3))


def finish_later(life: Life) -> str | None:
    seconds = life.draw.choice((1, 20, 80))
    rule = {"service": "exact", "method": "POST", "match": "/api/v1/", "skip": life.draw.randint(0, 3), "times": 1}
    return _fault(life, "orphaned", **rule, seconds=seconds)


def show_late(life: Life) -> str | None:
    """Together with the latest of `finish_later` it stays below the five minutes that a write in doubt rests."""
    seconds = life.draw.choice((30, 120))
    life.sandbox.exact("show_late", seconds=seconds)
    life.shows_late = True
    return f"Exact shows what is new {seconds} s late"


def lose_download(life: Life) -> str | None:
    kind = life.draw.choice(("error", "truncated", "reset_before"))
    return _fault(life, kind, service="teamleader", match="/download/", skip=0, times=life.draw.randint(1, 3))


# The operator


def kill_next_run(life: Life) -> str | None:
    call = life.draw.randint(1, 70)
    life.coupling.cycle(kill_at=call)
    return f"both runs are killed at moment {call}"


def expire_tokens(life: Life) -> str | None:
    life.sandbox.exact("expire_tokens")
    life.sandbox.teamleader("expire_tokens")
    return "tokens expire"


def ask_again(life: Life) -> str | None:
    with life.coupling.store() as store:
        waiting = list(store.rejects(DIVISION).all())
        if not waiting:
            return None
        chosen = life.draw.choice(waiting)
        try:
            _, follows = try_again(DivisionStore(store, DIVISION), chosen.kind, chosen.source_id)
        except NotPossibleError as refusal:
            return f"{chosen.kind} {chosen.number} cannot be tried again: {refusal.obstacle}"
    if follows is Next.COMES_AGAIN:  # which is what the person is told to do
        life.coupling.read_in_full()
        return f"{chosen.kind} {chosen.number} ({chosen.code}) is let go, and all is read in full"
    return f"{chosen.kind} {chosen.number} ({chosen.code}) is tried again"


def lose_store(life: Life) -> str | None:
    life.forgotten |= {each["entry_id"] for each in life.sandbox.exact_entries()}
    life.coupling.lose_store()
    return "the store is lost"


def back_up(life: Life) -> str | None:
    life.coupling.back_up()
    return "a backup is made"


def restore(life: Life) -> str | None:
    if not life.coupling.restore():
        return None
    life.forgotten |= {each["entry_id"] for each in life.sandbox.exact_entries()}
    return "the backup is restored"


ACTORS: Final[dict[str, dict[Any, int]]] = {
    "Teamleader": {
        add_invoice: 12,
        add_company: 2,
        add_credit_note: 2,
        edit_amount: 3,
        edit_due_date: 3,
        edit_nothing: 2,
        use_unmapped_rate: 1,
        mend_waiting: 2,
        delete_booked: 1,
        use_number_again: 1,
        pay_by_hand: 2,
        edit_customer: 1,
        break_file: 1,
    },
    "accountant": {
        match_whole: 4,
        match_part: 3,
        unmatch: 2,
        match_credit_note: 2,
        recode: 2,
        rewrite: 1,
        delete_entry: 1,
        block_account: 1,
        free_accounts: 1,
        merge_accounts: 1,
        close_month: 1,
        reopen_month: 1,
        type_in_other_spelling: 1,
    },
    "network": {
        lose_answer: 2,
        lose_request: 1,
        cut_answer: 1,
        answer_500: 1,
        lose_written_answer: 3,
        finish_later: 2,
        show_late: 2,
        lose_download: 1,
    },
    "operator": {
        kill_next_run: 6,
        expire_tokens: 1,
        ask_again: 2,
        lose_store: 1,
        back_up: 2,
        restore: 1,
    },
}
"""Who -> his moves, and how often each is drawn against the others."""


def move_of(life: Life, actor: str) -> None:
    """Let an actor make a move, drawn by weight."""
    moves = ACTORS[actor]
    (move,) = life.draw.choices(list(moves), weights=list(moves.values()))
    try:
        told = move(life)
    except RuntimeError as refusal:  # a service refuses it to a person as well, such as an entry on a blocked account
        told = f"{move.__name__.replace('_', ' ')} is refused: {refusal}"
    if told is not None:
        life.moves.append(f"{life.sandbox.now():%m-%d %H:%M} {actor}: {told}")
