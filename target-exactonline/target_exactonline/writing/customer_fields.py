"""Sends the fields of an account; an optional field that Exact does not like is left out, once, with a warning.

Name and VAT number are not optional: an invoice needs them by law (accounting rule 23). A country that Exact does not
know, such as Kosovo, is: what is booked follows the document's. Exact answers in the language of the user that logged
in, so its texts are matched loosely.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from exactonline_api.errors import RecordRefused

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

_OPTIONAL: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (fields, re.compile(pattern, re.IGNORECASE))
    for fields, pattern in (
        (("Email",), r"e-?mail|courriel"),
        (("Phone",), r"telefoon|phone|t[ée]l[ée]phone|telefon"),
        (("Website",), r"website|homepage|site (web|internet)"),
        (("Language",), r"\btaal\b|language|langue|sprache"),
        (("ChamberOfCommerce",), r"kvk|kamer van koophandel|chamber of commerce|\bkbo\b|\bbce\b|handelsregister"),
        (("Postcode",), r"postcode|postal code|code postal|postleitzahl"),
        (("City",), r"\bplaats\b|\bcity\b|\bville\b|\bort\b"),
        (("Country",), r"^(?!.*(?:verplicht|mandatory|obligatoire|pflicht)).*(?:\bland\b|\bcountry|\bpays\b)"),
        (("AddressLine1",), r"\badres|\baddress|\badresse"),
    )
)


def send(
    body: dict[str, Any],
    request: Callable[[dict[str, Any]], Any],
    logger: logging.Logger,
    there: Callable[[], Any] = lambda: None,
) -> Any:  # noqa: ANN401
    """Send the fields with `request`, a second time without what the refusal names if that is optional.

    Args:
        body: The fields.
        request: Sends them.
        logger: The plugin's logger.
        there: Looks for what a first request may have made all the same, before a second one is sent.

    Raises:
        RecordRefused: Exact refuses something that is not optional, or refuses twice.
    """
    try:
        return request(body)
    except RecordRefused as error:
        words = " ".join(error.messages)
        named = {field for fields, pattern in _OPTIONAL if pattern.search(words) for field in fields if field in body}
        if not named:
            raise
        found = there()
        if found is not None:
            return found
        logger.warning("A customer is sent without %s: Exact refuses the value", ", ".join(sorted(named)))
        return request({field: value for field, value in body.items() if field not in named})
