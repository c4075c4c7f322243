"""Haplotypes in the joint posterior: every way to the weights gives one answer, and listed kinsmen share a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

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
    PersonRecord,
    Remains,
    Sample,
    Settings,
    Span,
    Typing,
    merge_families,
)
from homeward.faults import Refusal
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.solve import problems_of, solve, units_of
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.pedigree import Member, Pedigree

KIN = Pedigree(
    [
        Member("gf", sex="male"),
        Member("gm", sex="female"),
        Member("m1", "gf", "gm", sex="male"),
        Member("m2", "gf", "gm", sex="male"),
        Member("w", sex="female"),
        Member("c", "m1", "w", sex="male"),
        Member("sis", "gf", "gm", sex="female"),
    ]
)
OTHER = Pedigree([Member("x", sex="male"), Member("v", sex="female"), Member("d", "x", "v", sex="male")])


def y_rows(sample: str, *repeats: int) -> list[Typing]:
    return [Typing(sample, m, (str(n),)) for m, n in zip(("DYS19", "DYS390", "DYS391"), repeats, strict=True) if n]


def table() -> HaplotypeTable:
    rng = default_rng(5)
    known = [
        KnownHaplotype(1.0, {m: (str(n),) for m, n in zip(("DYS19", "DYS390", "DYS391"), r, strict=True)})
        for r in rng.integers([13, 22, 9], [17, 26, 12], size=(60, 3)).tolist()
    ]
    return HaplotypeTable("men", "Y", True, tuple(known))


def incident(estimator: str = "discrete-laplace", *, samples_are: str = "bodies", theta: float = 0.0) -> Case:
    strs = [
        Typing(s, "TH01", a)
        for s, a in {
            "B1": ("6", "9"),
            "B2": ("7", "9"),
            "B3": ("6", "7"),
            "R1": ("6", "9"),
            "R2": ("7", "8"),
        }.items()
    ]
    y = [
        *y_rows("B1", 14, 24, 10),
        *y_rows("B2", 14, 24, 0),
        *y_rows("B3", 15, 23, 11),
        *y_rows("R1", 14, 25, 10),
        *y_rows("R2", 15, 23, 11),
    ]
    mt = [
        MtTyping("B1", (Span(16024, 16365),), ("16223T",)),
        MtTyping("B3", (Span(16100, 16365),), ()),
        MtTyping("S", (Span(16024, 16365),), ("16223T", "16311C")),
    ]
    mothers = [
        KnownHaplotype(30.0, ranges=(Span(16024, 16365),), differences=()),
        KnownHaplotype(9.0, ranges=(Span(16024, 16365),), differences=("16223T",)),
        KnownHaplotype(1.0, ranges=(Span(16024, 16365),), differences=("16223T", "16311C")),
    ]
    return Case(
        "kin",
        families=(Family("F", KIN, ("m1", "m2")), Family("G", OTHER, ("x",))),
        listed=(ListedPerson("u1"), ListedPerson("u2")),
        remains=tuple(Remains(b) for b in ("B1", "B2", "B3")),
        samples=(
            *(Sample(b, "remains", b) for b in ("B1", "B2", "B3")),
            Sample("R1", "person", "F/c"),
            Sample("S", "person", "F/sis"),
            Sample("R2", "person", "G/d"),
        ),
        typings=(*strs, *y),
        mt=tuple(mt),
        haplotypes=(table(), HaplotypeTable("mothers", "mt", True, tuple(mothers))),
        settings=Settings(
            incident=Incident(strangers=0.1, samples_are=samples_are),  # type: ignore[arg-type]
            model=ModelSettings(population=(("JPN_GF1501", 1.0),), mutation="default"),
            y=LineageSettings(estimator, "men", theta=theta),  # type: ignore[arg-type]
            mt=LineageSettings("augmented-count", "mothers", theta=theta),
        ),
    )


def problem(case: Case) -> Problem:
    scenarios = scenarios_of(case)
    profiles = [gather(case, s.model) for s in scenarios]
    merging = merge_families(case)
    views = views_of(scenarios, profiles, merging, [s for s in case.samples if s.of == "remains"])
    (found,) = problems_of(case, views, profiles, merging, units_of(case, views[0]))
    return found


ESTIMATORS = ("discrete-laplace", "augmented-count", "brenner-kappa", "clopper-pearson")


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_tables_of_a_family_are_the_chain_rule(estimator: str, theta: float) -> None:
    given = problem(incident(estimator, theta=theta))
    family = next(f for f in given.families if len(f.names) == 2)
    assert family.ways is not None
    found = family.ways([1, 2, 4], np.ones((3, 2), dtype=bool))
    assert found is not None
    chosen, ln = found
    assert len(chosen) == 13
    for row, weight in zip(chosen.tolist(), ln.tolist(), strict=True):
        for order in ((0, 1), (1, 0)):
            held: list[tuple[int, ...]] = [(), ()]
            total = 0.0
            for name in order:
                if row[name] >= 0:
                    total += float(family.ln_given(name, tuple(held))[row[name]])
                    held[name] = (row[name],)
            assert total == pytest.approx(weight, abs=1e-9)


@pytest.mark.parametrize("samples_are", ["bodies", "fragments"])
@pytest.mark.parametrize("estimator", ["discrete-laplace", "augmented-count"])
def test_exact_is_enumeration(estimator: str, samples_are: str) -> None:
    from homeward.identify.joint.oracle import solve_by_enumeration

    given = problem(incident(estimator, samples_are=samples_are))
    exact, slow = solve(given, seed=1, method="exact"), solve_by_enumeration(given)
    assert exact.marginals == pytest.approx(slow.marginals, abs=1e-9)
    assert exact.same_body == pytest.approx(slow.same_body, abs=1e-9)


def test_a_brother_on_the_list_carries_the_same_y() -> None:
    """The Y takes the unrelated names' share and leaves the odds of two brothers as they were."""
    case = incident("augmented-count")
    rigid = replace(
        case.settings, y=replace(case.settings.y, mutation="none"), mt=replace(case.settings.mt, database="")
    )
    same = [replace(t, alleles=("24",)) if (t.sample, t.marker) == ("R1", "DYS390") else t for t in case.typings]
    case = replace(case, settings=rigid, typings=tuple(same), mt=())
    found = identify(case, scenarios_of(case), seed=1)
    without = replace(case, settings=replace(rigid, y=replace(rigid.y, database="")))
    plain = identify(without, scenarios_of(without), seed=1)
    one, two = (found.pair["B1", f"F/m{k}"] for k in (1, 2))
    bare_one, bare_two = (plain.pair["B1", f"F/m{k}"] for k in (1, 2))
    assert one.log10_lr is not None and two.log10_lr is not None
    assert bare_one.log10_lr is not None and bare_two.log10_lr is not None
    assert one.log10_lr - two.log10_lr == pytest.approx(bare_one.log10_lr - bare_two.log10_lr)
    assert one.log10_lr - bare_one.log10_lr > 1.0
    assert {t.kind for t in one.terms} == {"autosomal", "Y"}


