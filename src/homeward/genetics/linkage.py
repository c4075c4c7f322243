"""Which markers lie so close on one chromosome that they are inherited together.

Figures: recombination fractions from genetic map distances by Kosambi's function, averaged over the sexes. Where both
have a pair the first counts. Sources: the deCODE positions of KLINK's map of 50 markers (commit f2429b39); the
published fractions listed with likeLTD (commit e3893403).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.case import LinkedMarkers
from homeward.faults import Fault, Refusal
from homeward.genetics.markers import Marker, canonical_marker, known_markers, marker_kind
from homeward.genetics.model import LinkedPair, Recombination

__all__ = ["KnownLinkage", "known_linkage", "linked_pairs"]


@dataclass(frozen=True, slots=True)
class KnownLinkage:
    """Two markers of the table and the fraction of meioses, of either sex, in which they recombine."""

    markers: tuple[str, str]
    recombination: float
    source: str


@cache
def known_linkage() -> tuple[KnownLinkage, ...]:
    """The pairs that recombine in fewer than 35 of 100 meioses, the tightest first."""
    text = (files("homeward.genetics") / "data" / "linked_pairs.csv").read_text(encoding="utf-8")
    return tuple(
        KnownLinkage((row["marker_1"], row["marker_2"]), float(row["recombination"]), row["source"])
        for row in csv.DictReader(text.splitlines())
    )


def linked_pairs(markers: Sequence[str], extra: Sequence[LinkedMarkers] = ()) -> tuple[LinkedPair, ...]:
    """The linked pairs among markers, no marker in two of them: the tightest first, those of ``extra`` before others.

    ``markers``: canonical names. ``extra``: the user's own, which replace the known pair of the same markers (0.5 from
    both parents says that two are not linked); those of markers not present are left out. Markers of a pair come in
    the order of ``markers``.

    Raises `Refusal` with ``linked-markers`` (one marker twice, a name that is neither present nor known, two
    chromosomes or kinds, one pair twice) and ``recombination-range`` (a fraction outside 0 to 0.5).
    """
    faults = list(_faults(markers, extra))
    if faults:
        raise Refusal(faults)
    own = {_pair(linked): Recombination(linked.mother, linked.father) for linked in extra}
    known = {
        frozenset(linked.markers): Recombination(linked.recombination, linked.recombination)
        for linked in known_linkage()
        if frozenset(linked.markers) not in own
    }
    place = {marker: i for i, marker in enumerate(markers)}
    taken: set[str] = set()
    found: list[LinkedPair] = []
    for pairs in (own, known):
        # equally tight ones in the order of the markers
        for pair in sorted(pairs, key=lambda p: (_mean(pairs[p]), sorted(place.get(m, -1) for m in p))):
            if pair <= place.keys() and not pair & taken and _mean(pairs[pair]) < 0.5:
                first, second = sorted(pair, key=place.__getitem__)
                found.append(LinkedPair((first, second), pairs[pair]))
                taken |= pair
    return tuple(sorted(found, key=lambda linked: place[linked.markers[0]]))


def _mean(recombination: Recombination) -> float:
    return (recombination.mother + recombination.father) / 2


def _pair(linked: LinkedMarkers) -> frozenset[str]:
    return frozenset(canonical_marker(marker) for marker in linked.markers)


def _faults(markers: Collection[str], extra: Sequence[LinkedMarkers]) -> Iterator[Fault]:
    seen: set[frozenset[str]] = set()
    for linked in extra:
        first, second = linked.markers
        wrong = _wrong(canonical_marker(first), canonical_marker(second), markers)
        if wrong is None and _pair(linked) in seen:
            wrong = "are given twice"
        seen.add(_pair(linked))
        if wrong is not None:
            yield _fault("linked-markers", f"the linked markers {first[:60]} and {second[:60]} {wrong}", first)
        for fraction in (linked.mother, linked.father):
            if not 0.0 <= fraction <= 0.5:
                message = f"the recombination fraction {fraction:g} of {first[:60]} and {second[:60]} is not 0 to 0.5"
                yield _fault("recombination-range", message, f"{fraction:g}")


def _fault(code: str, message: str, value: str) -> Fault:
    remedy = "correct [[model.linked]]: two markers of one chromosome and how often they recombine"
    return Fault(code, message, remedy, file="case.toml", column="model.linked", value=value)


def _wrong(first: str, second: str, present: Collection[str]) -> str | None:
    """What keeps two markers from being a linked pair, None where nothing does."""
    if first == second:
        return "are one marker"
    table: dict[str, Marker] = {m.name: m for m in known_markers()}
    for marker in (first, second):
        if marker not in present and marker not in table:
            return f"cannot be linked: nobody is typed at {marker[:60]} and no such marker is known"
    kinds = {marker_kind(first), marker_kind(second)}
    if len(kinds) > 1 or not kinds <= {"autosomal", "X"}:
        return "are not both autosomal or both on X"
    chromosomes = {table[m].chromosome for m in (first, second) if m in table and table[m].chromosome}
    return "lie on two chromosomes" if len(chromosomes) > 1 else None
