"""Incidents of the corpus solved jointly: a `Case` as a case folder would give it, through the doors of `identify`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.case import (
    Case,
    Family,
    Incident,
    ListedPerson,
    ModelSettings,
    NonDna,
    Remains,
    Sample,
    Settings,
    Typing,
    merge_families,
)
from homeward.genetics import Model, Scenario, scenarios_of
from homeward.identify.joint.places import entries_of
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.solve import problems_of, solve, units_of
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.pedigree import Pedigree
from validation.case_rows import TABLE, mutation_rows, table, typings
from validation.corpus import genotypes, loci, pedigree

__all__ = [
    "STRANGER",
    "JointIncident",
    "Solved",
    "dvi_case",
    "every_assignment",
    "flat_problem",
    "incident_case",
    "problem_of_case",
]

Json = Mapping[str, Any]
Floats = NDArray[np.float64]

STRANGER = "stranger"


def problem_of_case(case: Case, scenarios: Sequence[Scenario]) -> Problem:
    """The joint problem of a case under its first scenario."""
    profiles = [gather(case, s.model) for s in scenarios]
    merging = merge_families(case)
    views = views_of(scenarios, profiles, merging, [s for s in case.samples if s.of == "remains"])
    return problems_of(case, views, profiles, merging, units_of(case, views[0]))[0]


@dataclass(frozen=True, eq=False)
class Solved:
    """A posterior by the corpus' own names."""

    problem: Problem
    posterior: JointPosterior
    places: Mapping[str, tuple[int, float]]
    """Name → its column among the marginals, and its share of it."""

    def probability(self, sample: str, name: str) -> float:
        """P(sample is of this name)."""
        column, share = self.places[name]
        return share * float(self.posterior.marginals[self.posterior.samples.index(sample), column])

    def error(self, sample: str, name: str) -> float:
        """Its standard error."""
        column, share = self.places[name]
        return share * float(self.posterior.mc_error[self.posterior.samples.index(sample), column])

    def together(self, one: str, other: str) -> float:
        """P(two samples are of one body)."""
        at = self.posterior.samples.index
        return float(self.posterior.same_body[at(one), at(other)])


class JointIncident:
    """A case of `10_joint`."""

    def __init__(self, given: Json) -> None:
        self.names: tuple[str, ...] = tuple(given["incident"]["names"])
        self.given = given
        self.case = incident_case(given)
        self.problem = problem_of_case(self.case, scenarios_of(self.case))

    def solved(self, method: str, *, seed: int = 1, seconds: float = 60.0) -> Solved:
        """Solved ``exact`` or ``sampled``."""
        return Solved(
            self.problem, solve(self.problem, seed=seed, method=method, seconds=seconds), dict(self._places())
        )

    def _places(self) -> Iterator[tuple[str, tuple[int, float]]]:
        """A listed person without kin is in the group of those of whom the same is known."""
        p = self.problem
        in_family = {full.partition("/")[2]: k for k, full in enumerate(p.names)}
        for name in self.names:
            if _person(name) in in_family:
                yield name, (in_family[_person(name)], 1.0)
            else:
                group = next(g for g, each in enumerate(p.groups) if np.allclose(each.ln_fit, self._fit(name)))
                yield name, (len(p.names) + group, 1.0 / p.groups[group].size)
        yield STRANGER, (len(p.names) + len(p.groups), 1.0)

    def _fit(self, name: str) -> list[float]:
        stated = self.given["incident"].get("non_dna") or {}
        sex = (self.given.get("listed_sex") or {}).get(name)
        found = []
        for s in self.given["samples"]:
            apart = s["sex"] is not None and sex is not None and s["sex"] != sex
            found.append(-math.inf if apart else math.log((stated.get(s["id"]) or {}).get(name, 1.0)))
        return found


def _person(id: str) -> str:
    """An id that is one person wherever it stands, which a mere label such as `G1` would not be."""
    return f"corpus {id}"


def incident_case(given: Json) -> Case:
    """A case of `10_joint` as a case folder would hold it: files that share a person id are one pedigree."""
    incident, markers = given["incident"], given["markers"]
    families = {name: _renamed(pedigree(members)) for name, members in given["families"].items()}
    listed_sex, observation = given.get("listed_sex") or {}, given.get("observation") or {}
    names = {_person(n): n for n in incident["names"]}
    family_of = {p: name for name, each in reversed(families.items()) for p in each.ids}
    full = {n: f"{family_of[p]}/{p}" if p in family_of else p for p, n in names.items()}
    apart = [tuple(pair) for pair in incident.get("exclusive") or ()]
    am = genotypes(markers, "am_genotypes")
    people = dict.fromkeys(person for seen in am.values() for person in seen)
    return Case(
        given["id"],
        families=tuple(Family(f, p, tuple(m for m in p.ids if m in names)) for f, p in families.items()),
        listed=tuple(ListedPerson(p, listed_sex.get(n) or "unknown") for p, n in names.items() if p not in family_of),
        remains=tuple(
            Remains(s["id"], s["sex"] or "unknown", not_same_as=tuple(b for a, b in apart if a == s["id"]))
            for s in given["samples"]
        ),
        samples=(
            *(_sample(s["id"], observation.get(s["id"])) for s in given["samples"]),
            *(Sample(f"sample of {p}", "person", f"{family_of[_person(p)]}/{_person(p)}") for p in people),
        ),
        typings=(
            *typings(genotypes(markers, "pm_genotypes"), "{}"),
            *typings(genotypes(markers, "pm_observed"), "{}"),
            *typings(am, "sample of {}"),
        ),
        populations=(table(TABLE, markers),),
        mutations=tuple(row for m in markers for row in mutation_rows(m)),
        non_dna=tuple(
            NonDna(sample, full.get(name, name), "other", value)
            for sample, row in (incident.get("non_dna") or {}).items()
            for name, value in row.items()
        ),
        settings=_settings(incident),
    )


