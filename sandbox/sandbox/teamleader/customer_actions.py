"""Companies and contacts: reading and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.teamleader import lists
from sandbox.teamleader.ids import BUSINESS_TYPE_ID, USER_ID
from sandbox.teamleader.refusals import not_found
from sandbox.teamleader.shapes import WEB, ref, stamp
from sandbox.teamleader.validation import moment

if TYPE_CHECKING:
    from sandbox.teamleader.model import CustomerType, Row
    from sandbox.teamleader.state import TeamleaderState

_REFERENCES = {
    "business_type_id": ("business_type", "businessType"),
    "responsible_user_id": ("responsible_user", "user"),
}
_INFO_ONLY = {
    "company": {"addresses", "remarks", "marketing_mails_consent", "related_companies", "related_contacts"},
    "contact": {"addresses", "remarks", "marketing_mails_consent", "companies", "vat_number"},
}
_TEXTS = frozenset(
    [
        "vat_number",
        "national_identification_number",
        "website",
        "iban",
        "bic",
        "language",
        "remarks",
        "first_name",
        "salutation",
        "birthdate",
    ]
)
"""Properties that the description does not allow to be null: without a value they are an empty string."""


def blank(type_: CustomerType) -> Row:
    """A customer of whom nothing is known, in the shape of `.info`."""
    texts = dict.fromkeys(("national_identification_number", "website", "iban", "bic", "language", "remarks"), "")
    common: Row = {
        "status": "active",
        **texts,
        "emails": [],
        "telephones": [],
        "addresses": [],
        "payment_term": None,
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "tags": [],
        "custom_fields": [],
        "marketing_mails_consent": False,
    }
    if type_ == "company":
        return common | {
            "name": "",
            "vat_number": "",
            "business_type": ref("businessType", BUSINESS_TYPE_ID),
            "responsible_user": ref("user", USER_ID),
            "preferred_currency": None,
            "related_companies": [],
            "related_contacts": [],
        }
    return common | {
        "first_name": "",
        "last_name": "",
        "salutation": "",
        "vat_number": None,
        "gender": None,
        "birthdate": "",
        "companies": [],
    }


def add(state: TeamleaderState, type_: CustomerType, values: Row) -> Row:
    """Keep a new customer; return its row."""
    id_ = values.pop("id", None) or state.new_id()
    path = "company_detail" if type_ == "company" else "contact_detail"
    now = stamp(state.now())
    row = {"id": id_, **blank(type_), "added_at": now, "updated_at": now, "web_url": f"{WEB}/{path}.php?id={id_}"}
    state.customers[type_][id_] = row | changes(values)
    return state.customers[type_][id_]


def change(state: TeamleaderState, type_: CustomerType, id_: str, values: Row) -> Row:
    """Change a customer and move `updated_at`; return its row. Documents keep their own copy."""
    row = find(state, type_, id_)
    row |= {"updated_at": stamp(state.now())} | changes(values)
    return row


def changes(values: Row) -> Row:
    """Properties of a request as a row keeps them."""
    row: Row = {}
    for name, value in values.items():
        if name in _REFERENCES:
            target, type_ = _REFERENCES[name]
            row[target] = ref(type_, value)
        elif name == "addresses":
            row[name] = [{"type": each["type"], "address": _address(each["address"])} for each in value]
        elif name == "custom_fields":
            row[name] = [
                {"definition": ref("customFieldDefinition", each["id"]), "value": each["value"]} for each in value
            ]
        elif name in _TEXTS:
            row[name] = value or ""
        else:
            row[name] = value
    return row


def _address(address: Row) -> Row:
    names = ("addressee", "line_1", "postal_code", "city", "country")
    known = {name: address[name] for name in names if name in address}
    return known | {"area_level_two": ref("areaLevelTwo", address.get("area_level_two_id"))}


def find(state: TeamleaderState, type_: CustomerType, id_: str) -> Row:
    """The customer with that id; raises a 404."""
    row = state.customers[type_].get(id_)
    if row is None:
        raise not_found(type_.capitalize())
    return row


def name_of(row: Row) -> str:
    """The name under which a customer is known and invoiced."""
    return str(row["name"] if "name" in row else f"{row['first_name']} {row['last_name']}".strip())


def email_of(row: Row) -> str | None:
    """The address for invoices, else the first one."""
    emails = {each["type"]: each["email"] for each in reversed(row["emails"])}
    return emails.get("invoicing") or emails.get("primary")


def _list_row(type_: CustomerType, row: Row) -> Row:
    short = {name: value for name, value in row.items() if name not in _INFO_ONLY[type_]}
    if type_ == "company":
        short["vat_number"] = row["vat_number"]
    primary = next((each["address"] for each in row["addresses"] if each["type"] == "primary"), None)
    if primary is not None:
        short["primary_address"] = {name: value for name, value in primary.items() if name != "addressee"}
    return short


def _primary_email(row: Row, wanted: Row) -> bool:
    return any(each["email"] == wanted["email"] and each["type"] == "primary" for each in row["emails"])


_FILTERS: dict[str, Any] = {
    "email": _primary_email,
    "ids": lambda row, ids: row["id"] in ids,
    "term": lambda row, term: term.casefold() in name_of(row).casefold(),
    "updated_since": lambda row, since: moment(row["updated_at"]) >= moment(since),
    "tags": lambda row, tags: set(tags) <= set(row["tags"]),
    "status": lambda row, status: row["status"] == status,
    "vat_number": lambda row, number: _bare(row["vat_number"]) == _bare(number),
    "company_id": lambda row, id_: any(each["company"]["id"] == id_ for each in row["companies"]),
}
_SORT_KEYS: dict[str, Any] = {
    "name": lambda row: (name_of(row).casefold(), row["id"]),
    "added_at": lambda row: (row["added_at"], row["id"]),
    "updated_at": lambda row: (row["updated_at"], row["id"]),
}


def _bare(number: str) -> str:
    return "".join(character for character in number if character.isalnum()).upper()


def _list(state: TeamleaderState, type_: CustomerType, body: Row) -> Row:
    found = lists.filtered(state.customers[type_].values(), body, _FILTERS)
    rows, meta = lists.page(lists.ordered(found, body, _SORT_KEYS), body)
    return {"data": [_list_row(type_, row) for row in rows], "meta": meta}


def _tag(row: Row, tags: list[str]) -> None:
    row["tags"] = sorted({*row["tags"], *tags})


def _untag(row: Row, tags: list[str]) -> None:
    row["tags"] = [tag for tag in row["tags"] if tag not in tags]


def list_action(type_: CustomerType) -> Any:
    """`companies.list` or `contacts.list`."""
    return lambda state, body: _list(state, type_, body)


def info_action(type_: CustomerType) -> Any:
    """`companies.info` or `contacts.info`."""
    return lambda state, body: {"data": find(state, type_, body["id"])}


def add_action(type_: CustomerType) -> Any:
    """`companies.add` or `contacts.add`."""
    return lambda state, body: {"data": ref(type_, add(state, type_, body)["id"])}


def update_action(type_: CustomerType) -> Any:
    """`companies.update` or `contacts.update`: what is left out stays as it is."""

    def update(state: TeamleaderState, body: Row) -> None:
        values = {name: value for name, value in body.items() if name != "id"}
        change(state, type_, body["id"], values)

    return update


def tag_action(type_: CustomerType, *, on: bool) -> Any:
    """`….tag` and `….untag`."""

    def tag(state: TeamleaderState, body: Row) -> None:
        (_tag if on else _untag)(change(state, type_, body["id"], {}), body["tags"])

    return tag


def delete(state: TeamleaderState, type_: CustomerType, id_: str) -> None:
    """Forget a customer; its documents stay."""
    find(state, type_, id_)
    del state.customers[type_][id_]


def companies_delete(state: TeamleaderState, body: Row) -> None:
    """`companies.delete`."""
    delete(state, "company", body["id"])


def link_to_company(state: TeamleaderState, body: Row) -> None:
    """Note at which company a contact works."""
    company = find(state, "company", body["company_id"])
    contact = change(state, "contact", body["id"], {})
    position, decides = body.get("position", ""), body.get("decision_maker", False)
    link = {"position": position, "secondary_position": "", "division": "", "decision_maker": decides}
    contact["companies"] = [*contact["companies"], {**link, "company": ref("company", company["id"])}]
    back = {"position": position, "secondary_position": None, "division": None, "is_decision_maker": decides}
    company["related_contacts"] = [*company["related_contacts"], {**ref("contact", contact["id"]), **back}]  # type: ignore[dict-item]
