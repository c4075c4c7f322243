"""PhyloTree build 17 (van Oven 2015; 5,435 haplogroups): each group's parent and what changes on the way to it.

A group's *motif* is what its path from the root (the parting of L0 from all others) leaves, as differences to the rCRS.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.genetics.mtdna.notation import parsed
from homeward.genetics.mtdna.reference import rcrs

__all__ = ["Group", "groups", "index_of", "is_hotspot", "motif", "weight"]

_LOOSE_LENGTHS = frozenset({309, 315, 523, 524, 16182, 16183, 16193})
_LOOSE_BASES = frozenset({"16182C", "16183C", "16519C"})
"""What PhyloTree leaves out of its branches: lengths and bases that change too often to tell groups apart. Other bases
at these positions it does use: `16182T`, `16183G`, `16193T`."""
_OFTEN = 223
"""Substitutions in the tree at position 152, the most at any."""
_AT_152 = 3.5
"""Minus the ln of the probability that a person's mtDNA has a change at 152 which his group's motif has not: about four
such changes a person, of 16,568 positions and the 12,980 substitutions of the tree."""
_LENGTH_WEIGHT = 6.0
_UNIT_WEIGHT = 0.1
"""Each further base of one insertion or deletion weighs almost nothing: it is one event."""


@dataclass(frozen=True, slots=True)
class Group:
    """One haplogroup. ``parent``: index in `groups`, -1 at the root. ``gained`` and ``lost``: tokens of differences
    that its motif has and its parent's has not, and the other way round."""

    name: str
    parent: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """All groups, parents before children, in the order of the tree."""
    path = files("homeward.genetics") / "data" / "mtdna" / "phylotree17.csv"
    index: dict[str, int] = {}
    motifs: list[dict[tuple[int, int], str]] = []
    found: list[Group] = []
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        parent = index[row["parent"]] if row["parent"] else -1
        before = motifs[parent] if parent >= 0 else {}
        after = dict(before)
        for text in row["differences"].split():
            for place, symbol in _changes(text):
                if symbol:
                    after[place] = symbol
                else:
                    after.pop(place, None)
        gained = tuple(_token(p, s) for p, s in after.items() if before.get(p) != s)
        lost = tuple(_token(p, s) for p, s in before.items() if after.get(p) != s)
        index[row["haplogroup"]] = len(found)
        motifs.append(after)
        found.append(Group(row["haplogroup"], parent, gained, lost))
    return tuple(found)


def _changes(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """(place, symbol) of what a branch changes; the symbol "" = back to the reference."""
    back = text.endswith("!")
    for edit in parsed(text.rstrip("!")):
        own = edit.n == 0 and edit.symbol == rcrs()[edit.position - 1]
        yield (edit.position, edit.n), "" if back or own else edit.symbol


def _token(place: tuple[int, int], symbol: str) -> str:
    position, n = place
    return f"{position}.{n}{symbol}" if n else f"{position}{symbol}"


@cache
def _indices() -> dict[str, int]:
    return {group.name: i for i, group in enumerate(groups())}


def index_of(name: str) -> int:
    """Where a group stands in `groups`. Raises KeyError for a name that PhyloTree 17 does not have."""
    return _indices()[name]


@cache
def motif(name: str) -> frozenset[str]:
    """The differences of a group to the rCRS. Raises KeyError for a name that PhyloTree 17 does not have."""
    at = index_of(name)
    path = []
    while at >= 0:
        path.append(at)
        at = groups()[at].parent
    found: set[str] = set()
    for i in reversed(path):
        found -= set(groups()[i].lost)
        found |= set(groups()[i].gained)
    return frozenset(found)


def is_hotspot(token: str) -> bool:
    """Whether a difference is one that PhyloTree disregards."""
    is_length = "." in token or token.endswith("-")
    return int(token.partition(".")[0].rstrip("ACGT-")) in _LOOSE_LENGTHS if is_length else token in _LOOSE_BASES


@cache
def _counts() -> dict[int, int]:
    path = files("homeward.genetics") / "data" / "mtdna" / "substitutions.csv"
    rows = csv.DictReader(path.read_text(encoding="ascii").splitlines())
    return {int(row["position"]): int(row["substitutions"]) for row in rows}


@cache
def weight(token: str) -> float:
    """How much a difference says: minus the ln of the probability that it arose by itself.

    3.5 at position 152, and the ln of how many times rarer changes are elsewhere in the tree more; 0 for hotspots. An
    insertion or deletion weighs once, whatever its length.
    """
    if is_hotspot(token):
        return 0.0
    position, dot, inserted = token.partition(".")
    if dot:
        return _LENGTH_WEIGHT if inserted.startswith("1") and not inserted[1:2].isdigit() else _UNIT_WEIGHT
    at = int(position.rstrip("ACGT-"))
    if position.endswith("-"):
        return _UNIT_WEIGHT if 8282 <= at <= 8289 or at in (291, 107, 108, 109, 110) else _LENGTH_WEIGHT
    return _AT_152 + math.log((_OFTEN + 1) / (_counts().get(at, 0) + 1))