def _renamed(family: Pedigree) -> Pedigree:
    return family.relabelled({p: _person(p) for p in family.ids})


def _sample(id: str, rates: Json | None) -> Sample:
    if rates is None:
        return Sample(id, "remains", id)
    return Sample(id, "remains", id, rates["dropout_het"], rates["dropout_hom"], rates.get("dropin") or 0.0)


def _settings(incident: Json) -> Settings:
    prior = incident["prior"]
    return Settings(
        incident=Incident(
            len(incident["names"]),
            float(incident.get("stranger_probability") or 0.0),
            "fragments" if prior == "fragments" else "bodies",
            int(incident.get("stranger_bodies") or 0),
            "flat-assignments" if prior == "flat-assignments" else "incident",
        ),
        model=MODEL,
    )


MODEL = ModelSettings(population=((TABLE, 1.0),), minimum_frequency=0.0, sum_policy="as given", sex_error=0.0)
"""The corpus takes its tables as they are, and its sexes as certain."""


def dvi_case(given: Json) -> Case:
    """A case of `03_dvi` without its tables: every file a pedigree by itself, whatever its members are called."""
    markers, families = given["markers"], {}
    for name, members in given["families"].items():
        family = pedigree(members)
        families[name] = family.relabelled({p: _of(name, p) for p in family.ids})
    missing = {_of(name, m) for name in families for m in given["missing"]}
    am = genotypes(markers, "am_genotypes")
    in_family = [(f, p) for f, members in given["families"].items() for p in (m["id"] for m in members)]
    typed = {person for seen in am.values() for person in seen}
    references = [(f, p) for f, p in in_family if p in typed]
    rows = [
        Typing(f"sample of {_of(f, p)}", marker, tuple("?" if a is None else a for a in seen[p]))
        for f, p in references
        for marker, seen in am.items()
        if p in seen
    ]
    pm = [
        Typing(v, marker, tuple("?" if a is None else a for a in alleles))
        for marker, seen in genotypes(markers, "pm_genotypes").items()
        for v, alleles in seen.items()
    ]
    return Case(
        given.get("id") or "incident",
        families=tuple(Family(f, p, tuple(m for m in p.ids if m in missing)) for f, p in families.items()),
        remains=tuple(Remains(v["id"], v["sex"] or "unknown") for v in given["victims"]),
        samples=(
            *(Sample(v["id"], "remains", v["id"]) for v in given["victims"]),
            *(Sample(f"sample of {_of(f, p)}", "person", f"{f}/{_of(f, p)}") for f, p in references),
        ),
        typings=(*pm, *rows),
        settings=Settings(incident=Incident(prior="flat-assignments"), model=MODEL),
    )


def _of(family: str, person: str) -> str:
    """Nobody of another file has this id."""
    return f"{person} of {family}"


def flat_problem(given: Json) -> tuple[Problem, dict[str, int]]:
    """The joint problem of a case of `03_dvi`, and missing person → place among its names."""
    case = dvi_case(given)
    scenario = Scenario("reference", 1.0, Model("reference", tuple(loci(given["markers"]))))
    problem = problem_of_case(case, [scenario])
    known = {_of(f.id, m): m for f in case.families for m in given["missing"]}
    return problem, {known[full.partition("/")[2]]: k for k, full in enumerate(problem.names)}


def every_assignment(problem: Problem) -> Floats:
    """ln likelihoods, best first, of all assignments of bodies that are not impossible, one by one."""
    bodies = [1 << i for i in range(len(problem.samples))]
    known: dict[int, list[Floats]] = {0: [np.array([problem.ln_base])]}
    for family in problem.families:
        after: dict[int, list[Floats]] = {}
        entries = entries_of(problem, family, bodies)
        for mask, parts in known.items():
            before = np.concatenate(parts)
            for used, ln_lr in zip(entries.masks.tolist(), entries.ln_lr.tolist(), strict=True):
                if not used & mask:
                    after.setdefault(mask | used, []).append(before + ln_lr)
        known = after
    return np.sort(np.concatenate([each for parts in known.values() for each in parts]))[::-1]
