"""What Exact's answer to a request that it did not carry out means (exact-online 4.1-4.5).

Business rules come as 500 with a text, so a 500 is only a fault when it has none, or one that tells of a fault.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from api_core.errors import AccessDenied, ApiError, LoginLost, NotFound, RecordRefused, WrongAddress, WrongDivision
from api_core.transport import parse
from exactonline_api.service import EXACT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FAULT = re.compile(r"time-?\s?out|timed out|deadlock|object reference not set|objectverwijzing", re.IGNORECASE)
_BLOCK = re.compile(r"rate limit exceeded", re.IGNORECASE)

_SCOPES = {
    "Financial accounting": "SalesEntries SalesEntryLines GeneralJournalEntries TransactionLines FinancialPeriods "
    "VATCodes VatPercentages",
    "Financial receivables": "Receivables",
    "Financial cashflow": "PaymentConditions PaymentTerms DirectDebitMandates",
    "Financial generalledgers": "GLAccounts Journals",
    "Financial currencies": "Currencies ExchangeRates",
    "Financial costcenters": "Costcenters Costunits",
    "Crm accounts": "Accounts Contacts BankAccounts Addresses",
    "Organization documents": "Documents DocumentAttachments DocumentTypes",
    "Organization administration": "Divisions Deleted",
}
SCOPE_OF = {entity: scope for scope, entities in _SCOPES.items() for entity in entities.split()}
"""The scope that an app needs per entity, the last part of an endpoint (exact-online 0.6)."""


def messages(content: bytes) -> list[str]:
    """Return the lines of `error.message.value`; none when the answer is empty, HTML, or says nothing."""
    answer = parse(content)
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    value = message.get("value") if isinstance(message, dict) else message
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else []


def is_fault(status: int, lines: Sequence[str]) -> bool:
    """Tell a server out of order, of which nobody knows what it did, from one that refuses."""
    if status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return status > HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT
    return not lines or any(_FAULT.search(line) for line in lines)


def is_block(lines: Sequence[str], headers: Mapping[str, str]) -> bool:
    """Tell the hour's block of an endpoint (exact-online 2.8) from a 429 for the limit, which names a wait."""
    names_window = any(name.lower().startswith(("x-ratelimit", "retry-after")) for name in headers)
    return not names_window and any(_BLOCK.search(line) for line in lines)


def refusal(endpoint: str, status: int, lines: Sequence[str], *, of_row: bool, division: int) -> ApiError:
    """Make the error of a refusal.

    Args:
        endpoint: Path below the division, without a key.
        status: HTTP status, not that of a fault.
        lines: What `messages` returned.
        of_row: Whether the request named one row: Exact answers 403 when that is gone (exact-online 3.29).
        division: For the text.
    """
    if status == HTTPStatus.UNAUTHORIZED:
        return LoginLost("Exact refuses a fresh access token: log in again and set the new refresh_token")
    if status == HTTPStatus.FORBIDDEN and any("WrongDivision" in line for line in lines):
        return WrongDivision(
            f"The login to Exact has no access to administration {division}: correct the setting division, "
            "or log in as a user with access to it"
        )
    missing = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
    if of_row and status in missing:
        return NotFound(EXACT, endpoint, status, lines)
    if status == HTTPStatus.FORBIDDEN:
        return _denied(endpoint)
    if status in missing or status == HTTPStatus.METHOD_NOT_ALLOWED or status < HTTPStatus.BAD_REQUEST:
        return WrongAddress(f"There is no {endpoint} of Exact at the address in api_url: correct it")
    return RecordRefused(EXACT, endpoint, status, lines)


def _denied(endpoint: str) -> AccessDenied:
    scope = SCOPE_OF.get(endpoint.rpartition("/")[2])
    wanted = f", and the app the scope {scope}" if scope else ""
    return AccessDenied(f"The login to Exact may not use {endpoint}: the user needs the right to it{wanted}")
