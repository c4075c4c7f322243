"""The part of an incident that a conclusion depends on: what contends with it, with the rest held where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.answer import Conclusion
from homeward.identify.joint.problem import Family, Group, Held, PriorKind, Problem
from homeward.identify.joint.whole import Whole

__all__ = ["LIMITS", "Component", "Limits", "component_of"]

Floats = NDArray[np.float64]

_CONTENDS = 1e-6
"""Posterior from which a sample and a name, or two samples, have to do with each other."""
_APART = 1e-12
"""Posterior below which two samples stay two bodies whatever else is assumed."""
_OUTSIDE = 1e-3
"""Least chance of somebody outside that a sample is taken to come to, if an assumption changes."""
_RIVALS = 2
"""Families, those of the largest posterior, that every sample may go to."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a part of an incident may be.

    ``fillings``: ways to fill one family's places; ``work``: additions of one sum over it.
    """

    samples: int
    families: int
    fillings: int
    work: float


_QUICK = Limits(6, 6, 5_000, 3e7)
# where no conclusion is tried, P(the list is complete) still is
LIMITS = {"quick": _QUICK, "deep": Limits(12, 12, 200_000, 1e9), "off": _QUICK}
"""By `run.stress`."""


@dataclass(frozen=True, eq=False)
class Component:
    """Some units and families of an incident; all other units stay where they stand.

    ``blocks``: units, each by itself unless a body of many samples is taken as one; ``families``: of the problem;
    ``fixed``: name → units held at it; ``partial``: some of those that stay contend with those inside.
    """

    whole: Whole
    blocks: tuple[tuple[int, ...], ...]
    families: tuple[int, ...]
    fixed: Mapping[int, tuple[int, ...]]
    partial: bool = False

    @property
    def key(self) -> object:
        return self.blocks, self.families, tuple(sorted(self.fixed.items()))

    @cached_property
    def inside(self) -> tuple[int, ...]:
        return tuple(i for block in self.blocks for i in block)

    @cached_property
    def held(self) -> tuple[int, ...]:
        """Units that stay where they stand."""
        return tuple(i for i in range(len(self.whole.joined)) if i not in self.inside)

    @cached_property
    def names(self) -> tuple[int, ...]:
        return tuple(name for f in self.families for name in self.whole.problems[0].families[f].names)

    @cached_property
    def left_out(self) -> tuple[int, ...]:
        return tuple(k for k in range(len(self.whole.problems[0].names)) if k not in self.names)

    @cached_property
    def first(self) -> dict[str, str]:
        """Sample → the sample that stands for its block."""
        joined = self.whole.joined
        return {s.id: joined[block[0]][0].id for block in self.blocks for i in block for s in joined[i]}

    @cached_property
    def place(self) -> dict[str, int]:
        """Sample → its block."""
        return {s.id: k for k, block in enumerate(self.blocks) for i in block for s in self.whole.joined[i]}

    def problem(self, wide: Problem, z: int) -> Problem | None:
        """The problem of these blocks and families, from one of the whole incident, changed or not.

        ``z``: the view of the incident that says how it stands with everybody left out. None where a family tells
        nothing in the changed one.
        """
        if wide.names != self.whole.problems[z].names:
            return None
        place = {name: k for k, name in enumerate(self.names)}
        families = [
            Family(tuple(place[name] for name in wide.families[f].names), self.ln_given(wide, f, f))
            for f in self.families
        ]
        narrow = replace(
            wide,
            samples=tuple(wide.samples[block[0]] for block in self.blocks),
            names=tuple(wide.names[name] for name in self.names),
            families=tuple(families),
            ln_fit=self._fits(wide),
            ln_fit_stranger=np.array([wide.ln_fit_stranger[list(block)].sum() for block in self.blocks]),
            ln_body=self._ln_body(wide),
            bodies=None,
            apart=frozenset((k, m) for k, m in combinations(range(len(self.blocks)), 2) if self._apart(k, m)),
        )
        return self.with_prior(narrow, self.whole.problems[z].prior.kind, z)

    def ln_given(self, wide: Problem, f: int, at: int) -> Callable[[int, Held], Floats]:
        """`Family.ln_given` of family ``f``, which is that at ``at`` in ``wide``: over blocks, beside what is held."""
        fixed = [self.fixed.get(name, ()) for name in self.whole.problems[0].families[f].names]
        return _of_blocks(wide.families[at].ln_given, wide.ln_body, self.blocks, fixed)

    def units_with(self, families: Sequence[int]) -> set[int]:
        """Units that are inside, or held at a name of these families."""
        names = {name for f in families for name in self.whole.problems[0].families[f].names}
        return {*self.inside, *(i for name, held in self.fixed.items() if name in names for i in held)}

    def among(self, units: Sequence[int], families: Sequence[int]) -> Component:
        """The same within an incident of only these units, with only these families."""
        at = {i: k for k, i in enumerate(units)}
        names = {name for f in families for name in self.whole.problems[0].families[f].names}
        return replace(
            self,
            blocks=tuple(tuple(at[i] for i in block) for block in self.blocks),
            families=tuple(families),
            fixed={name: tuple(at[i] for i in held) for name, held in self.fixed.items() if name in names},
        )

    def with_prior(self, problem: Problem, kind: PriorKind, z: int) -> Problem:
        """The problem under one kind of prior, with places for those outside families that nobody held takes."""
        base = self.whole.problems[z]
        prior = replace(base.prior, kind=kind)
        taken = self._taken if kind != "fragments" else np.zeros_like(self._taken)
        if kind == "bodies":
            prior = replace(prior, names=prior.names - round(float(taken[:-1].sum())))
        groups = [self._left_out(z, round(float(taken[list(self.left_out)].sum())))]
        for k, g in enumerate(base.groups):
            fit = tuple(sum(g.ln_fit[i] for i in block) for block in self.blocks)
            groups.append(Group(g.label, g.size - round(float(taken[len(base.names) + k])), fit))
        return replace(problem, prior=prior, groups=_told_apart(groups))

    def counted(self, problem: Problem) -> Problem:
        """The problem with every sample of a block weighed by the prior, not the block once."""
        more = np.array([len(block) - 1.0 for block in self.blocks])
        if not more.any():
            return problem
        with np.errstate(invalid="ignore"):
            listed = np.where(more > 0, more * problem.prior.ln_on_list, 0.0)
            strange = np.where(more > 0, more * problem.prior.ln_on_stranger, 0.0)
        return replace(
            problem,
            ln_fit=problem.ln_fit + listed[:, None],
            ln_fit_stranger=problem.ln_fit_stranger + strange,
            groups=tuple(replace(g, ln_fit=tuple((np.array(g.ln_fit) + listed).tolist())) for g in problem.groups),
        )

    def unreferenced(self, size: int) -> Group:
        """More persons of whom nothing is known, on a longer list."""
        case = self.whole.case
        ln = np.zeros(len(self.blocks))
        for row in case.non_dna:
            if row.missing == "unreferenced" and row.sample in self.place:
                ln[self.place[row.sample]] += log(row.likelihood)
        ln[[self.place[row.sample] for row in case.identifications if row.sample in self.place]] = -inf
        return Group("more", size, tuple(ln.tolist()))

    @cached_property
    def _taken(self) -> Floats:
        """How many units that are held stand in each column."""
        return np.asarray(self.whole.marginals[list(self.held)].sum(axis=0))

    def _apart(self, k: int, m: int) -> bool:
        """Whether two blocks cannot be one body, or surely are not."""
        one, other = self.blocks[k], self.blocks[m]
        known = self.whole.problems[0].apart
        if any((min(i, j), max(i, j)) in known for i in one for j in other):
            return True
        return float(self.whole.same_body[np.ix_(one, other)].max()) < _APART

    def _left_out(self, z: int, taken: int) -> Group:
        """All names left out, each as likely as they are on average."""
        size = len(self.left_out) - taken
        if size <= 0:
            return Group("left out", 0, (0.0,) * len(self.blocks))
        ln = self.whole.ln_names[z][np.ix_(self.inside, self.left_out)]
        mean = dict(zip(self.inside, np.logaddexp.reduce(ln, axis=1) - log(len(self.left_out)), strict=True))
        return Group("left out", size, tuple(float(sum(mean[i] for i in block)) for block in self.blocks))

    def _fits(self, wide: Problem) -> Floats:
        fit = np.array([wide.ln_fit[np.ix_(block, self.names)].sum(axis=0) for block in self.blocks])
        fit = fit.reshape(len(self.blocks), len(self.names))
        for name, held in self.fixed.items():
            for k, block in enumerate(self.blocks):
                if wide.one_sample_a_body or any((min(i, j), max(i, j)) in wide.apart for i in block for j in held):
                    fit[k, self.names.index(name)] = -inf
        return fit

    def _ln_body(self, wide: Problem) -> Callable[[tuple[int, ...]], Floats]:
        blocks = self.blocks

        @cache
        def ln_body(held: tuple[int, ...]) -> Floats:
            units = tuple(i for k in held for i in blocks[k])
            return _chained(lambda more: wide.ln_body((*units, *more)), wide.ln_body, blocks)

        return ln_body


def _told_apart(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Groups that differ to those inside, with places left; what tells others apart from each other is nothing here."""
    found: dict[tuple[float, ...], Group] = {}
    for g in groups:
        if g.size > 0:
            known = found.get(g.ln_fit)
            found[g.ln_fit] = g if known is None else replace(known, size=known.size + g.size)
    return tuple(found.values())


