"""While the whole suite runs somebody listens: no log, no URL in it and no trace tells a name or a genotype."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from listening import PLANTED, Listener


def _traces() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("homeward-trace-*"))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_told() -> Iterator[None]:
    """Listens to every logger of this process, and reads every trace that the suite left."""
    listener, before = Listener(), _traces()
    root = logging.getLogger()
    root.addHandler(listener)
    for name in ("homeward", "httpx2", "uvicorn", "alembic"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    root.removeHandler(listener)
    left = [p.read_text(encoding="utf-8", errors="replace") for p in _traces() - before]
    assert listener.told == [], "a log told what was planted"
    assert [word for word in PLANTED for text in left if word in text] == [], "a trace told what was planted"
