"""The SDK's standard tests for targets, each exclusion with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import singer_sdk.testing
from singer_sdk.testing import get_target_test_class, target_tests
from singer_sdk.testing.suites import SingerTestSuite
from singer_sdk.testing.suites import target_tests as everything

from target_teamleader.errors import UnknownStream
from target_teamleader.target import TargetTeamleader

CONFIG: dict[str, Any] = {
    "client_id": "none",
    "client_secret": "none",
    "refresh_token": "none",
    "api_url": "http://127.0.0.1:9",
    "auth_url": "http://127.0.0.1:9",
    "store_uri": "sqlite:////nowhere/never-opened.db",
}

OTHER = (
    "feeds a stream of its own; this target takes its documented stream and refuses every other one before "
    "anything is opened, which test_streams_that_are_not_ours_are_refused shows for this very file"
)
EXCLUDED: dict[type, str] = {
    target_tests.TargetArrayData: OTHER,
    target_tests.TargetCamelcaseComplexSchema: OTHER,
    target_tests.TargetCamelcaseTest: OTHER,
    target_tests.TargetDuplicateRecords: f"{OTHER}; duplicates of ours: test_registering",
    target_tests.TargetEncodedStringData: OTHER,
    target_tests.TargetNoPrimaryKeys: OTHER,
    target_tests.TargetOptionalAttributes: f"{OTHER}; optional fields of ours: test_input",
    target_tests.TargetPrimaryKeyUpdates: OTHER,
    target_tests.TargetRecordMissingKeyProperty: f"{OTHER}; records of ours without identity: test_input",
    target_tests.TargetRecordMissingOptionalFields: f"{OTHER}; optional fields of ours: test_input",
    target_tests.TargetSchemaNoProperties: OTHER,
    target_tests.TargetSchemaUpdates: OTHER,
    target_tests.TargetSpecialCharsInAttributes: OTHER,
}
"""The SDK leaves TargetMultipleStateMessages out itself (it compares dicts with texts): see test_checkpoints."""

_kept: SingerTestSuite[Any] = SingerTestSuite(
    kind="target", tests=[test for test in everything.tests if test not in EXCLUDED]
)
TestStandard = get_target_test_class(TargetTeamleader, config=CONFIG, include_target_tests=False, custom_suites=[_kept])


@pytest.mark.parametrize("test", EXCLUDED, ids=lambda test: test.name)
def test_streams_that_are_not_ours_are_refused(test: Any) -> None:
    path = Path(singer_sdk.testing.__file__).parent / "target_test_streams" / f"{test.name}.singer"
    with path.open(encoding="utf-8") as lines, pytest.raises(UnknownStream):
        TargetTeamleader(config=CONFIG).listen(lines)