def _of_blocks(
    ln_given: Callable[[int, Held], Floats],
    ln_body: Callable[[tuple[int, ...]], Floats],
    blocks: Sequence[tuple[int, ...]],
    fixed: Sequence[tuple[int, ...]],
) -> Callable[[int, Held], Floats]:
    """A family's weights over blocks of units, its names holding the units ``fixed`` besides."""

    @cache
    def of_blocks(at: int, held: Held) -> Floats:
        units = [tuple(i for k in h for i in blocks[k]) + own for h, own in zip(held, fixed, strict=True)]

        def beside(more: tuple[int, ...]) -> Floats:
            return ln_given(at, tuple((*h, *more) if k == at else h for k, h in enumerate(units)))

        return _chained(beside, ln_body, blocks)

    return of_blocks


def _chained(
    beside: Callable[[tuple[int, ...]], Floats],
    ln_body: Callable[[tuple[int, ...]], Floats],
    blocks: Sequence[tuple[int, ...]],
) -> Floats:
    """The weight of every block, its units added one after the other, against the block being one body elsewhere."""
    alone = beside(())
    found = np.array([alone[block[0]] for block in blocks])
    for k, block in enumerate(blocks):
        for n in range(1, len(block)):
            found[k] += beside(block[:n])[block[n]] - ln_body(block[:n])[block[n]]
    return found


