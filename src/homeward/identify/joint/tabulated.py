"""Every way to fill one family's names at once: look-ups in tables over what its missing persons may show together.

One elimination a locus gives P(references, whatever the names hold). What a way weighs is the sum over loci of ln of
that, less what the samples weigh as of anybody. Loci must be unlinked, θ zero, samples read in one way, and the
pedigree one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.identify.joint.lined import ln_lines_of_ways
from homeward.identify.joint.problem import Ways
from homeward.identify.joint.shown import Shown
from homeward.identify.screen import Column, Typed
from homeward.likelihood import Part

__all__ = ["Tabulated", "can_tabulate"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

_PAIRS = 1 << 22
"""Ways and bodies looked at together."""


def can_tabulate(
    model: Model,
    readings: Sequence[Sequence[tuple[float, Typed]]],
    columns: Sequence[Sequence[tuple[float, Column]]],
) -> bool:
    """Whether the names of these columns, of one family, can be looked up together."""
    plain = all(model.theta_at(locus) == 0 for locus in model.loci) and not (model.linkage == "pairs" and model.linked)
    one = all(len(each) == 1 for each in (*readings, *columns))
    return plain and one and len({id(each[0][1].pedigree) for each in columns}) == 1


class Tabulated:
    """The names of one family: ``columns``; ``ln_single``: (samples, names) ln LR of every sample by itself."""

    def __init__(self, model: Model, samples: Sequence[Typed], columns: Sequence[Column], ln_single: Floats) -> None:
        self.model = model
        self.samples = samples
        self.columns = columns
        self.possible = ln_single > -inf
        self._made: _Made | None = None

    def ways(self, bodies: Sequence[int], may: Bools) -> Ways | None:
        """`Family.ways`; None where the tables would be too large."""
        held = np.array(bodies, dtype=np.intp)[:, None] >> np.arange(len(self.samples)) & 1
        may = may & ((held @ ~self.possible) == 0)
        if self._made is None or not self._made.answers(bodies, may):
            self._made = self._make(bodies, may)
        made = self._made
        if made.tables is None:
            return None
        place = np.array([made.place[body] for body in bodies], dtype=np.intp)
        chosen, ln = _filled(made.tables, bodies, place, may & made.possible[place])
        if self.model.lineages:
            ln = ln + ln_lines_of_ways(self.model, self.samples, self.columns, bodies, chosen)
        return chosen, ln

    def _make(self, bodies: Sequence[int], may: Bools) -> _Made:
        shown = [Shown(locus, self.samples, self.columns, bodies) for locus in self.model.loci]
        possible = may.copy()
        for at_locus in shown:
            possible &= ~at_locus.impossible
        tables: list[_Table] = []
        for at_locus in shown:
            table = _table(at_locus, possible)
            if table is None:
                break
            tables.append(table)
        place = {body: k for k, body in enumerate(bodies)}
        return _Made(place, may, possible, tables if len(tables) == len(shown) else None)


@dataclass(frozen=True, eq=False)
class _Made:
    """Tables for some bodies, ``place`` says where each stands: those asked for, those possible; None if too large."""

    place: dict[int, int]
    asked: Bools
    possible: Bools
    tables: Sequence[_Table] | None

    def answers(self, bodies: Sequence[int], may: Bools) -> bool:
        """Whether all that may be asked now was asked before."""
        if not all(body in self.place for body in bodies):
            return False
        return not bool((may & ~self.asked[[self.place[body] for body in bodies]]).any())


@dataclass(frozen=True, eq=False)
class _Keyed:
    """A `Part` to be looked up: the ``radix`` of each of its ``names``, sorted ``keys`` and the ln of each.

    ``digits``: (bodies and nobody, names of it) what each body at a name adds to the key.
    """

    names: Sequence[int]
    radix: Ints
    keys: Ints
    ln: Floats
    digits: Ints
    complete: bool

    def of(self, held: Ints) -> Floats:
        """ln of what is shown less that of nothing shown, -inf where impossible: (all names, ways) → (ways,)."""
        key = np.zeros(held.shape[1], dtype=np.intp)
        for k, name in enumerate(self.names):
            key += self.digits[held[name], k]
        return self.at(key)

    def at(self, key: Ints) -> Floats:
        """The same by key."""
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.asarray(np.where(self.keys[at] == key, self.ln[at], -inf))


@dataclass(frozen=True, eq=False)
class _Table:
    """One locus: ``codes`` (bodies and nobody, names) of what is shown, ln of that as of anybody, and the parts.

    ``ln_first``: (bodies and nobody, names) what the first sample that shows anything weighs, if that is to be told
    apart from the rest.
    """

    codes: Ints
    ln_alone: Floats
    parts: Sequence[_Keyed]
    ln_first: Floats | None = None

    def related(self, held: Ints) -> Floats:
        """ln of what ways weigh here, before what samples weigh as of anybody is taken off: (names, ways) → (ways,)."""
        ln = np.zeros(held.shape[1])
        for part in self.parts:
            ln += part.of(held)
        if self.ln_first is not None:
            # a family of which nothing is known says nothing of a sample; what it says of the next it says given that
            first = (self.codes[held, np.arange(len(held))[:, None]] > 0).argmax(axis=0)
            ln -= self.ln_first[held[first, np.arange(held.shape[1])], first]
        return ln


def _table(shown: Shown, may: Bools) -> _Table | None:
    locus, columns = shown.locus, shown.columns
    codes, ln_alone = _and_nobody(np.where(may, shown.codes, 0)), _and_nobody(np.where(may, shown.ln_alone, 0.0))
    names, found = shown.parts(codes, shown.at_most(may))
    if found == []:
        return _Table(codes, ln_alone, [])
    base = len(shown.evidence) + 1
    if found is None or max(len(p.targets) for p in found) * log(base) >= log(2.0**62):
        return None
    parts = [_keyed(p, names, base, codes) for p in found]
    ln_first = None if columns[names[0]].speaks(locus) else _first(shown, parts)
    return _Table(codes, ln_alone, parts, ln_first)


def _and_nobody(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([values, np.zeros((1, values.shape[1]), values.dtype)])


def _keyed(part: Part, names: Sequence[int], base: int, codes: Ints) -> _Keyed:
    at = [names[t] for t in part.targets]
    radix = base ** np.arange(len(at), dtype=np.intp)
    keys = part.chosen.astype(np.intp) @ radix
    order = np.argsort(keys)
    return _Keyed(at, radix, keys[order], (part.ln - part.ln[0])[order], codes[:, at] * radix, part.complete)


def _first(shown: Shown, parts: Sequence[_Keyed]) -> Floats:
    """ln LR of the first sample of every body that shows anything, were it the only one: (bodies and nobody, names)."""
    ln = -shown.ln_first
    for part in parts:
        for k, name in enumerate(part.names):
            ln[:, name] += part.at(shown.first_codes[:, name] * part.radix[k])
    return _and_nobody(np.where(np.isfinite(ln), ln, 0.0))


def _filled(tables: Sequence[_Table], bodies: Sequence[int], place: Ints, may: Bools) -> Ways:
    """Name by name; what is impossible so far, with all later names empty, stays so.

    ``place``: where in the tables each of ``bodies`` is.
    """
    masks = np.array(bodies, dtype=np.intp)
    nobody = len(tables[0].codes) - 1 if tables else -1
    at_table = np.append(place, nobody)
    chosen = np.full((1, may.shape[1]), -1, dtype=np.intp)
    used = np.zeros(1, dtype=np.intp)
    for m in range(may.shape[1]):
        found = [chosen]
        telling = [p for table in tables for p in table.parts if m in p.names and not p.complete]
        for way, body in _disjoint(used, masks, np.flatnonzero(may[:, m])):
            held = chosen[way]
            held[:, m] = body
            for part in telling:
                held = held[part.of(at_table[held.T]) > -inf]
            found.append(held)
        chosen = np.concatenate(found)
        used = np.bitwise_or.reduce(np.append(masks, 0)[chosen], axis=1)
    held = at_table[np.ascontiguousarray(chosen.T)]
    ln = np.zeros(len(chosen))
    for table in tables:
        ln += table.related(held)
    if tables:
        alone = np.sum([table.ln_alone for table in tables], axis=0)
        ln -= alone[held, np.arange(len(held))[:, None]].sum(axis=0)
    return chosen, ln


def _disjoint(used: Ints, masks: Ints, bodies: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Ways, and bodies of which they use no sample yet, some at a time."""
    at_once = max(1, _PAIRS // max(1, len(bodies)))
    for start in range(0, len(used), at_once):
        way, body = np.nonzero((used[start : start + at_once, None] & masks[bodies][None, :]) == 0)
        yield way + start, bodies[body]
