"""Where Exact is, by the country of an administration."""

from __future__ import annotations

from typing import Final

HOSTS: Final = {
    "BE": "start.exactonline.be",
    "NL": "start.exactonline.nl",
    "FR": "start.exactonline.fr",
    "DE": "start.exactonline.de",
    "ES": "start.exactonline.es",
    "GB": "start.exactonline.co.uk",
}
"""Country (ISO 3166-1 alpha-2) -> host (exact-online 0.1)."""
