"""The sampler is what the exact solver says, leaves every trap, and tells how far it errs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import inf, log
from random import Random

import numpy as np
import pytest
from random_problems import problem

from homeward.identify.joint.claims import Claim, exact_chance, posterior_chance
from homeward.identify.joint.exact import Impossible, solve_exactly
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.problem import Bodies, Family, Group, Held, Prior, PriorKind, Problem
from homeward.identify.joint.sampled import solve_by_sampling


def closed(rows: np.ndarray, *, unreferenced: int = 0, strangers: float = 0.0, kind: PriorKind = "bodies") -> Problem:
    """Families of one name each: ``rows`` is (samples, names), natural log."""
    n, names = rows.shape
    groups = (Group("unreferenced 0", unreferenced, (0.0,) * n),) if unreferenced else ()
    return Problem(
        tuple(f"S{i}" for i in range(n)),
        tuple(f"F{k}/M" for k in range(names)),
        tuple(Family((k,), lambda at, held, k=k: rows[:, k]) for k in range(names)),
        groups,
        Prior(kind, names + unreferenced, strangers),
        np.zeros((n, names)),
        np.zeros(n),
        lambda held: np.zeros(n),
    )


def brothers(samples: int, pair: float) -> Problem:
    """Two brothers whom S0 and S1 fit only together, and as many listed persons without kin as there are samples."""

    @cache
    def ln(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        if (one, other) in (((0,), (1,)), ((1,), (0,))):
            return log(pair)
        each = [{(0,): log(0.002), (1,): log(0.005)}.get(held, 0.0) for held in (one, other)]
        return sum(each)

    def ln_given(at: int, held: Held) -> np.ndarray:
        found = []
        for i in range(samples):
            after = [*held]
            after[at] = (*held[at], i)
            found.append(ln(*after) - ln(*held) if len(after[at]) == 1 else -inf)
        return np.array(found)

    return Problem(
        tuple(f"S{i}" for i in range(samples)),
        ("F/A", "F/B"),
        (Family((0, 1), ln_given),),
        (Group("unreferenced 0", samples, (0.0,) * samples),),
        Prior("bodies", samples + 2, 0.01),
        np.zeros((samples, 2)),
        np.zeros(samples),
        lambda held: np.zeros(samples),
    )


def fragments() -> Problem:
    """Six fragments of two persons, one of whom may be of the family: fragments of one person go together."""
    person = np.array([0, 0, 0, 1, 1, 1])
    alike = np.where(person[:, None] == person[None, :], 6.0, -6.0)

    def ln_body(held: tuple[int, ...]) -> np.ndarray:
        return alike[list(held)].mean(axis=0) if held else np.zeros(6)

    def ln_given(at: int, held: Held) -> np.ndarray:
        return np.where(person == 0, 1.5, -1.5) if not held[at] else ln_body(held[at])

    return Problem(
        tuple(f"S{i}" for i in range(6)),
        ("F/M",),
        (Family((0,), ln_given),),
        (Group("unreferenced 0", 3, (0.0,) * 6),),
        Prior("fragments", 4, 0.2, 2),
        np.zeros((6, 1)),
        np.zeros(6),
        ln_body,
        frozenset({(0, 1)}),
    )


def with_bodies(p: Problem) -> Problem:
    """The same weights, asked for body by body as well."""

    def ln_weight(body: tuple[int, ...]) -> list[float]:
        found = [np.nan] * len(p.names)
        for family in p.families:
            if len(family.names) == 1:
                found[family.names[0]] = sum(family.ln_given(0, (body[:k],))[i] for k, i in enumerate(body))
        return [*found, sum(p.ln_body(body[:k])[i] for k, i in enumerate(body) if k)]

    n = len(p.samples)
    may_be_one = np.array([p.ln_body((i,)) > -inf for i in range(n)]).reshape(n, n)
    ln_weights = lambda bodies: np.array([ln_weight(body) for body in bodies])  # noqa: E731
    return replace(p, bodies=Bodies(may_be_one, ln_weights))


def persons(count: int) -> tuple[Problem, list[Problem]]:
    """Fragments of so many persons, three of each, and each person's own: whole bodies may change between two names.

    A fragment by itself says little, and no fragment leaves its body alone for the other name.
    """
    rng = np.random.default_rng(3)
    tie = rng.normal(0.0, 0.3, (count, 2))
    n = 3 * count
    person = np.repeat(np.arange(count), 3)

    def ln(held: tuple[int, ...]) -> float:
        return 12.0 * (len(held) - 1) if len({person[i] for i in held}) == 1 else (-inf if held else 0.0)

    def family(name: int, samples: list[int]) -> Family:
        def ln_name(held: tuple[int, ...]) -> float:
            return ln(held) + tie[name // 2, name % 2] if held and person[held[0]] == name // 2 else -inf

        def ln_given(at: int, held: Held) -> np.ndarray:
            before = tuple(samples[i] for i in held[0])
            now = ln_name(before) if before else 0.0
            return np.array([ln_name((*before, i)) - now if now > -inf else -inf for i in samples])

        return Family((name if len(samples) == n else name % 2,), ln_given)

    def of(samples: list[int], names: list[int]) -> Problem:
        def ln_body(held: tuple[int, ...]) -> np.ndarray:
            before = tuple(samples[i] for i in held)
            return np.array([ln((*before, i)) - ln(before) if ln(before) > -inf else -inf for i in samples])

        return Problem(
            tuple(f"S{i}" for i in samples),
            tuple(f"F{k}/M" for k in names),
            tuple(family(k, samples) for k in names),
            (),
            Prior("fragments", len(names), 0.0, 0),
            np.zeros((len(samples), len(names))),
            np.zeros(len(samples)),
            ln_body,
        )

    whole = of(list(range(n)), list(range(2 * count)))
    return whole, [of(list(range(3 * k, 3 * k + 3)), [2 * k, 2 * k + 1]) for k in range(count)]


SEEDS = (0, 2)
"""Random problems that are possible, whose families all miss one person."""


def errors(found: JointPosterior, right: JointPosterior) -> np.ndarray:
    return np.abs(found.marginals - right.marginals) / (found.mc_error + 1e-4)


@pytest.mark.parametrize("kind", ["bodies", "fragments", "flat-assignments"])
@pytest.mark.parametrize("seed", range(6))
def test_what_has_converged_is_what_the_exact_solver_says(kind: str, seed: int):
    rng = Random(f"sampled {kind} {seed}")
    p = problem(rng, kind, rng.choice([2, 3, 4]))
    try:
        right = solve_exactly(p)
    except Impossible:
        with pytest.raises(Impossible):
            solve_by_sampling(p, seed=1, seconds=0.5)
        return
    found = solve_by_sampling(p, seed=1, seconds=0.5, target_error=0.02)
    assert found.marginals.sum(axis=1) == pytest.approx(1.0)
    assert found.bodies.sum() == pytest.approx(1.0)
    if found.method.converged:
        assert errors(found, right).max(initial=0.0) < 4.5
        assert found.same_body == pytest.approx(right.same_body, abs=0.1)
        assert found.no_sample == pytest.approx(right.no_sample, abs=0.1)


@pytest.mark.parametrize("unreferenced,strangers,kind", [(0, 0.0, "bodies"), (3, 0.0, "bodies"), (4, 0.2, "bodies")])
def test_families_of_one_name(unreferenced: int, strangers: float, kind: PriorKind):
    rows = np.random.default_rng(7).normal(0.0, 2.5, (8, 8))
    p = closed(rows, unreferenced=unreferenced, strangers=strangers, kind=kind)
    found, right = solve_by_sampling(p, seed=3, seconds=1, target_error=0.02), solve_exactly(p)
    assert found.method.converged
    assert errors(found, right).max() < 4.5
    who = {a.who: a for a in right.assignments}
    best = found.assignments[0]
    assert best.posterior == pytest.approx(who[best.who].posterior, abs=0.05)
    assert best.ln_lr == pytest.approx(who[best.who].ln_lr)


@pytest.mark.parametrize("seed", SEEDS)
def test_bodies_weighed_at_once_are_bodies_weighed_one_sample_after_the_other(seed: int):
    p = problem(Random(f"bodies {seed}"), "fragments", 3)
    right = solve_exactly(p)
    assert p.families and all(len(f.names) == 1 for f in p.families)
    found = solve_by_sampling(with_bodies(p), seed=seed, seconds=2, target_error=0.02)
    assert found.method.converged
    assert errors(found, right).max() < 4.5
    assert found.same_body == pytest.approx(right.same_body, abs=0.05)
    assert found.no_sample == pytest.approx(right.no_sample, abs=0.05)


@pytest.mark.parametrize("at_once", [True, False])
def test_thirty_six_fragments_change_names_body_by_body(at_once: bool):
    p, parts = persons(12)
    found = solve_by_sampling(with_bodies(p) if at_once else p, seed=1, seconds=4, target_error=0.02)
    assert found.method.converged
    assert 0 < found.method.max_mc_error < 0.03
    for k, part in enumerate(parts):
        right = solve_exactly(part)
        rows, own = slice(3 * k, 3 * k + 3), [2 * k, 2 * k + 1]
        z = (found.marginals[rows, own] - right.marginals[:, :2]) / (found.mc_error[rows, own] + 1e-4)
        assert np.abs(z).max() < 4.5
        assert 0.05 < right.marginals[0, 0] < 0.95
        assert found.same_body[rows, rows] == pytest.approx(right.same_body, abs=0.02)


def halves(each: int, cohesion: float, together: float) -> Problem:
    """Two sets of fragments, each of one body; the two may be one too, and no fragment by itself leaves its set."""
    n = 2 * each
    half = np.repeat([0, 1], each)

    def ln(held: tuple[int, ...]) -> float:
        first = sum(half[i] == 0 for i in held)
        second = len(held) - first
        inside = cohesion * (max(first - 1, 0) + max(second - 1, 0))
        return inside + (together if first and second else 0.0)

    def ln_body(held: tuple[int, ...]) -> np.ndarray:
        return np.array([ln((*held, i)) - ln(held) for i in range(n)])

    def ln_given(at: int, held: Held) -> np.ndarray:
        return (ln_body(held[at]) if held[at] else 0.0) + np.where(half == 0, 1.0, 0.5) / each

    return Problem(
        tuple(f"S{i}" for i in range(n)),
        ("F/M", "G/M"),
        (Family((0,), ln_given), Family((1,), ln_given)),
        (Group("unreferenced 0", 2, (0.0,) * n),),
        Prior("fragments", 4, 0.2, 2),
        np.zeros((n, 2)),
        np.zeros(n),
        ln_body,
    )


@pytest.mark.parametrize(("each", "cohesion", "together"), [(2, 1.5, 1.0), (4, 25.0, 3.5), (5, 25.0, 3.5)])
@pytest.mark.parametrize("at_once", [True, False])
def test_whole_bodies_join_and_part(each: int, cohesion: float, together: float, at_once: bool):
    p = halves(each, cohesion, together)
    right = solve_exactly(p)
    found = solve_by_sampling(with_bodies(p) if at_once else p, seed=1, seconds=3, target_error=0.02)
    assert 0.05 < right.same_body[0, -1] < 0.95
    assert found.same_body == pytest.approx(right.same_body, abs=0.05)
    assert found.bodies == pytest.approx(right.bodies, abs=0.05)
    assert errors(found, right)[:, :3].max() < 4.5


def test_claims_together_are_read_off_the_states_drawn():
    p = closed(np.random.default_rng(7).normal(0.0, 2.5, (8, 8)), unreferenced=3)
    found = solve_by_sampling(p, seed=1, seconds=2, target_error=0.01)
    assert found.states is not None and 400 <= len(found.states) <= 4000
    best = found.marginals[:, :8].argmax(axis=1)
    claims = [Claim((f"S{i}",), (f"F{best[i]}/M",)) for i in (0, 4, 7)]
    share, error = posterior_chance(found)(claims)
    right, _ = exact_chance(p)(claims)
    assert 0.05 < right < 0.95
    assert 0 < error < 0.05
    assert abs(share - right) < 4 * error


def test_a_three_cycle_is_left():
    rows = np.full((3, 3), -60.0)
    for i in range(3):
        rows[i, (i + 1) % 3] = 0.0
        rows[i, (i + 2) % 3] = log(2.0) / 3
    found = solve_by_sampling(closed(rows), seed=1, seconds=0.5)
    assert found.marginals[0] == pytest.approx([0.0, 1 / 3, 2 / 3, 0.0], abs=4 * found.method.max_mc_error)
    assert found.method.converged
    assert 0 < found.method.max_mc_error < 0.02


def test_brothers_who_fit_only_as_a_pair_are_found():
    p = brothers(30, 173_000.0)
    found = solve_by_sampling(p, seed=1, seconds=5, target_error=0.02)
    small = solve_exactly(brothers(8, 173_000.0))
    assert found.method.converged
    assert small.marginals[0, :2].sum() > 0.99
    assert found.marginals[0, :2].sum() > 0.9
    assert found.marginals[0, 0] == pytest.approx(found.marginals[0, 1], abs=5 * found.method.max_mc_error)


def test_fragments_come_together_and_part():
    p = fragments()
    found, right = solve_by_sampling(p, seed=2, seconds=2, target_error=0.02), solve_exactly(p)
    assert found.method.converged
    assert errors(found, right).max() < 4.5
    assert found.same_body == pytest.approx(right.same_body, abs=0.05)
    assert found.same_body[0, 1] == 0.0
    assert found.bodies == pytest.approx(right.bodies, abs=0.05)
    assert 0.05 < right.same_body[0, 2] < 0.95


def test_a_closed_list_of_183():
    rng = np.random.default_rng(5)
    rows = rng.normal(0.0, 2.0, (183, 183)) + np.diag(np.full(183, 12.0))
    found = solve_by_sampling(closed(rows), seed=1, seconds=1.5, target_error=0.05)
    assert found.method.converged
    assert found.marginals.sum(axis=0)[:183] == pytest.approx(1.0, abs=0.2)
    assert np.diag(found.marginals).min() > 0.5


def test_same_seed_same_bytes():
    p = closed(np.random.default_rng(9).normal(0.0, 2.0, (40, 30)), unreferenced=10)
    one, same, other = (solve_by_sampling(p, seed=seed, seconds=0.35) for seed in (1, 1, 2))
    assert one.marginals.tobytes() == same.marginals.tobytes()
    assert one.mc_error.tobytes() == same.mc_error.tobytes()
    assert one.assignments == same.assignments
    assert one.marginals.tobytes() != other.marginals.tobytes()


def test_errors_are_as_large_as_they_say():
    p = closed(np.random.default_rng(11).normal(0.0, 2.0, (7, 7)), strangers=0.1)
    right = solve_exactly(p).marginals
    z = []
    for seed in range(8):
        found = solve_by_sampling(p, seed=seed, seconds=0.25, target_error=0.03)
        open_ = (right > 0.02) & (right < 0.98)
        z += list((found.marginals - right)[open_] / found.mc_error[open_])
    # errors of marginals go together, and the error is that of the worst batch size
    assert 0.5 < np.sqrt(np.mean(np.square(z))) < 1.3


def test_nobody_to_place():
    p = closed(np.zeros((0, 2)))
    found = solve_by_sampling(p, seed=1)
    assert found.marginals.shape == (0, 3)
    assert found.no_sample.tolist() == [1.0, 1.0]


def test_no_place_is_impossible():
    with pytest.raises(Impossible):
        solve_by_sampling(closed(np.full((2, 2), -inf)), seed=1)
