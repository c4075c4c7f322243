"""Families with a parent who is not one: every edge of a pedigree in turn, the weights of all made together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import log

import numpy as np

from homeward.case import Merging
from homeward.identify.joint.changes import Columns, Edge, edges_of, with_edge_wrong
from homeward.identify.joint.component import Component
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.sums import Part, Worlds
from homeward.identify.joint.weights import problem_of
from homeward.identify.joint.whole import Whole
from homeward.identify.mixture import View, compare_all

__all__ = ["WrongEdges"]


class WrongEdges:
    """The families that conclusions stand on, with each of their edges wrong; ``components``: what is solved again."""

    def __init__(self, whole: Whole, components: Sequence[Component], families: Sequence[int]) -> None:
        self.whole = whole
        self.families = sorted(set(families))
        self.units = sorted({i for c in components for i in c.units_with(self.families)})
        self.edges = {f: edges_of(whole.merged[f], self._typed(f)) for f in self.families}
        every = [(f, edge) for f in self.families for edge in self.edges[f]]
        self._place = {key: k for k, key in enumerate(every)}

    def worlds(self, part: Part, f: int, edge: Edge) -> Worlds:
        """The problems of a part with one edge of one of its families wrong."""
        component = part.component.among(self.units, [f])
        at, place = part.component.families.index(f), self._place[f, edge]
        found = []
        for z, (weight, base) in enumerate(part.worlds):
            families = list(base.families)
            families[at] = replace(families[at], ln_given=component.ln_given(self._problems[z], f, place), ways=None)
            more = self._ln_references[z][f, edge] - self._ln_references[z][f, None]
            found.append((weight, replace(base, families=tuple(families), ln_base=base.ln_base + more)))
        return found

    def perhaps(self, part: Part, wrong: Sequence[Worlds], probability: float) -> Worlds:
        """Each of these edges wrong with this probability, one of them at most."""
        right = [(w + log(1.0 - probability), p) for w, p in part.worlds]
        return [*right, *((w + log(probability), p) for worlds in wrong for w, p in worlds)]

    @cached_property
    def _problems(self) -> list[Problem]:
        """One a population, in which a family stands once for each of its edges."""
        whole = self.whole
        case = replace(whole.case, non_dna=(), identifications=())
        joined = [whole.joined[i] for i in self.units]
        own = {s.id for unit in joined for s in unit}
        merging = Merging(tuple(whole.merged[f] for f, _ in self._place), (), ())
        found = []
        for view, profiles in zip(whole.views, whole.profiles, strict=True):
            columns = [with_edge_wrong(c, edge) for f, edge in self._place for c in self._columns(view, f)]
            samples = [readings for readings in view.samples if readings[0][1].id in own]
            found.append(problem_of(case, replace(view, samples=samples, columns=columns), profiles, merging, joined))
        return found

    @cached_property
    def _ln_references(self) -> list[dict[tuple[int, Edge | None], float]]:
        """Natural log of P(references) of every family, as registered (None) and with each edge wrong."""
        keys: list[tuple[int, Edge | None]] = [*((f, None) for f in self.families), *self._place]
        found = []
        for view in self.whole.views:
            columns = [
                column if edge is None else with_edge_wrong(column, edge)
                for f, edge in keys
                for column in self._columns(view, f)[:1]
            ]
            ln = compare_all([replace(view, samples=[], columns=columns)], refuse=False).ln_variants
            found.append({key: float(np.logaddexp.reduce(each)) for key, each in zip(keys, ln, strict=True)})
        return found

    def _typed(self, f: int) -> set[str]:
        """Who of a family is typed."""
        columns = self._columns(self.whole.views[0], f)
        return {p for pedigrees in columns for seen in pedigrees[0][1].evidence.values() for p in seen}

    def _columns(self, view: View, f: int) -> list[Columns]:
        missing = set(self.whole.merged[f].missing)
        return [columns for columns in view.columns if columns[0][1].id in missing]
