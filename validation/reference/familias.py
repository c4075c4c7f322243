"""Structure, silent alleles and drop-out in one pedigree, as Familias, pedprobr and relMix compute them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from homeward.likelihood import Task, likelihoods, ln_likelihood
from homeward.observe import called, with_dropout
from homeward.pedigree import Member, Pedigree
from validation.corpus import genotypes, loci, pedigree
from validation.reference.registry import claim, worst

__all__: list[str] = []

Json = Mapping[str, Any]


@claim("05_familias", "theta")
def theta(case: Json) -> float:
    """Relative difference from every program's value."""
    ours = _likelihood(case, pedigree(case["pedigree"], case.get("founder_inbreeding")))
    return worst([_relative(ours, value) for value in case["expected"]["values"].values() if value is not None])


@claim("05_familias", "silent")
def silent(case: Json) -> float:
    """Relative difference of the likelihood, of everybody and of what is left when untyped people are cut away."""
    family = pedigree(case["pedigree"], case.get("founder_inbreeding"))
    expected = case["expected"]
    found = []
    for field, pruned in (("likelihood", False), ("likelihood_untyped_pruned", True)):
        if expected.get(field) is not None:
            found.append(_relative(_likelihood(case, family, pruned), expected[field]))
    return worst(found)


@claim("05_familias", "dropout")
def dropout(case: Json) -> float:
    """Relative difference of the likelihoods under both hypotheses and of the LR."""
    family = pedigree(case["pedigree"], case.get("founder_inbreeding"))
    typed = {person for marker in case["markers"] for person in marker["genotypes"]}
    apart = Pedigree(Member(m.id, sex=m.sex) for m in family if m.id in typed | {case["observation_model"]["person"]})
    h1, h2 = _seen_with_dropout(case, family), _seen_with_dropout(case, apart)
    expected = case["expected"]
    return worst(
        [
            _relative(h1, expected["likelihood_H1"]),
            _relative(h2, expected["likelihood_H2_unrelated"]),
            _relative(h1 / h2, expected["LR"]),
        ]
    )


def _likelihood(case: Json, family: Pedigree, pruned: bool = False) -> float:
    markers = case["markers"]
    ln = ln_likelihood(family, loci(markers), genotypes(markers), case.get("theta") or 0.0, pruned=pruned)
    return math.exp(float(ln.sum()))


def _seen_with_dropout(case: Json, family: Pedigree) -> float:
    model = case["observation_model"]
    tasks = []
    for locus, marker in zip(loci(case["markers"]), case["markers"], strict=True):
        evidence = {}
        for person, alleles in marker["genotypes"].items():
            if (e := called(alleles, locus, family[person].sex)) is not None:
                evidence[person] = e
        person = model["person"]
        d, hidden = model["het_dropout_per_allele"], model["hom_dropout"]
        sex = family[person].sex
        evidence[person] = with_dropout(model["observed_alleles"], locus, sex, d, hidden, model["dropin"])
        tasks.append(Task(family, locus, evidence, theta=case.get("theta") or 0.0))
    return float(math.prod(likelihoods(tasks).tolist()))


def _relative(ours: float, theirs: float) -> float:
    return abs(ours - theirs) / abs(theirs) if theirs else (0.0 if ours == 0 else math.inf)
