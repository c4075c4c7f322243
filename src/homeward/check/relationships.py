"""Any two samples: is what the record says of them likely, or is another relationship far likelier?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.check.finding import FALSE_ALARMS, Finding
from homeward.check.kappa import Kappa
from homeward.check.pairs import RELATIONSHIPS, PairTable
from homeward.check.subjects import TypedCase
from homeward.pedigree import kappa

__all__ = ["Suspicion", "declared_kappa", "relationships"]

Floats = NDArray[np.float64]

_LN10 = log(10.0)
_SAME_SHARE, _DECLARED_SHARE = 0.05 * FALSE_ALARMS, 0.1 * FALSE_ALARMS
"""False alarms allowed in a case: samples of one person, declared relationships; `_SHARES` has the others."""
_BELOW_BOUND = log(1000.0)
"""How far below the bound 1/LR a p-value may lie that is worth computing."""
_SUSPICIOUS = log(20.0)
_ALIKE = 0.01
"""Relationships whose κ differ by less are one."""
_KIN = ("same", "parent-child", "siblings", "second-degree")
_ONE_PERSON = ("same",)


@dataclass(frozen=True, eq=False)
class Suspicion:
    """What pairs told: the findings, and the families where another relationship is at least twenty times likelier."""

    findings: tuple[Finding, ...]
    families: frozenset[int]


@dataclass(eq=False)
class _Kind:
    """Pairs of one kind with a common hypothesis: which relationships are tried, and how many tests that makes."""

    code: str
    tried: tuple[str, ...]
    pairs: list[tuple[int, int]] = field(default_factory=list)


def relationships(typed: TypedCase, table: PairTable, seed: int) -> Suspicion:
    """Findings about pairs of samples."""
    ln_lr = {name: table.ln_lr(k) for name, k in RELATIONSHIPS.items() if name != "unrelated"}
    ln_lr["unrelated"] = np.zeros((table.size, table.size))
    compared = table.compared()
    findings: list[Finding] = []
    suspicious: set[int] = set()
    for finding, family in _within(typed, table, ln_lr, compared, seed):
        suspicious.add(family)
        if finding is not None:
            findings.append(finding)
    findings += _between(typed, table, ln_lr, compared, seed)
    return Suspicion(tuple(findings), frozenset(suspicious))


# -- pairs with a declared relationship -----------------------------------------------------------------------


def _within(
    typed: TypedCase, table: PairTable, ln_lr: Mapping[str, Floats], compared: NDArray[np.intp], seed: int
) -> Iterator[tuple[Finding | None, int]]:
    """Samples of one person or body, and typed members of one family."""
    declared = dict(_declared(typed))
    for same_id in (True, False):
        pairs = {p: k for p, k in declared.items() if _one(typed, p) == same_id and compared[p]}
        tests = {p: [n for n, other in RELATIONSHIPS.items() if not _alike(other, k)] for p, k in pairs.items()}
        threshold = (_SAME_SHARE if same_id else _DECLARED_SHARE) / max(1, sum(len(t) for t in tests.values()))
        for (i, j), k in pairs.items():
            own = table.ln_lr_of(i, j, k)
            best = max(tests[i, j], key=lambda n: ln_lr[n][i, j])
            gain = float(ln_lr[best][i, j]) - own
            if gain < _SUSPICIOUS:
                continue
            p = _p(table, i, j, k, best, gain, threshold, seed)
            code = "samples-differ" if same_id else "relationship-differs"
            found = _pair_finding(typed, table, code, i, j, best, gain, p, k) if p <= threshold else None
            yield found, typed.subjects[i].family


def _one(typed: TypedCase, pair: tuple[int, int]) -> bool:
    return typed.subjects[pair[0]].id == typed.subjects[pair[1]].id


def _declared(typed: TypedCase) -> Iterator[tuple[tuple[int, int], Kappa]]:
    groups: dict[tuple[str, int | str], list[int]] = {}
    for i, s in enumerate(typed.subjects):
        key: tuple[str, int | str] = ("family", s.family) if s.family >= 0 else (s.sample.of, s.id)
        groups.setdefault(key, []).append(i)
    for (kind, _), members in groups.items():
        for at, i in enumerate(members):
            for j in members[at + 1 :]:
                a, b = typed.subjects[i], typed.subjects[j]
                if a.id == b.id:
                    yield (i, j), RELATIONSHIPS["same"]
                elif kind == "family":
                    k = kappa(typed.families[a.family].pedigree, a.id, b.id)
                    if k is not None:  # inbred: no κ tells it; the family's likelihood still does
                        yield (i, j), k


def declared_kappa(typed: TypedCase, i: int, j: int) -> Kappa | None:
    """κ of what is recorded of two samples; None where nothing is, or an inbred tie that no κ tells."""
    return dict(_declared(typed)).get((min(i, j), max(i, j)))


def _alike(a: Kappa, b: Kappa) -> bool:
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) < _ALIKE


# -- pairs that should be strangers ---------------------------------------------------------------------------


def _between(
    typed: TypedCase, table: PairTable, ln_lr: Mapping[str, Floats], compared: NDArray[np.intp], seed: int
) -> Iterator[Finding]:
    """Samples of different families, bodies, and staff."""
    declared = RELATIONSHIPS["unrelated"]
    code, bodies_differ = _kinds(typed)
    best = np.max([ln_lr[n] for n in _KIN], axis=0)
    for kind, tried in _TRIED.items():
        mask = np.triu(code == kind, 1) & (compared > 0)
        tests = int(mask.sum()) * len(tried)
        if not tests:
            continue
        threshold = _SHARES[kind] / tests
        floor = max(-log(threshold) - _BELOW_BOUND, _SUSPICIOUS)
        for i, j in np.argwhere(mask & (best >= floor)).tolist():
            name = max(_KIN, key=lambda n: ln_lr[n][i, j])
            if name not in tried or (kind == _REMAINS and name == "same" and not bodies_differ[i, j]):
                continue
            gain = float(ln_lr[name][i, j])
            p = _p(table, i, j, declared, name, gain, threshold, seed)
            if p <= threshold:
                found = _pair_finding(typed, table, _code(kind, name), i, j, name, gain, p, declared)
                if found.code == "related-remains" and (families := _families_missing(typed, name)):
                    found = replace(found, evidence={**found.evidence, "families": families})
                yield found


_PERSONS, _REMAINS, _PERSON_AND_SAMPLE, _STAFF = 1, 2, 3, 4
_TRIED: Mapping[int, Sequence[str]] = {
    _PERSONS: _KIN,
    _REMAINS: _KIN,
    _PERSON_AND_SAMPLE: _ONE_PERSON,
    _STAFF: _ONE_PERSON,
}


_SHARES = {
    _PERSONS: 0.2 * FALSE_ALARMS,
    _REMAINS: 0.2 * FALSE_ALARMS,
    _PERSON_AND_SAMPLE: 0.03 * FALSE_ALARMS,
    _STAFF: 0.02 * FALSE_ALARMS,
}


def _kinds(typed: TypedCase) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """What two samples are to each other, shape (samples, samples), 0 = nothing to ask; and bodies that differ.

    Remains that could be a missing person are what matching is for, so his own earlier sample is left out.
    """
    of = np.array([s.sample.of for s in typed.subjects])
    family = np.array([s.family for s in typed.subjects])
    ids = np.array([s.id for s in typed.subjects])
    missing = np.array([s.id in typed.missing for s in typed.subjects], dtype=bool)
    person, remains, staff = of == "person", of == "remains", of == "staff"
    item = remains | (of == "effect")
    living = person & ~missing
    code = np.zeros((len(of), len(of)), dtype=np.intp)
    code[np.outer(person, person) & (family[:, None] != family[None, :])] = _PERSONS
    code[np.outer(remains, remains) & (ids[:, None] != ids[None, :])] = _REMAINS
    code[np.outer(item, living) | np.outer(living, item)] = _PERSON_AND_SAMPLE
    code[np.outer(staff, ~staff) | np.outer(~staff, staff)] = _STAFF
    return code, _different_bodies(typed)


def _different_bodies(typed: TypedCase) -> NDArray[np.bool_]:
    """Remains stated not to be one body."""
    records = [typed.case.remains_by_id.get(s.sample.source) for s in typed.subjects]
    n = len(records)
    if typed.case.settings.incident.samples_are == "bodies":
        source = np.array([s.sample.source for s in typed.subjects])
        return np.asarray(source[:, None] != source[None, :])
    told = np.zeros((n, n), dtype=bool)
    individual = np.array([r.individual if r else "" for r in records])
    has = individual != ""
    told |= np.outer(has, has) & (individual[:, None] != individual[None, :])
    where: dict[str, list[int]] = {}
    for i, s in enumerate(typed.subjects):
        where.setdefault(s.sample.source, []).append(i)
    for i, r in enumerate(records):
        for other in r.not_same_as if r and typed.subjects[i].sample.of == "remains" else ():
            for j in where.get(other, ()):
                told[i, j] = told[j, i] = True
    return told


def _families_missing(typed: TypedCase, name: str) -> tuple[str, ...]:
    """Families that miss two people who are related so: kin who died together are no mistake."""
    found = []
    for merged in typed.families:
        pairs = (kappa(merged.pedigree, a, b) for a, b in combinations(merged.missing, 2))
        if any(k is not None and _alike(k, RELATIONSHIPS[name]) for k in pairs):
            found.append(" + ".join(merged.families))
    return tuple(found)


def _code(kind: int, name: str) -> str:
    if kind == _PERSONS:
        return "duplicate-person" if name == "same" else "undeclared-relatives"
    if kind == _REMAINS:
        return "one-body-twice" if name == "same" else "related-remains"
    return "staff-contamination" if kind == _STAFF else "sample-matches-person"


# -- both -----------------------------------------------------------------------------------------------------


def _p(table: PairTable, i: int, j: int, declared: Kappa, name: str, gain: float, threshold: float, seed: int) -> float:
    """At most this: the bound 1/LR where it decides, else computed if it could."""
    bound = min(1.0, float(np.exp(-gain)))
    if bound <= threshold or gain < -log(threshold) - _BELOW_BOUND:
        return bound
    return table.p_value(i, j, declared, RELATIONSHIPS[name], gain, seed)


def _pair_finding(
    typed: TypedCase,
    table: PairTable,
    code: str,
    i: int,
    j: int,
    best: str,
    gain: float,
    p: float,
    declared: Kappa,
) -> Finding:
    a, b = typed.subjects[i], typed.subjects[j]
    loci, _, _, _ = table.ratios(i, j)
    return Finding(
        code,
        "warning",
        persons=tuple(dict.fromkeys(s.id for s in (a, b) if s.sample.of == "person")),
        samples=(a.sample.id, b.sample.id),
        evidence={
            "relationship": best,
            "declared_kappa": tuple(round(x, 6) for x in declared),
            "estimated_kappa": tuple(round(x, 6) for x in table.estimate(i, j)),
            "log10_lr": round(gain / _LN10, 6),
            "p_value": float(f"{p:.3g}"),
            "compared": len(loci),
        },
    )
