"""The status as text for Prometheus (its exposition format, version 0.0.4)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bridge.view.standing import Row
    from connector_store.budget import DayBudget

_LEVELS: Final = {"green": 0, "amber": 1, "red": 2}
_HELP: Final = {
    "health": "How it goes: 0 green, 1 amber, 2 red; of several couplings the worst, and each by its name.",
    "last_success_timestamp_seconds": "When a direction last succeeded; absent before the first time.",
    "documents": "Documents, customers and payments by kind and status.",
    "calls_left": "Calls to Exact that are left today, as it last said.",
    "login_age_seconds": "Time since a login was last renewed.",
    "paid_invoices_last_day": "Invoices that became paid in the last day.",
}


def metrics_text(
    document: Row,
    division: int,
    budgets: Iterable[tuple[str, DayBudget]],
    logins: Mapping[str, datetime],
    now: datetime,
) -> str:
    """Return the measurements.

    Args:
        document: The status document.
        division: The administration.
        budgets: Of today: name of the service, calls that are left.
        logins: When the tokens of each service were last renewed (UTC).
        now: The moment (UTC).
    """
    health = document["health"]
    samples: dict[str, list[tuple[dict[str, str], float]]] = {name: [] for name in _HELP}
    for told in (health, *health["couplings"]):
        whose = {"coupling": told["name"]} if "name" in told else {}
        samples["health"].append((whose, _LEVELS[told["level"]]))
        for direction in ("documents", "payments"):
            if moment := told[f"{direction}_ok_at"]:
                labels = {**whose, "direction": direction}
                samples["last_success_timestamp_seconds"].append((labels, datetime.fromisoformat(moment).timestamp()))
    counted = Counter((row["kind"], row["status"]) for row in document["documents"])
    samples["documents"] += [
        ({"kind": kind, "status": status}, counted[kind, status]) for kind, status in sorted(counted)
    ]
    samples["calls_left"] += [
        ({"service": service}, day.remaining) for service, day in budgets if day.remaining is not None
    ]
    samples["login_age_seconds"] += [
        ({"service": service}, round((now - moment).total_seconds())) for service, moment in sorted(logins.items())
    ]
    samples["paid_invoices_last_day"].append(({}, len(document["paid"])))
    lines = []
    for name, measured in samples.items():
        lines += [f"# HELP coupling_{name} {_HELP[name]}", f"# TYPE coupling_{name} gauge"]
        lines += [
            f"coupling_{name}{_labels({'division': str(division), **labels})} {value:.0f}" for labels, value in measured
        ]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
