"""The rules of Exact's login: an access token is valid for ten minutes, a new one comes not before nine and a half.

exact-online 1.5-1.18.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeGuard

from api_core.errors import TryLater
from api_core.login import Login

if TYPE_CHECKING:
    from api_core.login import Refusal
    from api_core.tokens import Token

_TOO_EARLY = re.compile(r"not\s+expired|TooEarly", re.IGNORECASE)


class ExactLogin(Login):
    """Goes on with the old access token where Exact says that it is too early for a new one."""

    usual_life = timedelta(seconds=600)
    spare = timedelta(seconds=30)  # the end of an access token's life in which Exact gives the next (exact-online 1.7)
    address_setting = "api_url"

    _told_to_wait_until = datetime.min.replace(tzinfo=timezone.utc)

    def _is_usable(self, token: Token | None) -> TypeGuard[Token]:
        """Tell whether the token is not stale yet, or the one that Exact told us to go on with."""
        if super()._is_usable(token):
            return True
        if token is None or not token.access_token:
            return False
        return self._clock.now() < min(token.expires_at, self._told_to_wait_until)

    def _refused(self, refusal: Refusal, stored: Token | None, rejected: str | None) -> Token:
        """Return the access token that Exact says is still valid; it may be of an earlier login of the same user.

        How it says so differs from year to year (exact-online 1.8).
        """
        if not _TOO_EARLY.search(refusal.words):
            raise self._meaning(refusal)
        now = self._clock.now()
        if not stored or not stored.access_token or stored.access_token == rejected or now >= stored.expires_at:
            raise TryLater(
                "Exact gives a new access token only 9½ minutes after the last one: try again in ten minutes"
            )
        self._told_to_wait_until = max(now + self.spare, stored.expires_at - self.spare)
        return stored