def test_haplotypes_without_a_table_are_not_weighed() -> None:
    case = incident()
    case = replace(
        case,
        settings=replace(case.settings, y=LineageSettings("discrete-laplace"), mt=LineageSettings("augmented-count")),
    )
    (scenario,) = scenarios_of(case)
    assert scenario.model.lineages == ()


def test_a_listed_man_of_the_clan_is_no_unrelated_man() -> None:
    """By hand: with f of the haplotype and θ of the clan, he weighs (θ + (1 − θ) f) / f of an unreferenced name."""
    case = incident("augmented-count")
    y = replace(case.settings.y, mutation="none", theta_clan=0.2)
    settings = replace(case.settings, y=y, mt=replace(case.settings.mt, database=""))
    same = [t for t in case.typings if t.sample in ("B1", "R1")]
    same = [replace(t, alleles=("24",)) if t.marker == "DYS390" else t for t in same if t.marker.startswith("DYS")]
    family = replace(case.families[0], records={"c": PersonRecord(clan="Gimhae")})
    case = replace(
        case,
        families=(family, case.families[1]),
        listed=(ListedPerson("u1", "male", clan="Gimhae"), ListedPerson("u2", "male")),
        remains=(Remains("B1"),),
        samples=(Sample("B1", "remains", "B1"), Sample("R1", "person", "F/c")),
        typings=tuple(same),
        mt=(),
        settings=settings,
    )
    found = identify(case, scenarios_of(case), seed=1)
    assert found.joint is not None
    posterior = found.joint.posterior
    f = (1 + sum(all(h.alleles[t.marker] == t.alleles for t in same) for h in case.haplotypes[0].haplotypes)) / 61
    weight = {"F/m1": 1 / f, "F/m2": 1 / f, "G/x": 1.0, "u1": (0.2 + 0.8 * f) / f, "u2": 1.0}
    listed = sum(weight.values()) * (1 - 0.1) / 5
    total = listed + 0.1
    at = posterior.names.index("F/m1")
    assert posterior.marginals[0, at] == pytest.approx(weight["F/m1"] * 0.18 / total)
    (outside,) = found.outside
    assert outside.unreferenced == pytest.approx((weight["u1"] + weight["u2"] + weight["G/x"]) * 0.18 / total)


