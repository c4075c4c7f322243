"""Cases that plausible short cuts get wrong, each read as a case folder would be and computed by `identify`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from homeward.case import (
    Case,
    Doubt,
    Family,
    Incident,
    ListedPerson,
    ModelSettings,
    Remains,
    Sample,
    Settings,
)
from homeward.genetics import scenarios_of
from homeward.identify import Pair, Result, identify
from homeward.pedigree import Member, Pedigree
from validation.case_rows import TABLE, mutation_rows, table, typings
from validation.corpus import genotypes, pedigree
from validation.reference.registry import apart, claim, worst

__all__: list[str] = []

Json = Mapping[str, Any]

MISTAKES = ("wrong", "approximation", "anti-conservative")
"""In the name of a figure: what a plausible mistake gives."""


@claim("11_hard", "theta")
def theta(case: Json) -> float:
    """Absolute difference of every pair's LR with and without structure."""
    value = float(case["theta"])
    families = {name: pedigree(members) for name, members in case["families"].items()}
    known = {"LR_theta": _result(_case(case, families, theta=value)), "LR at theta 0": _result(_case(case, families))}
    found = []
    for victim, missing in ((v["id"], m) for v in case["victims"] for m in case["missing"]):
        for name, expected in _figures(case["expected"]["pairwise"].get(f"{victim}-{missing}") or {}):
            result = next((r for key, r in known.items() if name.startswith(key)), None)
            found.append(math.inf if result is None else apart(_lr(_pair(result, victim, missing)), expected))
    return worst(found)


@claim("11_hard", "joint")
def joint(case: Json) -> float:
    """Absolute difference of every posterior with all families and all remains in one urn."""
    families = {name: pedigree(members) for name, members in case["families"].items()}
    given = _case(case, families, theta=float(case["theta"]))
    incident = replace(given.settings.incident, prior="flat-assignments")
    found = _result(replace(given, settings=replace(given.settings, incident=incident))).joint
    if found is None:
        return math.inf
    posterior, names = found.posterior, [full.partition("/")[2] for full in found.posterior.names]
    differences = []
    for sample, row in case["expected"]["posterior_exact_common_urn"].items():
        at = posterior.samples.index(sample)
        ours = {**dict(zip(names, posterior.marginals[at].tolist(), strict=False)), "stranger": posterior.stranger[at]}
        differences += [apart(float(ours.get(name, math.nan)), expected) for name, expected in _figures(row)]
    return worst(differences)


@claim("11_hard", "population")
def population(case: Json) -> float:
    """Absolute difference of the LR over the mixture and of the LR under each population alone."""
    tables = [name for name in case["populations"] if name != "weights"]
    home = tables[0]
    for name in tables:
        if f"population {name}" in case.get("description", "").partition("H2")[0]:
            home = name
    families = {name: _of_population(pedigree(members), home) for name, members in case["families"].items()}
    weights = tuple(zip(tables, map(float, case["populations"]["weights"]), strict=True))
    result = _result(_case(case, families, populations=weights))
    (pair,) = result.pairs
    alone = {name: math.nan if ln is None else 10.0**ln for name, ln in pair.by_population}
    ours = {"LR": _lr(pair)}
    for name in tables:
        ours |= {f"LR_{name}": alone[name], f"LR_{name}_under_H2": alone[name]}
    return worst([apart(ours.get(name, math.nan), expected) for name, expected in _figures(case["expected"])])


@dataclass(frozen=True)
class _Register:
    """A family whose pedigree is uncertain: the pedigree registered, and what may be wrong in it."""

    pedigree: Pedigree
    doubts: tuple[Doubt, ...]


def implied_prior(case: Json) -> str | None:
    """What to know of the stated prior: where the file's own posteriors follow from another one, that one.

    LR of grandfather and great-uncle, and how much likelier than an unrelated name the posterior makes each, leave
    one unknown in two equations; no figure of ours enters.
    """
    found = _implied(case)
    stated = float(case["pedigree_prior"]["registered"])
    if found is None or abs(found - stated) < 1e-6:
        return None
    return f"the file states {stated:g} for the registered pedigree, and its own posteriors follow from {found:g}"


@claim("11_hard", "pedigree", remark=implied_prior)
def uncertain_pedigree(case: Json) -> float:
    """Absolute difference of the LRs in the pedigree as registered and of the posterior over its variants."""
    register = _register(case)
    sure = _result(_case(case, {"F": register.pedigree}))
    doubted = _result(_case(case, {"F": register.pedigree}, doubts={"F": register.doubts}))
    (victim,) = (v["id"] for v in case["victims"])
    named = {f"LR_{word}": m for word, m in _kin(register.pedigree, case)}
    found = []
    for name, expected in _figures(case["expected"]):
        found.append(apart(_lr(_pair(sure, victim, named[name])), expected) if name in named else math.inf)
    (outside,) = doubted.outside
    unrelated = [m for m in case["missing"] if m not in register.pedigree]
    ours = {m: _pair(doubted, victim, m).posterior for m in case["missing"] if m in register.pedigree}
    if unrelated:
        ours["U each"] = outside.unreferenced / len(unrelated)
    expected_posterior = case["expected"].get("posterior") or {}
    found += [apart(ours.get(name, math.nan), expected) for name, expected in _figures(expected_posterior)]
    return worst(found)


