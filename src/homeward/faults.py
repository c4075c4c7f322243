"""What can go wrong, and how long work reports and is stopped.

The whole hierarchy::

    HomewardError
    ├── Refusal        bad input or a broken rule: every fault at once (exit 2, or 3 when ``rule``)
    └── Interrupted    the person at the keyboard stopped the work (exit 130)

A `Fault` is data, never prose alone: its ``code`` is stable and can be translated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Fault", "HomewardError", "Interrupted", "Progress", "Refusal", "silent"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where, the value and the remedy.

    ``file`` is relative to the case folder, ``row`` counts lines from 1 = header, ``column`` is the
    header's name. ``value`` may hold a genotype or a name and is therefore shown only to the person who
    ran the command on his own file.
    """

    code: str
    message: str
    remedy: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    sample: str = ""
    marker: str = ""

    def line(self) -> str:
        """`FILE:ROW:COLUMN: CODE: message (remedy)`, the form of the command line."""
        place = f"{self.file}:{'' if self.row is None else self.row}:{self.column}"
        return f"{place}: {self.code}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "code": self.code,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "sample": self.sample,
            "marker": self.marker,
            "value": self.value,
            "message": self.message,
            "remedy": self.remedy,
        }


class HomewardError(Exception):
    """Everything Homeward raises on purpose."""


class Refusal(HomewardError):
    """The input is refused whole; ``faults`` lists everything found wrong with it.

    ``rule`` is true when the input is sound but a rule forbids the work (consent, agreement, quota,
    role, not converged).
    """

    def __init__(self, faults: Iterable[Fault], *, rule: bool = False) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.rule = rule
        if not self.faults:
            raise ValueError("a refusal needs at least one fault")
        super().__init__("\n".join(fault.line() for fault in self.faults))


class Interrupted(HomewardError):
    """Long work was stopped from outside; nothing was half written."""


class Progress(Protocol):
    """How long work reports: called with a stage code, the steps done and the steps in all.

    Raising `Interrupted` from it stops the work between two steps.
    """

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """The progress of work nobody watches."""
