"""How far every conclusion moves when one assumption is another: what contends with it is solved again, exactly.

θ counts within a family only here, as in the approximation used at scale. All else is held where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import exp, inf, isfinite, isnan, log

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.genetics import Scenario
from homeward.identify.joint.answer import Conclusion, Stress
from homeward.identify.joint.changes import (
    Columns,
    Edge,
    ModelChange,
    edges_of,
    other_populations,
    with_edge_wrong,
    with_faster_mutation,
    with_theta,
    with_wrong,
)
from homeward.identify.joint.claims import Chance, Claim, exact_chance, of_one_body
from homeward.identify.joint.component import Component, Whole, component_of
from homeward.identify.joint.conclude import PROPOSED
from homeward.identify.joint.exact import MOST_WORK, ln_total, work
from homeward.identify.joint.groups import bodies_of
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.weights import joined_readings
from homeward.identify.mixture import View, compare_all
from homeward.identify.views import views_of
from homeward.observe import Profiles, gather

__all__ = ["Whole", "complete_rows", "stress_tests"]

Floats = NDArray[np.float64]

_STRESSED = 0.9
"""Posterior above which a conclusion is tried."""
_THETAS = (0.01, 0.03)
_MUTATION_TIMES = 5.0
_STRANGERS = (0.05, 0.2)
_MISATTRIBUTED = 0.02
"""Probability of each registered father not being the father: 1 to 2% is what is found where nobody doubted him."""
_EDGES_SOLVED = 3
"""Edges, those under which the LR falls most, that are solved jointly."""
_NOISE = 1e-12
"""ln LR that is rounding."""
_COMPLETE = (1.0, 0.98, 0.95, 0.9, 0.8, 0.5)

Worlds = Sequence[tuple[float, Problem]]
"""One problem a population, with the natural log of its weight besides what the problem itself shows."""


def stress_tests(
    whole: Whole, conclusions: Sequence[Conclusion], *, progress: Progress = silent
) -> tuple[Conclusion, ...]:
    """The same conclusions, each above 0.9 with its posterior under changed assumptions, the worst first.

    Codes: ``theta:0.01``, ``mutation:x5``, ``population:ID``, ``edge:CHILD:ROLE:PRIOR`` (the worst edge of the family;
    PRIOR as stated or ``unstated``), ``misattributed-paternity:0.02``, ``strangers:0.2``, ``prior:bodies`` and
    ``prior:fragments``, ``size:x2``. Changes that change nothing (θ as it is, nothing that mutates, no other
    population) are left out, and so is what no state allows. Conclusions about too much for this have none.
    """
    tests = _Tests(whole)
    tried = [c for c in conclusions if c.posterior is not None and c.posterior > _STRESSED]
    found = {}
    for done, c in enumerate(tried):
        progress("stress", done, len(tried))
        found[c.samples] = tuple(sorted(tests.of(c), key=lambda s: (s.posterior, s.change)))
    progress("stress", len(tried), len(tried))
    return tuple(replace(c, stress=found.get(c.samples, ())) for c in conclusions)


def complete_rows(whole: Whole, conclusions: Sequence[Conclusion]) -> tuple[tuple[float, int, float], ...]:
    """`Joint.complete`: P(the list is complete), names proposed, P(all of these are right), for several of the first.

    What has nothing to do with each other is multiplied. Left out is what no state allows: a closed list that does
    not hold everybody.
    """
    tests = _Tests(whole)
    used = 1.0 - whole.case.settings.incident.strangers
    rows = (tests.complete(p, conclusions) for p in sorted({*_COMPLETE, used}, reverse=True))
    return tuple(row for row in rows if row is not None)


@dataclass(frozen=True, eq=False)
class _Part:
    """A component with its problem in every population, as solved."""

    component: Component
    views: Sequence[View]
    worlds: Worlds


class _Tests:
    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._parts: dict[object, _Part | None] = {}
        self._changed: dict[tuple[object, str], Worlds | None] = {}
        self._total: dict[tuple[object, str], list[float]] = {}
        self._chance: dict[tuple[object, str], list[Chance]] = {}

    @cached_property
    def populations(self) -> list[tuple[str, Scenario, Profiles]]:
        found = other_populations(self.whole.case, self.whole.scenarios)
        return [(id, s, gather(self.whole.case, s.model)) for id, s in found]

    @cached_property
    def body(self) -> dict[str, int]:
        p = self.whole.posterior
        bodies = bodies_of(p, self.whole.case.settings.thresholds.posterior)
        return {p.samples[i]: b for b, each in enumerate(bodies) for i in each}

    def part(self, c: Conclusion) -> _Part | None:
        """What has to do with a conclusion; None where it is too much."""
        component = component_of(self.whole, c)
        if component is None:
            return None
        if component.key not in self._parts:
            self._parts[component.key] = self._part(component)
        return self._parts[component.key]

    def _part(self, component: Component) -> _Part | None:
        s = self.whole
        views = [component.view(v) for v in s.views]
        worlds = []
        for z, (view, profiles) in enumerate(zip(views, s.profiles, strict=True)):
            problem = component.problem(view, profiles, z)
            if problem is None or work(problem) > MOST_WORK:
                return None
            # what is left out speaks for a population as much as before
            rest = s.problems[z].ln_base - problem.ln_base if len(views) > 1 else 0.0
            worlds.append((_ln(view.weight) + rest, problem))
        return _Part(component, views, worlds)

    def of(self, c: Conclusion) -> Iterator[Stress]:
        part = self.part(c)
        if part is None:
            return
        for change, worlds in (*self._models(part), *self._populations(part)):
            yield from self._tried(part, change, worlds, c, True)
        yield from self._pedigrees(part, c)
        for change, worlds in self._priors(part):
            yield from self._tried(part, change, worlds, c, False)

    def _tried(
        self, part: _Part, change: str, worlds: Worlds | None, c: Conclusion, genetics: bool
    ) -> Iterator[Stress]:
        if worlds is not None:
            posterior = self.posterior(part, change, worlds, c)
            if posterior is not None:
                yield Stress(change, posterior, _log10_lr(part, worlds, c) if genetics else c.log10_lr)

    # what is changed

    def _models(self, part: _Part) -> Iterator[tuple[str, Worlds | None]]:
        models = [v.model for v in part.views]
        for theta in _THETAS:
            if any(m.theta != theta for m in models):
                yield f"theta:{theta:g}", self._with_model(part, f"theta:{theta:g}", partial(with_theta, theta=theta))
        if any(x.mutates for m in models for x in m.loci):
            code = f"mutation:x{_MUTATION_TIMES:g}"
            yield code, self._with_model(part, code, partial(with_faster_mutation, times=_MUTATION_TIMES))

    def _with_model(self, part: _Part, code: str, change: ModelChange) -> Worlds | None:
        key = part.component.key, code
        if key not in self._changed:
            views = [replace(v, model=change(v.model)) for v in part.views]
            self._changed[key] = self._worlds(part, views)
        return self._changed[key]

    def _worlds(self, part: _Part, views: Sequence[View]) -> Worlds | None:
        """The problems of changed views; all else weighs as it did."""
        worlds = []
        for z, (view, profiles) in enumerate(zip(views, self.whole.profiles, strict=True)):
            problem = part.component.problem(view, profiles, z)
            if problem is None:
                return None
            worlds.append((part.worlds[z][0], problem))
        return worlds

    def _populations(self, part: _Part) -> Iterator[tuple[str, Worlds | None]]:
        remains = [s for unit in part.component.joined for s in unit]
        for id, scenario, profiles in self.populations:
            key = part.component.key, f"population:{id}"
            if key not in self._changed:
                view = views_of([scenario], [profiles], part.component.merging, remains)[0]
                problem = part.component.problem(view, profiles, 0)
                self._changed[key] = None if problem is None else [(0.0, problem)]
            yield f"population:{id}", self._changed[key]

    def _priors(self, part: _Part) -> Iterator[tuple[str, Worlds]]:
        incident = self.whole.case.settings.incident
        prior = part.worlds[0][1].prior
        if prior.kind != "flat-assignments":
            for strangers in _STRANGERS:
                if strangers > prior.strangers:
                    yield f"strangers:{strangers:g}", _with_strangers(part, strangers)
            size = self.whole.problems[0].prior.names
            more = part.component.unreferenced(size)
            yield (
                "size:x2",
                [
                    (w, replace(p, prior=replace(p.prior, names=p.prior.names + size), groups=(*p.groups, more)))
                    for w, p in part.worlds
                ],
            )
        other = "bodies" if prior.kind == "fragments" else "fragments"
        if prior.kind == "flat-assignments":
            other = incident.samples_are
        if other == "bodies" and prior.kind == "fragments" and not self._one_each(part):
            return
        kind = "bodies" if other == "bodies" else "fragments"
        yield (
            f"prior:{kind}",
            [
                (w, part.component.with_prior(p, "bodies" if kind == "bodies" else "fragments", z))
                for z, (w, p) in enumerate(part.worlds)
            ],
        )

    def _one_each(self, part: _Part) -> bool:
        """Whether every sample may well be another body."""
        at = list(part.component.inside)
        same = self.whole.same_body[np.ix_(at, at)] - np.eye(len(at))
        return len(at) == len(part.component.blocks) and float(same.max(initial=0.0)) <= 0.5

    def _pedigrees(self, part: _Part, c: Conclusion) -> Iterator[Stress]:
        """The worst edge, and fathers who may not be, of the family of the names concluded."""
        homes = [f for f in part.component.merging.families if set(f.missing) & set(c.missing)]
        homes = homes or list(part.component.merging.families[:1])
        edges = []
        for family in homes:
            typed = {
                p
                for v in part.views
                for columns in v.columns
                if columns[0][1].id in family.missing
                for seen in columns[0][1].evidence.values()
                for p in seen
            }
            edges += edges_of(family, typed)
        tried: list[Stress] = []
        for edge in self._worst_first(part, edges, c)[:_EDGES_SOLVED]:
            wrong = partial(with_edge_wrong, edge=edge)
            worlds = self._with_columns(part, edge.code, wrong, edge.child)
            tried += self._tried(part, edge.code, worlds, c, True)
        if tried:
            yield min(tried, key=lambda s: s.posterior)
        for family in homes:
            fathers = [e for e in edges if e.role == "father" and e.child in family.pedigree]
            if fathers:
                code = f"misattributed-paternity:{_MISATTRIBUTED:g}"
                wrong = partial(with_wrong, edges=fathers, probability=_MISATTRIBUTED)
                own = f"{code} {family.families}"
                worlds = self._with_columns(part, own, wrong, fathers[0].child)
                yield from (replace(s, change=code) for s in self._tried(part, own, worlds, c, True))

    def _worst_first(self, part: _Part, edges: Sequence[Edge], c: Conclusion) -> Sequence[Edge]:
        """Edges by what their being wrong does to the LRs that a conclusion stands on, in the first population."""
        if len(edges) <= _EDGES_SOLVED:
            return edges
        view = part.views[0]
        own = [unit for unit in part.component.joined if {s.id for s in unit} & set(c.samples)]
        read = {readings[0][1].id: readings for readings in view.samples}
        samples = [joined_readings([read[s.id] for s in unit]) for unit in own]
        columns, of_edge = [], []
        for k, edge in enumerate(edges):
            for column in view.columns:
                if edge.child in column[0][1].pedigree and (not c.missing or column[0][1].id in c.missing):
                    columns.append(with_edge_wrong(column, edge))
                    of_edge.append(k)
        ln = compare_all([replace(view, samples=samples, columns=columns)], refuse=False).ln_lr
        total = [
            float(ln[:, [m for m, e in enumerate(of_edge) if e == k]].max(axis=1).sum()) for k in range(len(edges))
        ]
        order = sorted(range(len(edges)), key=lambda k: total[k] if c.missing else -total[k])
        return [edges[k] for k in order]

    def _with_columns(self, part: _Part, code: str, change: Callable[[Columns], Columns], child: str) -> Worlds | None:
        """The problems with one family's pedigrees changed; tables of other families stay."""
        key = part.component.key, code
        if key not in self._changed:
            self._changed[key] = self._with_family(part, change, child)
        return self._changed[key]

    def _with_family(self, part: _Part, change: Callable[[Columns], Columns], child: str) -> Worlds | None:
        at = next(k for k, f in enumerate(part.component.merging.families) if child in f.pedigree)
        alone = part.component.only(at)
        worlds = []
        for z, (w, base) in enumerate(part.worlds):
            view = alone.view(self.whole.views[z])
            changed = replace(view, columns=[change(columns) for columns in view.columns])
            one = alone.problem(changed, self.whole.profiles[z], z)
            if one is None:
                return None
            ln_base = base.ln_base
            if len(part.worlds) > 1:
                before = alone.problem(view, self.whole.profiles[z], z)
                ln_base += one.ln_base - before.ln_base if before is not None else 0.0
            families = list(base.families)
            families[at] = replace(one.families[0], names=families[at].names)
            worlds.append((w, replace(base, families=tuple(families), ln_base=ln_base)))
        return worlds

    # what comes of it

    def posterior(self, part: _Part, code: str, worlds: Worlds, c: Conclusion) -> float | None:
        """P(what is concluded) in changed worlds; None where these allow nothing."""
        if c.missing:
            return self.together(part, code, worlds, self.claims(c))
        own = sorted({part.component.place[s] for s in c.samples})
        each = [self._mixed(part, code, worlds, [ln_total(_outside(p, i)) for _, p in worlds]) for i in own]
        return None if None in each else min(x for x in each if x is not None)

    def together(self, part: _Part, code: str, worlds: Worlds, claims: Sequence[Claim]) -> float | None:
        claims = of_one_body(claims)
        each = [ask(claims)[0] for ask in self._chances(part, code, worlds)]
        if len(worlds) == 1:
            return None if isnan(each[0]) else each[0]
        totals = self._totals(part, code, worlds)
        ln = [t + _ln(p) if isfinite(t) else -inf for p, t in zip(each, totals, strict=True)]
        return self._mixed(part, code, worlds, ln)

    def _chances(self, part: _Part, code: str, worlds: Worlds) -> list[Chance]:
        key = part.component.key, code
        if key not in self._chance:
            first = {s.id: unit[0].id for unit in part.component.joined for s in unit}
            self._chance[key] = [exact_chance(p, first) for _, p in worlds]
        return self._chance[key]

    def _mixed(self, part: _Part, code: str, worlds: Worlds, ln_hits: Sequence[float]) -> float | None:
        """Over populations, each as likely as it makes everything seen."""
        totals = self._totals(part, code, worlds)
        own = [w + p.ln_base if len(worlds) > 1 else 0.0 for w, p in worlds]
        below = float(np.logaddexp.reduce([w + t for w, t in zip(own, totals, strict=True)]))
        above = float(np.logaddexp.reduce([w + h for w, h in zip(own, ln_hits, strict=True)]))
        return min(exp(above - below), 1.0) if isfinite(below) else None

    def _totals(self, part: _Part, code: str, worlds: Worlds) -> list[float]:
        key = part.component.key, code
        if key not in self._total:
            self._total[key] = [ln_total(p) for _, p in worlds]
        return self._total[key]

    def claims(self, c: Conclusion) -> list[Claim]:
        """What a conclusion says, body by body."""
        bodies: dict[int, list[str]] = {}
        for sample in c.samples:
            bodies.setdefault(self.body[sample] if len(c.missing) > 1 else 0, []).append(sample)
        return [Claim(tuple(body), c.missing) for body in bodies.values()]

    def complete(self, complete: float, conclusions: Sequence[Conclusion]) -> tuple[float, int, float] | None:
        threshold = self.whole.case.settings.thresholds.posterior
        proposed, right = 0, 1.0
        by_part: dict[object, tuple[_Part, list[Claim]]] = {}
        for c in conclusions:
            part = self.part(c) if c.missing else None
            if part is None:
                if c.conclusion in PROPOSED and c.posterior is not None:
                    proposed, right = proposed + len(c.missing), right * c.posterior
                continue
            posterior = self.posterior(part, f"complete:{complete}", _with_strangers(part, 1.0 - complete), c)
            if posterior is None:
                return None
            if posterior >= threshold:
                proposed += len(c.missing)
                by_part.setdefault(part.component.key, (part, []))[1].extend(self.claims(c))
        for part, claims in by_part.values():
            worlds = _with_strangers(part, 1.0 - complete)
            right *= self.together(part, f"complete:{complete}", worlds, claims) or 0.0
        return complete, proposed, right


