"""Cases of Y and mtDNA that plausible short cuts get wrong: who carries the line, and how rare a second sighting is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.case import (
    Case,
    Family,
    HaplotypeTable,
    Incident,
    KnownHaplotype,
    LineageSettings,
    ListedPerson,
    ModelSettings,
    MtTyping,
    Remains,
    Sample,
    Settings,
    Span,
    Typing,
)
from homeward.genetics import Scenario, scenarios_of
from homeward.genetics.lineage import LineageModel, Observed
from homeward.genetics.mtdna import rcrs
from homeward.identify import Result, identify
from homeward.pedigree import Sex
from validation.case_rows import TABLE, mutation_rows, table, typings
from validation.corpus import genotypes, pedigree
from validation.reference.hard import MISTAKES
from validation.reference.registry import apart, claim, worst

__all__ = ["Told", "lineage"]

Json = Mapping[str, Any]
Floats = NDArray[np.float64]

_MARKER = "DYS19"
_RANGE = Span(16024, 16365)
_PARTNER = {"A": "G", "G": "A", "C": "T", "T": "C"}
_NAMES = 10
"""Names on the list where a file lists none and its prior says `uniform over 10`."""


@claim("11_hard", "lineage")
def lineage(case: Json) -> float:
    """Absolute difference of LRs, posteriors and P(one body) with the lineage weighed, and without it."""
    if "lineage" not in case:
        return math.nan
    told = Told(case)
    expected = case["expected"]
    with_lines = told.result(lines=True)
    found: list[float] = []
    for name, value in _figures(expected.get("posterior") or {}):
        found.append(apart(told.posterior(with_lines, name), value))
    if any(key.startswith("autosomal") for key in expected):
        alone = told.result(lines=False)
        for name, value in _figures(expected.get("autosomal_LR") or {}):
            found.append(apart(told.lr(alone, name), value))
        for name, value in _figures(expected.get("autosomal_only") or {}):
            found.append(apart(told.posterior(alone, name), value))
    for name, value in _figures({k: v for k, v in expected.items() if not isinstance(v, dict)}):
        found.append(apart(told.figure(with_lines, name), value))
    return worst(found)


@dataclass(frozen=True)
class Told:
    """One file, as a case folder would hold it."""

    case: Json

    @property
    def lines(self) -> Mapping[str, Json]:
        return dict(self.case["lineage"])

    def result(self, *, lines: bool) -> Result:
        given = self._case(lines)
        return identify(given, [self._mutating(s) for s in scenarios_of(given)], seed=1)

    def posterior(self, result: Result, name: str) -> float:
        """Of the only remains: of a name, or of each listed person without references."""
        assert result.joint is not None
        joint = result.joint.posterior
        at = [full.partition("/")[2] or full for full in joint.names]
        if name in at:
            return float(joint.marginals[0, at.index(name)])
        outside = joint.marginals[0, len(joint.names) : -1]
        return float(outside.sum()) / self._unreferenced(result) if name.endswith("each") else math.nan

    def _unreferenced(self, result: Result) -> int:
        assert result.joint is not None
        return result.case.list_size - len(result.joint.posterior.names)

    def lr(self, result: Result, name: str) -> float:
        pair = next((p for p in result.pairs if p.missing.partition("/")[2] == name), None)
        return math.nan if pair is None or pair.log10_lr is None else 10.0**pair.log10_lr

    def figure(self, result: Result, name: str) -> float:
        assert result.joint is not None
        if name == "P_same_body":
            return float(result.joint.posterior.same_body[0, 1])
        return math.nan

    def _samples(self) -> list[str]:
        """Ids of remains: those the file calls victims, else all that show a haplotype."""
        if "victims" in self.case:
            return [v["id"] for v in self.case["victims"]]
        kin = {m["id"] for members in (self.case.get("families") or {}).values() for m in members}
        return list(dict.fromkeys(s for line in self.lines.values() for s in _symbols(line) if s not in kin))

    def _case(self, lines: bool) -> Case:
        case = self.case
        families = {name: pedigree(members) for name, members in (case.get("families") or {}).items()}
        home = {m: name for name, p in families.items() for m in p.ids}
        missing = list(case.get("missing") or [f"U{k}" for k in range(1, _NAMES + 1)])
        markers = case.get("markers") or []
        pm, am = genotypes(markers, "pm_genotypes"), genotypes(markers, "am_genotypes")
        remains = self._samples()
        shown = {s for line in self.lines.values() for s in _symbols(line)}
        typed = dict.fromkeys([*(p for seen in am.values() for p in seen), *(s for s in shown if s in home)])
        sexes = {v["id"]: v.get("sex") or "unknown" for v in case.get("victims") or ()}
        closed = (case.get("incident") or {}).get("list") == "closed"
        return Case(
            case["id"],
            families=tuple(Family(n, p, tuple(m for m in missing if m in p)) for n, p in families.items()),
            listed=tuple(ListedPerson(m) for m in missing if m not in home),
            remains=tuple(Remains(r, _sex(sexes.get(r))) for r in remains),
            samples=(
                *(Sample(r, "remains", r) for r in remains),
                *(Sample(f"sample of {p}", "person", f"{home[p]}/{p}") for p in typed),
            ),
            typings=(
                *typings(pm, "{}"),
                *typings(am, "sample of {}"),
                *(self._y_typings(home) if lines else ()),
            ),
            mt=tuple(self._mt_typings(home)) if lines else (),
            haplotypes=tuple(_table(kind, line) for kind, line in self.lines.items()) if lines else (),
            populations=(table(TABLE, markers),),
            mutations=tuple(row for m in markers for row in mutation_rows(m)),
            settings=Settings(
                incident=Incident(strangers=0.0 if closed else Incident().strangers),
                model=ModelSettings(
                    population=((TABLE, 1.0),),
                    theta=float(case.get("theta") or 0.0),
                    minimum_frequency=0.0,
                    sum_policy="as given",
                ),
                y=_settings(self.lines.get("Y"), lines),
                mt=_settings(self.lines.get("mt"), lines),
            ),
        )

    def _sample(self, person: str, home: Mapping[str, str]) -> str:
        return f"sample of {person}" if person in home else person

    def _y_typings(self, home: Mapping[str, str]) -> Iterator[Typing]:
        line = self.lines.get("Y", {})
        for person, symbol in _symbols(line).items():
            yield Typing(self._sample(person, home), _MARKER, (_allele(line, symbol),))

    def _mt_typings(self, home: Mapping[str, str]) -> Iterator[MtTyping]:
        line = self.lines.get("mt", {})
        for person, symbol in _symbols(line).items():
            yield MtTyping(self._sample(person, home), (_RANGE,), _differences(line, symbol))

    def _mutating(self, scenario: Scenario) -> Scenario:
        """The scenario with each line's stated probability that a haplotype becomes one never seen."""
        models = []
        for model in scenario.model.lineages:
            line = self.lines["Y" if model.kind == "Y" else "mt"]
            models.append(_with_rate(model, float(line.get("mutation") or 0.0)))
        return replace(scenario, model=replace(scenario.model, lineages=tuple(models)))


