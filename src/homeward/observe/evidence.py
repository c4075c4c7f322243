"""`Evidence`, and how called genotypes and typings with drop-out become it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus, alternatives
from homeward.pedigree import Sex

__all__ = ["Evidence", "averaged", "called", "mistyped", "sex_shown", "with_dropout"]

Floats = NDArray[np.float64]
Genotypes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """P(seen | genotype) for one person or sample at one locus.

    ``genotypes``: the genotypes with a non-zero value, as allele positions in the locus: (i, j) with
    i ≤ j when ``ploidy`` is 2, (i,) when it is 1. ``values``: one probability a genotype.
    No genotype at all means that nothing possible explains what was seen.
    """

    ploidy: Literal[1, 2]
    genotypes: Genotypes
    values: tuple[float, ...]

    @property
    def is_call(self) -> bool:
        """Exactly one genotype is possible, and what was seen is then certain."""
        return len(self.genotypes) == 1 and self.values[0] == 1.0

    def times(self, other: Evidence) -> Evidence:
        """The evidence of two independent observations of one genotype."""
        if self.genotypes == other.genotypes:
            values = tuple(a * b for a, b in zip(self.values, other.values, strict=True))
            return Evidence(self.ploidy, self.genotypes, values)
        mine = dict(zip(self.genotypes, self.values, strict=True))
        shared = [(g, mine[g] * v) for g, v in zip(other.genotypes, other.values, strict=True) if g in mine]
        return Evidence(self.ploidy, tuple(g for g, _ in shared), tuple(v for _, v in shared))

    def told_apart(self, alleles: int) -> frozenset[int]:
        """Positions of the alleles that it treats unlike the others, homozygotes and heterozygotes told apart too."""
        return _told_apart(self, alleles)

    def ordered(self, alleles: int) -> Floats:
        """The same over ordered genotypes: shape (alleles, alleles), or (alleles,) when haploid."""
        full = np.zeros((alleles,) * self.ploidy)
        every, at = _every(alleles, self.ploidy)
        if len(self.genotypes) == len(every) and self.genotypes == every:
            full[at] = full[at[::-1]] = self.values
            return full
        for g, v in zip(self.genotypes, self.values, strict=True):
            full[g] = full[g[::-1]] = v
        return full

    def chance(self, frequencies: Floats, theta: float = 0.0) -> float:
        """P(seen) of somebody from the population of whom nothing else is known; his two alleles share the urn of θ."""
        if self.ploidy == 1:
            return float(sum(v * frequencies[a] for (a,), v in zip(self.genotypes, self.values, strict=True)))
        every, at = _every(len(frequencies), 2)
        known = self.genotypes is every or self.genotypes == every
        first, second = at if known else np.array(self.genotypes, dtype=np.intp).reshape(-1, 2).T
        alike = first == second
        genotypes = (
            frequencies[first] * ((1.0 - theta) * frequencies[second] + theta * alike) * np.where(alike, 1.0, 2.0)
        )
        return float(genotypes @ np.array(self.values))


@lru_cache(maxsize=256)
def _every(alleles: int, ploidy: int) -> tuple[Genotypes, tuple[NDArray[np.intp], ...]]:
    """All genotypes in order, and their places in an array over ordered genotypes."""
    at = np.triu_indices(alleles) if ploidy == 2 else (np.arange(alleles),)
    return tuple(zip(*(axis.tolist() for axis in at), strict=True)), at


@lru_cache(maxsize=65536)
def _told_apart(e: Evidence, alleles: int) -> frozenset[int]:
    """Positions whose row of the table over ordered genotypes differs from the commonest row."""
    if e.is_call:
        return frozenset(e.genotypes[0])
    full = e.ordered(alleles)
    flat = full if e.ploidy == 1 else full.sum(axis=1)
    values, counts = np.unique(flat, return_counts=True)
    common = np.flatnonzero(flat == values[counts.argmax()])
    others = frozenset(range(alleles)) - set(common.tolist())
    if full.ndim == 1:
        return others
    inner = full[np.ix_(common, common)]
    outer = np.delete(full[common], common, axis=1)
    alike = bool((inner == inner[0, 0]).all() and (outer == outer[0]).all())
    return others if alike else frozenset(range(alleles))


def called(alleles: Sequence[str | None], locus: Locus, sex: Sex) -> Evidence | None:
    """Evidence of a called genotype; None when nothing is known.

    ``alleles`` as typed: two, or one at an X locus; ``?`` or None is an unknown allele, so that one known
    allele leaves every genotype that holds it (the homozygote included); ``8|9`` is 8 or 9. At an X locus a male
    carries one allele, so two equal ones are one and two different ones are impossible; a female shown with one
    allele only is homozygous. Who shows one allele may have a silent one besides, where the locus has it. Raises
    KeyError for an allele the locus does not have or that is silent.
    """
    known = [_positions(a, locus) for a in alleles if a not in (None, "?")]
    if not known:
        return None
    haploid = locus.kind == "X" and sex == "male"
    half = len(known) < len(alleles)
    possible: set[tuple[int, ...]] = set()
    for resolution in product(*known):
        shown = tuple(sorted(set(resolution)))
        if len(shown) > 2 - haploid:
            continue
        if len(shown) == 2 or haploid:
            possible.add(shown)
            continue
        (a,) = shown
        unseen = [] if locus.silent is None else [locus.silent]
        possible.update(_pair(a, b) for b in (range(len(locus.alleles)) if half else (a, *unseen)))
    return Evidence(1 if haploid else 2, tuple(sorted(possible)), (1.0,) * len(possible))


def with_dropout(
    alleles: Sequence[str], locus: Locus, sex: Sex, heterozygote: float, homozygote: float, dropin: float = 0.0
) -> Evidence:
    """Evidence of a typing in which alleles may have dropped out and strange ones dropped in.

    ``heterozygote``: chance that a given allele of a heterozygote is not seen, each alone; ``homozygote``: that a
    homozygote (or a male's X allele) is not seen at all; ``dropin``: rate at which any allele a appears besides, with
    chance dropin · p_a. Every allele of the locus is seen or not by itself: with n copies in the genotype it is not
    seen with chance (1 − dropin p_a) d_n, d₀ = 1. Seeing nothing is evidence too; ``?`` says that whether any other
    allele was seen is not known, ``8|9`` that 8 or 9 was. A silent allele is never seen; the allele beside it is a
    heterozygote's. Haned, Slooten & Gill 2012 (FSI Genetics 6:762). Raises KeyError as `called`.
    """
    tokens = [_positions(a, locus) for a in dict.fromkeys(alleles) if a != "?"]
    haploid = locus.kind == "X" and sex == "male"
    told = "?" not in alleles
    if not dropin and all(len(t) == 1 for t in tokens):
        seen = sorted(t[0] for t in tokens)
        return _without_dropin(seen, told, locus, haploid, heterozygote, homozygote)
    rates = (heterozygote, homozygote, dropin)
    if told:
        visible = frozenset(range(len(locus.alleles))) - {locus.silent}
        events = [(s, visible - s) for s in dict.fromkeys(frozenset(r) for r in product(*tokens))]
    else:
        events = _shown_first(tokens, frozenset(), frozenset())
    full = np.zeros((len(locus.alleles),) * (1 if haploid else 2))
    for shown, unseen in events:
        full += _chances(shown, sorted(unseen), locus, haploid, rates)
    genotypes, at = _every(len(locus.alleles), full.ndim)
    return _evidence(1 if haploid else 2, genotypes, full[at].tolist())


def mistyped(evidence: Evidence, locus: Locus, rate: float) -> Evidence:
    """The evidence of a typing that is, at this rate, of the genotype of somebody else altogether.

    e'(g) = (1 − ε) e(g) + ε Σ_h P(h) e(h), h in Hardy–Weinberg proportions: then every genotype is possible, unless
    what was seen is impossible of anybody. Alleles that were not shown keep equal values, to the last bit.
    """
    other = rate * evidence.chance(locus.frequencies)
    if other <= 0.0:
        return evidence
    n = len(locus.alleles)
    genotypes, _ = _every(n, evidence.ploidy)
    values = [other] * len(genotypes)
    for g, v in zip(evidence.genotypes, evidence.values, strict=True):
        values[g[0] if evidence.ploidy == 1 else g[0] * (2 * n - g[0] - 1) // 2 + g[1]] += (1.0 - rate) * v
    return Evidence(evidence.ploidy, genotypes, tuple(values))


def averaged(each: Sequence[Evidence | None], weights: Sequence[float]) -> Evidence | None:
    """The evidence of one of several observations, which one known by its weight only; None where nothing was typed."""
    found: dict[tuple[int, ...], float] = {}
    ploidy: Literal[1, 2] | None = None
    for e, weight in zip(each, weights, strict=True):
        if e is None:
            return None
        ploidy = e.ploidy
        for g, v in zip(e.genotypes, e.values, strict=True):
            found[g] = found.get(g, 0.0) + weight * v
    return None if ploidy is None else Evidence(ploidy, tuple(found), tuple(found.values()))


def _positions(allele: str | None, locus: Locus) -> tuple[int, ...]:
    """Where the alleles that a typed one may be stand in the locus."""
    allele = allele or ""
    plain = "|" not in allele
    found = (locus.index[allele],) if plain else tuple(dict.fromkeys(locus.index[a] for a in alternatives(allele)))
    if locus.silent in found:
        raise KeyError(allele)  # no typing shows it
    return found


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


def _evidence(ploidy: Literal[1, 2], genotypes: Genotypes, values: Sequence[float]) -> Evidence:
    """Without the genotypes of value zero."""
    if min(values, default=0.0) > 0.0:
        return Evidence(ploidy, genotypes, tuple(values))
    kept = [(g, v) for g, v in zip(genotypes, values, strict=True) if v > 0.0]
    return Evidence(ploidy, tuple(g for g, _ in kept), tuple(v for _, v in kept))


def _without_dropin(
    seen: Sequence[int], told: bool, locus: Locus, haploid: bool, heterozygote: float, homozygote: float
) -> Evidence:
    """The ordinary typing of an old bone, by cases: what is seen is in the genotype, the rest has dropped out."""
    n, silent = len(locus.alleles), locus.silent
    lost, lost_twice = (heterozygote, homozygote) if told else (1.0, 1.0)
    if len(seen) > 2 - haploid:
        return Evidence(1 if haploid else 2, (), ())
    if haploid:
        if seen:
            return _evidence(1, (tuple(seen),), (1.0 - homozygote,))
        values = [lost_twice] * n
        if silent is not None:
            values[silent] = 1.0
        return _evidence(1, _every(n, 1)[0], values)
    if len(seen) == 2:
        return _evidence(2, (tuple(seen),), ((1.0 - heterozygote) ** 2,))
    if seen:
        (a,) = seen
        beside = [(1.0 - heterozygote) * lost] * n
        beside[a] = 1.0 - homozygote
        if silent is not None:
            beside[silent] = 1.0 - heterozygote
        return _evidence(2, tuple(_pair(a, b) for b in range(n)), beside)
    full = np.full((n, n), lost * lost)
    np.fill_diagonal(full, lost_twice)
    if silent is not None:
        full[silent, :] = full[:, silent] = lost
        full[silent, silent] = 1.0
    genotypes, at = _every(n, 2)
    return _evidence(2, genotypes, full[at].tolist())


def _shown_first(
    tokens: Sequence[tuple[int, ...]], seen: frozenset[int], unseen: frozenset[int]
) -> list[tuple[frozenset[int], frozenset[int]]]:
    """Every token was shown by one of its alleles: disjoint events, by the first allele that shows each."""
    if not tokens:
        return [(seen, unseen)]
    if seen.intersection(tokens[0]):
        return _shown_first(tokens[1:], seen, unseen)
    events = []
    for a in tokens[0]:
        if a not in unseen:
            events += _shown_first(tokens[1:], seen | {a}, unseen)
            unseen |= {a}
    return events


def _chances(
    seen: Iterable[int], unseen: Sequence[int], locus: Locus, haploid: bool, rates: tuple[float, float, float]
) -> Floats:
    """P(these alleles seen, those unseen | genotype) over ordered genotypes; of other alleles nothing is said."""
    heterozygote, homozygote, dropin = rates
    n = len(locus.alleles)
    absent = 1.0 - dropin * locus.frequencies
    one, two = np.ones(n), np.ones(n)
    one[unseen], two[unseen] = heterozygote, homozygote
    full = two.copy() if haploid else np.outer(one, one)
    if not haploid:
        np.fill_diagonal(full, two)
    full *= absent[unseen].prod()
    for a in seen:
        factor = np.full_like(full, 1.0 - absent[a])
        if not haploid:
            factor[a, :] = factor[:, a] = 1.0 - absent[a] * heterozygote
        factor[(a,) * full.ndim] = 1.0 - absent[a] * homozygote
        full *= factor
    return np.asarray(full)


def sex_shown(x_alleles: Iterable[Sequence[str | None]]) -> Sex:
    """The sex that X genotypes themselves show: two alleles that cannot be one mean female."""
    for alleles in x_alleles:
        parts = [set(alternatives(a)) for a in alleles if a not in (None, "?")]
        if any(a.isdisjoint(b) for a, b in combinations(parts, 2)):
            return "female"
    return "unknown"
