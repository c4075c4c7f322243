"""Samples of remains joined into what is known to be of one body, and which of those cannot be."""

from __future__ import annotations

from collections import Counter
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
    remains whether they can be of one body. Where the samples of a body stand in several units, each has only
    what it was taken from; of one and the same remains no two units are ever apart.
    """
    pieces = _pieces(case, units)
    holders: dict[str, list[int]] = {}
    by_element: dict[str, list[tuple[int, Remains]]] = {}
    for i, held in enumerate(pieces):
        for remains in held:
            holders.setdefault(remains.id, []).append(i)
            by_element.setdefault(remains.element, []).append((i, remains))
    found = {
        (min(i, j), max(i, j))
        for i, held in enumerate(pieces)
        for remains in held
        for other in remains.not_same_as
        for j in holders.get(other, ())
        if i != j and other != remains.id
    }
    # only equal elements conflict: without that in mind every piece would be laid beside every other
    for element, places in by_element.items():
        if ELEMENTS.get(element, "several") != "several":
            found.update(
                (min(i, j), max(i, j))
                for (i, a), (j, b) in combinations(places, 2)
                if i != j and a.id != b.id and conflict(a, b)
            )
    return frozenset(found)


def _pieces(case: Case, units: Sequence[Sequence[Sample]]) -> list[list[Remains]]:
    """What is known to be of each unit's body."""
    known = case.remains_by_id
    whole: dict[_Body, list[Remains]] = {}
    for remains in case.remains:
        whole.setdefault(_body(remains), []).append(remains)
    own = [list(dict.fromkeys(known[s.source] for s in unit if s.source in known)) for unit in units]
    bodies = [dict.fromkeys(map(_body, held)) for held in own]
    times = Counter(body for each in bodies for body in each)
    return [
        [r for body in each for r in (whole[body] if times[body] == 1 else [r for r in held if _body(r) == body])]
        for each, held in zip(bodies, own, strict=True)
    ]


def _body(remains: Remains) -> _Body:
    return ("individual", remains.individual) if remains.individual else ("remains", remains.id)
