"""Work on one text is remembered while a roster is gone through, and forgotten when its names must not linger."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

__all__ = ["forget", "remembered"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_forgetful: list[Callable[[], None]] = []


def remembered(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function with its last 65,536 answers kept until `forget`."""
    keeping = lru_cache(maxsize=65536)(function)
    _forgetful.append(keeping.cache_clear)
    return keeping  # type: ignore[return-value]  # lru_cache drops the names of parameters


def forget() -> None:
    """Let go of every name that was read or compared."""
    for clear in _forgetful:
        clear()
