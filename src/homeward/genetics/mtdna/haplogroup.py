"""The haplogroup of a haplotype: the lowest group of PhyloTree 17 whose branch is well supported, and how good that is.

The distance of a haplotype to a group is the weight (`phylotree.weight`) of what the group's motif has and the
haplotype has not, and of what the haplotype has and the motif has not, within the ranges read: minus the ln of the
probability of the mutations that it would take. Each group's share is e^-distance over the sum of all groups; a branch
is supported by the shares of its groups together. The answer is the lowest group whose branch has `SUPPORTED` of all
and that something read tells from its parent: with short ranges, which tell few groups apart, it stands high in the
tree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.notation import bases
from homeward.genetics.mtdna.phylotree import groups, index_of, is_hotspot, motif, weight
from homeward.genetics.mtdna.reference import covers, rcrs

__all__ = ["SUPPORTED", "Haplogroup", "branch_support", "haplogroup_of", "shown_motif"]

SUPPORTED = 0.5
_SHOWN = 5
_ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Haplogroup:
    """A haplogroup and why.

    ``support``: the share of its branch, of 1. ``quality``: from 0 to 1, the mean of the share of the motif's weight
    that was found and the share of the haplotype's weight that the motif explains (Kulczynski's measure). ``found`` /
    ``missing``: differences of the group's motif, within the ranges, that the haplotype has or lacks; ``remaining``:
    what the motif does not explain; ``hotspots``: what PhyloTree disregards. ``nearest``: the groups of the smallest
    distance, at most five; below the answer or, where its support is small, beside it.
    """

    name: str
    support: float
    quality: float
    found: tuple[str, ...]
    missing: tuple[str, ...]
    remaining: tuple[str, ...]
    hotspots: tuple[str, ...]
    nearest: tuple[str, ...]


class _Query:
    """What a haplotype says of every difference a motif can have."""

    def __init__(self, haplotype: MtHaplotype) -> None:
        self.haplotype = haplotype
        self.tokens: dict[str, bool] = {}
        """token → whether the haplotype has it for certain; False = a mixture that may have it."""
        for text in haplotype.differences:
            token, sure = _token(text)
            for t in token:
                self.tokens[t] = sure
        self._read: dict[str, bool] = {}

    def reads(self, token: str) -> bool:
        """Whether the place of a token was read."""
        known = self._read.get(token)
        if known is None:
            at = position_of(token)
            known = self._read[token] = covers(self.haplotype.ranges, at) and self.haplotype.at(at) is not None
        return known


def position_of(token: str) -> int:
    """The position of a difference."""
    return int(token.partition(".")[0].rstrip("ACGTRYSWKMBDHVNacgtryswkmbdhvn-"))


def _token(text: str) -> tuple[list[str], bool]:
    """A difference as the tokens motifs are made of, and whether it is certain."""
    symbol = text[-1]
    if symbol == "N" or (symbol.islower() and "." not in text):
        return [], False
    own = "" if "." in text else rcrs()[position_of(text) - 1]
    if symbol == "-":
        return [text], True
    options = sorted(bases(symbol) - {own, ""})
    return [text[:-1] + b for b in options], len(bases(symbol)) == 1


def haplogroup_of(haplotype: MtHaplotype) -> Haplogroup:
    """The lowest well-supported group of PhyloTree 17, with the differences that speak for and against it."""
    query = _Query(haplotype)
    distances = _distances(query)
    branches = _branches(distances)
    lowest = max((i for i, share in enumerate(branches) if share >= SUPPORTED), key=lambda i: _depths()[i])
    while groups()[lowest].parent >= 0 and not _is_told_from_parent(query, lowest):
        lowest = groups()[lowest].parent
    best = min(distances)
    nearest = [groups()[i].name for i, d in enumerate(distances) if d <= best + _ALIKE]
    return _explained(query, groups()[lowest].name, branches[lowest], tuple(nearest[:_SHOWN]))


def branch_support(haplotype: MtHaplotype, name: str) -> float:
    """The share of a group's branch, of 1: how well a haplogroup that somebody states is supported. Raises KeyError."""
    return _branches(_distances(_Query(haplotype)))[index_of(name)]


def _branches(distances: Sequence[float]) -> list[float]:
    """The share of each group's branch: of the group and all below it."""
    best = min(distances)
    shares = [math.exp(best - d) for d in distances]
    total = math.fsum(shares)
    found = [share / total for share in shares]
    for i in range(len(found) - 1, 0, -1):  # parents come before children
        found[groups()[i].parent] += found[i]
    return found


@cache
def _depths() -> tuple[int, ...]:
    found: list[int] = []
    for group in groups():
        found.append(found[group.parent] + 1 if group.parent >= 0 else 0)
    return tuple(found)


def _distances(query: _Query) -> list[float]:
    """Distance of every group, less the weight of all the haplotype's certain differences."""
    found: list[float] = []
    for group in groups():
        distance = found[group.parent] if group.parent >= 0 else 0.0
        for token in group.gained:
            distance += _cost(query, token)
        for token in group.lost:
            distance -= _cost(query, token)
        found.append(distance)
    return found


def _is_told_from_parent(query: _Query, index: int) -> bool:
    group = groups()[index]
    return any(not is_hotspot(t) and query.reads(t) for t in (*group.gained, *group.lost))


def _cost(query: _Query, token: str) -> float:
    """What a motif's having a token adds: its weight if the haplotype lacks it, minus its weight if it has it."""
    sure = query.tokens.get(token)
    if sure is not None:
        return -weight(token) if sure else 0.0
    return weight(token) if query.reads(token) else 0.0


def shown_motif(name: str, haplotype: MtHaplotype) -> frozenset[str]:
    """What of a group's motif lies where a haplotype was read, without hotspots. Raises KeyError."""
    query = _Query(haplotype)
    return frozenset(t for t in motif(name) if query.reads(t) and not is_hotspot(t))


def _explained(query: _Query, name: str, support: float, nearest: tuple[str, ...]) -> Haplogroup:
    expected = {t for t in motif(name) if query.reads(t)}
    hotspots = {t for t in expected | set(query.tokens) if is_hotspot(t)}
    expected -= hotspots
    found = expected & set(query.tokens)
    remaining = {t for t, sure in query.tokens.items() if sure} - expected - hotspots
    f, e = sum(map(weight, found)), sum(map(weight, expected))
    s = f + sum(map(weight, remaining))
    quality = 0.5 * ((f / e if e else 1.0) + (f / s if s else 1.0))
    ordered = [_ordered(x) for x in (found, expected - found, remaining, hotspots & set(query.tokens))]
    return Haplogroup(name, support, quality, ordered[0], ordered[1], ordered[2], ordered[3], nearest)


def _ordered(tokens: set[str]) -> tuple[str, ...]:
    return tuple(sorted(tokens, key=lambda t: (position_of(t), t)))
