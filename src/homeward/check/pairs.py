"""Every sample against every other under a handful of relationships, and how surprising a likelihood ratio is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.check.kappa import Kappa, evidence_ratios, fit_kappa, genotype_ratios
from homeward.genetics import Locus
from homeward.observe import Evidence

__all__ = ["ERROR", "RELATIONSHIPS", "PairTable", "ln_mixed", "p_value"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ERROR = 0.01
"""Probability that mutation or a wrong call makes a pair of genotypes at one locus tell nothing."""

RELATIONSHIPS: Mapping[str, Kappa] = MappingProxyType(
    {
        "same": (0.0, 0.0, 1.0),
        "parent-child": (0.0, 1.0, 0.0),
        "siblings": (0.25, 0.5, 0.25),
        "second-degree": (0.5, 0.5, 0.0),
        "third-degree": (0.75, 0.25, 0.0),
        "unrelated": (1.0, 0.0, 0.0),
    }
)
"""The relationships that are tried, by κ: identical twins and one person alike, half-siblings as uncle and nephew."""

_DRAWS = 2000


def ln_mixed(ratio: Floats) -> Floats:
    """Natural log of an LR against unrelated persons at one locus that tells nothing with probability `ERROR`."""
    return np.asarray(np.log((1 - ERROR) * ratio + ERROR))


@dataclass(frozen=True, eq=False)
class _LocusRatios:
    """r₁ and r₂ of the distinct pieces of evidence at one locus; ``of``: (samples,) which is whose, the last = none."""

    locus: Locus
    of: Ints
    one: Floats
    two: Floats
    calls: bool


class PairTable:
    """LRs against unrelated persons of any two of some samples, from their autosomal loci.

    ``evidence``: one mapping a sample, marker → diploid evidence.
    """

    def __init__(self, evidence: Sequence[Mapping[str, Evidence]], loci: Sequence[Locus]) -> None:
        self.size = len(evidence)
        self._loci = [_at_locus([e.get(x.name) for e in evidence], x) for x in loci if x.kind == "autosomal"]

    def ln_lr(self, kappa: Kappa) -> Floats:
        """Natural log LR of κ against unrelated, shape (samples, samples)."""
        total = np.zeros((self.size, self.size))
        for at in self._loci:
            k0, k1, k2 = kappa
            table = ln_mixed(k0 + k1 * at.one + k2 * at.two)
            table = np.pad(table, (0, 1))  # a sample without evidence has LR 1
            total += table[at.of][:, at.of]
        return total

    def compared(self) -> Ints:
        """Loci at which both have evidence, shape (samples, samples)."""
        typed = np.zeros((len(self._loci), self.size))
        for k, at in enumerate(self._loci):
            typed[k] = at.of < len(at.one)
        return np.asarray(np.rint(typed.T @ typed), dtype=np.intp)

    def ratios(self, i: int, j: int) -> tuple[list[Locus], Floats, Floats, bool]:
        """The loci two samples share, their r₁ and r₂, and whether all of it is clean calls."""
        shared = [at for at in self._loci if max(at.of[i], at.of[j]) < len(at.one)]
        one = np.array([at.one[at.of[i], at.of[j]] for at in shared], dtype=np.float64)
        two = np.array([at.two[at.of[i], at.of[j]] for at in shared], dtype=np.float64)
        return [at.locus for at in shared], one, two, all(at.calls for at in shared)

    def estimate(self, i: int, j: int) -> Kappa:
        """Maximum likelihood κ of two samples."""
        _, one, two, _ = self.ratios(i, j)
        return fit_kappa(one, two)

    def ln_lr_of(self, i: int, j: int, kappa: Kappa) -> float:
        """Natural log LR of two samples for any κ, against unrelated."""
        _, one, two, _ = self.ratios(i, j)
        return float(ln_mixed(kappa[0] + kappa[1] * one + kappa[2] * two).sum())

    def p_value(self, i: int, j: int, declared: Kappa, other: Kappa, ln_lr: float, seed: int) -> float:
        """P(LR of ``other`` against ``declared`` is at least this | declared) for two samples; see `p_value`."""
        loci, _, _, calls = self.ratios(i, j)
        bound = min(1.0, float(np.exp(-max(ln_lr, 0.0))))
        return p_value(loci, declared, other, ln_lr, seed) if calls else bound


def _at_locus(evidence: Sequence[Evidence | None], locus: Locus) -> _LocusRatios:
    distinct: dict[tuple[object, object], int] = {}
    pieces: list[Evidence] = []
    of = np.full(len(evidence), -1, dtype=np.intp)
    for i, e in enumerate(evidence):
        if e is None or not e.genotypes:
            continue
        key = (e.genotypes, e.values)
        if key not in distinct:
            distinct[key] = len(pieces)
            pieces.append(e)
        of[i] = distinct[key]
    of[of < 0] = len(pieces)
    if not pieces:
        return _LocusRatios(locus, of, np.zeros((0, 0)), np.zeros((0, 0)), True)
    return _LocusRatios(locus, of, *evidence_ratios(pieces, locus), all(e.is_call for e in pieces))


def p_value(loci: Sequence[Locus], declared: Kappa, other: Kappa, ln_lr: float, seed: int) -> float:
    """P(ln LR ≥ ``ln_lr`` | declared), LR of ``other`` against ``declared`` over these loci.

    Importance sampling: pairs are drawn under ``other`` and each counts 1/LR, so that tails far beyond the number
    of draws are reached. Never above the bound 1/LR, never below 1/LR over the number of draws.
    """
    if ln_lr <= 0:
        return 1.0
    chance = Generator(PCG64(seed))
    total = np.zeros(_DRAWS)
    for locus in loci:
        one, two = _drawn_ratios(locus, other, chance)
        total += ln_mixed(other[0] + other[1] * one + other[2] * two)
        total -= ln_mixed(declared[0] + declared[1] * one + declared[2] * two)
    reached = total[total >= ln_lr]
    bound = float(np.exp(-ln_lr))
    return min((float(np.exp(-reached).sum()) + bound) / (_DRAWS + 1), bound)


def _drawn_ratios(locus: Locus, kappa: Kappa, chance: Generator) -> tuple[Floats, Floats]:
    """r₁ and r₂ of pairs drawn under κ, or unrelated with probability `ERROR`."""
    p = locus.frequencies / locus.frequencies.sum()
    alleles = chance.choice(len(p), size=(_DRAWS, 4), p=p)
    wrong = chance.random(_DRAWS) < ERROR
    shared = np.where(wrong, 0, chance.choice(3, size=_DRAWS, p=np.array(kappa) / sum(kappa)))
    second = alleles[:, 2:].copy()
    second[:, 0] = np.where(shared >= 1, alleles[:, 0], second[:, 0])
    second[:, 1] = np.where(shared == 2, alleles[:, 1], second[:, 1])
    return genotype_ratios(alleles[:, :2], second, locus.frequencies)
