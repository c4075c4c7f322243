"""What the tests borrow from the system."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; where it is not installed the test is skipped by the package's name, or fails if `CI=true`."""
    found = shutil.which("chromium")
    if found is None:
        leave = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave("package chromium is not installed (make system)")
    return found