def _sex(told: str | None) -> Sex:
    return "male" if told == "male" else "female" if told == "female" else "unknown"


_NEVER_SEEN = 2000
"""States that a haplotype may mutate to besides those seen: with two mutations it comes back once in so many."""


def _with_rate(model: LineageModel, rate: float) -> LineageModel:
    """The first site becomes another haplotype with this probability a meiosis, any alike; other sites stay."""
    if rate <= 0 or not model.sites:
        return model
    first = model.sites[0]
    others = tuple(f"never seen {k}" for k in range(_NEVER_SEEN))
    n = len(first.states) + _NEVER_SEEN
    change = np.full((n, n), rate / (n - 1))
    np.fill_diagonal(change, 1.0 - rate)
    wider = replace(first, states=(*first.states, *others), transition=change)
    seen = {s: Observed({i: _padded(e, n) if i == 0 else e for i, e in o.sites.items()}) for s, o in model.seen.items()}
    return replace(model, sites=(wider, *model.sites[1:]), seen=seen)


def _padded(chance: Floats, width: int) -> Floats:
    found = np.zeros(width)
    found[: len(chance)] = chance
    return found


def _symbols(line: Json) -> dict[str, str]:
    """Person or sample → the symbol of his haplotype."""
    return {k: v for k, v in line.items() if isinstance(v, str)}


def _every_symbol(line: Json) -> Sequence[str]:
    return list(dict.fromkeys([*(line.get("frequency") or {}), *_symbols(line).values()]))


def _allele(line: Json, symbol: str) -> str:
    return str(10 + 4 * _every_symbol(line).index(symbol))


def _differences(line: Json, symbol: str) -> tuple[str, ...]:
    """Every symbol another base at a position of its own."""
    position = _RANGE.low + 10 * (1 + _every_symbol(line).index(symbol))
    return (f"{position}{_PARTNER[rcrs()[position - 1]]}",)


def _table(kind: str, line: Json) -> HaplotypeTable:
    known = []
    for symbol, frequency in (line.get("frequency") or {}).items():
        if kind == "Y":
            known.append(KnownHaplotype(float(frequency), {_MARKER: (_allele(line, symbol),)}))
        else:
            known.append(KnownHaplotype(float(frequency), ranges=(_RANGE,), differences=_differences(line, symbol)))
    return HaplotypeTable("stated", "Y" if kind == "Y" else "mt", False, tuple(known))


def _settings(line: Json | None, lines: bool) -> LineageSettings:
    if line is None or not lines:
        return LineageSettings("stated")
    return LineageSettings("stated", database="stated", theta=float(line.get("theta") or 0.0), mutation="none")


def _figures(values: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, int | float) and not any(word in name for word in MISTAKES):
            yield name, float(value)