def _implied(case: Json) -> float | None:
    """The probability of the registered pedigree that two expected posteriors agree on, None if they do not."""
    expected = case["expected"]
    posterior = expected.get("posterior") or {}
    register = pedigree(case["families"]["registered"])
    named = {m: expected.get(f"LR_{word}") for word, m in _kin(register, case)}
    each = posterior.get("U each")
    if len(case["families"]) != 2 or not each or len(named) != 2 or None in named.values():
        return None
    (one, lr_one), (other, lr_other) = named.items()
    if lr_one == lr_other or one not in posterior or other not in posterior:
        return None
    from_one = (posterior[one] / each - lr_other) / (lr_one - lr_other)
    from_other = (posterior[other] / each - lr_one) / (lr_other - lr_one)
    return from_one if abs(from_one - from_other) < 1e-9 and 0.0 <= from_one <= 1.0 else None


def _register(case: Json) -> _Register:
    """The registered pedigree, and each other one as a doubt about the person whose parents it changes."""
    registered = pedigree(case["families"]["registered"])
    implied = _implied(case)
    doubts = []
    for name, members in case["families"].items():
        if name == "registered":
            continue
        (changed,) = (m for m in pedigree(members) if m != registered[m.id])
        probability = float(case["pedigree_prior"][name]) if implied is None else 1.0 - implied
        doubts.append(Doubt(changed.id, changed.father, changed.mother, probability))
    return _Register(registered, tuple(doubts))


def _kin(family: Pedigree, case: Json) -> Iterator[tuple[str, str]]:
    """(what he is to the reference, missing person) of those the corpus gives an LR for."""
    (reference,) = {person for m in case["markers"] for person in m["am_genotypes"]}
    father = family[reference].father
    grandfather = None if father is None else family[father].father
    if grandfather is None:
        return
    for m in case["missing"]:
        if m == grandfather:
            yield "grandfather", m
        elif m in family and not family[m].is_founder and family[m].father == family[grandfather].father:
            yield "great_uncle", m


def _case(
    case: Json,
    families: Mapping[str, Pedigree],
    *,
    theta: float = 0.0,
    populations: Sequence[tuple[str, float]] = ((TABLE, 1.0),),
    doubts: Mapping[str, tuple[Doubt, ...]] | None = None,
) -> Case:
    """What a reader of a case folder would hand over."""
    markers = case["markers"]
    in_family = {m: name for name, p in families.items() for m in p.ids}
    closed = (case.get("incident") or {}).get("list") == "closed"
    pm, am = genotypes(markers, "pm_genotypes"), genotypes(markers, "am_genotypes")
    typed = dict.fromkeys(person for seen in am.values() for person in seen)
    return Case(
        case["id"],
        families=tuple(
            Family(name, p, tuple(m for m in case["missing"] if m in p), doubts=(doubts or {}).get(name, ()))
            for name, p in families.items()
        ),
        listed=tuple(ListedPerson(m) for m in case["missing"] if m not in in_family),
        remains=tuple(Remains(v["id"], v["sex"] or "unknown") for v in case["victims"]),
        samples=(
            *(Sample(v["id"], "remains", v["id"]) for v in case["victims"]),
            *(Sample(f"sample of {p}", "person", f"{in_family[p]}/{p}") for p in typed),
        ),
        typings=tuple(typings(pm, "{}")) + tuple(typings(am, "sample of {}")),
        populations=tuple(table(name, markers) for name, _ in populations),
        mutations=tuple(row for m in markers for row in mutation_rows(m)),
        settings=Settings(
            incident=Incident(strangers=0.0 if closed else Incident().strangers),
            model=ModelSettings(
                population=tuple(populations), theta=theta, minimum_frequency=0.0, sum_policy="as given"
            ),
        ),
    )


def _of_population(family: Pedigree, name: str) -> Pedigree:
    return Pedigree(_founder_of(m, name) for m in family)


def _founder_of(member: Member, name: str) -> Member:
    return replace(member, population=name) if member.is_founder else member


def _result(case: Case) -> Result:
    return identify(case, scenarios_of(case), seed=1)


def _pair(result: Result, victim: str, missing: str) -> Pair:
    return next(p for p in result.pairs if p.sample == victim and p.missing.partition("/")[2] == missing)


def _lr(pair: Pair) -> float:
    return math.nan if pair.log10_lr is None else 10.0**pair.log10_lr


def _figures(values: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The numbers that are answers, by name."""
    for name, value in values.items():
        if isinstance(value, int | float) and not any(word in name for word in MISTAKES):
            yield name, float(value)
