"""What nobody knows is summed outside the product over loci: every mixture is the ratio of two written-out sums."""

from __future__ import annotations

from dataclasses import replace
from math import exp, fsum, log
from random import Random

import numpy as np
import pytest
from random_families import evidence, genotypes, locus, pedigree, typed

from homeward.genetics import LinkedPair, Locus, Model, Recombination
from homeward.identify import Column, Typed, View, compare_all
from homeward.likelihood import Task, likelihoods, ln_likelihood_linked
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree

STRANGER = "stranger"


def worlds(rng: Random, theta: float) -> list[Model]:
    """Two populations with the same loci and alleles, other frequencies."""
    loci = [locus(rng, name=f"M{i}", kind="autosomal") for i in range(3)]
    other = []
    for at in loci:
        p = at.frequencies * np.array([rng.uniform(0.2, 1) for _ in at.alleles])
        other.append(replace(at, frequencies=p / p.sum()))
    return [Model("A", tuple(loci), theta), Model("B", tuple(other), theta)]


def readings(rng: Random, model: Model, id: str) -> list[tuple[float, Typed]]:
    """One profile under one to three drop-outs: the same true genotype, seen with other vectors."""
    alone = Pedigree([Member("p", sex="male")])
    truth = {x.name: genotypes(rng, alone, x)["p"] for x in model.loci if rng.random() < 0.8}
    count = rng.choice([1, 2, 3])
    weights = [rng.uniform(0.1, 1) for _ in range(count)]
    found = []
    for w in weights:
        seen = {}
        for x in model.loci:
            if x.name in truth:
                e = evidence(rng, truth[x.name], x, "male", soft=count > 1)
                if e is not None and e.genotypes:
                    seen[x.name] = {2: e}
        found.append((w / fsum(weights), Typed(id, seen)))
    shared = set.intersection(*(set(t.evidence) for _, t in found))
    return [(w, Typed(id, {m: t.evidence[m] for m in shared})) for w, t in found]


def family(rng: Random, model: Model, id: str) -> list[tuple[float, Column]]:
    """One family in one or two pedigrees over the same people."""
    members = rng.randint(3, 5)
    one, other = (_outbred(pedigree(rng, members)) for _ in range(2))
    missing = rng.choice(one.ids)
    seen = {x.name: found for x in model.loci if (found := typed(rng, one, x, soft=False)) and rng.random() < 0.8}
    for found in seen.values():
        found.pop(missing, None)
    columns = [(1.0, Column(id, missing, one, seen))]
    if rng.random() < 0.6 and all(p in other and one[p].sex == other[p].sex for p in one.ids):
        columns = [(0.7, columns[0][1]), (0.3, Column(id, missing, other, seen))]
    return columns


def _outbred(ped: Pedigree) -> Pedigree:
    """A founder's inbreeding coefficient does not say how two linked loci share."""
    return Pedigree(replace(m, founder_inbreeding=0.0, founder_inbreeding_x=0.0) for m in ped)


def probability(column: Column, sample: Typed, model: Model, *, related: bool) -> list[float]:
    """P(references, sample) locus by locus, the sample given to the missing person or to somebody beside the family."""
    beside = Pedigree([*column.pedigree, Member(STRANGER, sex=column.pedigree[column.person].sex)])
    tasks = []
    everything: dict[str, dict[str, Evidence]] = {}
    for x in model.loci:
        # where nobody of the family is typed the two are not compared
        who = column.person if related and column.evidence.get(x.name) else STRANGER
        seen: dict[str, Evidence] = dict(column.evidence.get(x.name, {}))
        e = sample.evidence.get(x.name, {}).get(2)
        if e is not None:
            seen[who] = e.times(seen[who]) if who in seen else e
        everything[x.name] = seen
    found = []
    linked = {m for pair in model.linked for m in pair.markers}
    for x in model.loci:
        if x.name not in linked:
            tasks.append(Task(beside, x, everything[x.name], theta=model.theta_at(x)))
    for pair in model.linked:
        one, other = (model.locus[m] for m in pair.markers)
        seen_at_both = everything[one.name], everything[other.name]
        found.append(exp(ln_likelihood_linked(beside, (one, other), seen_at_both, pair.recombination)))
    return [*found, *likelihoods(tasks).tolist()]


