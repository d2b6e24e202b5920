"""Teamleader, as texts for a person name it."""

from __future__ import annotations

import re

from api_core.service import Service

TEAMLEADER = Service(name="Teamleader", agent="teamleader-api", quoted=re.compile(r"\"[^\"]*\"|'[^']*'"))
