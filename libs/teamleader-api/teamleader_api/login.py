"""The rules of Teamleader's login."""

from __future__ import annotations

from datetime import timedelta

from api_core.login import Login


class TeamleaderLogin(Login):
    """An access token is valid for an hour, and replaced a minute before its end."""

    usual_life = timedelta(hours=1)
    spare = timedelta(minutes=1)
    address_setting = "auth_url"