def view(model: Model, weight: float, samples, columns) -> View:
    return View(model.population, weight, model, samples, columns)


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_a_mixture_is_a_ratio_of_sums_and_its_terms_add_up_to_it(seed: int, linked: bool):
    rng = Random(seed)
    models = worlds(rng, rng.choice([0.0, 0.02]))
    if linked:
        pair = LinkedPair(("M0", "M2"), Recombination(0.1, 0.05))
        models = [replace(m, theta=0.0, linked=(pair,), linkage="pairs") for m in models]
    if rng.random() < 0.3:
        models = models[:1]
    weights = [0.6, 0.4][: len(models)] if len(models) > 1 else [1.0]
    samples = [readings(rng, models[0], f"S{i}") for i in range(3)]
    columns = [family(rng, models[0], f"F{j}") for j in range(2)]
    views = [view(m, w, samples, columns) for m, w in zip(models, weights, strict=True)]
    pieces = []
    found = compare_all(views, pieces=pieces, refuse=False)
    for i, each in enumerate(samples):
        for j, pedigrees in enumerate(columns):
            sums = {True: [0.0] * len(models), False: [0.0] * len(models)}
            for related, total in sums.items():
                for k, (m, w) in enumerate(zip(models, weights, strict=True)):
                    for wa, sample in each:
                        for wv, column in pedigrees:
                            total[k] += w * wa * wv * float(np.prod(probability(column, sample, m, related=related)))
            if not fsum(sums[False]):
                continue  # impossible whatever is unknown: refused where it matters
            expected = fsum(sums[True]) / fsum(sums[False])
            assert np.exp(found.ln_lr[i, j]) == pytest.approx(expected, rel=1e-9, abs=1e-300)
            terms = [p.ln_lr[i, j] for p in pieces if not np.isnan(p.ln_lr[i, j])]
            assert len(terms) == found.compared[i, j] or linked
            if expected:
                assert fsum(terms) == pytest.approx(log(expected), abs=1e-9)
            for k, (_, ln_lr) in enumerate(found.by_population):
                if sums[False][k]:
                    assert np.exp(ln_lr[i, j]) == pytest.approx(sums[True][k] / sums[False][k], rel=1e-9, abs=1e-300)


def test_one_world_in_two_halves_is_one_world():
    rng = Random(5)
    model = worlds(rng, 0.0)[0]
    samples = [readings(rng, model, f"S{i}")[:1] for i in range(3)]
    samples = [[(1.0, r[0][1])] for r in samples]
    columns = [family(rng, model, f"F{j}")[:1] for j in range(2)]
    columns = [[(1.0, c[0][1])] for c in columns]
    one = compare_all([view(model, 1.0, samples, columns)], refuse=False)
    two = compare_all([view(model, 0.5, samples, columns)] * 2, refuse=False)
    assert np.allclose(np.exp(one.ln_lr), np.exp(two.ln_lr), rtol=1e-12)
    assert (one.compared == two.compared).all()
    assert (one.impossible == two.impossible).all()


def test_a_published_trap_the_population_is_one_for_the_whole_profile():
    """A family of K, a bone of K or J with chance one half: LR = 1 / (½/LR_K + ½/LR_J), and neither shortcut."""
    alleles = ("1", "2")
    k = [[0.1, 0.9], [0.3, 0.7]]
    j = [[0.3, 0.7], [0.1, 0.9]]
    loci = {
        name: tuple(
            Locus(f"L{i}", "autosomal", alleles, np.array(p), elsewhere={"K": np.array(k[i])})
            for i, p in enumerate(table)
        )
        for name, table in (("K", k), ("J", j))
    }
    ped = Pedigree(
        [
            Member("M", sex="male", population="K"),
            Member("W", sex="female", population="K"),
            Member("C", "M", "W", "male"),
        ]
    )
    child = {"L0": {"C": Evidence(2, ((0, 0),), (1.0,))}, "L1": {"C": Evidence(2, ((0, 1),), (1.0,))}}
    bone = Typed("B", {"L0": {2: Evidence(2, ((0, 1),), (1.0,))}, "L1": {2: Evidence(2, ((0, 1),), (1.0,))}})
    column = Column("M", "M", ped, child)
    views = [view(Model(name, loci[name]), 0.5, [[(1.0, bone)]], [[(1.0, column)]]) for name in ("K", "J")]
    found = compare_all(views)
    # P(bone | father of the child): a/b with p of K; his transmission of 1 is ½, the mother's allele cancels
    related = [0.5 * 2 * 0.1 * 0.9 / 0.1, 2 * 0.3 * 0.7 * 0.5 * (0.3 + 0.7) / (2 * 0.3 * 0.7)]
    stranger = {"K": [2 * 0.1 * 0.9, 2 * 0.3 * 0.7], "J": [2 * 0.3 * 0.7, 2 * 0.1 * 0.9]}
    lr = {name: np.prod(related) / np.prod(p) for name, p in stranger.items()}
    assert [np.exp(ln[0, 0]) for _, ln in found.by_population] == pytest.approx([lr["K"], lr["J"]], rel=1e-12)
    assert np.exp(found.ln_lr[0, 0]) == pytest.approx(1 / (0.5 / lr["K"] + 0.5 / lr["J"]), rel=1e-12)
