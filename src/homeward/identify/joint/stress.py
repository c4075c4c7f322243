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

from homeward.case import Merging
from homeward.faults import Progress, Refusal, silent
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
from homeward.identify.joint.exact import ln_total, work
from homeward.identify.joint.groups import bodies_of
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.weights import joined_readings, problem_of
from homeward.identify.mixture import View, compare_all
from homeward.identify.screen import Typed
from homeward.identify.views import views_of
from homeward.observe import gather

__all__ = ["Whole", "complete_rows", "stress_tests"]

Floats = NDArray[np.float64]

_STRESSED = 0.9
"""Posterior above which a conclusion is tried."""
_THETAS = (0.01, 0.03)
_MUTATION_TIMES = 5.0
_STRANGERS = (0.05, 0.2)
_MISATTRIBUTED = 0.02
"""Probability of each registered father not being the father: 1 to 2% is what is found where nobody doubted him."""
_MOST_TRIED = 3e7
"""Additions of a component up to which a conclusion is tried: every change solves it again."""
_EDGES_SOLVED = 3
"""Edges, those under which the LR falls most, that are solved jointly."""
_SAME = 1e-9
"""Difference of posteriors that is rounding."""
_MOST_LN = 700.0
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
    not hold everybody. None under a prior that knows no strangers' share.
    """
    if whole.problems[0].prior.kind == "flat-assignments":
        return ()
    tests = _Tests(whole)
    used = 1.0 - whole.case.settings.incident.strangers
    rows = (tests.complete(p, conclusions) for p in sorted({*_COMPLETE, used}, reverse=True))
    return tuple(row for row in rows if row is not None)


@dataclass(frozen=True, eq=False)
class _Part:
    """A component with its problem in every population, as solved."""

    component: Component
    worlds: Worlds


class _Tests:
    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._parts: dict[object, _Part | None] = {}
        self._changed: dict[tuple[object, str], Worlds | None] = {}
        self._total: dict[tuple[object, str], list[float]] = {}
        self._chance: dict[tuple[object, str], list[Chance]] = {}

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
        worlds = self._worlds(component, self.whole.problems, [v.weight for v in self.whole.views])
        if worlds is None or any(work(p) > _MOST_TRIED for _, p in worlds):
            return None
        return _Part(component, worlds)

    def _worlds(self, component: Component, wide: Sequence[Problem], weights: Sequence[float]) -> Worlds | None:
        """A component in every population, as problems of the whole incident, changed or not, have it."""
        worlds = []
        for z, (problem, weight) in enumerate(zip(wide, weights, strict=True)):
            narrow = component.problem(problem, z)
            if narrow is None:
                return None
            worlds.append((_ln(weight), narrow))
        return worlds

    def of(self, c: Conclusion) -> Iterator[Stress]:
        part = self.part(c)
        if part is None:
            return
        for change, wide, weights in self._wide:
            key = part.component.key, change
            if key not in self._changed:
                self._changed[key] = self._worlds(part.component, wide, weights)
            yield from self._tried(part, change, self._changed[key], c, True)
        yield from self._pedigrees(part, c)
        for change, worlds in self._priors(part):
            yield from self._tried(part, change, worlds, c, False)

    def _tried(
        self, part: _Part, change: str, worlds: Worlds | None, c: Conclusion, genetics: bool
    ) -> Iterator[Stress]:
        if worlds is not None:
            posterior = self.moved(part, change, worlds, c)
            if posterior is not None:
                yield Stress(change, posterior, _log10_lr(part, worlds, c) if genetics else c.log10_lr)

    # what is changed

    @cached_property
    def _wide(self) -> list[tuple[str, list[Problem], list[float]]]:
        """The whole incident under every changed model: its tables are made once, for all conclusions."""
        w = self.whole
        models = [v.model for v in w.views]
        weights = [v.weight for v in w.views]
        changes: list[tuple[str, ModelChange]] = [
            (f"theta:{theta:g}", partial(with_theta, theta=theta))
            for theta in _THETAS
            if any(m.theta != theta for m in models)
        ]
        if any(x.mutates for m in models for x in m.loci):
            changes.append((f"mutation:x{_MUTATION_TIMES:g}", partial(with_faster_mutation, times=_MUTATION_TIMES)))
        found = []
        for code, change in changes:
            views = [replace(v, model=change(v.model)) for v in w.views]
            each = zip(views, w.profiles, strict=True)
            found.append((code, [problem_of(w.case, v, p, w.merging, w.joined) for v, p in each], weights))
        remains = [s for unit in w.joined for s in unit]
        for id, scenario in other_populations(w.case, w.scenarios):
            try:
                profiles = gather(w.case, scenario.model)
                view = views_of([scenario], [profiles], w.merging, remains)[0]
                changed = problem_of(w.case, view, profiles, w.merging, w.joined)
            except Refusal:
                continue  # a population whose table cannot carry this case is no test of it
            found.append((f"population:{id}", [changed], [1.0]))
        return found

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
        of_names = [f for f in part.component.families if set(self.whole.merged[f].missing) & set(c.missing)]
        tried: list[Stress] = []
        for f in of_names or part.component.families[:1]:
            edges = edges_of(self.whole.merged[f], self._typed(f))
            for edge in self._worst_first(part, f, edges, c)[:_EDGES_SOLVED]:
                worlds = self._with_columns(part, f, edge.code, partial(with_edge_wrong, edge=edge))
                tried += self._tried(part, edge.code, worlds, c, True)
        if tried:
            yield min(tried, key=lambda s: s.posterior)
        for f in of_names or part.component.families[:1]:
            fathers = [e for e in edges_of(self.whole.merged[f], self._typed(f)) if e.role == "father"]
            if fathers:
                code = f"misattributed-paternity:{_MISATTRIBUTED:g}"
                wrong = partial(with_wrong, edges=fathers, probability=_MISATTRIBUTED)
                worlds = self._with_columns(part, f, f"{code} {f}", wrong)
                yield from (replace(s, change=code) for s in self._tried(part, f"{code} {f}", worlds, c, True))

    def _typed(self, f: int) -> set[str]:
        """Who of a family is typed."""
        columns = self._columns(self.whole.views[0], f)
        return {p for pedigrees in columns for seen in pedigrees[0][1].evidence.values() for p in seen}

    def _columns(self, view: View, f: int) -> list[Columns]:
        missing = set(self.whole.merged[f].missing)
        return [columns for columns in view.columns if columns[0][1].id in missing]

    def _worst_first(self, part: _Part, f: int, edges: Sequence[Edge], c: Conclusion) -> Sequence[Edge]:
        """Edges by what their being wrong does to the LRs that a conclusion stands on, in the first population."""
        if len(edges) <= _EDGES_SOLVED:
            return edges
        view = self.whole.views[0]
        units = sorted({self.whole.unit[s] for s in c.samples})
        samples = [joined_readings([self._read[s.id] for s in self.whole.joined[i]]) for i in units]
        of_names = [x for x in self._columns(view, f) if not c.missing or x[0][1].id in c.missing]
        columns = [with_edge_wrong(column, edge) for edge in edges for column in of_names]
        ln = compare_all([replace(view, samples=samples, columns=columns)], refuse=False).ln_lr
        total = ln.reshape(len(samples), len(edges), len(of_names)).max(axis=2).sum(axis=0)
        order = np.argsort(total if c.missing else -total, kind="stable")
        return [edges[k] for k in order.tolist()]

    @cached_property
    def _read(self) -> dict[str, Sequence[tuple[float, Typed]]]:
        return {readings[0][1].id: readings for readings in self.whole.views[0].samples}

    def _with_columns(self, part: _Part, f: int, code: str, change: Callable[[Columns], Columns]) -> Worlds | None:
        """The problems with one family's pedigrees changed; tables of other families stay."""
        key = part.component.key, code
        if key not in self._changed:
            worlds = [(w, self._with_family(part, f, p, z, change)) for z, (w, p) in enumerate(part.worlds)]
            told = [(w, p) for w, p in worlds if p is not None]
            self._changed[key] = told if len(told) == len(worlds) else None
        return self._changed[key]

    def _with_family(
        self, part: _Part, f: int, base: Problem, z: int, change: Callable[[Columns], Columns]
    ) -> Problem | None:
        w = self.whole
        local, joined, merged = part.component.local(f)
        own = {s.id for unit in joined for s in unit}
        view = replace(
            w.views[z],
            samples=[readings for readings in w.views[z].samples if readings[0][1].id in own],
            columns=self._columns(w.views[z], f),
        )
        case = replace(w.case, non_dna=(), identifications=())

        def alone(view: View) -> Problem:
            return problem_of(case, view, w.profiles[z], Merging((merged,), (), ()), joined)

        changed = alone(replace(view, columns=[change(columns) for columns in view.columns]))
        if len(changed.families) != 1:
            return None
        # the only family of its own problem
        families = list(base.families)
        at = part.component.families.index(f)
        families[at] = replace(families[at], ln_given=local.ln_given(changed, f, 0))
        more = changed.ln_base - alone(view).ln_base if len(part.worlds) > 1 else 0.0
        return replace(base, families=tuple(families), ln_base=base.ln_base + more)

    # what comes of it

    def moved(self, part: _Part, code: str, worlds: Worlds, c: Conclusion) -> float | None:
        """Where a change moves the posterior of the whole incident: as far, on the log-odds, as that of its part."""
        after = self.posterior(part, code, worlds, c)
        before = self.posterior(part, "as solved", part.worlds, c)
        if after is None or before is None or c.posterior is None or abs(before - c.posterior) < _SAME:
            return after
        if not all(0.0 < p < 1.0 for p in (after, before, c.posterior)):
            return after
        ln_odds = _ln_odds(c.posterior) + _ln_odds(after) - _ln_odds(before)
        return 1.0 / (1.0 + exp(-ln_odds)) if ln_odds > -_MOST_LN else 0.0

    def posterior(self, part: _Part, code: str, worlds: Worlds, c: Conclusion) -> float | None:
        """P(what is concluded) in changed worlds; None where these allow nothing."""
        if c.missing:
            return self.together(part, code, worlds, self.claims(c))
        own = sorted({part.component.place[s] for s in c.samples})
        each = [
            self._mixed(part, code, worlds, [ln_total(_outside(part.component.counted(p), i)) for _, p in worlds])
            for i in own
        ]
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
            self._chance[key] = [exact_chance(part.component.counted(p), part.component.first) for _, p in worlds]
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
            self._total[key] = [ln_total(part.component.counted(p)) for _, p in worlds]
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
            posterior = self.moved(part, f"complete:{complete}", _with_strangers(part, 1.0 - complete), c)
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
    component = part.component
    blocks = {component.blocks[component.place[s]] for s in c.samples}
    joined = any(len(block) > 1 or len(component.whole.joined[block[0]]) > 1 for block in blocks)
    if c.log10_lr is None or len(c.missing) != 1 or component.fixed or joined:
        return None
    above, below = [], []
    for w, p in worlds:
        name = p.names.index(c.missing[0])
        family = next(f for f in p.families if name in f.names)
        ln = family.ln_given(family.names.index(name), ((),) * len(family.names))
        weight = w + p.ln_base if len(worlds) > 1 else 0.0
        above.append(weight + max(float(ln[component.place[s]]) for s in c.samples))
        below.append(weight)
    found = float(np.logaddexp.reduce(above) - np.logaddexp.reduce(below))
    if not isfinite(found):
        return None
    return 0.0 if abs(found) < _NOISE else found / log(10.0)


def _ln(x: float) -> float:
    return log(x) if x > 0 else -inf


def _ln_odds(p: float) -> float:
    return log(p / (1.0 - p))
