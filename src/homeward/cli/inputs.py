"""What CASE names: a folder, a file, or a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeward.record.url import is_record_url

if TYPE_CHECKING:
    from homeward.case import Case

__all__ = ["paths_of", "read_input"]


def read_input(where: str) -> Case:
    """The case at a path or in a record. Raises `Refusal` as `read_case` and `Record.case` do."""
    if is_record_url(where):
        from homeward.record import open_record

        case: Case = open_record(where).case()
        return case
    from homeward.formats import read_case

    return read_case(where)


def paths_of(where: str) -> list[Path]:
    """What an output must not be written over."""
    return [] if is_record_url(where) else [Path(where)]
