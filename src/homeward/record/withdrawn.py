"""The list of destroyed keys, kept beside the installation's keys: no backup that is restored may bring one back."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from homeward.record.keys import Installation

__all__ = ["remember", "withdrawn"]


def _file(keys: Installation) -> Path:
    return keys.path.with_name(keys.path.name + ".withdrawn")


def withdrawn(keys: Installation) -> frozenset[str]:
    """Ids of keys that were destroyed, ever."""
    try:
        return frozenset(_file(keys).read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return frozenset()


def remember(keys: Installation, destroyed: Iterable[str]) -> None:
    """Add to the list what it does not have yet."""
    new = sorted(set(destroyed) - withdrawn(keys))
    if not new:
        return
    with _file(keys).open("a", encoding="utf-8") as file:
        file.write("".join(f"{id}\n" for id in new))
        file.flush()
        os.fsync(file.fileno())