def test_a_family_whose_line_cannot_be_is_refused_by_name() -> None:
    """Two brothers' sons of one line with two haplotypes, and no mutation: the register or a typing is wrong."""
    case = incident("augmented-count")
    settings = replace(
        case.settings, y=replace(case.settings.y, mutation="none"), mt=LineageSettings("augmented-count")
    )
    nephew = Member("n", "m2", "x2", sex="male")
    pedigree = Pedigree([*KIN, Member("x2", sex="female"), nephew])
    other = y_rows("R3", 16, 22, 9)
    case = replace(
        case,
        families=(replace(case.families[0], pedigree=pedigree), case.families[1]),
        samples=(*case.samples, Sample("R3", "person", "F/n")),
        typings=(*case.typings, *other),
        mt=(),
        settings=settings,
    )
    with pytest.raises(Refusal) as refusal:
        identify(case, scenarios_of(case), seed=1)
    assert {(f.code, f.marker) for f in refusal.value.faults} == {("impossible-family", "Y")}
    assert {f.value for f in refusal.value.faults} == {"F/m1", "F/m2"}


def vague(case: Case, **alleles: str) -> Case:
    """The case with other calls at DYS390."""
    changed = [
        replace(t, alleles=(alleles[t.sample],)) if t.marker == "DYS390" and t.sample in alleles else t
        for t in case.typings
    ]
    return replace(case, typings=tuple(changed), mt=())


@pytest.mark.parametrize("reference, bone", [("24|25", "24"), ("24", "24|25"), ("24|25", "24|25")])
def test_a_vague_call_counts_everybody_it_may_be(reference: str, bone: str) -> None:
    """By hand: (x + 1) / (n + 1) of the men who have 24 or 25, one correction for both."""
    case = incident("augmented-count")
    rigid = replace(
        case.settings, y=replace(case.settings.y, mutation="none"), mt=replace(case.settings.mt, database="")
    )
    case = vague(replace(case, settings=rigid), R1=reference, B1=bone)
    men = [{m: a[0] for m, a in h.alleles.items()} for h in case.haplotypes[0].haplotypes]
    x = sum(m["DYS19"] == "14" and m["DYS390"] in ("24", "25") and m["DYS391"] == "10" for m in men)
    found = identify(case, scenarios_of(case), seed=1)
    (y,) = [t for t in found.pair["B1", "F/m1"].terms if t.kind == "Y"]
    assert y.log10_lr == pytest.approx(np.log10((len(men) + 1) / (x + 1)))


def test_a_haplotype_of_two_families_weighs_as_one_seen_twice() -> None:
    """Both families' references show it: 1 / ((2θ + (1 − θ) f) / (1 + θ)) for either."""
    theta = 0.02
    case = incident("augmented-count", theta=theta)
    rigid = replace(
        case.settings, y=replace(case.settings.y, mutation="none"), mt=replace(case.settings.mt, database="")
    )
    kept = [t for t in case.typings if not (t.sample == "R2" and t.marker.startswith("DYS"))]
    case = vague(replace(case, settings=rigid, typings=(*kept, *y_rows("R2", 14, 24, 10))), R1="24")
    men = [tuple(a[0] for a in h.alleles.values()) for h in case.haplotypes[0].haplotypes]
    f = (men.count(("14", "24", "10")) + 1) / (len(men) + 1)
    found = identify(case, scenarios_of(case), seed=1)
    for name in ("F/m1", "F/m2", "G/x"):
        (y,) = [t for t in found.pair["B1", name].terms if t.kind == "Y"]
        assert 10**y.log10_lr == pytest.approx((1 + theta) / (2 * theta + (1 - theta) * f))


@pytest.mark.parametrize("reference, bone", [("16223Y", "16223T"), ("16223T", "16223Y"), ("16223N", "16223T")])
def test_a_mixture_of_bases_counts_everybody_who_has_either(reference: str, bone: str) -> None:
    """By hand: 39 of the 40 women have C or T at 16223 and nothing else; (39 + 1) / (40 + 1)."""
    case = incident("augmented-count")
    settings = replace(
        case.settings, y=replace(case.settings.y, database=""), mt=replace(case.settings.mt, mutation="none")
    )
    read = (Span(16024, 16365),)
    mt = (MtTyping("B1", read, (bone,)), MtTyping("S", read, (reference,)))
    case = replace(case, mt=mt, settings=settings)
    found = identify(case, scenarios_of(case), seed=1)
    (line,) = [t for t in found.pair["B1", "F/m1"].terms if t.kind == "mt"]
    assert line.log10_lr == pytest.approx(-np.log10(40 / 41), abs=1e-4)
