"""The discrete Laplace mixture: probability of a Y haplotype, whole or partial, by a model of where haplotypes cluster.

Andersen, Eriksen & Morling 2013, J Theor Biol 329:39, doi:10.1016/j.jtbi.2013.03.009. Within cluster j the number of
repeats at each locus lies around a centre y, P(x) = (1 − p)/(1 + p) · p^|x − y|, loci independent given the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.y import DYS389, NULL, PARTS, YHaplotype, copies, parts, spelled, split

__all__ = ["DiscreteLaplace", "Irregular", "regular"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def regular(alleles: Sequence[str], count: int) -> tuple[int, ...] | None:
    """The repeats of all ``count`` copies, ascending, None for what the model does not hold.

    One allele shown at a marker with several copies stands for all of them. Null alleles, microvariants and another
    number of copies are irregular.
    """
    found = tuple(alleles) * count if len(alleles) == 1 else tuple(alleles)
    if len(found) != count or any(a == NULL or not a.isdigit() for a in found):
        return None
    return tuple(sorted(int(a) for a in found))


@dataclass(frozen=True, slots=True)
class Irregular:
    """Null alleles, microvariants and unusual numbers of copies at one locus of the database.

    ``size``: men typed there. ``counts``: men with each irregular state.
    """

    size: int
    counts: Mapping[str, int]

    @property
    def share(self) -> float:
        return sum(self.counts.values()) / self.size if self.size else 0.0

    def probability(self, state: str) -> float:
        """(x + 1) / (n + 1)."""
        return (self.counts.get(state, 0) + 1) / (self.size + 1)


@dataclass(frozen=True, eq=False)
class DiscreteLaplace:
    """A fitted mixture of c clusters.

    ``loci``: the markers it holds. ``columns``: the locus of each copy. ``weights``: shape (c,), sum to one.
    ``locations``: shape (c, columns), repeats. ``dispersions``: shape (c, columns), p of each, in (0, 1).
    ``irregular``: by locus. ``size``: men fitted; ``ln_likelihood`` of them, and ``bic``: what the number of clusters
    was chosen by, by number of clusters.
    """

    database: str
    loci: tuple[str, ...]
    columns: tuple[str, ...]
    weights: Floats
    locations: Ints
    dispersions: Floats
    irregular: Mapping[str, Irregular]
    size: int
    ln_likelihood: float
    bic: Mapping[int, float]

    @property
    def clusters(self) -> int:
        return int(self.weights.size)

    @cached_property
    def _columns_of(self) -> dict[str, list[int]]:
        return {m: [i for i, of in enumerate(self.columns) if of == m] for m in self.loci}

    def ln_states(self, marker: str, states: Sequence[str]) -> Floats:
        """ln P(state | cluster), shape (c, states), of states of one marker as `y_sites` writes them (`13`, `13,17`).

        The copies of a marker carry no labels: P({a, b}) is the sum over both orders. An irregular state has its
        augmented count in the database, and the regular ones share what the database leaves them. All zeros for a
        marker the model does not hold: it then says nothing on how rare an allele is. The joint site of DYS389 has the
        product of its two markers.
        """
        if marker == DYS389:
            both = zip(*map(parts, states), strict=True)
            return sum((self.ln_states(m, s) for m, s in zip(PARTS, both, strict=True)), np.zeros((self.clusters, 1)))
        if marker not in self._columns_of:
            return np.zeros((self.clusters, len(states)))
        own = self._columns_of[marker]
        irregular = self.irregular[marker]
        p, y = self.dispersions[:, own], self.locations[:, own]
        ln_scale = (np.log1p(-p) - np.log1p(p)).sum(axis=1) + np.log1p(-irregular.share)
        found = np.empty((self.clusters, len(states)))
        for i, state in enumerate(states):
            repeats = regular(split(state), len(own))
            if repeats is None:
                found[:, i] = np.log(irregular.probability(state))
                continue
            orders = np.array(sorted(set(permutations(repeats))))
            distances = np.abs(orders[None] - y[:, None, :])
            found[:, i] = ln_scale + np.logaddexp.reduce((distances * np.log(p)[:, None, :]).sum(axis=2), axis=1)
        return found

    def ln_clusters(self, haplotype: YHaplotype) -> Floats:
        """ln P(haplotype, cluster), shape (c,). Loci without an allele are summed out: they multiply by one."""
        total = np.log(self.weights)
        for marker in self.loci:
            if marker in haplotype:
                total = total + self.ln_states(marker, [whole(marker, haplotype[marker])])[:, 0]
        return total

    def ln_probability(self, haplotypes: Sequence[YHaplotype]) -> Floats:
        """ln P of each haplotype, whole or partial, shape (haplotypes,)."""
        return np.array([np.logaddexp.reduce(self.ln_clusters(h)) for h in haplotypes])

    def probability(self, haplotype: YHaplotype) -> float:
        """P of one haplotype, whole or partial."""
        return float(np.exp(self.ln_probability([haplotype])[0]))


def whole(marker: str, alleles: Sequence[str]) -> str:
    """The state that alleles shown at a marker stand for: one shown at several copies is all of them."""
    alone = len(alleles) == 1 and alleles[0] != NULL
    return spelled(tuple(alleles) * copies(marker) if alone else alleles)