def component_of(whole: Whole, conclusion: Conclusion) -> Component | None:
    """What has to do with a conclusion, grown from its samples, the closest first; None where that is too much.

    A sample joins if the chance that it and one inside are of one family, or are one body, is above a millionth;
    beyond the `Limits` of ``run.stress`` it does not, and is held at its name.
    """
    limits = LIMITS[whole.case.settings.run.stress]
    own = tuple(sorted({whole.unit[s] for s in conclusion.samples}))
    blocks: list[tuple[int, ...]] = [(i,) for i in own]
    if len(own) > limits.samples // 2 and not whole.problems[0].one_sample_a_body:
        blocks = _bodies(whole, conclusion)
    if len(blocks) > limits.samples:
        return None
    n, every = len(whole.joined), range(len(whole.problems[0].families))
    small = n <= limits.samples and len(every) <= limits.families and len(blocks) == len(own)
    if small and _fillings(whole, every, n) <= limits.fillings:
        return Component(whole, tuple((i,) for i in range(n)), tuple(every), {})
    wanted = [f for f, family in enumerate(whole.problems[0].families) if _names_one(whole, family, conclusion)]
    found = _grown(whole, blocks, wanted, limits)
    return None if _fillings(whole, found.families, len(found.blocks)) > limits.fillings else found


