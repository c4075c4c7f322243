"""How many true pairs a threshold misses, by simulation: what two parties should know before they agree on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Family, Remains, Sample, Typing, merge_families
from homeward.exchange.agreement import Missed
from homeward.exchange.form import Token
from homeward.faults import Fault, Refusal
from homeward.genetics import Model, scenarios_of
from homeward.identify import compare_all
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.simulate.genotypes import simulate_genotypes
from homeward.simulate.relatives import MISSING, NOBODY, RELATIVES, family_of, typed_of

__all__ = ["Simulation", "missed"]


@dataclass(frozen=True)
class Simulation:
    """How the share of true pairs that are missed is simulated: pairs of each kind, from this seed."""

    kinds: tuple[Token, ...]
    pairs: int
    seed: int


def missed(case: Case, asked: Simulation, thresholds: Sequence[float]) -> list[tuple[Missed, ...]]:
    """For each log10 LR of ``thresholds``, the share of true pairs of every kind that are below it, taken alone.

    A kind is one typed relative, of `RELATIVES`. Genotypes are drawn from the case's first scenario, at all its loci;
    remains are typed whole, so a partial profile misses more. Raises `Refusal` ``incident`` for another kind.
    """
    found = {kind: _log10_lrs(case, kind, asked.pairs, asked.seed) for kind in asked.kinds}
    return [
        tuple(Missed(k, float(np.mean(lrs < least)), asked.pairs, asked.seed) for k, lrs in found.items())
        for least in thresholds
    ]


def _log10_lrs(case: Case, kind: str, pairs: int, seed: int) -> NDArray[np.float64]:
    """log10 LR of so many true pairs."""
    if kind not in RELATIVES or kind == NOBODY:
        message = f"{kind} is no kind of relative"
        raise Refusal([Fault("incident", message, f"choose among {', '.join(k for k in RELATIVES if k != NOBODY)}")])
    scenarios = scenarios_of(case)
    simulated = _pairs(case, scenarios[0].model, kind, pairs, seed)
    remains = [s for s in simulated.samples if s.of == "remains"]
    views = views_of(scenarios, [gather(simulated, s.model) for s in scenarios], merge_families(simulated), remains)
    return np.asarray(np.diagonal(compare_all(views, refuse=False).ln_lr) / log(10.0))


def _pairs(case: Case, model: Model, kind: str, pairs: int, seed: int) -> Case:
    """The case with other people: as many families as remains, each missing the man at its own place."""
    shape = family_of(kind, "male")
    (relative,) = typed_of(kind)
    drawn = simulate_genotypes(shape, model, seed=seed, replicates=pairs, persons=(MISSING, relative))
    families: list[Family] = []
    samples: list[Sample] = []
    typings: list[Typing] = []
    for i in range(pairs):
        names = {p: f"{p}-of-family-{i}" for p in shape.ids}
        families.append(Family(f"F{i}", shape.relabelled(names), (names[MISSING],)))
        living = Sample(f"P{i}", "person", f"F{i}/{names[relative]}")
        of = {MISSING: Sample(f"R{i}", "remains", f"R{i}"), relative: living}
        samples += of.values()
        typings += [
            Typing(sample.id, marker, tuple(model.locus[marker].alleles[a] for a in people[role][i]))
            for role, sample in of.items()
            for marker, people in drawn.items()
        ]
    return replace(
        case,
        families=tuple(families),
        listed=(),
        remains=tuple(Remains(f"R{i}", "male") for i in range(pairs)),
        samples=tuple(samples),
        typings=tuple(typings),
        mt=(),
        non_dna=(),
        identifications=(),
    )
