"""The weight of haplotypes along a line, against enumeration and against hand-worked figures."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.random import default_rng

from homeward.genetics import Model
from homeward.genetics.lineage import Founders, LineageModel, Observed, Site
from homeward.identify.lineage import lineage_terms, same_line_terms, weights_of
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import SiteArrays, line_of, line_table, lines_of, oracle_line
from homeward.pedigree import Member, Pedigree


def sites(rng: np.random.Generator, n: int = 3, states: int = 3) -> tuple[Site, ...]:
    return tuple(Site(f"S{k}", tuple("abcdef"[:states]), rng.dirichlet(np.ones(states), size=states)) for k in range(n))


def founders(rng: np.random.Generator, of: tuple[Site, ...], components: int = 2) -> Founders:
    each = tuple(rng.dirichlet(np.ones(len(s.states)), size=components) for s in of)
    return Founders(rng.dirichlet(np.ones(components)), each)


FAMILY = Pedigree(
    [
        Member("gf", sex="male"),
        Member("gm", sex="female"),
        Member("f", "gf", "gm", sex="male"),
        Member("u", "gf", "gm", sex="male"),
        Member("a", "gf", "gm", sex="female"),
        Member("m", sex="female"),
        Member("h", sex="male"),
        Member("c", "f", "m", sex="male"),
        Member("d", "f", "m", sex="female"),
        Member("n", "h", "a", sex="male"),
    ]
)


def test_a_line_is_who_hands_it_on() -> None:
    (y,) = [line for line in lines_of(FAMILY, "Y") if "gf" in line.place]
    assert set(y.place) == {"gf", "f", "u", "c"}
    (mt,) = [line for line in lines_of(FAMILY, "mt") if "gm" in line.place]
    assert set(mt.place) == {"gm", "f", "u", "a", "n"}
    assert line_of(FAMILY, "d", "Y") is None
    assert y.meioses("c", "u") == 3
    assert mt.meioses("n", "f") == 3
    assert mt.meioses("n", "gm") == 2


def test_twins_share_one_place() -> None:
    twins = Pedigree(
        [
            Member("f", sex="male"),
            Member("m", sex="female"),
            Member("a", "f", "m", sex="male", twin="x"),
            Member("b", "f", "m", sex="male", twin="x"),
        ]
    )
    line = line_of(twins, "a", "Y")
    assert line is not None
    assert line.meioses("a", "b") == 0


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_peeling_is_enumeration(seed: int, proper: bool) -> None:
    rng = default_rng(seed)
    of = sites(rng)
    prior = founders(rng, of) if proper else None
    arrays = SiteArrays(of, prior)
    line = line_of(FAMILY, "f", "Y")
    assert line is not None
    for at in range(len(line.parent)):
        seen = {
            k: [Observed({i: rng.random(3) for i in range(3) if rng.random() < 0.8})]
            for k in range(len(line.parent))
            if k != at and rng.random() < 0.7
        }
        table = line_table(arrays, line, {k: arrays.evidence(each[0]) for k, each in seen.items()}, at)
        found = sum(w * np.prod(t.sum(axis=1)) for w, t in zip(arrays.weights, table, strict=True))
        assert found == pytest.approx(oracle_line(of, line, seen, prior), rel=1e-12)


def model_of(
    rng: np.random.Generator, shown: dict[str, Observed], *, proper: bool = True, theta: float = 0.0
) -> LineageModel:
    of = sites(rng)
    return LineageModel(
        "Y", of, shown, lambda sample, at: 0.05, founders=founders(rng, of) if proper else None, theta=theta
    )


def random_seen(rng: np.random.Generator, names: str, typed: float = 0.8) -> dict[str, Observed]:
    return {s: Observed({i: rng.random(3) for i in range(3) if rng.random() < typed}) for s in names}


@pytest.mark.parametrize("seed", range(5))
def test_lr_is_the_ratio_of_enumerated_likelihoods(seed: int) -> None:
    """LR = P(family, sample | related) / (P(family) P(sample in another such line)) if the prior is a distribution."""
    rng = default_rng(seed)
    shown = random_seen(rng, "CU") | {"B": Observed({0: rng.random(3), 2: rng.random(3)})}
    model = model_of(rng, shown)
    line = line_of(FAMILY, "f", "Y")
    assert line is not None
    family = {line.place["c"]: [shown["C"]], line.place["u"]: [shown["U"]]}
    both = oracle_line(model.sites, line, family | {line.place["f"]: [shown["B"]]}, model.founders)
    apart = oracle_line(model.sites, line, family, model.founders)
    apart *= oracle_line(model.sites, line, {line.place["f"]: [shown["B"]]}, model.founders)
    column = Column("f", "f", FAMILY, {}, (("c", "C"), ("u", "U")))
    (block,) = lineage_terms([Typed("B", {}, ("B",))], [column], Model("P", (), lineages=(model,)))
    assert block.ln_lr[0, 0] == pytest.approx(math.log(both / apart), abs=1e-10)


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_placing_does_not_matter(seed: int, theta: float, proper: bool) -> None:
    rng = default_rng(seed)
    names = "RSTV"
    model = model_of(rng, random_seen(rng, names, 0.7), proper=proper, theta=theta)
    weights = weights_of(model)
    line = line_of(FAMILY, "f", "Y")
    assert line is not None
    people = dict(zip(names, ["c", "f", "u", "gf"], strict=True))
    totals = []
    for order in itertools.permutations("STV"):
        held = [("c", "R")]
        total = 0.0
        for s in order:
            column = Column(people[s], people[s], FAMILY, {}, tuple(held))
            (block,) = lineage_terms([Typed(s, {}, (s,))], [column], Model("P", (), lineages=(model,)))
            total += 0.0 if np.isnan(block.ln_lr[0, 0]) else float(block.ln_lr[0, 0])
            held.append((people[s], s))
        totals.append(total)
    everything = weights.in_line(line, [(people[s], s) for s in names])
    assert totals == pytest.approx([weights.ln_set(line, everything)] * 6, abs=1e-9)


def hard(state: int) -> Observed:
    return Observed({0: np.eye(3)[state]})


def stated(frequency: float, *, theta: float = 0.0, mutation: float = 0.0) -> LineageModel:
    step = (1 - mutation) * np.eye(3) + mutation / 2 * (np.ones((3, 3)) - np.eye(3))
    shown = {"ref": hard(0), "bone": hard(0), "bone2": hard(0), "other": hard(1)}
    return LineageModel("Y", (Site("h", ("a", "b", "c"), step),), shown, lambda s, at: frequency, theta=theta)


def test_a_match_without_mutation_weighs_one_over_the_frequency() -> None:
    column = Column("u", "u", FAMILY, {}, (("c", "ref"),))
    samples = [Typed("bone", {}, ("bone",)), Typed("other", {}, ("other",))]
    (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(stated(0.0025),)))
    assert math.exp(block.ln_lr[0, 0]) == pytest.approx(400.0)
    assert block.ln_lr[1, 0] == -math.inf
    (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(stated(0.0025, mutation=0.003),)))
    m = 0.0015
    assert math.exp(block.ln_lr[1, 0]) == pytest.approx(3 * m / 0.0025, rel=0.02)


def test_a_second_sighting_weighs_theta() -> None:
    samples = [Typed("bone", {}, ("bone",)), Typed("bone2", {}, ("bone2",))]
    (ln_lr,) = same_line_terms(samples, Model("P", (), lineages=(stated(0.0025, theta=0.01),)))
    assert math.exp(ln_lr[0, 1]) == pytest.approx(1 / (0.01 + 0.99 * 0.0025))
    assert math.exp(ln_lr[1, 0]) == pytest.approx(1 / (0.01 + 0.99 * 0.0025))


@pytest.mark.parametrize("seed", range(3))
def test_expected_lr_is_one(seed: int) -> None:
    """Σ over all haplotypes of P(haplotype) LR(haplotype) = 1 for every table."""
    rng = default_rng(seed)
    every = list(itertools.product(range(3), repeat=3))
    names = {f"x{k}": Observed({i: np.eye(3)[s] for i, s in enumerate(h)}) for k, h in enumerate(every)}
    shown = {"R": Observed({0: rng.random(3), 1: rng.random(3), 2: rng.random(3)}), **names}
    model = model_of(rng, shown)
    column = Column("u", "u", FAMILY, {}, (("c", "R"),))
    samples = [Typed(s, {}, (s,)) for s in names]
    (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(model,)))
    weights = weights_of(model)
    line = line_of(FAMILY, "u", "Y")
    assert line is not None
    p = np.exp([weights.ln_of_single(weights.ln_single(line, line.place["u"], s)) for s in names])
    assert p.sum() == pytest.approx(1.0)
    assert (p * np.exp(block.ln_lr[:, 0])).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("theta", [0.001, 0.05])
def test_a_step_apart_is_no_stronger_than_common_descent_allows(theta: float) -> None:
    """Who shares the haplotype outside the pedigree may differ by mutation too: no LR is above 1/θ."""
    column = Column("u", "u", FAMILY, {}, (("c", "ref"),))
    samples = [Typed("bone", {}, ("bone",)), Typed("other", {}, ("other",))]
    model = stated(1e-9, theta=theta, mutation=0.003)
    (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(model,)))
    same, apart = np.exp(block.ln_lr[:, 0])
    assert 0.9 / theta < same <= 1 / theta
    assert apart <= 1 / theta
