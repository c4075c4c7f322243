"""Fitting the discrete Laplace mixture: EM from several starts, and the number of clusters by BIC."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.genetics.haplotypes.database import HaplotypeDatabase
from homeward.genetics.haplotypes.dispersion import fit_dispersions
from homeward.genetics.haplotypes.laplace import DiscreteLaplace, Irregular, regular, whole
from homeward.genetics.y import YHaplotype, copies

__all__ = ["MOST_COPIES", "fit_discrete_laplace", "irregular_of", "laplace_loci"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_COPIES = 2
"""Markers with more copies are left out of the model: which alleles are doubled does not show."""

_FEWEST_STARTS, _MOST_STARTS = 2, 16
_STARTED_HAPLOTYPES = 3000  # distinct haplotypes times starts: small databases can be tried more often
_PATIENCE = 3  # numbers of clusters tried in a row that fit worse before the search ends
_STRIDE = 8  # the next number tried is an eighth more, at least one
_SHORT, _LONG = 8, 500  # EM steps that compare starts, and that finish one
_TOLERANCE = 1e-5  # of ln likelihood


@dataclass(frozen=True, eq=False)
class _Data:
    """The database as the fit sees it: distinct haplotypes, and one column of ``shown`` for each allele of each copy.

    ``shown``: (haplotypes, alleles), 1 where a haplotype has the allele, all zeros where it was not typed or is
    irregular. ``values``: repeats of each allele. ``first``: where each copy's alleles begin. ``counts``: men.
    """

    columns: tuple[str, ...]
    shown: Floats
    values: Ints
    first: Ints
    counts: Floats

    def locus(self, i: int) -> slice:
        return slice(self.first[i], self.first[i + 1] if i + 1 < self.first.size else None)


@dataclass(frozen=True, eq=False)
class _Fit:
    weights: Floats
    locations: Ints
    dispersions: Floats
    ln_likelihood: float


def laplace_loci(database: HaplotypeDatabase[YHaplotype]) -> tuple[str, ...]:
    """The markers of a database that the model can hold: typed in somebody, of at most two copies."""
    found: dict[str, None] = {}
    for haplotype, _ in database.haplotypes:
        found.update(dict.fromkeys(m for m, a in haplotype.items() if regular(a, copies(m)) is not None))
    return tuple(m for m in found if copies(m) <= MOST_COPIES)


def fit_discrete_laplace(
    database: HaplotypeDatabase[YHaplotype],
    loci: Sequence[str] | None = None,
    *,
    seed: int,
    clusters: Iterable[int] | None = None,
    progress: Progress = silent,
) -> DiscreteLaplace:
    """The discrete Laplace mixture of a database, with the number of clusters of least BIC.

    ``loci``: None = `laplace_loci`. ``clusters``: the numbers tried; None = 1, 2, … 16, 18, … (each an eighth more)
    until three in a row have not helped. Men not typed at a locus, or irregular there, count at the others.
    BIC = −2 ln L + k ln n, with k = c·loci + (loci + c − 1) + (c − 1) and n men; copies count as loci. Deterministic by
    seed. Raises ValueError for a database that has nobody at these loci.
    """
    wanted = laplace_loci(database) if loci is None else tuple(loci)
    data = _data(database, wanted)
    if not data.columns:
        raise ValueError("nobody in the database is typed at these loci")
    chance = Generator(PCG64(seed))
    numbers = sorted(set(clusters)) if clusters is not None else _numbers(data.counts.size)
    best: _Fit | None = None
    last: _Fit | None = None
    bic: dict[int, float] = {}
    for number in numbers:
        progress("discrete-laplace", len(bic), len(numbers) if clusters is not None else len(bic) + _PATIENCE)
        last = _fitted(data, number, last, chance)
        bic[number] = _bic(last, data)
        if best is None or bic[number] < min(v for n, v in bic.items() if n != number):
            best = last
        if clusters is None and len(bic) - [*bic].index(min(bic, key=lambda n: bic[n])) > _PATIENCE:
            break
    assert best is not None
    progress("discrete-laplace", len(bic), len(bic))
    return DiscreteLaplace(
        database=database.id,
        loci=wanted,
        columns=data.columns,
        weights=best.weights,
        locations=best.locations,
        dispersions=best.dispersions,
        irregular=irregular_of(database, wanted),
        size=int(data.counts.sum()),
        ln_likelihood=best.ln_likelihood,
        bic=bic,
    )


def _numbers(most: int) -> list[int]:
    found = [1]
    while found[-1] + max(1, found[-1] // _STRIDE) <= most:
        found.append(found[-1] + max(1, found[-1] // _STRIDE))
    return found


def _data(database: HaplotypeDatabase[YHaplotype], loci: Sequence[str]) -> _Data:
    rows: Counter[tuple[int | None, ...]] = Counter()
    columns = tuple(m for m in loci for _ in range(copies(m)))
    for haplotype, count in database.haplotypes:
        row: list[int | None] = []
        for marker in loci:
            found = regular(haplotype[marker], copies(marker)) if marker in haplotype else None
            row += [None] * copies(marker) if found is None else found
        if any(x is not None for x in row):
            rows[tuple(row)] += count
    values: list[int] = []
    first: list[int] = []
    shown: list[list[bool]] = []
    for i in range(len(columns)):
        first.append(len(values))
        for value in sorted({x for row in rows if (x := row[i]) is not None}):
            values.append(value)
            shown.append([row[i] == value for row in rows])
    if not rows or len(set(first)) < len(first) or first[-1] == len(values):
        return _Data((), np.empty((0, 0)), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return _Data(
        columns, np.array(shown, float).T.copy(), np.array(values), np.array(first), np.array([*rows.values()], float)
    )


def irregular_of(database: HaplotypeDatabase[YHaplotype], loci: Sequence[str]) -> Mapping[str, Irregular]:
    """By locus, what the mixture does not hold: null alleles, microvariants, unusual numbers of copies."""
    found = {}
    for marker in loci:
        size, counts = 0, Counter[str]()
        for haplotype, count in database.haplotypes:
            if marker in haplotype:
                size += count
                if regular(haplotype[marker], copies(marker)) is None:
                    counts[whole(marker, haplotype[marker])] += count
        found[marker] = Irregular(size, dict(counts))
    return found


def _bic(fit: _Fit, data: _Data) -> float:
    c, loci = fit.weights.size, len(data.columns)
    parameters = c * loci + (loci + c - 1) + (c - 1)
    return -2 * fit.ln_likelihood + parameters * math.log(data.counts.sum())


def _fitted(data: _Data, number: int, smaller: _Fit | None, chance: Generator) -> _Fit:
    """The best of several starts: one grown from the fit with fewer clusters, the others drawn."""
    drawn = min(_MOST_STARTS, max(_FEWEST_STARTS, _STARTED_HAPLOTYPES // data.counts.size)) if number > 1 else 1
    starts = [_drawn(data, number, chance) for _ in range(drawn)]
    if smaller is not None and 0 < (more := number - smaller.weights.size) <= data.counts.size:
        starts.append(_grown(data, smaller, more))
    tried = [_em(data, start, _SHORT) for start in starts]
    return _em(data, max(tried, key=lambda fit: fit.ln_likelihood), _LONG)


def _start(data: _Data, centres: Sequence[int]) -> _Fit:
    """Equal clusters around some haplotypes; a locus not typed in one of them starts at the commonest allele."""
    number = len(centres)
    locations = np.empty((number, len(data.columns)), dtype=np.int64)
    for i in range(len(data.columns)):
        part = data.shown[:, data.locus(i)]
        commonest = int((data.counts @ part).argmax())
        for j, centre in enumerate(centres):
            at = int(part[centre].argmax()) if part[centre].any() else commonest
            locations[j, i] = data.values[data.locus(i)][at]
    return _Fit(np.full(number, 1 / number), locations, np.full(locations.shape, 0.3), -math.inf)


def _drawn(data: _Data, number: int, chance: Generator) -> _Fit:
    """Centres far from each other: each is drawn in proportion to its men and its steps to the nearest so far."""
    weight = data.counts.copy()
    centres: list[int] = []
    nearest = np.full(weight.size, np.inf)
    for _ in range(min(number, weight.size)):
        centre = int(chance.choice(weight.size, p=weight / weight.sum()))
        centres.append(centre)
        nearest = np.minimum(nearest, _steps(data, _start(data, [centre]).locations)[:, 0])
        weight = data.counts * nearest
        if not weight.any():
            break
    return _start(data, centres)


def _grown(data: _Data, fit: _Fit, more: int) -> _Fit:
    """Some clusters more, around the haplotypes that the fit makes least of."""
    surprise = -np.logaddexp.reduce(_ln_joint(data, fit), axis=1)
    new = _start(data, [int(i) for i in (surprise * np.sqrt(data.counts)).argsort(kind="stable")[-more:]])
    total = fit.weights.size + more
    typical = np.exp(np.log(fit.dispersions).mean(axis=0))
    return _Fit(
        np.append(fit.weights * (fit.weights.size / total), np.full(more, 1 / total)),
        np.vstack([fit.locations, new.locations]),
        np.vstack([fit.dispersions, np.tile(typical, (more, 1))]),
        -math.inf,
    )


def _steps(data: _Data, locations: Ints) -> Floats:
    """Steps from each haplotype to each centre, shape (haplotypes, centres)."""
    widths = np.diff(np.append(data.first, data.values.size))
    found: Floats = data.shown @ np.abs(data.values[:, None] - np.repeat(locations, widths, axis=1).T)
    return found


def _ln_joint(data: _Data, fit: _Fit) -> Floats:
    """ln P(haplotype, cluster), shape (haplotypes, clusters)."""
    widths = np.diff(np.append(data.first, data.values.size))
    p = np.repeat(fit.dispersions, widths, axis=1)
    steps = np.abs(data.values - np.repeat(fit.locations, widths, axis=1))
    table = np.log1p(-p) - np.log1p(p) + steps * np.log(p)
    found: Floats = data.shown @ table.T + np.log(fit.weights)
    return found


def _em(data: _Data, fit: _Fit, most: int) -> _Fit:
    """EM steps until the likelihood stands still, at most ``most``."""
    before = -math.inf
    for _ in range(most):
        joint = _ln_joint(data, fit)
        whole = np.logaddexp.reduce(joint, axis=1)
        now = float(data.counts @ whole)
        if now - before < _TOLERANCE:
            break
        before = now
        fit = _maximised(data, np.exp(joint - whole[:, None]) * data.counts[:, None], fit)
    joint = _ln_joint(data, fit)
    return _Fit(fit.weights, fit.locations, fit.dispersions, float(data.counts @ np.logaddexp.reduce(joint, axis=1)))


def _maximised(data: _Data, members: Floats, fit: _Fit) -> _Fit:
    """The M step: medians are the best centres whatever the dispersions, which are then found by Newton's method.

    ``members``: men of each haplotype in each cluster. Clusters that nobody is in any more are dropped.
    """
    total = members.sum(axis=0)
    alive = total > 1e-9
    members, total = members[:, alive], total[alive]
    seen = members.T @ data.shown
    locations = np.empty((total.size, len(data.columns)), dtype=np.int64)
    men, steps = np.empty(locations.shape), np.empty(locations.shape)
    for i in range(len(data.columns)):
        part, values = seen[:, data.locus(i)], data.values[data.locus(i)]
        reached = np.cumsum(part, axis=1)
        middle = (reached >= reached[:, -1:] / 2).argmax(axis=1)
        locations[:, i] = values[middle]
        men[:, i] = reached[:, -1]
        steps[:, i] = (part * np.abs(values - locations[:, i, None])).sum(axis=1)
    dispersions = fit_dispersions(men, steps, fit.dispersions[alive])
    return _Fit(total / total.sum(), locations, dispersions, -math.inf)
