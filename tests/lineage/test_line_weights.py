"""The weight of haplotypes along a line, against enumeration and against hand-worked figures."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.random import default_rng

from homeward.genetics import Model
from homeward.genetics.lineage import Founders, LineageModel, Observed, Site
from homeward.genetics.y import y_sites
from homeward.identify.line_weights import weights_of
from homeward.identify.lineage import lineage_terms, same_line_terms
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import line_of, line_table, lines_of, oracle_line
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
    line = line_of(FAMILY, "f", "Y")
    assert line is not None
    for at in range(len(line.parent)):
        people = [k for k in range(len(line.parent)) if k != at and rng.random() < 0.7] * 2
        shown = {f"s{n}": one for n, one in enumerate(random_seen(rng, "abcdefgh"[: len(people)]).values())}
        model = LineageModel("Y", of, shown, lambda sample, at: 0.05, founders=prior)
        weights = weights_of(model)
        seen = tuple(zip(people, shown, strict=True))
        table = line_table(weights.arrays, line, weights.at_places(seen), at)
        typed = weights.sites_of(weights.typed(shown))
        found = sum(w * np.prod(t[typed].sum(axis=1)) for w, t in zip(weights.arrays.weights, table, strict=True))
        sightings = [(place, shown[s]) for place, s in seen]
        # without a distribution there is no telling the samples' evidence from a multiple of it
        scale = 1.0 if proper else math.prod(e.max() for _, o in sightings for e in o.sites.values())
        assert found * scale == pytest.approx(oracle_line(of, line, sightings, prior), rel=1e-9)


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
    family = [(line.place["c"], shown["C"]), (line.place["u"], shown["U"])]
    both = oracle_line(model.sites, line, [*family, (line.place["f"], shown["B"])], model.founders)
    apart = oracle_line(model.sites, line, family, model.founders)
    apart *= oracle_line(model.sites, line, [(line.place["f"], shown["B"])], model.founders)
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
    p = np.exp([weights.ln_of_single(weights.ln_single(s)) for s in names])
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


def lineal(above: int, below: int) -> Pedigree:
    """A man `m`, so many untyped forefathers above him, and a son `c` so many generations below."""
    men = [f"a{k}" for k in range(above)] + ["m"] + [f"d{k}" for k in range(below - 1)] + ["c"]
    members = [Member(men[0], sex="male")]
    for father, son in itertools.pairwise(men):
        members += [Member(f"w{son}", sex="female"), Member(son, father, f"w{son}", sex="male")]
    return Pedigree(members)


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("theta", [0.0, 0.01])
@pytest.mark.parametrize("seed", range(3))
def test_untyped_forefathers_change_nothing(seed: int, theta: float, proper: bool) -> None:
    rng = default_rng(seed)
    model = model_of(rng, random_seen(rng, "RB"), proper=proper, theta=theta)
    found = []
    for above in (0, 1, 5):
        column = Column("m", "m", lineal(above, 2), {}, (("c", "R"),))
        (block,) = lineage_terms([Typed("B", {}, ("B",))], [column], Model("P", (), lineages=(model,)))
        found.append(float(block.ln_lr[0, 0]))
    assert found == pytest.approx([found[0]] * 3, abs=1e-9)


@pytest.mark.parametrize("proper", [True, False])
@pytest.mark.parametrize("theta", [0.0, 0.01])
def test_further_samples_of_a_body_change_nothing(theta: float, proper: bool) -> None:
    """A rare haplotype near a frequent one, three meioses from the reference: each sample tells what the first did."""
    step = np.array([[0.95, 0.05, 0.0], [0.05, 0.9, 0.05], [0.0, 0.05, 0.95]])
    of = (Site("S0", ("a", "b", "c"), step), Site("S1", ("a", "b", "c"), step))
    prior = np.array([[0.95, 0.04, 0.01]])
    shown = {s: Observed({0: np.eye(3)[2], 1: np.eye(3)[1]}) for s in ("R", "B", "B2", "B3")}
    founder = Founders(np.ones(1), (prior, prior)) if proper else None
    model = LineageModel("Y", of, shown, lambda s, at: 0.0004, founders=founder, theta=theta)
    column = Column("m", "m", lineal(2, 3), {}, (("c", "R"),))
    samples = [Typed("B", {}, ("B",)), Typed("B", {}, ("B", "B2")), Typed("B", {}, ("B", "B2", "B3"))]
    (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(model,)))
    assert block.ln_lr[1, 0] == pytest.approx(block.ln_lr[0, 0], abs=1e-9)
    assert block.ln_lr[2, 0] == pytest.approx(block.ln_lr[0, 0], abs=1e-9)


def test_a_match_of_a_rare_haplotype_is_weighed_where_it_was_seen() -> None:
    """By hand: P(same after three meioses) over the frequency, however the frequent neighbour mutates."""
    step = np.array([[0.99, 0.01], [0.01, 0.99]])
    shown = {s: Observed({0: np.eye(2)[1]}) for s in ("R", "B")}
    model = LineageModel(
        "Y",
        (Site("S", ("a", "b"), step),),
        shown,
        lambda s, at: 0.0,
        founders=Founders(np.ones(1), (np.array([[0.999, 0.001]]),)),
    )
    column = Column("m", "m", lineal(1, 3), {}, (("c", "R"),))
    (block,) = lineage_terms([Typed("B", {}, ("B",))], [column], Model("P", (), lineages=(model,)))
    assert math.exp(block.ln_lr[0, 0]) == pytest.approx(np.linalg.matrix_power(step, 3)[1, 1] / 0.001)


def counted(
    frequencies: dict[str, float], shown: dict[str, str], *, theta: float = 0.0, descent: dict[str, str] | None = None
) -> LineageModel:
    """One site without mutation; samples show one or several of the states, with the frequency of all they may be."""
    states = tuple(frequencies)
    seen = {s: Observed({0: np.array([float(state in options) for state in states])}) for s, options in shown.items()}
    return LineageModel(
        "Y",
        (Site("h", states, np.eye(len(states))),),
        seen,
        lambda s, at: sum(frequencies[state] for state in shown[s]),
        theta=theta,
        descent=descent or {},
    )


@pytest.mark.parametrize("order", [("ref", "bone"), ("bone", "ref")])
@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_a_vague_sighting_has_the_frequency_of_all_it_may_be(theta: float, order: tuple[str, str]) -> None:
    """P(a, a or b | one line) / (P(a) P(a or b)) = 1 / P(a or b), whichever of the two was seen first."""
    options = {"ref": "ab", "bone": "a"}
    model = counted({"a": 0.004, "b": 0.016, "c": 0.98}, {s: options[s] for s in order}, theta=theta)
    column = Column("u", "u", FAMILY, {}, (("c", "ref"),))
    (block,) = lineage_terms([Typed("bone", {}, ("bone",))], [column], Model("P", (), lineages=(model,)))
    assert math.exp(block.ln_lr[0, 0]) == pytest.approx(1 / (theta + (1 - theta) * 0.02))


def test_three_vague_sightings_by_enumeration() -> None:
    """P(all | one haplotype) over the product of their frequencies, summed over the haplotypes they may be."""
    frequencies = {"a": 0.01, "b": 0.03, "c": 0.06, "d": 0.9}
    shown = {"ref": "abc", "bone": "ab", "bone2": "a"}
    one = sum(f for state, f in frequencies.items() if all(state in options for options in shown.values()))
    apart = math.prod(sum(frequencies[state] for state in options) for options in shown.values())
    weights = weights_of(counted(frequencies, shown))
    assert math.exp(weights.ln_of_one(tuple(shown))) == pytest.approx(one / apart)


@pytest.mark.parametrize("lines", [1, 2, 4])
def test_a_haplotype_that_other_families_show_too_weighs_less(lines: int) -> None:
    """Balding and Nichols: seen in m unrelated lines, somebody else has it with (mθ + (1 − θ) f) / (1 + (m − 1) θ)."""
    theta, f = 0.01, 0.0025
    shown = {f"ref{k}": "a" for k in range(lines)} | {"brother": "a", "other": "b", "bone": "a"}
    descent = {f"ref{k}": f"F{k}" for k in range(lines)} | {"brother": "F0", "other": "G"}
    model = counted({"a": f, "b": 0.2}, shown, theta=theta, descent=descent)
    column = Column("u", "u", FAMILY, {}, (("c", "ref0"), ("u", "brother")))
    (block,) = lineage_terms([Typed("bone", {}, ("bone",))], [column], Model("P", (), lineages=(model,)))
    again = (lines * theta + (1 - theta) * f) / (1 + (lines - 1) * theta)
    assert math.exp(block.ln_lr[0, 0]) == pytest.approx(1 / again)


def test_two_parts_of_a_site_have_nothing_to_compare() -> None:
    """DYS389I of one and DYS389II of the other tell nothing of each other; each is compared with who has both."""
    typings = [
        {"DYS389I": [("13",)], "DYS389II": [("29",)]},
        {"DYS389I": [("13",)]},
        {"DYS389II": [("29",)]},
        {"DYS389II": [("31",)]},
    ]
    of, seen = y_sites(typings)
    shown = dict(zip(("both", "first", "second", "far"), seen, strict=True))
    model = LineageModel("Y", of, shown, lambda s, at: 0.1)
    samples = [Typed(s, {}, (s,)) for s in shown]
    (ln_lr,) = same_line_terms(samples, Model("P", (), lineages=(model,)))
    assert np.isnan(ln_lr[1, 2]) and np.isnan(ln_lr[2, 1]) and np.isnan(ln_lr[1, 3])
    assert math.exp(ln_lr[0, 1]) == pytest.approx(10.0, rel=0.01)
    assert math.exp(ln_lr[0, 2]) == pytest.approx(10.0, rel=0.01)
    assert ln_lr[0, 3] < 0
    weights = weights_of(model)
    assert math.exp(weights.ln_of_one(("first", "second"))) == pytest.approx(1.0)
    assert math.exp(weights.ln_of_one(("both", "first", "second"))) == pytest.approx(100.0, rel=0.01)


@pytest.mark.parametrize("proper", [True, False])
def test_sites_typed_in_part_are_looked_up_as_they_are_weighed(proper: bool) -> None:
    """Many samples at once are what each is as a set, whichever part of DYS389 was typed before and now."""
    rng = default_rng(3)
    one, two = {"DYS389I": [("13",)]}, {"DYS389II": [("29",)]}
    typings = [one, one | two, two, one | {"DYS389II": [("30",)]}, one, two]
    of, seen = y_sites([t | {"DYS19": [("14",)]} for t in typings])
    shown = {f"s{k}": o for k, o in enumerate(seen)}
    model = LineageModel("Y", of, shown, lambda s, at: 0.1, founders=founders(rng, of) if proper else None)
    weights = weights_of(model)
    line = line_of(FAMILY, "f", "Y")
    assert line is not None
    for reference in ("s0", "s1", "s2"):
        column = Column("u", "u", FAMILY, {}, (("c", reference),))
        samples = [Typed(s, {}, (s,)) for s in ("s3", "s4", "s5")]
        (block,) = lineage_terms(samples, [column], Model("P", (), lineages=(model,)))
        for sample, ln_lr in zip(samples, block.ln_lr[:, 0], strict=True):
            both = weights.in_line(line, [("c", reference), ("u", sample.id)])
            assert ln_lr == pytest.approx(weights.ln_set(line, both), abs=1e-9)
