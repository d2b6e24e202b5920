"""Identifiers that never change: those of the settings, so that configurations can be written down."""

from __future__ import annotations

from datetime import timedelta

CLIENT_ID = "sandbox-teamleader"
CLIENT_SECRET = "sandbox-teamleader-secret"
REDIRECT_ADDRESS = "http://localhost:8765/teamleader"
CODE_LIFE = timedelta(minutes=10)
"""teamleader 1.4"""
FIRST_REFRESH_TOKEN = "sandbox-teamleader-refresh"


def department_id(number: int) -> str:
    """The identifier of the so-manieth department."""
    return f"d0000000-0000-4000-8000-{number:012d}"


DEPARTMENT_ID, OTHER_DEPARTMENT_ID, THIRD_DEPARTMENT_ID = (department_id(number) for number in (1, 2, 3))
USER_ID = "e0000000-0000-4000-8000-000000000001"
ACCOUNT_ID = "e0000000-0000-4000-8000-000000000002"
TEMPLATE_ID = "e0000000-0000-4000-8000-000000000003"
BUSINESS_TYPE_ID = "e0000000-0000-4000-8000-000000000004"


def setting_id(group: int, number: int) -> str:
    """The identifier of the so-manieth setting of a group."""
    return f"c{group:07d}-0000-4000-8000-{number:012d}"
