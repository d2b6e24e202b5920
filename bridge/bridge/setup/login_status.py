"""How both logins stand: whose they are, what they open, how old they are, and what mends one that is lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from api_core.errors import AccessDenied, ApiError, LoginLost
from bridge import services
from bridge.errors import Refused
from bridge.setup.lists import departments, divisions, exact_of_login
from bridge.setup.login import REGISTRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.project import Coupling
    from bridge.setup.lists import Row
    from connector_store import ConnectorStore, Token
    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient

EXACT_IDLE: Final = timedelta(days=30)
"""How long a refresh token of Exact lives unused (exact-online 1.12); Teamleader's lives until it is revoked."""
WARN: Final = timedelta(days=10)
"""How long before its end a login is warned of."""
_EXACT_RIGHTS: Final = {
    "financial": "financial/Journals",
    "receivables": "cashflow/PaymentConditions",
    "accounts": "crm/Accounts",
    "documents": "documents/DocumentTypes",
}
"""A group of rights (exact-online 0.6) -> an endpoint that needs it."""
_TEAMLEADER_RIGHTS: Final = {
    "invoices": "invoices.list",
    "credit notes": "creditNotes.list",
    "companies": "companies.list",
    "contacts": "contacts.list",
    "tax rates": "taxRates.list",
    "payment methods": "paymentMethods.list",
    "subscriptions": "subscriptions.list",
}
_NO_ANSWER = "Its last renewal was cut off: the answer that held the next token was lost"


@dataclass
class LoginStatus:
    """How one login stands; `problem` and `remedy` are sentences, None when there is nothing to mend."""

    service: str
    valid: bool = False
    user: str | None = None
    companies: list[dict[str, Any]] = field(default_factory=list)
    rights: dict[str, bool] = field(default_factory=dict)
    age_days: int | None = None
    """Since the last renewal, which each run does."""
    dies_on: str | None = None
    """The day on which it ends unless a run renews it."""
    problem: str | None = None
    remedy: str | None = None

    def as_row(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


def login_status(
    coupling: Coupling, store: ConnectorStore, service: str, now: Callable[[], datetime] | None = None
) -> LoginStatus:
    """Ask a service who the login is and what it opens; reads only, and renews the login where it is time."""
    status = LoginStatus(service)
    mend = f"bridge login {service}"
    try:
        client_id, _ = services.app(coupling.settings(REGISTRATIONS[service].plugin), service)
        vault = store.tokens(service, client_id)
        was_cut_off = vault.asked_at_last
        before = vault.read()
        if service == services.TEAMLEADER:
            _fill_teamleader(status, services.teamleader(coupling, store, read_only=True))
        else:
            _fill_exact(status, exact_of_login(coupling, store))
    except Refused as error:
        status.problem, status.remedy = error.message, mend
        return status
    except LoginLost as error:
        lost = f"{_NO_ANSWER}. {error}" if was_cut_off else str(error)
        status.problem, status.remedy = lost, mend
        return status
    except ApiError as error:
        status.problem, status.remedy = str(error), "bridge login --status"
        return status
    status.valid = True
    _fill_age(status, before or vault.read(), vault.read(), (now or _now)())
    return status


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _fill_age(status: LoginStatus, before: Token | None, after: Token | None, now: datetime) -> None:
    """Tell how long the login lay idle before this look, which may have renewed it, and when it ends now."""
    if before is None or after is None:
        return
    idle = now - before.obtained_at
    status.age_days = idle.days
    if status.service != services.EXACT:
        return
    status.dies_on = (after.obtained_at + EXACT_IDLE).date().isoformat()
    if idle > EXACT_IDLE - WARN:
        status.problem = f"No run had used it for {idle.days} days, and after 30 idle days Exact ends it"
        status.remedy = "bridge run"


def _fill_teamleader(status: LoginStatus, client: TeamleaderClient) -> None:
    person: Mapping[str, Any] = client.call("users.me")
    status.user = " ".join(str(person.get(name) or "") for name in ("first_name", "last_name")).strip()
    status.companies = departments(client)
    for right, action in _TEAMLEADER_RIGHTS.items():
        status.rights[right] = _allowed(partial(client.call, action, {"page": {"size": 1, "number": 1}}))


def _fill_exact(status: LoginStatus, client: ExactClient) -> None:
    for person in client.rows("current/Me", select=("UserID", "FullName")):
        status.user = person.get("FullName")
    status.companies = divisions(client)
    for right, path in _EXACT_RIGHTS.items():
        key = "Code" if path.startswith(("financial", "cashflow")) else "ID"
        status.rights[right] = _allowed(partial(_first, client, path, key))


def _first(client: ExactClient, path: str, field: str) -> Row | None:
    return next(client.rows(path, select=(field,), top=1), None)


def _allowed(read: Callable[[], object]) -> bool:
    try:
        read()
    except AccessDenied:
        return False
    return True
