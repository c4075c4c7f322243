"""Several haplotypes side by side: the places where they differ, whatever notation they came in.

A *column* is what changes by one event: the base of one position, the length of a repeat (`TRACTS`), or an insertion
or deletion anywhere else. Because a haplotype has one notation for one sequence, equal sequences are equal in every
column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

from homeward.case import Span
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.notation import bases
from homeward.genetics.mtdna.reference import GAP_POSITION, covers, rcrs

__all__ = ["TRACTS", "UNSTABLE", "Bases", "Column", "ColumnKind", "bases_differ", "bases_shown", "columns"]

ColumnKind = Literal["base", "length", "indel"]

TRACTS = {
    "309": (303, 309), "315": (311, 315), "455": (452, 455), "459": (456, 459), "463": (461, 463), "524": (515, 524),
    "573": (568, 573), "960": (956, 960), "965": (962, 965), "5899": (5895, 5899), "8289": (8272, 8289),
    "16193": (16184, 16193),
}  # fmt: skip
"""Repeats whose units come and go: first and last position, called by the last one, where changes are written."""

UNSTABLE = frozenset({"309", "455", "463", "573", "16193"})
"""The tracts whose length changes so often, within a person too, that EMPOP's searches disregard it by default."""

_MOST_OPTIONS = 64


@dataclass(frozen=True, slots=True)
class Column:
    """A place where haplotypes can differ. ``seen``: for each haplotype the states it may have; None = not read.

    States: bases; the change of a tract's length in bases against the rCRS ("0", "1", "-2"); what stands at the
    positions of an indel.
    """

    name: str
    kind: ColumnKind
    low: int
    high: int
    seen: tuple[frozenset[str] | None, ...]

    @property
    def differs(self) -> bool:
        """Whether no one state explains all that was seen."""
        typed = [s for s in self.seen if s is not None]
        return bool(typed) and not frozenset.intersection(*typed)


def columns(haplotypes: Sequence[MtHaplotype]) -> tuple[Column, ...]:
    """The columns in which at least one of the haplotypes is not as the rCRS, by position."""
    found = [*_lengths(haplotypes), *_indels(haplotypes), *_bases(haplotypes)]
    return tuple(sorted(found, key=lambda c: (c.low, c.kind, c.high)))


def _own(position: int) -> str:
    return "" if position == GAP_POSITION else rcrs()[position - 1]


def _tract_of(position: int) -> str:
    return next((name for name, (low, high) in TRACTS.items() if low <= position <= high), "")


def _lengths(haplotypes: Sequence[MtHaplotype]) -> Iterator[Column]:
    for name, (low, high) in TRACTS.items():
        seen = tuple(_length(h, low, high) for h in haplotypes)
        if any(s is not None and s != {"0"} for s in seen):
            yield Column(name, "length", low, high, seen)


def _length(haplotype: MtHaplotype, low: int, high: int) -> frozenset[str] | None:
    """The possible changes of a tract's length; None where it was not read to its end."""
    if not covers(haplotype.ranges, low, high):
        return None
    change = fewest = 0
    for p in range(low, high + 1):
        text = haplotype.places.get(p)
        if text is None:
            continue
        if "N" in text:
            return None
        change += len(text) - 1
        fewest += sum(c.islower() for c in text)
    return frozenset(str(n) for n in range(change - fewest, change + 1))


def _indels(haplotypes: Sequence[MtHaplotype]) -> Iterator[Column]:
    """Insertions and deletions outside the tracts; neighbouring ones are one column."""
    at = sorted(
        {p for h in haplotypes for p, text in h.places.items() if _changes_length(text, p) and not _tract_of(p)}
    )
    runs: list[list[int]] = []
    for p in at:
        if runs and p == runs[-1][1] + 1:
            runs[-1][1] = p
        else:
            runs.append([p, p])
    for low, high in runs:
        name = f"{low}i" if low == high else f"{low}-{high}i"
        yield Column(name, "indel", low, high, tuple(_gaps(h, low, high) for h in haplotypes))


def _changes_length(text: str, position: int) -> bool:
    return len(text) != (position != GAP_POSITION) or text.islower()


def _gaps(haplotype: MtHaplotype, low: int, high: int) -> frozenset[str] | None:
    """What stands at positions, bases of their own written as a point: what was inserted and what is gone."""
    options: list[list[str]] = []
    for p in range(low, high + 1):
        text = haplotype.at(p)
        if text is None:
            return None
        own = ("." if bases(text[0]) - {""} else "") if text and _own(p) else ""
        first = ["."] if own else [""]
        if own and text[0].islower():
            first = [".", ""]
        options.append(first)
        options += [sorted(bases(c)) for c in (text[1:] if own else text)]
    found = frozenset("".join(parts) for parts, _ in zip(product(*options), range(_MOST_OPTIONS), strict=False))
    return None if len(found) >= _MOST_OPTIONS else found


def _bases(haplotypes: Sequence[MtHaplotype]) -> Iterator[Column]:
    at = {p for h in haplotypes for p, text in h.places.items() if text and text[0] != _own(p) and _own(p)}
    for p in at:
        seen = tuple(_base(h, p) for h in haplotypes)
        if any(s is not None and s != {_own(p)} for s in seen):
            yield Column(str(p), "base", p, p, seen)


def bases_differ(first: MtHaplotype, second: MtHaplotype) -> bool:
    """Whether a column of bases differs: the quickest way to tell most haplotypes apart."""
    for mine, others in ((first, second), (second, first)):
        for p, text in mine.places.items():
            if text and others.places.get(p) != text and _own(p):
                own, other = _base(mine, p), _base(others, p)
                if own is not None and other is not None and not own & other:
                    return True
    return False


@dataclass(frozen=True, slots=True)
class Bases:
    """Bases other than the rCRS's outside the tracts: ``settled`` (position, base), ``open`` positions of any other."""

    settled: frozenset[tuple[int, str]]
    open: frozenset[int]

    def differ(self, other: Bases) -> bool:
        """Whether two who were read in the same ranges surely differ in a column of bases."""
        return any(p not in self.open and p not in other.open for p, _ in self.settled ^ other.settled)


def bases_shown(haplotype: MtHaplotype, ranges: Sequence[Span]) -> Bases:
    """What a haplotype that was read in all of some ranges shows there."""
    settled, unsettled = set(), set()
    for p, text in haplotype.places.items():
        if p == GAP_POSITION or _tract_of(p) or not covers(ranges, p):
            continue
        if text[:1] not in _SETTLED:
            unsettled.add(p)
        elif text[0] != rcrs()[p - 1]:
            settled.add((p, text[0]))
    return Bases(frozenset(settled), frozenset(unsettled))


_SETTLED = frozenset("ACGT")


def _base(haplotype: MtHaplotype, position: int) -> frozenset[str] | None:
    """The bases that may stand at a position; None where none does or it was not read."""
    text = haplotype.at(position)
    return _standing(text[0]) if text else None


@cache
def _standing(letter: str) -> frozenset[str]:
    return frozenset(bases(letter) - {""})
