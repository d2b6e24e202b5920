"""What the body of each action may hold, from the vendor's API description."""

from __future__ import annotations

from typing import Any

from sandbox.teamleader.validation import Either, Rule

CURRENCIES = frozenset(
    [
        "BAM",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "INR",
        "ISK",
        "JPY",
        "MAD",
        "MXN",
        "NOK",
        "PEN",
        "PLN",
        "RON",
        "SEK",
        "TRY",
        "USD",
        "ZAR",
    ]
)
_ORDER = frozenset({"asc", "desc"})
_CUSTOMER_TYPE = frozenset({"contact", "company"})
_PAGE = {"size": "int", "number": "int"}
_ID = {"id!": "str"}
_MONEY = {"amount!": "num", "currency!": CURRENCIES}
_TERM = {"type!": frozenset({"cash", "end_of_month", "after_invoice_date"}), "days": "int"}
_CUSTOMER = {"type!": _CUSTOMER_TYPE, "id!": "str"}


def _sort(*fields: str) -> list[dict[str, Rule]]:
    return [{"field!": frozenset(fields), "order": _ORDER}]


_ADDRESS = {
    "addressee": "str",
    "line_1!": "str?",
    "postal_code!": "str?",
    "city!": "str?",
    "country!": "str",
    "area_level_two_id": "str",
}
_ADDRESSES = [{"type!": frozenset({"primary", "invoicing", "delivery", "visiting"}), "address!": _ADDRESS}]
_CUSTOM_VALUE = Either(
    ("str", "num", "bool", ["str"], {"type!": frozenset({"company", "contact", "product", "user"}), "id!": "str"})
)
_CUSTOM_FIELDS = [{"id!": "str", "value!": _CUSTOM_VALUE}]
_EMAIL_FILTER = {"type!": frozenset({"primary"}), "email!": "str"}
_CUSTOMER_FILTER: dict[str, Rule] = {
    "email": _EMAIL_FILTER,
    "ids": ["str"],
    "term": "str",
    "updated_since": "moment",
    "tags": ["str"],
    "status": frozenset({"active", "deactivated"}),
}
_CUSTOMER_SORT = _sort("name", "added_at", "updated_at")
_COMPANY: dict[str, Rule] = {
    "business_type_id": "str?",
    "vat_number": "str?",
    "national_identification_number": "str?",
    "emails": [{"type!": frozenset({"primary", "invoicing"}), "email!": "str"}],
    "telephones": [{"type!": frozenset({"phone", "fax"}), "number!": "str"}],
    "website": "str?",
    "addresses": _ADDRESSES,
    "iban": "str?",
    "bic": "str?",
    "language": "str?",
    "responsible_user_id": "str?",
    "remarks": "str?",
    "tags": ["str"],
    "custom_fields": _CUSTOM_FIELDS,
    "marketing_mails_consent": "bool",
    "preferred_currency": CURRENCIES | {None},
}
_CONTACT: dict[str, Rule] = {
    "first_name": "str?",
    "salutation": "str?",
    "emails": [{"type!": frozenset({"primary"}), "email!": "str?"}],
    "telephones": [{"type!": frozenset({"phone", "mobile", "fax"}), "number!": "str"}],
    "website": "str?",
    "addresses": _ADDRESSES,
    "language": "str",
    "gender": frozenset({"female", "male", "non_binary", "prefers_not_to_say", "unknown", None}),
    "birthdate": "date?",
    "iban": "str?",
    "bic": "str?",
    "national_identification_number": "str",
    "remarks": "str?",
    "tags": ["str"],
    "custom_fields": _CUSTOM_FIELDS,
    "marketing_mails_consent": "bool",
}
_LINE: dict[str, Rule] = {
    "quantity!": "num",
    "description!": "str",
    "extended_description": "str?",
    "unit_of_measure_id": "str?",
    "unit_price!": {"amount!": "num", "tax!": frozenset({"excluding"})},
    "tax_rate_id!": "str",
    "withholding_tax_rate_id": "str",
    "discount": {"value!": "num", "type!": frozenset({"percentage"})},
    "product_category_id": "str",
    "product_id": "str",
}
_LINES = [{"section": {"title!": "str"}, "line_items!": [_LINE]}]
_DISCOUNTS = [{"type!": frozenset({"percentage"}), "value!": "num", "description!": "str"}]
_METHOD = Either(
    (
        {"method!": frozenset({"sepa_direct_debit", "direct_debit", "credit_card"}), "reference": "str?"},
        {"method!": frozenset({"cash", "cheque", "bankers_draft", "bank_transfer", "payment_card"})},
    )
)
_INVOICEE = {"customer!": _CUSTOMER, "for_attention_of": Either(({"name!": "str"}, {"contact_id!": "str"}))}
_BOOKED: dict[str, Rule] = {
    "invoicee": _INVOICEE,
    "payment_term": _TERM,
    "project_id": "str",
    "grouped_lines": _LINES,
    "invoice_date": "date",
    "note": "str?",
    "custom_fields": _CUSTOM_FIELDS,
}
_DRAFT: dict[str, Rule] = {
    **_BOOKED,
    "currency": {"code!": CURRENCIES, "exchange_rate": "num"},
    "purchase_order_number": "str",
    "discounts": _DISCOUNTS,
    "expected_payment_method": _METHOD,
    "document_template_id": "str",
}
_DRAFT_NEEDS = ("invoicee", "payment_term", "grouped_lines")
_WEBHOOK = {"url!": "str", "types!": ["str"]}
_OF_DEPARTMENT = {"filter": {"department_id": "str"}}
_TAGGED = {"id!": "str", "tags!": ["str"]}
_WITH_INCLUDES = {"id!": "str", "includes": "str"}
_CUSTOM_CONTEXT = frozenset(
    ["contact", "company", "deal", "project", "milestone", "product", "invoice", "subscription", "ticket"]
)

