"""FACES. What programs and browsers ask over HTTP: every answer comes from one call of the rooms above."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"Settings": "settings", "create_app": "app", "serve": "app"}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.web.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.web' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
