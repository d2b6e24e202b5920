"""Customers: companies and persons, matched in a fixed order, never guessed (accounting rules 22 to 24)."""

from __future__ import annotations

from typing import Any

LINES = ["1 x 100.00 at 21%"]

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "a company becomes a customer with its VAT number, address and language": {
                "invoice": LINES,
                "customer": {
                    "name": "Brouwerij De Linde BV",
                    "vat_number": "BE 0780.128.240",
                    "street": "Stationsstraat 12",
                    "postcode": "9000",
                    "city": "Gent",
                    "country": "BE",
                    "email": "boekhouding@delinde.example",
                    "phone": "+32 9 225 18 30",
                    "language": "nl",
                },
                "account": {
                    "name": "Brouwerij De Linde BV",
                    "status": "C",
                    "vat_number": "BE0780128240",
                    "address": "Stationsstraat 12",
                    "postcode": "9000",
                    "city": "Gent",
                    "country": "BE",
                    "email": "boekhouding@delinde.example",
                    "phone": "+32 9 225 18 30",
                    "language": "NL",
                },
            },
            "a private person becomes an account without VAT number": {
                "invoice": LINES,
                "customer": {"first_name": "Els", "last_name": "Vandevelde", "country": "BE", "city": "Aalst"},
                "account": {"name": "Els Vandevelde", "status": "C", "vat_number": None, "chamber_of_commerce": None},
            },
            "a person with a VAT number does business and keeps it": {
                "invoice": LINES,
                "customer": {
                    "first_name": "Karim",
                    "last_name": "Boukili",
                    "vat_number": "BE0780129923",
                    "country": "BE",
                },
                "account": {"name": "Karim Boukili", "vat_number": "BE0780129923"},
            },
            "the invoicing address goes before the primary one": {
                "invoice": LINES,
                "customer": {
                    "name": "Twee Adressen NV",
                    "street": "Kaai 1",
                    "postcode": "2000",
                    "city": "Antwerpen",
                    "country": "BE",
                    "invoicing": {"street": "Postbus 7", "postcode": "1000", "city": "Brussel", "country": "BE"},
                },
                "account": {"address": "Postbus 7", "postcode": "1000", "city": "Brussel"},
            },
            "found by VAT number, however it is written": {
                "invoice": LINES,
                "exact": [
                    ("add_account", {"Name": "Peeters Transport", "Status": "C", "VATNumber": "be 0780.131.606"})
                ],
                "customer": {"name": "PEETERS TRANSPORT NV", "vat_number": "BE0780131606"},
                "account": {"name": "Peeters Transport"},
                "accounts": {"vat_number": "be 0780.131.606", "count": 1},
            },
            "found by chamber of commerce when there is no VAT number": {
                "invoice": LINES,
                "exact": [
                    (
                        "add_account",
                        {"Name": "Vzw Zonder Btw", "Status": "C", "Country": "BE", "ChamberOfCommerce": "0780.133.386"},
                    )
                ],
                "customer": {"name": "Zonder Btw", "national_number": "0780133386", "country": "BE"},
                "account": {"name": "Vzw Zonder Btw"},
            },
            "found by exact name and e-mail": {
                "invoice": LINES,
                "exact": [("add_account", {"Name": "Hanne Claes", "Status": "C", "Email": "hanne@claes.example"})],
                "customer": {"first_name": "Hanne", "last_name": "Claes", "email": "Hanne@claes.example"},
                "accounts": {"name": "Hanne Claes", "count": 1},
            },
            "found by exact name and postcode": {
                "invoice": LINES,
                "exact": [("add_account", {"Name": "Tom Wouters", "Status": "C", "Postcode": "3500"})],
                "customer": {"first_name": "Tom", "last_name": "Wouters", "postcode": "3500", "city": "Hasselt"},
                "accounts": {"name": "Tom Wouters", "count": 1},
            },
            "the same name alone is not enough: another customer is made": {
                "invoice": LINES,
                "exact": [("add_account", {"Name": "Jan Janssens", "Status": "C", "Postcode": "8000"})],
                "customer": {"first_name": "Jan", "last_name": "Janssens", "postcode": "3000", "city": "Leuven"},
                "accounts": {"name": "Jan Janssens", "count": 2},
            },
            "the VAT number decides against the name": {
                "invoice": LINES,
                "exact": [
                    ("add_account", {"Name": "Nieuwe Naam NV", "Status": "C", "VATNumber": "BE0780135069"}),
                    (
                        "add_account",
                        {"Name": "Oude Naam NV", "Status": "C", "VATNumber": "BE0780136752", "Postcode": "1"},
                    ),
                ],
                "customer": {"name": "Oude Naam NV", "vat_number": "BE0780135069", "postcode": "1"},
                "account": {"name": "Nieuwe Naam NV"},
            },
            "two accounts with the same VAT number: conflict, nothing guessed": {
                "invoice": LINES,
                "exact": [
                    ("add_account", {"Name": "Dubbel NV", "Status": "C", "VATNumber": "BE0780138435"}),
                    ("add_account", {"Name": "Dubbel (oud)", "Status": "C", "VATNumber": "0780.138.435"}),
                ],
                "customer": {"name": "Dubbel NV", "vat_number": "BE0780138435"},
                "refused": "waiting_for_customer",
                "reason": "all fit the customer by VAT number",
            },
            "a supplier or prospect that is invoiced becomes a customer": {
                "invoice": LINES,
                "exact": [("add_account", {"Name": "Eerst Prospect BV", "Status": "P", "VATNumber": "BE0780140118"})],
                "customer": {"name": "Eerst Prospect BV", "vat_number": "BE0780140118"},
                "account": {"name": "Eerst Prospect BV", "status": "C"},
            },
            "customer blocked: the document is held": {
                "invoice": LINES,
                "exact": [
                    (
                        "add_account",
                        {"Name": "Geblokkeerd NV", "Status": "C", "VATNumber": "BE0780141801", "Blocked": True},
                    )
                ],
                "customer": {"name": "Geblokkeerd NV", "vat_number": "BE0780141801"},
                "refused": "customer_blocked",
            },
            "a document that was held follows when its customer is freed": {
                "invoice": LINES,
                "exact": [
                    (
                        "add_account",
                        {"Name": "Even Geblokkeerd NV", "Status": "C", "VATNumber": "BE0780143581", "Blocked": True},
                    )
                ],
                "customer": {"name": "Even Geblokkeerd NV", "vat_number": "BE0780143581"},
                "later": [("block", {"name": "Even Geblokkeerd NV", "blocked": False})],
                "books": ["700000 21 100.00 21.00"],
            },
            "an e-mail address that Exact would refuse is left out": {
                "invoice": LINES,
                "customer": {"name": "Fout Adres NV", "email": "info@", "country": "BE"},
                "account": {"name": "Fout Adres NV", "email": None},
                "warning": "the e-mail address is not valid and is left out",
            },
            "a VAT number that is not valid is left out": {
                "invoice": LINES,
                "customer": {"name": "Foute Btw NV", "vat_number": "BE0780145265", "country": "BE"},
                "account": {"name": "Foute Btw NV", "vat_number": None},
                "warning": "the VAT number is not valid and is left out",
            },
            "a language that Exact does not know is left out": {
                "invoice": LINES,
                "customer": {"name": "Sverige AB", "language": "sv", "country": "SE"},
                "account": {"name": "Sverige AB", "country": "SE", "language": None},
            },
            "a name of 70 characters is cut": {
                "invoice": LINES,
                "customer": {"name": "Vereniging van Mede-eigenaars van de Residentie Albert de Eerste Blok C"},
                "account": {"name": "Vereniging van Mede-eigenaars van de Residentie A…"},
            },
            "quotes, ampersands and accents in a name": {
                "invoice": LINES,
                "customer": {"name": "O'Brien & Zoë's \"Café\""},
                "account": {"name": "O'Brien & Zoë's \"Café\""},
            },
            "a foreign company keeps its country's VAT number": {
                "invoice": LINES,
                "customer": {"name": "Schmidt GmbH", "vat_number": "DE 811 234 565", "country": "DE"},
                "account": {"vat_number": "DE811234565", "country": "DE"},
            },
            "a change in Teamleader updates the fields we own": {
                "invoice": LINES,
                "customer": {"name": "Verhuisd NV", "vat_number": "BE0780146947", "phone": "+32 3 201 11 11"},
                "later": [("edit customer", {"phone": "+32 3 202 22 22"})],
                "account": {"name": "Verhuisd NV", "phone": "+32 3 202 22 22"},
            },
            "a customer that is linked stays linked, also under a new name and VAT number": {
                "invoice": LINES,
                "customer": {"name": "Voor Fusie NV", "vat_number": "BE0800123405"},
                "later": [("edit customer", {"name": "Na Fusie NV", "vat_number": "BE0800123504"})],
                "account": {"name": "Na Fusie NV", "vat_number": "BE0800123504"},
                "accounts": {"vat_number": "BE0800123405", "count": 0},
            },
            "a change in Teamleader leaves what the accountant entered alone": {
                "invoice": LINES,
                "customer": {"name": "Eigen Code NV", "vat_number": "BE0780148630", "phone": "+32 3 203 33 33"},
                "later": [
                    (
                        "edit_account",
                        {"name": "Eigen Code NV", "changes": {"SearchCode": "VIP", "AddressLine1": "Hal 4"}},
                    ),
                    ("edit customer", {"phone": "+32 3 204 44 44"}),
                ],
                "account": {"phone": "+32 3 204 44 44", "search_code": "VIP", "address": "Hal 4"},
            },
        },
    },
}


def test_customers(case: Any) -> None:
    case.stands_as_told()