def _grown(whole: Whole, blocks: list[tuple[int, ...]], wanted: Sequence[int], limits: Limits) -> Component:
    """These blocks, and what has to do with them as far as the limits allow."""
    inside, at = [i for block in blocks for i in block], whole.at_families
    families = _families(at, inside, wanted, limits)
    more_to_come = True
    while len(blocks) < limits.samples and more_to_come:
        closeness = _closeness(whole, inside, families)
        more_to_come = False
        for j in np.argsort(-closeness, kind="stable").tolist():
            if closeness[j] <= _CONTENDS:
                break
            more = _families(at, [*inside, j], families, limits)
            if _fillings(whole, more, len(blocks) + 1) <= limits.fillings:
                inside.append(j)
                blocks.append((j,))
                families, more_to_come = more, True
                break
    others = [f for f in range(at.shape[1]) if f not in families]
    partial = bool(
        (_closeness(whole, inside, families) > _CONTENDS).any() or (at[np.ix_(inside, others)] > _CONTENDS).any()
    )
    families.sort()
    names = [name for f in families for name in whole.problems[0].families[f].names]
    fixed: dict[int, tuple[int, ...]] = {}
    for i in range(len(whole.joined)):
        best = int(whole.marginals[i].argmax())
        if i not in inside and best in names and whole.marginals[i, best] > 0.5:
            fixed[best] = (*fixed.get(best, ()), i)
    return Component(whole, tuple(sorted(blocks)), tuple(families), fixed, partial)


def _bodies(whole: Whole, conclusion: Conclusion) -> list[tuple[int, ...]]:
    """The units of a conclusion, those of one body together."""
    found: dict[int, set[int]] = {}
    for s in conclusion.samples:
        body = whole.body[s] if len(conclusion.missing) > 1 else 0
        found.setdefault(body, set()).add(whole.unit[s])
    return sorted(tuple(sorted(units)) for units in found.values())


def _names_one(whole: Whole, family: Family, conclusion: Conclusion) -> bool:
    return any(whole.problems[0].names[name] in conclusion.missing for name in family.names)


def _families(at: Floats, inside: Sequence[int], families: Sequence[int], limits: Limits) -> list[int]:
    """These, and the families that samples inside may be of, up to a limit."""
    found = list(families)
    if not at.shape[1]:
        return found
    rivals = {f for i in inside for f in np.argsort(-at[i], kind="stable")[:_RIVALS].tolist()}
    likely = at[list(inside)].max(axis=0)
    order = np.argsort(-likely, kind="stable").tolist()
    for f in order:
        if f not in found and len(found) < limits.families and (f in rivals or likely[f] > _CONTENDS):
            found.append(f)
    return found


def _closeness(whole: Whole, inside: Sequence[int], families: Sequence[int]) -> Floats:
    """How much every unit has to do with those inside: shape (units,), 0 for those inside."""
    at = whole.at_families[:, list(families)]
    found = (at * at[list(inside)].max(axis=0)).max(axis=1, initial=0.0)
    found = np.maximum(found, whole.same_body[list(inside)].max(axis=0))
    # who has the place of the only person outside whom another could be takes it from him
    places = whole.marginals[:, len(whole.problems[0].names) :]
    own = np.maximum(places[list(inside)].max(axis=0), _OUTSIDE)
    found = np.maximum(found, (places * own / whole.places_outside).max(axis=1))
    found[list(inside)] = 0.0
    return np.asarray(found)


def _fillings(whole: Whole, families: Sequence[int], samples: int) -> int:
    """About how many ways there are to fill the places of the largest of these families."""
    names = max((len(whole.problems[0].families[f].names) for f in families), default=0)
    one_each = int((samples + 1) ** names) if whole.problems[0].one_sample_a_body else inf
    return int(min(one_each, (names + 1) ** samples))
