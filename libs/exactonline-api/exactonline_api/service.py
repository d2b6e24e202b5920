"""Exact Online, as texts for a person name it."""

from __future__ import annotations

import re

from api_core.service import Service

# Exact quotes values in brackets; numbers, such as a rate, tell nothing of a person and help.
EXACT = Service(name="Exact", agent="exactonline-api", quoted=re.compile(r"(?<=\[)(?![\d.,%/ -]*\])[^\]]+(?=\])"))
