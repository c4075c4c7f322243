"""Y haplotypes and mtDNA added to a simulated incident: founders from a population, then meiosis by meiosis.

Mutations are drawn copy by copy and position by position, not from the matrices of the engine, so that what comes of
them is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.random import PCG64, Generator

from homeward.case import Case, HaplotypeTable, LineageSettings, MtTyping, Typing
from homeward.genetics.haplotypes import DiscreteLaplace
from homeward.genetics.haplotypes.fits import bundled_fit
from homeward.genetics.mtdna import MtHaplotype, rcrs, substitution_rate
from homeward.genetics.y import MULTISTEP, y_rate
from homeward.likelihood.lineage import lines_of
from homeward.simulate.incident import STRANGER, Truth

__all__ = ["founder_y", "pass_on_y", "with_mtdna", "with_y"]

_T = TypeVar("_T")
_Y = dict[str, tuple[int, ...]]
_TRANSITION = {"A": "G", "G": "A", "C": "T", "T": "C"}


def with_y(
    case: Case,
    truth: Truth,
    database: str,
    *,
    seed: int,
    typed: float = 1.0,
    theta: float = 0.0,
    descent: float = 0.0,
) -> Case:
    """The incident with the Y of everybody typed who is a man, and of all remains.

    ``database``: a bundled one, whose mixture the founders are drawn from and the case is weighed with. ``typed``:
    share of the markers typed in remains, the others lost at random. ``theta``: as stated in the case, not as drawn.
    ``descent``: as drawn, the chance that two founders have one haplotype by descent (Hoppe's urn).
    """
    chance = Generator(PCG64(seed))
    model = bundled_fit(database)
    earlier: list[_Y] = []

    def founder() -> _Y:
        # of n earlier founders this one is of the line of any with n θ / (1 + (n − 1) θ)
        n = len(earlier)
        of_them = descent > 0 and chance.random() < n * descent / (1.0 + (n - 1) * descent)
        earlier.append(earlier[int(chance.integers(n))] if of_them else founder_y(model, chance))
        return earlier[-1]

    men = _carried(case, truth, "Y", founder, lambda one: pass_on_y(one, chance))
    rows = []
    for sample, haplotype in men.items():
        for marker, repeats in haplotype.items():
            if sample in truth.of and chance.random() >= typed:
                continue
            rows.append(Typing(sample, marker, tuple(str(n) for n in sorted(set(repeats)))))
    y = LineageSettings("discrete-laplace", database, theta=theta)
    return replace(case, typings=(*case.typings, *rows), settings=replace(case.settings, y=y))


def with_mtdna(case: Case, truth: Truth, table: HaplotypeTable, *, seed: int, theta: float = 0.0) -> Case:
    """The incident with the mtDNA of everybody typed and of all remains.

    ``table``: haplotypes with counts, one of which every founder has and with which the case is weighed; all of one
    range.
    """
    chance = Generator(PCG64(seed))
    counts = np.array([h.value for h in table.haplotypes])
    ranges = table.haplotypes[0].ranges
    positions = [p for r in ranges for p in range(r.low, r.high + 1)]
    rates = np.array([substitution_rate(p) for p in positions])

    def founder() -> MtHaplotype:
        known = table.haplotypes[int(chance.choice(len(counts), p=counts / counts.sum()))]
        return MtHaplotype(known.ranges, known.differences)

    def passed(one: MtHaplotype) -> MtHaplotype:
        for at in np.flatnonzero(chance.random(len(rates)) < rates).tolist():
            one = _substituted(one, positions[at])
        return one

    carried = _carried(case, truth, "mt", founder, passed)
    rows = tuple(MtTyping(sample, h.ranges, h.differences) for sample, h in carried.items())
    mt = LineageSettings("augmented-count", table.id, theta=theta)
    tables = (*case.haplotypes, table)
    return replace(case, mt=(*case.mt, *rows), haplotypes=tables, settings=replace(case.settings, mt=mt))


def _carried(
    case: Case, truth: Truth, kind: str, founder: Callable[[], _T], passed: Callable[[_T], _T]
) -> Mapping[str, _T]:
    """Sample → the haplotype of whom it is of; samples of women have no Y."""
    of_person: dict[str, _T] = {}
    for family in case.families:
        for line in lines_of(family.pedigree, "Y" if kind == "Y" else "mt"):
            places: list[_T] = []
            for above in line.parent:
                places.append(founder() if above < 0 else passed(places[above]))
            of_person |= {family.full_id(p): places[k] for p, k in line.place.items()}
    of_body: dict[int, _T] = {}
    found: dict[str, _T] = {}
    for sample in case.samples:
        if sample.id in truth.of:
            who, body = truth.of[sample.id], truth.body[sample.id]
            if who != STRANGER and who in of_person:
                found[sample.id] = of_person[who]
            else:
                if body not in of_body:
                    of_body[body] = founder()
                found[sample.id] = of_body[body]
        elif sample.source in of_person:
            found[sample.id] = of_person[sample.source]
    return found


def founder_y(model: DiscreteLaplace, chance: Generator) -> _Y:
    """A founder's Y haplotype: marker → repeats, one for each copy, drawn from a fitted mixture."""
    cluster = int(chance.choice(len(model.weights), p=model.weights))
    found: _Y = {}
    for marker, centre, p in zip(
        model.columns, model.locations[cluster].tolist(), model.dispersions[cluster].tolist(), strict=True
    ):
        # the difference of two geometric variables is a discrete Laplace one
        up, down = (int(chance.geometric(1.0 - p)) - 1 for _ in range(2))
        found[marker] = (*found.get(marker, ()), max(1, int(centre) + up - down))
    return found


def pass_on_y(one: _Y, chance: Generator) -> _Y:
    """A son's Y haplotype: each copy mutates by itself, up or down alike, mostly by one repeat."""
    return {marker: tuple(_stepped(n, y_rate(marker), chance) for n in repeats) for marker, repeats in one.items()}


def _stepped(repeats: int, rate: float, chance: Generator) -> int:
    if chance.random() >= rate:
        return repeats
    steps = int(chance.geometric(1.0 - MULTISTEP))
    return max(1, repeats + (steps if chance.random() < 0.5 else -steps))


def _substituted(one: MtHaplotype, position: int) -> MtHaplotype:
    """Another base at a position, a transition; what is no plain base there stays."""
    base = one.at(position)
    if base is None or base not in _TRANSITION:
        return one
    kept = tuple(d for d in one.differences if not d.startswith(f"{position}") or not d[len(str(position)) :].isalpha())
    new = _TRANSITION[base]
    told = () if new == rcrs()[position - 1] else (f"{position}{new}",)
    return MtHaplotype(one.ranges, (*kept, *told))
