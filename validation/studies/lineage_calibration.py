"""lineage_calibration: joint claims with Y and mtDNA, of incidents in which kinsmen of one line are dead together.

Whole incidents of 183 names are drawn and cut into incidents of ten bodies, each solved exactly: by what STRs say, by
what the lines say besides, and as if a line spoke for one of its dead only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, HaplotypeTable, KnownHaplotype, Span
from homeward.genetics import scenarios_of
from homeward.genetics.mtdna import bundled_mt_database
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.problem import Family, Held, Problem
from homeward.simulate import Truth, with_mtdna, with_y
from validation.studies.claims import Claims, claims_plot, gathered, worst_bin
from validation.studies.incidents import SIZE, Whole, sort, whole_incident
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["EAST_ASIA", "LINEAGE_CALIBRATION", "Y_EAST_ASIA", "mothers"]

Floats = NDArray[np.float64]

BODIES = 10
RELATIVES = {"child": 6, "brother": 6, "sister": 6, "grandson": 20, "grandchild": 6, "brothers-son": 18}
RELATIVES |= {"sisters-child": 12, "brothers-grandson": 6, "nobody": 4}
"""84 families, mostly of sons' sons, brothers' sons and sisters' children."""
KIN = {"brother": 10, "cousin": 8, "son": 8}
"""Families that miss a second man of the first one's Y; a brother has his mtDNA too."""
PIECES: Mapping[str, tuple[int, int]] = {"right": (8, SIZE // BODIES), "other people": (2, 8), "clans": (2, 8)}
"""Whole incidents at scale 1, and into how many each is cut.

``right``: computed as drawn. ``other people``: Y of Europeans and mtDNA of Americans of European descent, weighed
against tables of East Asia. ``clans``: two founders' Y are one by descent with a chance of `THETA`.
"""
Y_TYPED = 0.9
"""Share of the Y-STRs typed in remains."""
THETA = 0.03
Z = 4.0
CLAIMS = 200
"""Claims above 0.9995 that scale 1 promises."""
EAST_ASIA = ("1000G_JPT", "1000G_CHB", "1000G_CHS")
EUROPE = ("USA_Caucasian",)
Y_EAST_ASIA, Y_EUROPE = "CHN_Han_Yfiler", "AUS_SA_European_YfilerPlus"
CONTROL = (Span(1, 576), Span(16024, 16569))
RIVAL, OTHER = "a kinsman is a rival", "no kinsman on the list"
NOT_KINSMAN = "not the kinsman of who is named"
Piece = tuple[str, int, int]
"""Of which kind, its number among all, and into how many it is cut."""


def _piece(piece: Piece, seed: int) -> Claims:
    kind, number, cuts = piece
    whole = whole_incident(
        seed + number, relatives=RELATIVES, second_relative=0.5, kin=KIN, bodies=SIZE, samples_are="bodies"
    )
    return {"right": _right, "other people": _other_people, "clans": _clans}[kind](whole, range(cuts))


def _right(whole: Whole, cuts: Sequence[int]) -> Claims:
    lined = _seen(whole, _drawn(whole))
    claims = Claims()
    for samples in _blocks(cuts):
        without, problem = whole.cut(samples), lined.cut(samples)
        _weigh(claims, "STR", without, whole)
        _weigh(claims, "STR + lines", problem, whole)
        _weigh(claims, "for one name only", _for_one_name_only(without, problem), whole)
    return claims


def _other_people(whole: Whole, cuts: Sequence[int]) -> Claims:
    case = with_y(whole.case, whole.truth, Y_EUROPE, seed=whole.seed, typed=Y_TYPED)
    kept = {t.marker for t in with_y(whole.case, whole.truth, Y_EAST_ASIA, seed=whole.seed).typings}
    case = replace(case, typings=tuple(t for t in case.typings if t.marker in kept))
    case = with_mtdna(case, whole.truth, mothers(EUROPE), seed=whole.seed)
    table = mothers(EAST_ASIA)
    y, mt = replace(case.settings.y, database=Y_EAST_ASIA), replace(case.settings.mt, database=table.id)
    case = replace(case, haplotypes=(table,), settings=replace(case.settings, y=y, mt=mt))
    return _told_apart("other people", whole, {"": case}, cuts)


def _clans(whole: Whole, cuts: Sequence[int]) -> Claims:
    unknown = _drawn(whole, descent=THETA)
    known = replace(unknown, settings=replace(unknown.settings, y=replace(unknown.settings.y, theta=THETA)))
    return _told_apart("clans", whole, {" unknown": unknown, " known": known}, cuts)


def _told_apart(what: str, whole: Whole, cases: Mapping[str, Case], cuts: Sequence[int]) -> Claims:
    claims = Claims()
    for how, case in cases.items():
        seen = _seen(whole, case)
        for samples in _blocks(cuts):
            _weigh(claims, what + how, seen.cut(samples), whole)
    return claims


def _drawn(whole: Whole, descent: float = 0.0) -> Case:
    case = with_y(whole.case, whole.truth, Y_EAST_ASIA, seed=whole.seed, typed=Y_TYPED, descent=descent)
    return with_mtdna(case, whole.truth, mothers(EAST_ASIA), seed=whole.seed)


def _seen(whole: Whole, case: Case) -> Whole:
    return whole.seen_by(case, scenarios_of(case))


@cache
def mothers(ids: Sequence[str]) -> HaplotypeTable:
    """Control regions of bundled databases, as one table with counts."""
    counts: Counter[tuple[tuple[Span, ...], tuple[str, ...]]] = Counter()
    for id in ids:
        for haplotype, count in bundled_mt_database(id).haplotypes:
            read = haplotype.within(CONTROL)
            counts[read.ranges, read.differences] += count
    known = tuple(KnownHaplotype(float(n), ranges=r, differences=d) for (r, d), n in counts.items())
    return HaplotypeTable(" and ".join(ids), "mt", True, known)


def _blocks(cuts: Sequence[int]) -> Iterator[range]:
    return (range(k * BODIES, (k + 1) * BODIES) for k in cuts)


def _for_one_name_only(without: Problem, lined: Problem) -> Problem:
    """What is done by hand: the lines' LR multiplies that of the first name of a family, and of no other name."""
    families = []
    for plain, full in zip(without.families, lined.families, strict=True):
        nobody: Held = ((),) * len(plain.names)
        one, other = full.ln_given(0, nobody), plain.ln_given(0, nobody)
        possible = np.isfinite(one) & np.isfinite(other)
        ln_lines = np.where(possible, one - np.where(possible, other, 0.0), np.where(np.isfinite(one), 0.0, -math.inf))
        families.append(_multiplied(plain, ln_lines))
    return replace(without, families=tuple(families))


def _multiplied(family: Family, ln_lines: Floats) -> Family:
    def ln_given(at: int, held: Held) -> Floats:
        found = family.ln_given(at, held)
        return found + ln_lines if at == 0 else found

    return Family(family.names, ln_given)


def _weigh(claims: Claims, method: str, problem: Problem, whole: Whole) -> None:
    marginals = solve_exactly(problem).marginals
    with_kin = _with_kin(whole.truth)
    sort(claims, method, marginals, problem, whole, lambda name: _strata(name, with_kin))
    family = np.array([name.partition("/")[0] for name in problem.names])
    for i, sample in enumerate(problem.samples):
        names = marginals[i, : len(problem.names)]
        best = int(names.argmax())
        if family[best] in with_kin and names[best] >= 0.5:
            of_kinsman = float(names[family == family[best]].sum() - names[best])
            person = whole.truth.of[sample]
            is_kinsman = person != problem.names[best] and person.partition("/")[0] == family[best]
            claims.add([f"{method}: {NOT_KINSMAN}"], 1.0 - of_kinsman, not is_kinsman)


def _with_kin(truth: Truth) -> Mapping[str, str]:
    """Family → what its second missing man is to the first."""
    return {person.partition("/")[0]: kin for person, kin in truth.kin.items()}


def _strata(name: str, with_kin: Mapping[str, str]) -> Sequence[str]:
    kin = with_kin.get(name.partition("/")[0])
    return (OTHER,) if kin is None else (RIVAL, kin)


def _work(scale: float, seed: int) -> Outcome:
    pieces = list(_pieces(scale))
    done = (_piece(piece, seed) for piece in pieces)
    claims = gathered(told("lineage_calibration", pieces, seed, done))
    return _outcome(scale, pieces, claims)


def _outcome(scale: float, pieces: Sequence[Piece], claims: Claims) -> Outcome:
    lined = "STR + lines"
    strata = [f"{lined}: {s}" for s in ("name", RIVAL, OTHER, *KIN, "unreferenced", "stranger")]
    bounds = (
        Bound(
            "claims above 0.9995 fewer than promised",
            max(0, math.ceil(CLAIMS * scale) - len(claims.above(f"{lined}: name"))),
            0,
        ),
        Bound(
            "kinsmen among claims above a half, against the 99% quantile of their number",
            *claims.false_above(f"{lined}: {NOT_KINSMAN}", 0.0),
        ),
        Bound("kinsmen among claims above 0.9995, the same", *claims.false_above(f"{lined}: {NOT_KINSMAN}")),
        Bound("false claims above 0.9995, the same", *claims.false_above(f"{lined}: name")),
        Bound("false claims above 0.9995 where a kinsman is a rival", *claims.false_above(f"{lined}: {RIVAL}")),
        Bound("kinsmen where clans are computed", *claims.false_above(f"clans known: {NOT_KINSMAN}", 0.0)),
        Bound("largest miss of a bin's share of true claims, in standard errors", worst_bin(claims, strata), Z),
        Bound("log loss with the lines, against that without", claims.loss(lined), claims.loss("STR")),
    )
    kinsmen = {
        method: {
            "claims": len(rows),
            "kinsmen": sum(not true for _, true in rows),
            "expected": math.fsum(1.0 - p for p, _ in rows),
            "quantile_99": claims.false_above(f"{method}: {NOT_KINSMAN}", 0.0)[1],
            "above_0.9995": claims.false_above(f"{method}: {NOT_KINSMAN}"),
        }
        for method in claims.ln_truth
        if (rows := claims.rows.get(f"{method}: {NOT_KINSMAN}", []))
    }
    incidents = {kind: sum(cuts for k, _, cuts in pieces if k == kind) for kind in PIECES}
    shown = [f"{m}: {s}" for m in ("STR", lined, "for one name only") for s in (RIVAL, OTHER)]
    plot = claims_plot("Claims with Y and mtDNA against the share that is true", claims, shown)
    figures = {"incidents": incidents, "kinsman_named_for_the_other": kinsmen, **claims.figures()}
    return Outcome(sum(incidents.values()), bounds, figures, plot)


def _pieces(scale: float) -> Iterator[Piece]:
    number = 0
    for kind, (incidents, cuts) in PIECES.items():
        fewer = math.ceil(incidents * scale)
        each = min(cuts, math.ceil(cuts * incidents * scale / fewer))
        for _ in range(fewer):
            yield kind, number, each
            number += 1


LINEAGE_CALIBRATION = Study("lineage_calibration", 183_006, _work)
