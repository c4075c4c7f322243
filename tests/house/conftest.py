"""What the tests borrow from the system."""

from __future__ import annotations

import shutil

import pytest
from packages import without


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; where it is not installed the test is skipped by the package's name, or fails if `CI=true`."""
    found = shutil.which("chromium")
    if found is None:
        without("chromium")
    return str(found)
