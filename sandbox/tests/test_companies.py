"""Several companies of one login: each its department and its administration, joined by one VAT number."""

from __future__ import annotations

from stdnum.be import vat

from sandbox.companies import MOST
from sandbox.exact.seed import COMPANIES as ADMINISTRATIONS
from sandbox.teamleader.settings import COMPANIES as DEPARTMENTS
from sandbox.testing import SandboxThread


def test_the_department_and_the_administration_of_a_company_have_one_valid_vat_number() -> None:
    assert len(DEPARTMENTS) == len(ADMINISTRATIONS) == MOST
    numbers = [number for _, _, number in DEPARTMENTS]
    assert numbers == [number for _, _, number in ADMINISTRATIONS]
    assert len({vat.validate(number) for number in numbers}) == MOST


def test_the_last_of_ten_companies_has_documents_and_books_of_its_own() -> None:
    with SandboxThread(no_limits=True, companies=10, customers=3, invoices=0, credit_notes=0) as sandbox:
        tenth, _, _ = DEPARTMENTS[9]
        sandbox.add_invoice(department=tenth)
        assert [each["department"] for each in sandbox.teamleader_documents()] == [tenth]
        number, _, _ = ADMINISTRATIONS[9]
        assert number == 123465
        assert sandbox.exact_entries(number) == []
        lines = [{"amount": "10"}]
        sandbox.exact("add_entry", division=number, customer="Oude Klant NV", your_ref="2026 / 1", lines=lines)
        assert len(sandbox.exact_entries(number)) == 1
        assert sandbox.exact_entries() == []
