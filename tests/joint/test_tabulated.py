"""All ways to fill a family at once are what the oracle says of each, and what the chain rule says of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import inf, log
from random import Random

import numpy as np
import pytest
from joint_incidents import incident
from random_families import evidence, genotypes, locus, pedigree, typed
from validation.joint import problem_of_case

from homeward.genetics import Locus, Model, scenarios_of
from homeward.identify import Column, Typed, screen
from homeward.identify.joint.exact import solve_exactly, work
from homeward.identify.joint.oracle import solve_by_enumeration
from homeward.identify.joint.places import Entries, entries_of
from homeward.identify.joint.problem import Family
from homeward.identify.joint.subsets import bits
from homeward.identify.joint.tabulated import Tabulated
from homeward.likelihood import oracle_likelihood
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

PEOPLE, SAMPLES = 5, 3


def family(rng: Random) -> tuple[list[Locus], list[Column], list[Typed]]:
    """A few loci of any kind, up to three names, samples typed in part, some of them softly."""
    ped = pedigree(rng, rng.randint(2, PEOPLE))
    loci = [locus(rng, alleles=3, name=f"L{k}") for k in range(2)]
    missing = rng.sample(ped.ids, min(len(ped), rng.randint(2, 3)))
    known = {x.name: _references(rng, ped, x) for x in loci}
    samples = [Typed(f"S{i}", {x.name: _sample(rng, ped, x) for x in loci}) for i in range(SAMPLES)]
    return loci, [Column(m, m, ped, known) for m in missing], samples


def _references(rng: Random, ped: Pedigree, at: Locus) -> dict[str, Evidence]:
    """Somebody is typed everywhere, so that every locus tells something."""
    for _ in range(100):
        seen = typed(rng, ped, at)
        if seen and oracle_likelihood(ped, at, seen) > 0:
            return seen
    raise AssertionError("no references are possible")


def _sample(rng: Random, ped: Pedigree, at: Locus) -> dict[int, Evidence]:
    if rng.random() < 0.15:
        return {}
    person = rng.choice(ped.ids)
    genotype = genotypes(rng, ped, at)[person]
    e = evidence(rng, genotype, at, ped[person].sex)
    return {} if e is None else {e.ploidy: e}


def ln_lr(loci: Sequence[Locus], columns: Sequence[Column], samples: Sequence[Typed], held: Sequence[int]) -> float:
    """One way by the oracle: P(references, what names hold) over P(references) and P(sample) of all samples held."""
    total = 0.0
    for at in loci:
        known = columns[0].evidence[at.name]
        seen = dict(known)
        for column, mask in zip(columns, held, strict=True):
            for i in bits(mask):
                e = samples[i].evidence[at.name].get(column.ploidy(at) or 0)
                if e is not None:
                    seen[column.person] = e.times(seen[column.person]) if column.person in seen else e
                    total -= log(e.chance(at.frequencies))
        chance = oracle_likelihood(columns[0].pedigree, at, seen)
        if chance == 0:
            return -inf
        total += log(chance) - log(oracle_likelihood(columns[0].pedigree, at, known))
    return total


@pytest.mark.parametrize("seed", range(40))
def test_ways_are_what_the_oracle_says(seed: int):
    rng = Random(seed)
    loci, columns, samples = family(rng)
    model = Model("random", tuple(loci))
    single = screen(samples, columns, model, refuse=False).ln_lr
    bodies = list(range(1, 1 << SAMPLES)) if seed % 2 else [1 << i for i in range(SAMPLES)]
    may = np.array([[rng.random() < 0.9 for _ in columns] for _ in bodies])
    found = Tabulated(model, samples, columns, single).ways(bodies, may)
    assert found is not None
    masks = [*bodies, 0]
    ours = {tuple(masks[k] for k in held): ln for held, ln in zip(found[0].tolist(), found[1].tolist(), strict=True)}
    allowed = [[0, *(b for k, b in enumerate(bodies) if may[k, m])] for m in range(len(columns))]
    for held in product(*allowed):
        if sum(mask.bit_count() for mask in held) != int(np.bitwise_or.reduce(held)).bit_count():
            assert held not in ours
            continue
        expected = ln_lr(loci, columns, samples, held)
        assert ours.get(held, -inf) == (expected if expected == -inf else pytest.approx(expected, abs=1e-8))


@pytest.mark.parametrize(("samples_are", "seed"), [("bodies", 1), ("bodies", 2), ("fragments", 3), ("fragments", 4)])
@pytest.mark.parametrize("mutation", ["default", "none"])
def test_ways_are_what_the_chain_rule_says(samples_are: str, seed: int, mutation: str):
    case = incident(samples_are, seed, mutation)
    problem = problem_of_case(case, scenarios_of(case))
    n = len(problem.samples)
    bodies = list(range(1, 1 << n)) if samples_are == "fragments" else [1 << i for i in range(n)]
    several = [f for f in problem.families if len(f.names) > 1]
    assert several
    for each in several:
        assert each.ways is not None
        at_once = rows(entries_of(problem, each, bodies))
        one_by_one = rows(entries_of(problem, Family(each.names, each.ln_given), bodies))
        assert at_once.keys() == one_by_one.keys()
        for held, values in one_by_one.items():
            assert at_once[held] == pytest.approx(values, abs=1e-8)


@pytest.mark.parametrize(("samples_are", "seed"), [("bodies", 5), ("bodies", 6), ("fragments", 7)])
def test_whole_incidents_are_what_enumeration_says(samples_are: str, seed: int):
    case = incident(samples_are, seed, "default", bodies=3 if samples_are == "bodies" else 2)
    problem = problem_of_case(case, scenarios_of(case))
    fast, slow = solve_exactly(problem), solve_by_enumeration(problem)
    assert any(f.ways is not None for f in problem.families)
    assert fast.marginals == pytest.approx(slow.marginals, abs=1e-9)
    assert fast.same_body == pytest.approx(slow.same_body, abs=1e-9)
    assert fast.method.states == slow.method.states
    assert fast.method.ln_evidence == pytest.approx(slow.method.ln_evidence, abs=1e-8)


@pytest.mark.parametrize(("samples_are", "seed"), [("bodies", 1), ("fragments", 3)])
def test_work_is_no_less_than_the_ways_there_are(samples_are: str, seed: int):
    case = incident(samples_are, seed, "default")
    problem = problem_of_case(case, scenarios_of(case))
    n = len(problem.samples)
    bodies = list(range(1, 1 << n)) if samples_are == "fragments" else [1 << i for i in range(n)]
    ways = sum(len(entries_of(problem, f, bodies)) for f in problem.families)
    stepwise = replace(problem, families=tuple(Family(f.names, f.ln_given) for f in problem.families))
    assert ways < work(problem) < work(stepwise)


def rows(entries: Entries) -> dict[tuple[int, ...], tuple[float, float]]:
    return {
        tuple(held): (ln, ln_lr)
        for held, ln, ln_lr in zip(entries.held.tolist(), entries.ln.tolist(), entries.ln_lr.tolist(), strict=True)
    }
