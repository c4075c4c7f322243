"""Kinship between bones: could two remains be parent and child, siblings, half-siblings?

Each remains sample is taken as the only typed member of a little family whose missing person is the relative;
the family screen then does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.genetics import Model
from homeward.identify.result import BoneRelationship
from homeward.identify.screen import Column, Typed, screen
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
    samples: Sequence[Typed], model: Model, *, progress: Progress = silent
) -> dict[BoneRelationship, tuple[NDArray[np.float64], NDArray[np.int16]]]:
    """Natural log LR and loci compared of every two samples, for each relationship, autosomal loci only.

    H1: the two persons are related so; H2: unrelated. Shape (samples, samples); row: the relative, column: the
    one taken as typed. A parent's genotype may mutate on its way to the child, so the two orders can differ
    where the mutation model is not reversible.
    """
    autosomal = Model(model.population, tuple(x for x in model.loci if x.kind == "autosomal"), model.theta)
    found: dict[BoneRelationship, tuple[NDArray[np.float64], NDArray[np.int16]]] = {}
    for relationship, pedigree in RELATIONSHIPS.items():
        columns = [
            Column(s.id, _RELATIVE, pedigree, {m: {_TYPED: e[2]} for m, e in s.evidence.items() if 2 in e})
            for s in samples
        ]
        result = screen(samples, columns, autosomal, progress=progress)
        found[relationship] = (result.ln_lr, result.compared)
    return found