REQUESTS: dict[str, dict[str, Any]] = {
    "departments.list": {
        "filter": {"ids": ["str"], "status": [frozenset({"active", "archived"})]},
        "sort": _sort("default_department", "name", "created_at"),
    },
    "departments.info": _ID,
    "users.me": {},
    "customFieldDefinitions.list": {
        "filter": {"ids": ["str"], "context": _CUSTOM_CONTEXT},
        "page": _PAGE,
        "sort": _sort("label", "context"),
    },
    "customFieldDefinitions.info": _ID,
    "companies.list": {
        "filter": {**_CUSTOMER_FILTER, "vat_number": "str"},
        "page": _PAGE,
        "sort": _CUSTOMER_SORT,
        "includes": "str",
    },
    "companies.info": _WITH_INCLUDES,
    "companies.add": {"name!": "str", **_COMPANY},
    "companies.update": {"id!": "str", "name": "str", **_COMPANY},
    "companies.tag": _TAGGED,
    "companies.untag": _TAGGED,
    "companies.delete": _ID,
    "contacts.list": {
        "filter": {**_CUSTOMER_FILTER, "company_id": "str"},
        "page": _PAGE,
        "sort": _CUSTOMER_SORT,
        "includes": "str",
    },
    "contacts.info": _ID,
    "contacts.add": {"last_name!": "str", **_CONTACT},
    "contacts.update": {"id!": "str", "last_name": "str", **_CONTACT},
    "contacts.tag": _TAGGED,
    "contacts.untag": _TAGGED,
    "contacts.linkToCompany": {"id!": "str", "company_id!": "str", "position": "str", "decision_maker": "bool"},
    "tags.list": {"page": _PAGE, "sort": [{"field!": frozenset({"tag"}), "order": frozenset({"asc"})}]},
    "businessTypes.list": {"country": "str"},
    "invoices.list": {
        "filter": {
            **dict.fromkeys(("term", "invoice_number", "department_id", "deal_id", "project_id"), "str"),
            **dict.fromkeys(("subscription_id", "purchase_order_number", "payment_reference"), "str"),
            "ids": ["str"],
            "status": [frozenset({"draft", "outstanding", "matched"})],
            "updated_since": "moment",
            "invoice_date_after": "date",
            "invoice_date_before": "date",
            "customer": _CUSTOMER,
        },
        "page": _PAGE,
        "sort": _sort("invoice_number", "invoice_date"),
        "includes": "str",
    },
    "invoices.info": _WITH_INCLUDES,
    "invoices.download": {"id!": "str", "format!": frozenset({"pdf", "ubl/e-fff", "ubl/peppol_bis_3"})},
    "invoices.draft": {
        "department_id!": "str",
        **{f"{name}!" if name in _DRAFT_NEEDS else name: rule for name, rule in _DRAFT.items()},
    },
    "invoices.book": {"id!": "str", "on!": "date"},
    "invoices.update": {"id!": "str", **_DRAFT},
    "invoices.updateBooked": {"id!": "str", **_BOOKED},
    "invoices.registerPayment": {
        "id!": "str",
        "payment!": _MONEY,
        "paid_at!": "moment",
        "payment_method_id": "str",
    },
    "invoices.removePayments": _ID,
    "invoices.credit": {"id!": "str", "credit_note_date": "date"},
    "invoices.creditPartially": {
        "id!": "str",
        "credit_note_date": "date",
        "grouped_lines!": _LINES,
        "discounts": _DISCOUNTS,
    },
    "invoices.delete": _ID,
    "creditNotes.list": {
        "filter": {
            "ids": ["str"],
            "department_id": "str",
            "updated_since": "moment",
            "invoice_id": "str",
            "project_id": "str",
            "customer": _CUSTOMER,
            "credit_note_date_after": "date",
            "credit_note_date_before": "date",
        },
        "page": _PAGE,
    },
    "creditNotes.info": _ID,
    "creditNotes.download": {"id!": "str", "format!": frozenset({"pdf", "ubl/e-fff"})},
    "subscriptions.list": {
        "filter": {
            "ids": ["str"],
            "invoice_id": "str",
            "deal_id": "str",
            "department_id": "str",
            "customer": _CUSTOMER,
            "status": [frozenset({"active", "deactivated"})],
        },
        "page": _PAGE,
        "sort": _sort("title", "created_at", "status"),
    },
    "subscriptions.info": _ID,
    "taxRates.list": {**_OF_DEPARTMENT, "page": _PAGE, "sort": [{"field!": "str", "order": _ORDER}]},
    "withholdingTaxRates.list": _OF_DEPARTMENT,
    "commercialDiscounts.list": _OF_DEPARTMENT,
    "paymentTerms.list": {},
    "paymentMethods.list": {"filter": {"ids": ["str"], "status": ["str"]}, "page": _PAGE},
    "productCategories.list": _OF_DEPARTMENT,
    "products.list": {
        "filter": {"ids": ["str"], "term": "str", "updated_since": "moment"},
        "page": _PAGE,
    },
    "products.info": _WITH_INCLUDES,
    "webhooks.register": _WEBHOOK,
    "webhooks.list": {},
    "webhooks.unregister": _WEBHOOK,
}
