"""A disaster of the corpus as what the screen takes: samples, missing persons with their families, one model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from homeward.genetics import Locus, Model
from homeward.identify import Column, Typed
from homeward.likelihood import ln_likelihood
from homeward.observe import Evidence, called
from homeward.pedigree import Member, Pedigree, Sex
from validation.corpus import Genotypes, genotypes, loci, pedigree

__all__ = ["Incident"]

Json = Mapping[str, Any]


class Incident:
    """One case of the corpus as what `screen` takes."""

    def __init__(self, case: Json) -> None:
        self.model = Model("reference", tuple(loci(case["markers"])))
        self.sexes: dict[str, Sex] = {v["id"]: v["sex"] or "unknown" for v in case["victims"]}
        self.missing: tuple[str, ...] = tuple(case["missing"])
        self.pedigrees = [pedigree(members) for members in case["families"].values()]
        self.pm = genotypes(case["markers"], "pm_genotypes")
        self.am = genotypes(case["markers"], "am_genotypes")

    @cached_property
    def samples(self) -> list[Typed]:
        """The victims' samples."""
        return [Typed(v, _by_ploidy(v, sex, self.model.loci, self.pm)) for v, sex in self.sexes.items()]

    @cached_property
    def columns(self) -> list[Column]:
        """The missing persons with their families' references."""
        found = []
        for person in self.missing:
            family = next(p for p in self.pedigrees if person in p)
            found.append(Column(person, person, family, _of_family(family, self.model.loci, self.am)))
        return found

    def compatible(self, victim: str, missing: str) -> bool:
        """Whether the sexes allow the two to be one person."""
        sex = next(p for p in self.pedigrees if missing in p)[missing].sex
        return "unknown" in (sex, self.sexes[victim]) or sex == self.sexes[victim]

    @cached_property
    def ln_likelihood_of_nobody_identified(self) -> float:
        """All references, and all victims as strangers."""
        strangers = [Pedigree([Member(v, sex=sex)]) for v, sex in self.sexes.items()]
        parts = [(p, self.am) for p in self.pedigrees] + [(p, self.pm) for p in strangers]
        return math.fsum(float(ln_likelihood(p, self.model.loci, seen).sum()) for p, seen in parts)


def _by_ploidy(person: str, sex: Sex, markers: Iterable[Locus], seen: Genotypes) -> dict[str, dict[int, Evidence]]:
    found: dict[str, dict[int, Evidence]] = {}
    for locus in markers:
        alleles = seen[locus.name].get(person)
        evidence = None if alleles is None else called(alleles, locus, sex)
        if evidence is not None:
            found[locus.name] = {evidence.ploidy: evidence}
    return found


def _of_family(family: Pedigree, markers: Iterable[Locus], seen: Genotypes) -> dict[str, dict[str, Evidence]]:
    found: dict[str, dict[str, Evidence]] = {}
    for locus in markers:
        for person, alleles in seen[locus.name].items():
            evidence = called(alleles, locus, family[person].sex) if person in family else None
            if evidence is not None:
                found.setdefault(locus.name, {})[person] = evidence
    return found
