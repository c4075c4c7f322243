"""Identity by descent against an oracle that drops labelled alleles through every inheritance vector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest

import homeward.pedigree as hp
from homeward.faults import Refusal
from homeward.pedigree import Member, Pedigree

Genotypes = dict[str, tuple[str, str]]


def dropped(p: Pedigree, x: bool = False) -> Iterator[tuple[float, Genotypes, tuple[int, ...]]]:
    """Probability, labelled alleles of everybody (a man's one X allele twice), and the vector of meioses."""
    own = {t: group[0] for group in p.twins for t in group}
    meioses = [
        (m.id, side)
        for m in p
        if not m.is_founder and own.get(m.id, m.id) == m.id
        for side in (0, 1)
        if not (x and side == 0)
    ]
    for autozygous in product((False, True), repeat=len(p.founders)):
        weight, labels = 1.0, {}
        for founder, same in zip(p.founders, autozygous, strict=True):
            m = p[founder]
            f = (1.0 if m.sex == "male" else m.founder_inbreeding_x) if x else m.founder_inbreeding
            weight *= f if same else 1 - f
            labels[founder] = (f"{founder}p", f"{founder}p" if same else f"{founder}m")
        if not weight:
            continue
        for vector in product((0, 1), repeat=len(meioses)):
            chosen = dict(zip(meioses, vector, strict=True))
            genotypes: Genotypes = {}
            for person in p.topological:
                m, me = p[person], own.get(person, person)
                if m.is_founder:
                    genotypes[person] = labels[person]
                    continue
                pat = genotypes[str(m.father)][0 if x else chosen[me, 0]]
                mat = genotypes[str(m.mother)][chosen[me, 1]]
                genotypes[person] = (mat, mat) if x and m.sex == "male" else (pat, mat)
            yield weight * 0.5 ** len(meioses), genotypes, vector


def digits(alleles: tuple[str, ...]) -> str:
    seen: dict[str, str] = {}
    return "".join(seen.setdefault(a, str(len(seen) + 1)) for a in alleles)


def family(seed: int, people: int = 7, twins: bool = True, inbred: bool = True) -> Pedigree:
    """A few members of both sexes, with loops, an inbred founder of each kind and a pair of identical twins."""
    p = hp.random_pedigree(seed, people, 3)
    chance = Random(seed)
    if inbred:
        values = {f: chance.choice((0.0, 0.25, 1.0)) for f in p.founders}
        p = hp.set_founder_inbreeding(hp.set_founder_inbreeding(p, values), values, x=True)
    if not twins:
        return p
    first = p[chance.choice([m.id for m in p if not m.is_founder])]
    p = hp.set_twins(Pedigree([*p, replace(first, id="T")]), (first.id, "T"))
    return hp.add_child(p, ("T", "1" if first.sex == "female" else "2"), "C", "female")


def some_pairs(p: Pedigree, seed: int, count: int = 6) -> list[tuple[str, str]]:
    chance = Random(seed)
    pairs = [("C", p.ids[-2]), *((chance.choice(p.ids), chance.choice(p.ids)) for _ in range(count))]
    return list(dict.fromkeys(pairs))


STATES = {
    "1111": 0,
    "1112": 2,
    "1121": 2,
    "1211": 4,
    "1222": 4,
    "1122": 1,
    "1123": 3,
    "1233": 5,
    "1212": 6,
    "1213": 7,
    "1232": 7,
    "1221": 6,
    "1231": 7,
    "1223": 7,
    "1234": 8,
}
"""The detailed states in their order; the condensed state of each, from 0."""


@pytest.mark.parametrize("x", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_one_locus_is_what_dropping_alleles_gives(seed: int, x: bool) -> None:
    p = family(seed)
    pairs = some_pairs(p, seed)
    detailed = {pair: dict.fromkeys(STATES, 0.0) for pair in pairs}
    for probability, genotypes, _ in dropped(p, x):
        for a, b in pairs:
            detailed[a, b][digits((*genotypes[a], *genotypes[b]))] += probability
    for pair, states in detailed.items():
        assert hp.detailed_identity(p, *pair, x=x) == pytest.approx(tuple(states.values()), abs=1e-12)
        condensed = [0.0] * 9
        for state, probability in states.items():
            condensed[STATES[state]] += probability
        assert hp.condensed_identity(p, *pair, x=x) == pytest.approx(condensed, abs=1e-12)


@pytest.mark.parametrize("x", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_kinship_is_the_condensed_coefficients_weighed(seed: int, x: bool) -> None:
    """Φ = Δ1 + (Δ3 + Δ5 + Δ7)/2 + Δ8/4: what two alleles drawn at random do in each state."""
    p = family(seed, 8)
    matrix, f = hp.kinship_matrix(p, x=x), hp.inbreeding(p, x=x)
    for i, a in enumerate(p.ids):
        for j, b in enumerate(p.ids):
            d = hp.condensed_identity(p, a, b, x=x)
            assert sum(d) == pytest.approx(1)
            phi = d[0] + (d[2] + d[4] + d[6]) / 2 + d[7] / 4
            assert hp.kinship(p, a, b, x=x) == matrix[i][j] == pytest.approx(phi, abs=1e-12)
            assert d[0] + d[1] + d[2] + d[3] == pytest.approx(f[a])
            assert hp.condensed_identity(p, b, a, x=x) == pytest.approx((*d[:2], *d[4:6], *d[2:4], *d[6:]))


@pytest.mark.parametrize("seed", range(10))
def test_kappa_is_for_outbred_pairs_only(seed: int) -> None:
    p = family(seed, 9)
    for x in (False, True):
        inbred = {q for q, f in hp.inbreeding(p, x=x).items() if f > 0 and not (x and p[q].sex == "male")}
        for a in p.ids:
            for b in p.ids:
                k, d = hp.kappa(p, a, b, x=x), hp.condensed_identity(p, a, b, x=x)
                if {a, b} & inbred:
                    assert k is None
                    continue
                males = [x and p[q].sex == "male" for q in (a, b)]
                expected = {
                    (False, False): (d[8], d[7], d[6]),
                    (True, False): (d[3], d[2], 0.0),
                    (False, True): (d[5], d[4], 0.0),
                    (True, True): (d[1], d[0], 0.0),
                }[males[0], males[1]]
                assert k == pytest.approx(expected)


@pytest.mark.parametrize("x", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_patterns_of_three_are_what_dropping_alleles_gives(seed: int, x: bool) -> None:
    p = family(seed)
    people = Random(seed).sample(p.ids, 3)
    expected: dict[tuple[tuple[int, ...], ...], float] = defaultdict(float)
    for probability, genotypes, _ in dropped(p, x):
        own = [genotypes[q][:1] if x and p[q].sex == "male" else genotypes[q] for q in people]
        written = []
        for flips in product((1, -1), repeat=3):
            seen: dict[str, int] = {}
            written.append(
                tuple(
                    tuple(seen.setdefault(a, len(seen) + 1) for a in g[::step])
                    for g, step in zip(own, flips, strict=True)
                )
            )
        expected[min(written)] += probability
    found = hp.multi_person_ibd(p, people, x=x)
    assert found == pytest.approx(dict(expected), abs=1e-12)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def two_loci(p: Pedigree, a: str, b: str, rho: float, x: bool) -> dict[tuple[str, str], float]:
    """Joint distribution of the detailed states at two loci, straight from pairs of inheritance vectors."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    drops = [(q, v, digits((*g[a], *g[b]))) for q, g, v in dropped(p, x)]
    for q, v, here in drops:
        for _, w, there in drops:
            changes = sum(s != t for s, t in zip(v, w, strict=True))
            found[here, there] += q * rho**changes * (1 - rho) ** (len(v) - changes)
    return found


SHARED = {s: 2 if s in {"1212", "1221"} else 0 if s == "1234" else 1 for s in STATES if STATES[s] > 5}
# A man's allele stands twice.
SHARED_X = {"1111": 1, "1122": 0, "1112": 1, "1121": 1, "1123": 0, "1211": 1, "1222": 1, "1233": 0}


@pytest.mark.parametrize("rho", [0.0, 0.07, 0.5])
@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("x", [False, True])
def test_two_loci_are_what_dropping_alleles_gives(seed: int, rho: float, x: bool) -> None:
    p = family(seed, 5, inbred=False)
    chance = Random(seed)
    for _ in range(3):
        a, b = chance.choice(p.ids), chance.choice(p.ids)
        table = hp.two_locus_kappa(p, a, b, rho, x=x)
        assert (table is None) == (hp.kappa(p, a, b, x=x) is None)
        if table is None:
            continue
        expected = [[0.0] * 3 for _ in range(3)]
        shared = SHARED_X if x and "male" in (p[a].sex, p[b].sex) else SHARED
        for (here, there), probability in two_loci(p, a, b, rho, x).items():
            if probability:
                expected[shared[here]][shared[there]] += probability
        assert [list(row) for row in table] == [pytest.approx(row, abs=1e-12) for row in expected]
        assert [sum(row) for row in table] == pytest.approx(list(hp.kappa(p, a, b, x=x) or ()))


@pytest.mark.parametrize("rho", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("seed", [1, 4, 6])
@pytest.mark.parametrize("x", [False, True])
def test_two_locus_kinship_is_identity_of_children_with_strangers(seed: int, rho: float, x: bool) -> None:
    """A gamete of a member is what a daughter has of him, apart from what she has of her other parent."""
    p = family(seed, 5, twins=False, inbred=False) if seed == 6 else family(seed, 4, inbred=False)
    chance = Random(seed)
    for _ in range(2):
        a, b = chance.choice(p.ids), chance.choice(p.ids)
        q = hp.add_child(hp.add_child(p, a, "da", "female"), b, "db", "female")
        side = [0 if p[person].sex == "male" else 1 for person in (a, b)]
        expected = sum(
            probability
            for states, probability in two_loci(q, "da", "db", rho, x).items()
            if all(s[side[0]] == s[2 + side[1]] for s in states)
        )
        assert hp.two_locus_kinship(p, a, b, rho, x=x) == pytest.approx(expected, abs=1e-11)
    for a, b in product(p.ids, repeat=2):
        phi = hp.kinship(p, a, b, x=x)
        assert hp.two_locus_kinship(p, a, b, 0.0, x=x) == pytest.approx(phi)


def test_worked_by_hand() -> None:
    siblings = hp.nuclear(2, ("male", "female"))
    assert hp.kappa(siblings, "3", "4") == (0.25, 0.5, 0.25)
    assert hp.kappa(siblings, "1", "3") == (0, 1, 0)
    assert hp.kappa(siblings, "3", "4", x=True) == (0.5, 0.5, 0)
    assert hp.kinship(siblings, "3", "4", x=True) == 0.25
    assert hp.kinship(siblings, "1", "3", x=True) == 0
    # a brother and sister: both loci alike on each side with ρ² + (1-ρ)²
    rho = 0.1
    r = rho**2 + (1 - rho) ** 2
    both = [list(row) for row in hp.two_locus_kappa(siblings, "3", "4", rho) or ()]
    assert both[2][2] == pytest.approx(r**2 / 4) and both[0][2] == pytest.approx((1 - r) ** 2 / 4)
    lone = hp.cousins(1, half=True)
    a, b = hp.leaves(lone)
    assert hp.kappa(lone, a, b) == (0.875, 0.125, 0)
    inbred = hp.full_sib_mating(1)
    assert hp.inbreeding(inbred)["5"] == 0.25
    # children of brother and sister, Jacquard 1974: 2/32, 1/32, 4/32, 1/32, 4/32, 1/32, 7/32, 10/32, 2/32
    assert hp.condensed_identity(inbred, "5", "6") == pytest.approx([n / 32 for n in (2, 1, 4, 1, 4, 1, 7, 10, 2)])


def test_identical_twins_are_one_genome() -> None:
    p = hp.set_twins(hp.nuclear(["a", "b", "c"]), ("a", "b"))
    p = hp.add_child(hp.add_child(p, "a", "a1", "male"), "b", "b1", "male")
    assert hp.kappa(p, "a", "b") == (0, 0, 1)
    assert hp.kappa(p, "a1", "b1") == (0.5, 0.5, 0)
    assert hp.kappa(p, "b", "a1") == (0, 1, 0)
    assert hp.kinship(p, "a", "b") == hp.kinship(p, "a", "a") == 0.5


def test_an_inbred_founder_passes_on_what_he_has_twice() -> None:
    p = hp.set_founder_inbreeding(hp.nuclear(2), {"1": 1.0})
    assert hp.inbreeding(p)["1"] == 1
    assert hp.kappa(p, "3", "4") == (0, 0.5, 0.5)
    assert hp.kappa(p, "1", "3") is None
    assert hp.two_locus_kappa(p, "3", "4", 0.5) == ((0, 0, 0), (0, 0.25, 0.25), (0, 0.25, 0.25))


def test_order_of_members_does_not_matter() -> None:
    for seed in range(6):
        p = family(seed, 9)
        mixed = list(p)
        Random(seed).shuffle(mixed)
        q = Pedigree(mixed)
        a, b, c = Random(seed).sample(p.ids, 3)
        for x in (False, True):
            assert hp.detailed_identity(p, a, b, x=x) == pytest.approx(hp.detailed_identity(q, a, b, x=x))
            assert hp.multi_person_ibd(p, (a, b, c), x=x) == pytest.approx(hp.multi_person_ibd(q, (a, b, c), x=x))
            assert hp.inbreeding(p, x=x) == pytest.approx(hp.inbreeding(q, x=x))


def test_what_is_refused() -> None:
    p = hp.set_founder_inbreeding(hp.nuclear(1, "unknown"), {"1": 0.3})
    with pytest.raises(Refusal) as refused:
        hp.kinship(p, "1", "nobody")
    assert [f.code for f in refused.value.faults] == ["unknown-person"]
    for ask in (hp.kinship, hp.kappa, hp.condensed_identity):
        with pytest.raises(Refusal) as refused:
            ask(p, "1", "3", x=True)
        assert [(f.code, f.value) for f in refused.value.faults] == [("sex-unknown", "3")]
    with pytest.raises(Refusal) as refused:
        hp.two_locus_kinship(p, "2", "3", 0.1)
    assert [(f.code, f.value) for f in refused.value.faults] == [("founder-inbreeding", "1")]
    with pytest.raises(ValueError, match="outside 0 to 0"):
        hp.two_locus_kinship(p, "2", "3", 0.6)
    with pytest.raises(ValueError, match="differ"):
        hp.multi_person_ibd(p, ["1", "1"])


def test_a_parent_of_unknown_sex_has_the_sex_of_his_part() -> None:
    p = Pedigree([Member("f"), Member("m"), Member("d", "f", "m", "female")])
    assert hp.kinship_matrix(p, x=True) == ((1, 0, 0.5), (0, 0.5, 0.25), (0.5, 0.25, 0.5))


def test_many_members_take_no_time() -> None:
    """The work grows with the lines that lead to a pair, not with the meioses: 2^60 vectors here."""
    p = hp.full_sib_mating(15)
    a, b = p.ids[-2:]
    d = hp.condensed_identity(p, a, b)
    assert sum(d) == pytest.approx(1) and d[0] > 0.9