def _with_strangers(part: _Part, strangers: float) -> Worlds:
    return [(w, replace(p, prior=replace(p.prior, strangers=strangers))) for w, p in part.worlds]


def _outside(problem: Problem, sample: int) -> Problem:
    """The problem with nothing left in which a sample is of any family."""
    fit = problem.ln_fit.copy()
    fit[sample] = -inf
    return replace(problem, ln_fit=fit)


def _log10_lr(part: _Part, worlds: Worlds, c: Conclusion) -> float | None:
    """That of the sample of the largest LR, as in the conclusion; None where it has none or samples are joined."""
    own = [unit for unit in part.component.joined if {s.id for s in unit} & set(c.samples)]
    if c.log10_lr is None or len(c.missing) != 1 or part.component.fixed or any(len(unit) > 1 for unit in own):
        return None
    above, below = [], []
    for w, p in worlds:
        name = p.names.index(c.missing[0])
        family = next(f for f in p.families if name in f.names)
        ln = family.ln_given(family.names.index(name), ((),) * len(family.names))
        weight = w + p.ln_base if len(worlds) > 1 else 0.0
        above.append(weight + max(float(ln[part.component.place[s]]) for s in c.samples))
        below.append(weight)
    found = float(np.logaddexp.reduce(above) - np.logaddexp.reduce(below))
    if not isfinite(found):
        return None
    return 0.0 if abs(found) < _NOISE else found / log(10.0)


def _ln(x: float) -> float:
    return log(x) if x > 0 else -inf
