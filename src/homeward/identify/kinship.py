"""Kinship between bones: could two remains be parent and child, siblings, half-siblings?

Each remains sample is taken as the only typed member of a little family whose missing person is the relative;
the family screen then does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, fsum, inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.genetics import Model
from homeward.identify.direct import SampleView
from homeward.identify.mixture import View, compare_all
from homeward.identify.result import BoneRelationship
from homeward.identify.screen import Column, Typed
from homeward.identify.unrelated import ln_alone
from homeward.observe import averaged
from homeward.pedigree import Member, Pedigree

__all__ = ["RELATIONSHIPS", "bone_kinship"]

_TYPED, _RELATIVE = "typed", "relative"

RELATIONSHIPS: dict[BoneRelationship, Pedigree] = {
    "parent-child": Pedigree(
        [Member(_TYPED, sex="male"), Member("mother", sex="female"), Member(_RELATIVE, _TYPED, "mother")]
    ),
    "siblings": Pedigree(
        [
            Member("father", sex="male"),
            Member("mother", sex="female"),
            Member(_TYPED, "father", "mother"),
            Member(_RELATIVE, "father", "mother"),
        ]
    ),
    "half-siblings": Pedigree(
        [
            Member("father", sex="male"),
            Member("mother 1", sex="female"),
            Member("mother 2", sex="female"),
            Member(_TYPED, "father", "mother 1"),
            Member(_RELATIVE, "father", "mother 2"),
        ]
    ),
}


def bone_kinship(
    views: Sequence[SampleView], *, progress: Progress = silent
) -> dict[BoneRelationship, tuple[NDArray[np.float64], NDArray[np.int16]]]:
    """Natural log LR and loci compared of every two samples, for each relationship, autosomal loci only.

    H1: the two persons are related so; H2: unrelated. Shape (samples, samples); row: the relative, column: the
    one taken as typed. A parent's genotype may mutate on its way to the child, so the two orders can differ
    where the mutation model is not reversible. Where a sample's drop-out is estimated, each locus is read under the
    average of what it may be: these numbers point at pairs to look at.
    """
    plain = [_averaged(view) for view in views]
    found: dict[BoneRelationship, tuple[NDArray[np.float64], NDArray[np.int16]]] = {}
    for relationship, pedigree in RELATIONSHIPS.items():
        related = [
            View(
                view.model.population,
                view.weight,
                view.model,
                view.samples,
                [[(1.0, _relative(typed, pedigree))] for [(_, typed)] in view.samples],
            )
            for view in plain
        ]
        result = compare_all(related, progress=progress)
        found[relationship] = (result.ln_lr, result.compared)
    return found


def _relative(typed: Typed, pedigree: Pedigree) -> Column:
    return Column(typed.id, _RELATIVE, pedigree, {m: {_TYPED: e[2]} for m, e in typed.evidence.items() if 2 in e})


def _averaged(view: SampleView) -> SampleView:
    """The autosomal loci, with one reading a sample: each locus' evidence averaged over what its drop-out may be."""
    autosomal = replace(
        view.model, loci=tuple(x for x in view.model.loci if x.kind == "autosomal"), linked=(), linkage="ignore"
    )
    names = {x.name for x in autosomal.loci}
    samples = []
    for readings in view.samples:
        if len(readings) == 1:
            samples.append([(1.0, readings[0][1])])
            continue
        weights = _posterior(readings, autosomal)
        evidence = {}
        for marker in names & readings[0][1].evidence.keys():
            e = averaged([typed.evidence[marker][2] for _, typed in readings], weights)
            if e is not None:
                evidence[marker] = {2: e}
        samples.append([(1.0, Typed(readings[0][1].id, evidence))])
    return SampleView(view.weight, autosomal, samples)


def _posterior(readings: Sequence[tuple[float, Typed]], model: Model) -> list[float]:
    """The weight of each reading once the sample itself has spoken, as somebody unrelated."""
    ln = [
        (log(weight) if weight > 0 else -inf)
        + sum(ln_alone(typed.evidence[x.name][2], x, model.theta_at(x)) for x in model.loci if x.name in typed.evidence)
        for weight, typed in readings
    ]
    top = max(ln)
    each = [exp(x - top) if top > -inf else 1.0 for x in ln]
    return [x / fsum(each) for x in each]
