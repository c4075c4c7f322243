"""Debian packages that tests need."""

from __future__ import annotations

import os

import pytest

__all__ = ["without"]


def without(package: str) -> None:
    """Leave a test whose package is not installed: skipped by the package's name, failed if `CI=true`."""
    leave = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    leave(f"package {package} is not installed (make system)")
