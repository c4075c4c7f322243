"""Two samples that somebody chose: which relationship do their genotypes show?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from homeward.case import Case
from homeward.check.kappa import Kappa
from homeward.check.pairs import RELATIONSHIPS, PairTable
from homeward.check.relationships import declared_kappa
from homeward.check.subjects import typed_subjects
from homeward.genetics import Scenario

__all__ = ["PairEstimate", "chosen_pair"]


@dataclass(frozen=True, slots=True)
class PairEstimate:
    """Maximum likelihood κ of two samples at ``compared`` autosomal loci.

    ``log10_lr``: of each relationship of `RELATIONSHIPS` but the last, H2: unrelated. ``declared``: κ of what the
    pedigree or the record says of them, None where it says nothing, or nothing that a κ tells.
    """

    kappa: Kappa
    compared: int
    log10_lr: Mapping[str, float]
    declared: Kappa | None


def chosen_pair(case: Case, scenarios: Sequence[Scenario], first: str, second: str) -> PairEstimate | None:
    """The relationship of two samples of a case under the first scenario's model; None where they share no locus.

    Raises `Refusal` as `check` does, ValueError for samples that are not two or not of the case.
    """
    two = {first, second}
    samples = tuple(s for s in case.samples if s.id in two)
    if len(samples) != 2:
        raise ValueError("two samples of the case are compared")
    typings = tuple(t for t in case.typings if t.sample in two)
    typed = typed_subjects(replace(case, samples=samples, typings=typings, mt=()), scenarios[0].model)
    if len(typed.subjects) != 2:
        return None
    table = PairTable([s.evidence for s in typed.subjects], scenarios[0].model.loci)
    compared = int(table.compared()[0, 1])
    if not compared:
        return None
    lr = {name: table.ln_lr_of(0, 1, k) / log(10.0) for name, k in RELATIONSHIPS.items() if name != "unrelated"}
    return PairEstimate(table.estimate(0, 1), compared, lr, declared_kappa(typed, 0, 1))
