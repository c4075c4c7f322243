"""The listener of the whole suite would hear."""

from __future__ import annotations

import logging

from listening import Listener


def test_what_is_planted_is_heard_and_nothing_else() -> None:
    listener = Listener()
    listener.handle(logging.LogRecord("x", logging.INFO, "f.py", 1, "of %s", ("Planted Daughter",), None))
    listener.handle(logging.LogRecord("x", logging.INFO, "f.py", 2, "of %s", ("nobody",), None))
    assert listener.told == ["x (f.py:1)"]
