"""What is inherited whole along one line: the Y haplotype from father to son, the mtDNA from mother to child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from homeward.case import HaplotypeEstimator

if TYPE_CHECKING:
    from homeward.genetics.haplotypes.estimators import Estimate
    from homeward.genetics.haplotypes.reliability import DatabaseDoubt

__all__ = ["Founders", "LineageKind", "LineageModel", "Observed", "Site"]

Floats = NDArray[np.float64]

LineageKind = Literal["Y", "mt"]


@dataclass(frozen=True, eq=False)
class Site:
    """What mutates by itself within a haplotype: a Y-STR with all its copies, a Y-SNP, a position of the mtDNA.

    ``transition``: shape (states, states), row = the parent's state, probability per meiosis, rows sum to one.
    """

    name: str
    states: tuple[str, ...]
    transition: Floats


@dataclass(frozen=True, eq=False)
class Observed:
    """What one sample shows of its haplotype: site → P(seen | state), shape (states,); an absent site is not typed.

    ``parts``: of a site made of two markers, which of them was typed, 1 or 2; an absent site was typed whole.
    """

    sites: Mapping[int, Floats]
    parts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Founders:
    """The founder prior of a haplotype as a mixture of independent sites.

    ``weights``: (components,), sum to one; ``sites``: one array a site, (components, states), rows sum to one.
    """

    weights: Floats
    sites: tuple[Floats, ...]


def _no_estimates(sample: str) -> tuple[Estimate, ...]:
    return ()


@dataclass(frozen=True, eq=False)
class LineageModel:
    """Every assumption about one of the two lines.

    ``seen``: sample → what it shows. ``founders``: the population's haplotypes as a distribution, where the
    estimator is one; else None, and ``frequency(sample, sites)`` is the population frequency of what a sample shows
    at these sites. ``theta``: probability that two presumed unrelated persons have one haplotype by a common
    forefather (foremother); ``theta_clan``: the same of two of one clan or village. ``descent``: reference sample →
    whose line it is of; those of different ones are presumed unrelated. ``readings``: sample whose drop-out is
    estimated → what it shows under each drop-out it may have, by the names these have in ``seen``; under its own it
    has their mean. ``doubts``: what speaks against the table in use.
    """

    kind: LineageKind
    sites: tuple[Site, ...]
    seen: Mapping[str, Observed]
    frequency: Callable[[str, frozenset[int]], float]
    estimates: Callable[[str], tuple[Estimate, ...]] = _no_estimates
    founders: Founders | None = None
    theta: float = 0.0
    theta_clan: float = 0.0
    descent: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    estimator: HaplotypeEstimator = "stated"
    database: str = ""
    doubts: tuple[DatabaseDoubt, ...] = ()

    def read(self, readings: Mapping[str, tuple[str, ...]]) -> LineageModel:
        """The same model of samples that are read in several ways in the other line, and alike in this one."""
        own = {s: names for s, names in readings.items() if s in self.seen and s not in self.readings}
        if not own:
            return self
        seen: dict[str, Observed] = {}
        for s, shown in self.seen.items():
            seen |= dict.fromkeys((s, *own.get(s, ())), shown)
        of = {name: s for s, names in own.items() for name in names}
        return replace(
            self,
            seen=seen,
            frequency=lambda name, sites: self.frequency(of.get(name, name), sites),
            readings={**self.readings, **own},
        )

    def without_mutation(self) -> LineageModel:
        """The same model in which no site mutates."""
        rigid = tuple(replace(s, transition=np.eye(len(s.states))) for s in self.sites)
        return replace(self, sites=rigid)
