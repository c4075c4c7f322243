"""Samples of remains joined into what is known to be of one body, and which of those cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from homeward.case.elements import ELEMENTS, conflict
from homeward.case.values import Case, Remains, Sample

__all__ = ["apart", "units"]

_Body = tuple[str, str]
"""A remains id, or the `individual` it is of: ("remains", id) or ("individual", id), which may be spelt alike."""


def units(case: Case) -> tuple[tuple[Sample, ...], ...]:
    """Samples of remains that are known to be of one body, in the order of each unit's first sample.

    Samples of one remains are of one body, and so are those of remains with the same `individual`. Samples of
    persons, effects and staff are in no unit.
    """
    known = case.remains_by_id
    found: dict[_Body, list[Sample]] = {}
    for sample in case.samples:
        if sample.of == "remains":
            found.setdefault(_body(known.get(sample.source, Remains(sample.source))), []).append(sample)
    return tuple(map(tuple, found.values()))


def apart(case: Case, units: Sequence[Sequence[Sample]]) -> frozenset[tuple[int, int]]:
    """Pairs of `units`, by position and lower first, that cannot be of one body.

    All remains of a unit's body count, also those of which nothing was sampled: `elements.conflict` says of two
    remains whether they can be of one body.
    """
    pieces: dict[_Body, list[Remains]] = {}
    for remains in case.remains:
        pieces.setdefault(_body(remains), []).append(remains)
    known = case.remains_by_id
    holder: dict[str, int] = {}
    by_element: dict[str, list[tuple[int, Remains]]] = {}
    for i, unit in enumerate(units):
        bodies = dict.fromkeys(_body(known[s.source]) for s in unit if s.source in known)
        for remains in (r for body in bodies for r in pieces[body]):
            holder[remains.id] = i
            by_element.setdefault(remains.element, []).append((i, remains))
    found = {
        (min(i, holder[other]), max(i, holder[other]))
        for held in by_element.values()
        for i, remains in held
        for other in remains.not_same_as
        if holder.get(other, i) != i
    }
    # without the element's count in mind, every piece of a large incident would be laid beside every other
    for element, held in by_element.items():
        if ELEMENTS.get(element, "several") != "several":
            found.update(
                (min(i, j), max(i, j)) for (i, a), (j, b) in combinations(held, 2) if i != j and conflict(a, b)
            )
    return frozenset(found)


def _body(remains: Remains) -> _Body:
    return ("individual", remains.individual) if remains.individual else ("remains", remains.id)
