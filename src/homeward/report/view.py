"""What of a result matters to its reader, chosen once for page, notebook and terminal; no words yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Literal

from homeward.case import Case, Sample
from homeward.identify import BoneKinship, Direct, Outside, Pair, Result, SampleRow, Warning
from homeward.report.findings import told_by_warnings
from homeward.report.household import Household, households
from homeward.report.points import Point, gathered, warning_points

__all__ = ["Answer", "Verdict", "View", "population_range"]

Verdict = Literal["proposed", "sex", "group", "not-enough", "unreferenced", "stranger", "nothing-compared"]

_WORTH_POSTERIOR, _WORTH_LOG10 = 0.01, 2.0
_MOST_DETAILS = 60
_MOST_MATRIX = 100
_ORDERLY = 24
_NOTABLE_LOG10 = 2.0
_MOST_LISTED = 50
# a living person's DNA on a bone comes before what the calculation notes about itself
_FINDING_RANK = 2


@dataclass(frozen=True)
class Answer:
    """One remains sample: its candidates, most probable first, and what they amount to."""

    sample: SampleRow
    candidates: tuple[Pair, ...]
    outside: Outside
    verdict: Verdict
    group: tuple[Pair, ...] = ()

    @property
    def best(self) -> Pair | None:
        return self.candidates[0] if self.candidates else None

    @property
    def outside_likelier(self) -> bool:
        """Whether somebody without references, or not on the list, is more probable than the best candidate."""
        return self.verdict in ("unreferenced", "stranger")

    @property
    def worth_naming(self) -> Pair | None:
        """The best candidate, unless somebody outside is likelier and DNA or sex speaks against this one."""
        best = self.best
        if best is None or best.log10_lr is None:
            return None
        against = best.log10_lr <= 0 or best.status == "sex"
        return None if self.outside_likelier and against else best


def population_range(pair: Pair) -> tuple[float, float] | None:
    """The lowest and highest log10 LR under each population alone; None unless the calculation is a mixture."""
    values = [x for _, x in pair.by_population if x is not None]
    return (min(values), max(values)) if values else None


class View:
    """A result as its reader needs it."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.case: Case = result.case
        self.threshold = result.case.settings.thresholds.posterior
        by_sample: dict[str, list[Pair]] = {}
        for p in result.pairs:
            by_sample.setdefault(p.sample, []).append(p)
        outside = {o.sample: o for o in result.outside}
        self.answers: tuple[Answer, ...] = tuple(
            self._answer(row, by_sample.get(row.id, []), outside.get(row.id, Outside(row.id, 0.0, 0.0)))
            for row in result.samples
            if row.of == "remains"
        )

    def _answer(self, row: SampleRow, pairs: list[Pair], outside: Outside) -> Answer:
        pairs = sorted(pairs, key=lambda p: (-p.posterior, -(0.0 if p.log10_lr is None else p.log10_lr)))
        if not any(p.log10_lr is not None for p in pairs):
            return Answer(row, tuple(pairs), outside, "nothing-compared")
        best = pairs[0]
        verdict: Verdict = "not-enough"
        group: tuple[Pair, ...] = ()
        if best.posterior >= self.threshold:
            verdict = "sex" if best.status == "sex" else "proposed"
        elif max(outside.unreferenced, outside.stranger) > best.posterior:
            verdict = "unreferenced" if outside.unreferenced >= outside.stranger else "stranger"
        else:
            home = self._home(best)
            kin = tuple(p for p in pairs[:4] if self._home(p) == home and p.posterior >= _WORTH_POSTERIOR)
            if len(kin) > 1 and sum(p.posterior for p in kin) >= self.threshold:
                verdict, group = "group", kin
        return Answer(row, tuple(pairs), outside, verdict, group)

    def _home(self, pair: Pair) -> str:
        home = self.households.get(pair.missing)
        return home[0].title if home else pair.missing

    def provisional(self, missing: str) -> tuple[Warning, ...]:
        """Why what is said of a missing person is provisional: populations, of all or of the family, without a sound
        table."""
        home = self.households.get(missing)
        families = ("", *home[0].families) if home else ("",)
        of_them = {id(w): w for f in families for w in self._provisional.get(f, ())}  # once for a merged family
        return tuple(of_them.values())

    @cached_property
    def _provisional(self) -> Mapping[str, tuple[Warning, ...]]:
        found: dict[str, tuple[Warning, ...]] = {}
        for w in self.result.warnings:
            if w.code == "provisional-population":
                for family in str(w.parameters.get("family", "")).split(", "):
                    found[family] = (*found.get(family, ()), w)
        return found

    @cached_property
    def unused(self) -> Mapping[str, str]:
        """Marker → why no LR uses it, as a code: no frequencies, or of a kind that is not modelled."""
        from homeward.genetics import marker_kind

        if not self.result.scenarios:
            return {}
        loci = {name for s in self.result.scenarios for name in s.model.locus}
        weighed = {lineage.kind for s in self.result.scenarios for lineage in s.model.lineages}
        kinds = {m: marker_kind(m) for m in self.case.markers if m not in loci}
        return {
            m: "no-frequencies" if kind in ("autosomal", "X") else "not-modelled"
            for m, kind in kinds.items()
            if kind != "sex" and kind not in weighed
        }

    def used_markers(self, row: SampleRow) -> int:
        """How many of a sample's markers any LR can use, its sex marker among them."""
        typed = {t.marker for t in self.case.typings_by_sample.get(row.id, ())}
        return row.markers - len(typed & self.unused.keys())

    def taken(self, a: Answer) -> Direct | None:
        """The comparison that says a sample's best person is already proposed for another individual."""
        if a.best is None or a.verdict in ("unreferenced", "stranger", "nothing-compared"):
            return None
        stronger = {
            b.sample.id
            for i, b in enumerate(self.answers)
            if b.verdict == "proposed"
            and b.best is not None
            and b.best.missing == a.best.missing
            and (-b.best.posterior, i) < (-a.best.posterior, self.answers.index(a))
        }
        for d in self.result.direct:
            other = d.b if d.a == a.sample.id else d.a if d.b == a.sample.id else ""
            if other in stronger and d.log10_lr is not None and d.log10_lr < 0:
                return d
        return None

    @cached_property
    def mixed(self) -> bool:
        """Whether the calculation is a mixture of populations."""
        return any(p.by_population for p in self.result.pairs)

    @cached_property
    def typed(self) -> Mapping[str, Sample]:
        """Sample id → sample."""
        return {s.id: s for s in self.case.samples}

    @cached_property
    def faded(self) -> frozenset[str]:
        """Samples that may have lost alleles, by drop-out stated or estimated."""
        estimated = {row.id for row in self.result.samples if row.dropout is not None}
        return frozenset(estimated | {s.id for s in self.case.samples if s.states_dropout})

    # -- what the page shows in detail --------------------------------------------------------------------

    @cached_property
    def details(self) -> Mapping[str, tuple[Pair, ...]]:
        """Sample → candidates worth a dossier: the best, and any with posterior ≥ 0.01 or LR ≥ 100.

        At most 60 in all, the most probable first; `left_out` counts the others.
        """
        kept = {(p.sample, p.missing) for p in self._worthy[:_MOST_DETAILS]}
        return {a.sample.id: tuple(p for p in a.candidates if (p.sample, p.missing) in kept) for a in self.answers}

    @property
    def left_out(self) -> int:
        """Candidates worth a dossier for which the page has no room."""
        return max(0, len(self._worthy) - _MOST_DETAILS)

    @property
    def worthy(self) -> tuple[Pair, ...]:
        """Every pair with posterior ≥ 0.01 or LR ≥ 100."""
        return tuple(p for p in self._worthy if p.posterior >= _WORTH_POSTERIOR or (p.log10_lr or 0) >= _WORTH_LOG10)

    @cached_property
    def _worthy(self) -> tuple[Pair, ...]:
        found: list[tuple[bool, Pair]] = []
        for answer in self.answers:
            for i, p in enumerate(answer.candidates):
                if p.log10_lr is None or p.log10_lr == -inf:
                    continue
                if i == 0 or p.posterior >= _WORTH_POSTERIOR or p.log10_lr >= _WORTH_LOG10:
                    found.append((i > 0, p))
        found.sort(key=lambda x: (x[0], -x[1].posterior, -(x[1].log10_lr or 0.0)))
        return tuple(p for _, p in found)

    @cached_property
    def matrix(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Rows and columns of the match matrix: all, or the 100 with the highest posterior anywhere.

        More than 24 columns stand in that order, else in the order of the files.
        """
        rows = {a.sample.id: max((p.posterior for p in a.candidates), default=0.0) for a in self.answers}
        cols: dict[str, float] = {}
        for p in self.result.pairs:
            cols[p.missing] = max(cols.get(p.missing, 0.0), p.posterior)
        shown = _most(cols)
        if len(shown) > _ORDERLY:
            shown = tuple(sorted(shown, key=lambda x: -cols[x]))
        return _most(rows), shown

    @property
    def sorted_columns(self) -> bool:
        """Whether the matrix has so many columns that the most probable persons stand first."""
        return len(self.matrix[1]) > _ORDERLY

    @cached_property
    def compared(self) -> int:
        """Pairs of a remains sample and a missing person that had something to compare."""
        return sum(p.log10_lr is not None for p in self.result.pairs)

    def direct(self) -> tuple[Direct, ...]:
        """Pairs of samples that look like one individual: LR ≥ 100, strongest first, at most 50."""
        found = [d for d in self.result.direct if d.log10_lr is not None and d.log10_lr >= _NOTABLE_LOG10]
        return tuple(sorted(found, key=lambda d: -(d.log10_lr or 0.0))[:_MOST_LISTED])

    def kinship(self) -> tuple[BoneKinship, ...]:
        """Pairs of bones that look like kin: LR ≥ 100, strongest first, at most 50; the best relationship each."""
        best: dict[tuple[str, str], BoneKinship] = {}
        for k in self.result.kinship:
            if k.log10_lr is not None and k.log10_lr >= _NOTABLE_LOG10:
                known = best.get((k.a, k.b))
                if known is None or (known.log10_lr or 0.0) < k.log10_lr:
                    best[k.a, k.b] = k
        same = {(d.a, d.b) for d in self.direct()}
        found = [k for pair, k in best.items() if pair not in same and pair[::-1] not in same]
        return tuple(sorted(found, key=lambda k: -(k.log10_lr or 0.0))[:_MOST_LISTED])

    # -- families -----------------------------------------------------------------------------------------

    @cached_property
    def households(self) -> Mapping[str, tuple[Household, str]]:
        """Missing person → the family as computed, and his id in it."""
        return households(self.case)

    def name(self, missing: str) -> str:
        """The missing person's name, if the case has one."""
        if missing in self.households:
            home, person = self.households[missing]
            record = home.records.get(person)
            return record.name if record else ""
        return next((p.name for p in self.case.listed if p.id == missing), "")

    def what(self, sample: str) -> tuple[str, ...]:
        """The remains a sample was cut from, as the case describes them: id if another, element, side, place."""
        item = self.case.remains_by_id.get(self._sources.get(sample, ""))
        if item is None:
            return ()
        own = "" if item.id == sample else item.id
        return tuple(x for x in (own, " ".join(x for x in (item.side, item.element) if x), item.place) if x)

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        return {a.sample.id: a.sample.source for a in self.answers}

    # -- what needs a person ------------------------------------------------------------------------------

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What needs a person, the most pressing first."""
        points: list[Point] = [*self._rivals(), *self._sexes(), *self._undecided(), *self._same_bodies()]
        points += warning_points(self.result)
        points += [
            Point(_FINDING_RANK, f.code, {}, f)
            for f in self.result.findings
            if f.severity == "warning" and not told_by_warnings(f)
        ]
        proposed = sum(a.verdict == "proposed" for a in self.answers)
        if proposed:
            points.append(Point(3, "decide", {"n": proposed}))
        return tuple(sorted(points, key=lambda p: p.rank))

    def _same_bodies(self) -> list[Point]:
        """Samples that look like one individual and are not known to be."""
        body = {a.sample.id: self.body(a.sample) for a in self.answers}
        return gathered(
            [
                Point(4, "same-body", {"a": d.a, "b": d.b, "log10_lr": d.log10_lr})
                for d in self.direct()
                if d.log10_lr is not None and d.log10_lr >= 4 and body.get(d.a) != body.get(d.b)
            ]
        )

    def body(self, sample: SampleRow) -> str:
        """What is known to be one body: samples of one item, and items stated to be one individual."""
        item = self.case.remains_by_id.get(sample.source)
        return f"individual {item.individual}" if item and item.individual else sample.source

    def _rivals(self) -> list[Point]:
        """Samples that claim one person: a contradiction where each sample is another body."""
        claims: dict[str, list[str]] = {}
        for a in self.answers:
            if a.verdict == "proposed" and a.best is not None:
                claims.setdefault(a.best.missing, []).append(a.sample.id)
        bodies = self.case.settings.incident.samples_are == "bodies"
        code, rank = ("rival-bodies", 1) if bodies else ("shared-person", 5)
        return [
            Point(rank, code, {"samples": ", ".join(samples), "missing": missing, "n": len(samples)})
            for missing, samples in claims.items()
            if len(samples) > 1
        ]

    def _sexes(self) -> list[Point]:
        return [
            Point(
                2,
                "sex-contradiction",
                {"sample": a.sample.id, "missing": a.best.missing, "posterior": a.best.posterior},
            )
            for a in self.answers
            if a.best is not None and a.best.status == "sex" and a.best.posterior >= 0.5
        ]

    def _undecided(self) -> list[Point]:
        found = []
        for a in self.answers:
            if a.best is None:
                continue
            told: dict[str, str | float] = {
                "sample": a.sample.id,
                "missing": a.best.missing,
                "posterior": a.best.posterior,
            }
            if (d := self.taken(a)) is not None and d.log10_lr is not None:
                other = d.b if d.a == a.sample.id else d.a
                found.append(Point(3, "taken", {**told, "other": other, "log10_lr": d.log10_lr}))
            elif a.verdict in ("not-enough", "group") and a.best.posterior >= 0.5:
                found.append(Point(4, "nearly", told))
        return found


def _most(weights: Mapping[str, float]) -> tuple[str, ...]:
    """All ids, or the 100 heaviest, in the order of the files."""
    if len(weights) <= _MOST_MATRIX:
        return tuple(weights)
    kept = set(sorted(weights, key=lambda x: -weights[x])[:_MOST_MATRIX])
    return tuple(x for x in weights if x in kept)
