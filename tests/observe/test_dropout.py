"""Drop-out estimated from what a case shows: replicates of other samples, heights, and the sample itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.random import Generator

from homeward import Refusal
from homeward.case import Case, Family, Remains, Sample, Typing
from homeward.genetics import Locus, Model
from homeward.genetics.dropout import GRID
from homeward.observe import Profiles, Reading, dropout_posterior, gather, with_dropout
from homeward.pedigree import Member, Pedigree

ALLELES = tuple(str(k) for k in range(8, 18))
LOCI = tuple(Locus(f"M{k}", "autosomal", ALLELES, np.full(10, 0.1)) for k in range(24))
MODEL = Model("example", LOCI, dropout="estimated")
FATHER = Family("F", Pedigree([Member("a", sex="male"), Member("b", "a", "m"), Member("m", sex="female")]), ("a",))


def bone(
    rng: Generator, id: str, d: float, replicates: int = 1, height: float | None = None, loci: int = 24
) -> list[Typing]:
    """Typings of one sample whose alleles drop out, homozygotes with the square."""
    rows = []
    for locus in LOCI[:loci]:
        pair = rng.choice(ALLELES, 2)
        for r in range(replicates):
            if pair[0] == pair[1]:
                seen = [pair[0]] if rng.random() >= d * d else []
            else:
                seen = [a for a in pair if rng.random() >= d]
            heights = tuple(height for _ in seen) if height else ()
            rows.append(Typing(id, locus.name, tuple(str(a) for a in seen), r + 1, heights))
    return rows


def profiles(*bones: list[Typing], model: Model = MODEL, **rates: float) -> Profiles:
    names = [rows[0].sample for rows in bones]
    samples = tuple(Sample(n, "remains", n, **rates) for n in names)
    rows = tuple(row for rows in bones for row in rows)
    return gather(Case("c", remains=tuple(Remains(n) for n in names), samples=samples, typings=rows), model)


def prior_mean(found: Profiles, k: int) -> float:
    return sum(r.weight * r.heterozygote for r in found.readings(found.case.samples[k]))


def test_nothing_is_estimated_unless_asked_for() -> None:
    rows = bone(np.random.default_rng(1), "B", 0.0)
    found = profiles(rows, model=replace(MODEL, dropout="stated"))
    assert found.readings(found.case.samples[0]) == (Reading(1.0, 0.0, 0.0, 0.0),)
    assert not found.drops_out(found.case.samples[0])
    stated = profiles(rows, dropout_het=0.2, dropout_hom=0.1)
    assert stated.readings(stated.case.samples[0]) == (Reading(1.0, 0.2, 0.1, 0.0),)


def test_persons_are_not_estimated() -> None:
    rows = tuple(replace(t, sample="s") for t in bone(np.random.default_rng(1), "B", 0.0))
    case = Case("c", families=(FATHER,), samples=(Sample("s", "person", "F/b"),), typings=rows)
    assert not gather(case, MODEL).drops_out(case.samples[0])


def test_a_case_that_tells_nothing_leaves_every_rate_equally_likely() -> None:
    found = profiles(bone(np.random.default_rng(1), "B", 0.3), dropin=0.01)
    readings = found.readings(found.case.samples[0])
    assert [r.heterozygote for r in readings] == list(GRID)
    assert [r.homozygote for r in readings] == [d * d for d in GRID]
    assert {r.dropin for r in readings} == {0.01}
    assert [r.weight for r in readings] == pytest.approx([1 / len(GRID)] * len(GRID))
    assert GRID[0] == pytest.approx(0.005) and GRID[-1] == pytest.approx(0.9) and 9 <= len(GRID) <= 13


@pytest.mark.parametrize("d", [0.05, 0.3, 0.6])
def test_the_replicates_of_other_samples_tell_of_a_sample(d: float) -> None:
    rng = np.random.default_rng(7)
    found = profiles(*(bone(rng, f"B{k}", d, replicates=3) for k in range(6)), bone(rng, "C", d))
    weights = {r.heterozygote: r.weight for r in found.readings(found.case.samples[-1])}
    assert sum(weights.values()) == pytest.approx(1.0)
    nearest = min(GRID, key=lambda x: abs(np.arcsin(x**0.5) - np.arcsin(d**0.5)))
    order = sorted(weights, key=lambda x: -weights[x])
    assert nearest in order[:2]
    assert prior_mean(found, -1) == pytest.approx(d, abs=0.05)


def test_drop_out_of_alleles_never_seen_does_not_bias_it() -> None:
    """Two replicates at d = 0.6: an allele that is seen at all is missing in 0.375 of its typings, not in 0.6."""
    rng = np.random.default_rng(11)
    found = profiles(*(bone(rng, f"B{k}", 0.6, replicates=2) for k in range(40)), bone(rng, "C", 0.6))
    assert prior_mean(found, -1) == pytest.approx(0.6, abs=0.05)


def test_a_sample_s_own_replicates_are_no_part_of_its_prior() -> None:
    rng = np.random.default_rng(3)
    bones = [bone(rng, f"B{k}", 0.2, replicates=3) for k in range(4)]
    one = profiles(*bones, bone(rng, "C", 0.05, replicates=3))
    other = profiles(*bones, bone(rng, "C", 0.7, replicates=3))
    assert one.readings(one.case.samples[-1]) == other.readings(other.case.samples[-1])
    assert one.readings(one.case.samples[0]) != other.readings(other.case.samples[0])


def test_lower_peaks_drop_out_more() -> None:
    """logit d = 12 − 2 ln height: a sample typed once is judged by its height alone."""
    rng = np.random.default_rng(5)
    heights = [100.0, 200.0, 300.0, 400.0, 500.0, 700.0, 1000.0, 1500.0]
    rate = {h: 1 / (1 + np.exp(-(12 - 2 * np.log(h)))) for h in heights}
    bones = [bone(rng, f"B{k}{h:g}", rate[h], replicates=3, height=h) for h in heights for k in range(2)]
    low, high = bone(rng, "low", 0.5, height=150.0), bone(rng, "high", 0.5, height=1200.0)
    unknown = bone(rng, "unknown", 0.5)
    found = profiles(*bones, low, high, unknown)
    for k, h in ((-3, 150.0), (-2, 1200.0)):
        assert prior_mean(found, k) == pytest.approx(1 / (1 + np.exp(-(12 - 2 * np.log(h)))), abs=0.08)
    wide = [r.weight for r in found.readings(found.case.samples[-1])]
    assert max(wide) < max(r.weight for r in found.readings(found.case.samples[-2]))


@pytest.mark.parametrize("d", [0.05, 0.25, 0.6])
def test_a_sample_tells_of_its_own_drop_out(d: float) -> None:
    rng = np.random.default_rng(13)
    inside = 0
    for k in range(20):
        found = profiles(bone(rng, f"B{k}", d, replicates=2, height=300.0))
        mean, low, high, height = dropout_posterior(found, found.case.samples[0], MODEL)
        assert height == pytest.approx(300.0)
        assert low < mean < high
        assert mean == pytest.approx(d, abs=0.17)
        inside += low <= d <= high
    assert inside >= 17


def test_the_posterior_by_hand() -> None:
    """One locus, one allele seen: P = Σ_g P(g) e(g) = p² (1 − d²) + 2 p (1 − p) d (1 − d)."""
    found = profiles([Typing("B", "M0", ("8",))])
    mean, _, _, height = dropout_posterior(found, found.case.samples[0], MODEL)
    d = np.array(GRID)
    likelihood = 0.01 * (1 - d * d) + 0.18 * d * (1 - d)
    assert mean == pytest.approx((likelihood * d).sum() / likelihood.sum())
    assert height is None


def test_stated_drop_out_is_its_own_posterior() -> None:
    found = profiles([Typing("B", "M0", ("8",))], dropout_het=0.2, dropout_hom=0.1)
    assert dropout_posterior(found, found.case.samples[0], MODEL) == (pytest.approx(0.2), 0.2, 0.2, None)


def test_readings_are_read_one_by_one_and_averaged_otherwise() -> None:
    found = profiles([Typing("B", "M0", ("8",), 1), Typing("B", "M0", ("9",), 2)])
    sample = found.case.samples[0]
    values = []
    for r in found.readings(sample):
        e = found.evidence(sample, LOCI[0], "unknown", r)
        assert e is not None
        one = with_dropout(("8",), LOCI[0], "unknown", r.heterozygote, r.heterozygote**2)
        assert e == one.times(with_dropout(("9",), LOCI[0], "unknown", r.heterozygote, r.heterozygote**2))
        values.append(r.weight * e.values[0])
    mixed = found.evidence(sample, LOCI[0], "unknown")
    assert mixed is not None and mixed.genotypes == ((0, 1),)
    assert mixed.values[0] == pytest.approx(sum(values))
    assert found.evidence(sample, LOCI[1], "unknown") is None


def test_three_alleles_need_drop_in() -> None:
    rows = [Typing("B", "M0", (a,), k) for k, a in enumerate(("8", "9", "10"), 1)]
    with pytest.raises(Refusal) as refused:
        profiles(rows)
    assert [(f.code, f.column) for f in refused.value.faults] == [("impossible-dropout", "dropin")]
    assert profiles(rows, dropin=0.05).case.name == "c"


def test_a_y_may_have_dropped_out_where_drop_out_is_estimated() -> None:
    rows = [*bone(np.random.default_rng(1), "B", 0.0), Typing("B", "AMEL", ("X", "X"))]
    assert profiles(rows).sex["B"] == "unknown"
    assert profiles(rows, model=replace(MODEL, dropout="stated")).sex["B"] == "female"


def test_replicates_that_say_nothing_sure_are_no_data() -> None:
    rng = np.random.default_rng(2)
    vague = [Typing("V", "M0", a, k) for k, a in enumerate((("8", "?"), ("9", "?"), ("8|9", "?")), 1)]
    found = profiles(vague, bone(rng, "C", 0.3))
    assert [r.weight for r in found.readings(found.case.samples[1])] == pytest.approx([1 / len(GRID)] * len(GRID))


def test_mistyping_is_of_the_living_unless_stated() -> None:
    model = replace(MODEL, dropout="stated", mistyping=0.01)
    typings = tuple(Typing(s, "M0", ("8", "9")) for s in ("p", "b", "own"))
    samples = (Sample("p", "person", "F/b"), Sample("b", "remains", "b"), Sample("own", "person", "F/b", mistyping=0.0))
    case = Case("c", families=(FATHER,), remains=(Remains("b"),), samples=samples, typings=typings)
    found = gather(case, model)
    assert [found.mistyping_of(s) for s in samples] == [0.01, 0.0, 0.0]
    e = [found.evidence(s, LOCI[0], "unknown") for s in samples]
    assert len(e[0].genotypes) == 55 and e[1].is_call and e[2].is_call
    assert dict(zip(e[0].genotypes, e[0].values, strict=True))[0, 1] == pytest.approx(0.99 + 0.01 * 0.02)


def test_differing_calls_are_a_fault_or_a_mistake() -> None:
    rows = [Typing("B", "M0", ("8", "9"), 1), Typing("B", "M0", ("8", "10"), 2)]
    stated = replace(MODEL, dropout="stated")
    with pytest.raises(Refusal) as refused:
        profiles(rows, model=stated)
    assert [f.code for f in refused.value.faults] == ["conflicting-replicates"]
    found = profiles(rows, model=stated, mistyping=0.02)
    e = found.evidence(found.case.samples[0], LOCI[0], "unknown")
    other = 0.02 * 0.02
    values = dict(zip(e.genotypes, e.values, strict=True))
    assert values[0, 1] == pytest.approx((0.98 + other) * other)
    assert values[3, 3] == pytest.approx(other**2)


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        (("8", "8|9"), ("8", "9"), False),
        (("8", "8|9"), ("8", "8"), False),
        (("8|9", "10"), ("9|11", "10"), False),
        (("8|9", "10"), ("11", "10"), True),
        (("8|9", "?"), ("10", "11"), True),
        (("8|9", "?"), ("9", "11"), False),
        (("8", "?"), ("9", "?"), False),
        (("8", "8"), ("9", "?"), True),
    ],
)
def test_calls_that_may_be_one_genotype_do_not_conflict(first, second, conflict) -> None:
    stated = replace(MODEL, dropout="stated")
    for a, b in product((first, second), repeat=2):
        rows = [Typing("B", "M0", a, 1), Typing("B", "M0", b, 2)]
        if a != b and conflict:
            with pytest.raises(Refusal):
                profiles(rows, model=stated)
        else:
            assert profiles(rows, model=stated).evidence(Sample("B", "remains", "B"), LOCI[0], "male").genotypes


@pytest.mark.parametrize(
    ("calls", "conflict"),
    [
        ((("35", "37", "38"),), False),
        ((("35", "37", "38"), ("35", "37", "38")), False),
        ((("35", "37", "38"), ("35", "37", "38|39")), False),
        ((("35", "37", "38"), ("35", "?")), False),
        ((("35", "?"), ("37", "?")), False),
        ((("35", "37", "38"), ("35", "37")), True),
        ((("35",), ("37", "?")), True),
    ],
)
def test_a_man_may_have_any_number_of_copies_of_a_marker_of_the_y(calls, conflict) -> None:
    rows = [Typing("B", "DYF387S1", call, n) for n, call in enumerate(calls, 1)]
    if conflict:
        with pytest.raises(Refusal) as refused:
            profiles(rows, model=replace(MODEL, dropout="stated"))
        assert [f.code for f in refused.value.faults] == ["conflicting-replicates"]
    else:
        assert profiles(rows, model=replace(MODEL, dropout="stated")).typings["B"]["DYF387S1"] == tuple(rows)
