"""What a program imports at its start is no garbage: nobody looks at it again."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

ASK = """
import gc, json
from api_core.starting import imports_that_stay
gc.{before}()
looks = []
gc.callbacks.append(lambda *told: looks.append(told))
try:
    with imports_that_stay():
        import email.message, xml.dom.minidom
        made = [[each] for each in range(10_000)]
        raise KeyError
except KeyError:
    pass
print(json.dumps([len(looks), gc.isenabled(), gc.get_freeze_count() > 10_000]))
"""


@pytest.mark.parametrize("before", ["enable", "disable"])
def test_nobody_looks_for_garbage_in_what_was_imported(before: str) -> None:
    program = ASK.format(before=before)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == [0, before == "enable", True]
