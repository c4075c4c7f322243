"""How far every conclusion moves when one assumption is another: what contends with it is solved again, exactly.

θ counts within a family only here, as in the approximation used at scale. What contends is taken up to the limits that
``run.stress`` stands for; all else is held where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from homeward.faults import Progress, silent
from homeward.identify.joint.answer import Conclusion, Stress, Untested
from homeward.identify.joint.assumptions import Assumptions, Changed, with_strangers
from homeward.identify.joint.changes import Edge
from homeward.identify.joint.claims import Claim
from homeward.identify.joint.component import component_of
from homeward.identify.joint.conclude import PROPOSED
from homeward.identify.joint.sums import Part, Sums, Worlds, log10_lr
from homeward.identify.joint.whole import Whole
from homeward.identify.joint.wrong import WrongEdges

__all__ = ["STRESSED", "complete_rows", "stress_tests"]

STRESSED = 0.9
"""Posterior above which a conclusion is tried."""
_MISATTRIBUTED = 0.02
"""Probability of each registered father not being the father: 1 to 2% is what is found where nobody doubted him."""
_COMPLETE = (1.0, 0.98, 0.95, 0.9, 0.8, 0.5)


def stress_tests(
    whole: Whole, conclusions: Sequence[Conclusion], *, progress: Progress = silent
) -> tuple[Conclusion, ...]:
    """The same conclusions, each above 0.9 with its posterior under changed assumptions, the worst first.

    Codes: ``theta:0.01``, ``mutation:x5``, ``population:ID``, ``edge:CHILD:ROLE:PRIOR`` (each edge is tried, and told
    is the worst of the family; PRIOR as stated or ``unstated``), ``misattributed-paternity:0.02``, ``strangers:0.2``,
    ``prior:bodies`` and ``prior:fragments``, ``size:x2``. What was not tried is told with a code why, `Untested`.
    """
    tried = [c for c in conclusions if c.posterior is not None and c.posterior > STRESSED]
    if whole.case.settings.run.stress == "off":
        return tuple(replace(c, untested=(Untested("all", "off"),)) if c in tried else c for c in conclusions)
    tests = _Tests(whole, tried)
    found = {}
    for done, c in enumerate(tests.tried):
        progress("stress", done, len(tests.tried))
        found[c.samples] = tests.of(c)
    progress("stress", len(tests.tried), len(tests.tried))
    return tuple(found.get(c.samples, c) for c in conclusions)


def complete_rows(whole: Whole, conclusions: Sequence[Conclusion]) -> tuple[tuple[float, int, float], ...]:
    """`Joint.complete`: P(the list is complete), names proposed, P(all of these are right), for several of the first.

    What has nothing to do with each other is multiplied. Left out is what no state allows: a closed list that does
    not hold everybody. None under a prior that knows no strangers' share.
    """
    if whole.problems[0].prior.kind == "flat-assignments":
        return ()
    tests = _Tests(whole, ())
    used = 1.0 - whole.case.settings.incident.strangers
    rows = (tests.complete(p, conclusions) for p in sorted({*_COMPLETE, used}, reverse=True))
    return tuple(row for row in rows if row is not None)


@dataclass
class _Told:
    """What came of the tests of one conclusion."""

    stress: list[Stress] = field(default_factory=list)
    untested: list[Untested] = field(default_factory=list)


class _Tests:
    def __init__(self, whole: Whole, tried: Sequence[Conclusion]) -> None:
        self.whole = whole
        self.tried = tried
        self.assumptions = Assumptions(whole)
        self.sums = Sums()
        self._parts: dict[object, Part | None] = {}
        self._edges: dict[tuple[object, object], Worlds] = {}

    def part(self, c: Conclusion) -> Part | None:
        """What has to do with a conclusion; None where it is too much."""
        key = c.samples, c.missing
        if key not in self._parts:
            component = component_of(self.whole, c)
            self._parts[key] = None if component is None else self.assumptions.part(component)
        return self._parts[key]

    def of(self, c: Conclusion) -> Conclusion:
        """A conclusion with its tests."""
        if self._signed >= {self.whole.unit[s] for s in c.samples}:
            return replace(c, untested=(Untested("all", "signed"),))
        part = self.part(c)
        if part is None:
            return replace(c, untested=(Untested("all", "too-large"),))
        told = _Told(untested=list(self.assumptions.left_out))
        if part.component.partial:
            told.untested.append(Untested("rest", "held"))
        for changed in self.assumptions.genetics(part):
            self._try(told, part, changed, c, genetics=True)
        self._pedigrees(told, part, c)
        for changed in self.assumptions.priors(part):
            self._try(told, part, changed, c, genetics=False)
        stress = sorted(told.stress, key=lambda s: (s.posterior, s.change))
        return replace(c, stress=tuple(stress), untested=tuple(told.untested))

    def _try(self, told: _Told, part: Part, changed: Changed, c: Conclusion, *, genetics: bool) -> None:
        change, worlds = changed
        if worlds is None:
            why = "one-body" if change == "prior:bodies" else "family-tells-nothing"
            told.untested.append(Untested(change, why))
            return
        posterior = self.sums.moved(part, worlds, c, self.claims(c))
        if posterior is None:
            told.untested.append(Untested(change, "nothing-possible"))
            return
        told.stress.append(Stress(change, posterior, log10_lr(part, worlds, c) if genetics else c.log10_lr))

    def _pedigrees(self, told: _Told, part: Part, c: Conclusion) -> None:
        """The worst edge, and fathers who may not be, of the families of the names concluded."""
        edges = _Told()
        fathers: list[Changed] = []
        for f in self.families(part, c):
            wrong = {edge: self._wrong(part, f, edge) for edge in self.wrong.edges[f]}
            for edge, worlds in wrong.items():
                self._try(edges, part, (edge.code, worlds), c, genetics=True)
            perhaps = [worlds for edge, worlds in wrong.items() if edge.role == "father"]
            if perhaps:
                worlds = self.wrong.perhaps(part, perhaps, _MISATTRIBUTED)
                fathers.append((f"misattributed-paternity:{_MISATTRIBUTED:g}", worlds))
        told.untested += edges.untested
        if edges.stress:
            told.stress.append(min(edges.stress, key=lambda s: s.posterior))
        elif not edges.untested:
            told.untested.append(Untested("edge", "no-edge"))
        for changed in fathers:
            self._try(told, part, changed, c, genetics=True)
        if not fathers:
            told.untested.append(Untested("misattributed-paternity", "no-father"))

    @cached_property
    def _signed(self) -> set[int]:
        """Units that people have signed a name for: no assumption moves those."""
        return {self.whole.unit[row.sample] for row in self.whole.case.identifications}

    @cached_property
    def wrong(self) -> WrongEdges:
        """Every family that some conclusion stands on, with each of its edges wrong."""
        parts = [(part, c) for c in self.tried if (part := self.part(c)) is not None]
        families = [f for part, c in parts for f in self.families(part, c)]
        return WrongEdges(self.whole, [part.component for part, _ in parts], families)

    def _wrong(self, part: Part, f: int, edge: Edge) -> Worlds:
        key = part.component.key, (f, edge)
        if key not in self._edges:
            self._edges[key] = self.wrong.worlds(part, f, edge)
        return self._edges[key]

    def families(self, part: Part, c: Conclusion) -> list[int]:
        """Those of the names concluded; of an exclusion, the one it may be of soonest."""
        own = [f for f in part.component.families if set(self.whole.merged[f].missing) & set(c.missing)]
        if own or not part.component.families:
            return own
        units = [self.whole.unit[s] for s in c.samples]
        return [max(part.component.families, key=lambda f: float(self.whole.at_families[units, f].max()))]

    def claims(self, c: Conclusion) -> list[Claim]:
        """What a conclusion says, body by body."""
        bodies: dict[int, list[str]] = {}
        for sample in c.samples:
            bodies.setdefault(self.whole.body[sample] if len(c.missing) > 1 else 0, []).append(sample)
        return [Claim(tuple(body), c.missing) for body in bodies.values()]

    def complete(self, complete: float, conclusions: Sequence[Conclusion]) -> tuple[float, int, float] | None:
        """One of `complete_rows`."""
        threshold = self.whole.case.settings.thresholds.posterior
        proposed, right = 0, 1.0
        by_part: dict[object, tuple[Part, Worlds, list[Claim]]] = {}
        open_list: dict[object, Worlds] = {}
        for c in conclusions:
            part = self.part(c) if c.missing else None
            if part is None:
                if c.conclusion in PROPOSED and c.posterior is not None:
                    proposed, right = proposed + len(c.missing), right * c.posterior
                continue
            key = part.component.key
            worlds = open_list.setdefault(key, with_strangers(part, 1.0 - complete))
            posterior = self.sums.moved(part, worlds, c, self.claims(c))
            if posterior is None:
                return None
            if posterior >= threshold:
                proposed += len(c.missing)
                by_part.setdefault(key, (part, worlds, []))[2].extend(self.claims(c))
        for part, worlds, claims in by_part.values():
            right *= self.sums.together(part, worlds, claims) or 0.0
        return complete, proposed, right
