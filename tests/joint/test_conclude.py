"""What is concluded, rule by rule, from posteriors written down by hand and from problems small enough to enumerate."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import inf, log
from random import Random

import numpy as np
import pytest
from random_problems import problem

from homeward.case import Thresholds
from homeward.identify.joint.answer import Conclusion
from homeward.identify.joint.claims import (
    Claim,
    exact_chance,
    mixed_chance,
    posterior_chance,
    probability_together,
)
from homeward.identify.joint.conclude import all_right, conclude
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.exact import Impossible, solve_exactly
from homeward.identify.joint.oracle import solve_by_enumeration
from homeward.identify.joint.posterior import JointMethod, JointPosterior

LAB = Thresholds(posterior=0.9995, undisputed_lr=10_000)


def posterior(rows, names=("A", "B"), *, same=None, error=None, method=None, glr=None) -> JointPosterior:
    """Columns: the names, one group, stranger."""
    marginals = np.array(rows, dtype=float)
    n = len(marginals)
    return JointPosterior(
        tuple(f"S{i + 1}" for i in range(n)),
        tuple(names),
        ("others",),
        marginals,
        np.zeros_like(marginals) if error is None else np.array(error, dtype=float),
        np.eye(n) if same is None else np.array(same, dtype=float),
        np.eye(n + 1)[n],
        (),
        method or JointMethod("exact"),
        np.zeros(len(names)),
        glr,
    )


def concluded(p: JointPosterior, lr, **more) -> tuple[Conclusion, ...]:
    with np.errstate(divide="ignore"):
        ln_lr = np.log(np.array(lr, dtype=float).reshape(len(p.samples), len(p.names)))
    return conclude(p, thresholds=LAB, ln_lr=ln_lr, **more)


def codes(c: Conclusion) -> dict[str, dict]:
    return {r.code: dict(r.parameters) for r in c.reasons}


def test_undisputed_needs_both_its_lr_and_the_posterior():
    sure, short = [0.9999, 0.00005, 0.00003, 0.00002], [0.98, 0.0, 0.01, 0.01]
    both, only_posterior, only_lr = (
        concluded(posterior([row]), lr)[0] for row, lr in ((sure, [1e8, 1.0]), (sure, [1e8, 1e5]), (short, [1e4, 1.0]))
    )
    assert (both.conclusion, both.missing, both.posterior) == ("undisputed", ("A",), 0.9999)
    assert both.log10_lr == pytest.approx(8.0)
    assert only_posterior.conclusion == "identified" and "undisputed" not in codes(only_posterior)
    # LR 10⁴ and no rival, and yet 0.98: a description
    assert only_lr.conclusion == "probable"
    assert codes(only_lr)["undisputed"] == {"log10_lr": pytest.approx(4.0), "threshold": 10_000}
    assert codes(only_lr)["below-threshold"] == {"threshold": 0.9995}


def test_the_threshold_itself_is_enough_and_less_is_not():
    assert Estimate(0.9995, 0.0005).crosses(0.9995)
    assert not Estimate(0.99949, 0.00051).crosses(0.9995)
    assert Estimate(1.0, 0.0).crosses(1.0) and not Estimate(1.0 - 1e-9, 1e-9).crosses(1.0)
    assert not Estimate(0.0, 1.0, 0.1).crosses(0.5) and not Estimate(1.0, 0.0, 1e-9).crosses(1.0)


def test_four_standard_errors_on_the_log_odds():
    # ln(0.9999/0.0001) = 9.2102, ln(0.9995/0.0005) = 7.6004: a quarter of the difference is 0.40247
    just = 0.4024 * 0.9999 * 0.0001
    assert Estimate(0.9999, 0.0001, just).crosses(0.9995)
    assert not Estimate(0.9999, 0.0001, just * 1.001).crosses(0.9995)
    assert Estimate(0.9999, 0.0001, just).ln_odds_error == pytest.approx(0.4024)
    # an error larger than the complement: the complement may be as large
    assert Estimate(1 - 1e-15, 1e-15, 1e-9).crosses(0.9995)
    assert not Estimate(1 - 1e-15, 1e-15, 1e-4).crosses(0.9995)


def test_what_is_sampled_too_roughly_or_not_converged_is_not_identified():
    row, chains = [0.9999, 0.0001, 0.0, 0.0], JointMethod("sampled", chains=4)
    for error, converged, code in ((5e-5, True, "four-errors"), (1e-6, False, "not-converged")):
        p = posterior([row], error=[[error, error, 0, 0]], method=replace(chains, converged=converged))
        (c,) = concluded(p, [1e8, 1.0])
        assert c.conclusion == "probable" and codes(c)[code]["threshold"] == 0.9995
        assert c.mc_error == pytest.approx(error / (0.9999 * 0.0001))
    p = posterior([row], error=[[1e-6, 1e-6, 0, 0]], method=chains)
    assert concluded(p, [1e8, 1.0])[0].conclusion == "undisputed"


def test_what_goes_to_and_fro_between_two_names_makes_no_error_of_both():
    method = JointMethod("sampled", chains=4)
    p = posterior([[0.5, 0.49999, 0.00001, 0.0, 0.0]], names="ABC", error=[[0.02, 0.02, 1e-6, 0, 0]], method=method)
    (c,) = concluded(p, [1e6, 1e6, 1.0])
    assert (c.missing, c.conclusion) == (("A", "B"), "group")
    assert c.mc_error == pytest.approx(1e-6 / (0.99999 * 0.00001))
    rough = replace(p, mc_error=np.array([[0.02, 0.02, 1e-4, 0, 0]]))
    assert concluded(rough, [1e6, 1e6, 1.0])[0].conclusion == "disputed"


def test_two_bodies_that_are_two_brothers_are_a_group():
    half = [0.5, 0.49999, 0.0, 0.00001]
    p = posterior([half, half])
    (c,) = concluded(p, [[1e6, 1e6]] * 2, chance=lambda claims: (0.99998, 0.0))
    assert (c.samples, c.missing, c.conclusion, c.posterior) == (("S1", "S2"), ("A", "B"), "group", 0.99998)
    assert codes(c)["group"] == {"bodies": 2, "names": 2}
    # both within {A, B} with 1 − 10⁻⁵, never one body: by the marginals alone at least 1 − 2·10⁻⁵
    (again,) = concluded(p, [[1e6, 1e6]] * 2)
    assert again.posterior == pytest.approx(1 - 2e-5) and again.conclusion == "group"
    # as likely one body as two: of no two brothers, each is one of the two; but there are no other names
    apart = concluded(posterior([half, half], same=[[1, 0.5], [0.5, 1]]), [[1e6, 1e6]] * 2)
    assert [x.conclusion for x in apart] == ["disputed", "disputed"]


def test_one_body_is_one_of_k_names():
    p = posterior([[0.6, 0.3996, 0.0001, 0.0003], [0.2, 0.2, 0.2, 0.4]][:1], names=("A", "B"))
    wide = posterior([[0.6, 0.3996, 0.0001, 0.0002, 0.0001]], names=("A", "B", "C"))
    (c,) = concluded(wide, [1e6, 1e6, 1.0])
    assert (c.missing, c.conclusion, c.posterior) == (("A", "B"), "group", pytest.approx(0.9996))
    assert codes(c)["leading"] == {"sample": "S1", "missing": "A", "posterior": 0.6}
    # one of all names there are says nothing
    assert concluded(p, [1e6, 1e6])[0].conclusion == "disputed"


def test_two_bodies_among_three_brothers():
    third = [1 / 3, 1 / 3, 1 / 3, 0.0, 0.0, 0.0]
    p = posterior([third, third], names=("A", "B", "C", "D"))
    (c,) = concluded(p, [[1e6, 1e6, 1e6, 1.0]] * 2)
    assert (c.samples, c.missing, c.conclusion) == (("S1", "S2"), ("A", "B", "C"), "group")


def test_disputes():
    # one body, two names
    (c,) = concluded(posterior([[0.7, 0.25, 0.0, 0.05]]), [1e4, 3e3], kin={"A": {"B": "siblings"}})
    assert (c.conclusion, c.missing, c.posterior) == ("disputed", ("A",), 0.7)
    assert codes(c)["runner-up"] == {"who": "B", "posterior": 0.25, "relationship": "siblings"}
    assert codes(c)["kin-on-list"] == {"missing": "B", "relationship": "siblings"}
    # one name, two bodies
    rows = [[0.85, 0.0, 0.0, 0.15], [0.12, 0.0, 0.0, 0.88]]
    one, two = concluded(posterior(rows), [[1e4, 1.0]] * 2)
    assert one.conclusion == two.conclusion == "disputed"
    assert codes(one)["rival-body"] == {"sample": "S2", "missing": "A", "posterior": 0.12}
    # equal claims of good LRs; of LRs that say nothing there is nothing to dispute, nor among names that are improbable
    half = [[0.45, 0.0, 0.0, 0.55], [0.45, 0.0, 0.0, 0.55]]
    assert [c.conclusion for c in concluded(posterior(half), [[100.0, 1.0]] * 2)] == ["disputed"] * 2
    assert [c.conclusion for c in concluded(posterior(half), [[1.25, 1.0]] * 2)] == ["inconclusive"] * 2
    assert concluded(posterior([[0.3, 0.15, 0.0, 0.55]]), [20.0, 10.0])[0].conclusion == "inconclusive"
    # the same two as probably one body: no rivals
    one, two = concluded(posterior(rows, same=[[1, 0.6], [0.6, 1]]), [[1e4, 1.0]] * 2)
    assert (one.conclusion, two.conclusion) == ("probable", "inconclusive")


def test_inconclusive_names_nobody():
    (c,) = concluded(posterior([[0.3, 0.05, 0.0, 0.65]]), [20.0, 2.0])
    assert (c.conclusion, c.missing, c.posterior) == ("inconclusive", (), None)
    assert codes(c)["leading"] == {"sample": "S1", "missing": "A", "posterior": 0.3}


def test_excluded():
    out = posterior([[1e-9, 0.0, 0.4, 0.6]])
    (c,) = concluded(out, [1e-6, 0.0], incompatible=np.array([[3, 5]], dtype=np.int16))
    assert (c.conclusion, c.missing, c.posterior) == ("excluded", (), 1.0)
    assert codes(c) == {"incompatible": {"markers": 3}, "outside": {"stranger": 0.6, "unreferenced": 0.4}}
    (c,) = concluded(out, [1e-6, 0.0], incompatible=np.array([[2, 5]], dtype=np.int16))
    assert codes(c)["improbable"] == {"log10_lr": pytest.approx(-6.0)}
    # an LR that speaks for somebody excludes nobody, however small the prior
    (c,) = concluded(posterior([[1e-4, 0.0, 0.9999, 0.0]]), [3.0, 0.1])
    assert c.conclusion == "inconclusive"
    # nor does one for a name that another body has
    p = posterior([[0.99999, 0.0, 0.00001, 0.0], [1e-6, 0.0, 0.5, 0.499999]])
    _, c = concluded(p, [[1e9, 1.0], [10.0, 0.1]])
    assert c.conclusion == "excluded"
    assert codes(c)["named-elsewhere"] == {"missing": "A", "log10_lr": pytest.approx(1.0)}
    assert codes(c)["improbable"] == {"log10_lr": pytest.approx(-1.0)}
    # on a closed list with nobody else, what fits nobody is somebody all the same
    (c,) = concluded(posterior([[0.6, 0.4, 0, 0]]), [1e-9, 1e-9], incompatible=np.array([[4, 4]], dtype=np.int16))
    assert c.conclusion == "disputed"


def test_dna_that_cannot_tell():
    p = posterior([[0.01, 0.01, 0.5, 0.48], [0.9999, 0.0001, 0.0, 0.0]])
    untyped, left_over = concluded(p, [[np.nan] * 2] * 2)
    assert (untyped.conclusion, untyped.posterior) == ("non-identifiable", None)
    assert codes(untyped) == {"no-shared-markers": {}}
    # who is left over when the others have their names is identified, and the reason is told
    assert left_over.conclusion == "identified" and codes(left_over)["others-decide"] == {}
    nobody = posterior([[0.5, 0.5]], names=())
    assert concluded(nobody, [])[0].conclusion == "non-identifiable"


def test_related_victims_are_told_from_their_single_lrs():
    p = posterior([[0.99999, 0.0, 0.0, 0.00001]])
    (c,) = concluded(p, [0.002, 0.0])
    assert c.conclusion == "identified"
    assert codes(c)["others-decide"] == {"log10_lr": pytest.approx(log(0.002) / log(10))}


def test_samples_of_one_body_are_one_conclusion():
    sure, low = [0.99999, 0.0, 0.0, 0.00001], [0.9996, 0.0, 0.0, 0.0004]
    p = posterior([sure, sure, [0, 0, 0, 1.0]], same=[[1, 0.99999, 0], [0.99999, 1, 0], [0, 0, 1]])
    first, alone = concluded(p, [[1e9, 1.0], [1e9, 1.0], [0.1, 0.1]])
    assert (first.samples, first.missing) == (("S1", "S2"), ("A",))
    # of both at once: no more than the marginals allow together
    assert first.posterior == pytest.approx(1 - 2e-5) and codes(first)["one-body"]["posterior"] == 0.99999
    assert (alone.samples, alone.conclusion) == (("S3",), "excluded")
    # no rival of itself: two fragments of one man, each LR 10⁹
    assert first.conclusion == "undisputed"
    # both together fall short although each is beyond the threshold: each is told by itself
    p = posterior([low, low], same=[[1, 0.9996], [0.9996, 1]])
    assert [c.samples for c in concluded(p, [[1e9, 1.0]] * 2)] == [("S1",), ("S2",)]


def test_what_people_have_signed():
    rows = [[1.0, 0, 0, 0], [0.9999, 0.0001, 0, 0]]
    p = posterior(rows, same=[[1, 0.9], [0.9, 1]])
    free = posterior([[0.9, 0, 0, 0.1], [0.9999, 0.0001, 0, 0]], same=[[1, 0.9], [0.9, 1]])
    one, two = concluded(p, [[1e4, 1.0], [1e9, 1.0]], signed={"S1": "A"}, unconditioned=free)
    assert codes(one)["signed"] == {"sample": "S1", "missing": "A"}
    assert codes(one)["rests-on-signed"] == {"posterior": 0.9}
    assert codes(two)["later-fragment"] == {"sample": "S1", "missing": "A"}
    assert "rests-on-signed" not in codes(two)
    # what does not cross the threshold anyhow does not rest on anything
    weak = replace(p, marginals=np.array([[1.0, 0, 0, 0], [0.7, 0.05, 0, 0.25]]))
    assert "rests-on-signed" not in codes(concluded(weak, [[1e4, 1.0]] * 2, signed={"S1": "A"}, unconditioned=free)[1])


def test_prior_dependence():
    # ten times as many strangers: 0.9996 / (0.9996 + 0.0030 + 0.0001)
    p = posterior([[0.9996, 0.0001, 0.0001, 0.0002]])
    assert codes(concluded(p, [1e6, 10.0])[0])["prior-dependent"] == {
        "factor": 10.0,
        "posterior": pytest.approx(0.9996 / 1.0027),
    }
    p = posterior([[0.99999, 0.0, 0.000005, 0.000005]])
    assert "prior-dependent" not in codes(concluded(p, [1e8, 1.0])[0])


def test_glr_is_told_where_it_is_finite():
    p = posterior([[0.9999, 0.0001, 0, 0]], glr=np.array([[log(1e5), -inf]]))
    assert concluded(p, [1e8, 1.0])[0].log10_glr == pytest.approx(5.0)
    assert concluded(replace(p, ln_glr=np.array([[inf, 0.0]])), [1e8, 1.0])[0].log10_glr is None


# ---------------------------------------------------------------------------------------------- several claims at once


@pytest.mark.parametrize("kind", ["bodies", "fragments", "flat-assignments"])
@pytest.mark.parametrize("seed", range(12))
def test_claims_together_are_what_the_best_assignments_add_up_to(kind: str, seed: int):
    p = problem(Random(f"together {kind} {seed}"), kind, 3)
    try:
        slow = solve_by_enumeration(p)
    except Impossible:
        return
    if len(slow.assignments) == 100:
        slow = replace(slow, assignments=())  # not all of them are listed
    if not p.names or not slow.assignments:
        return
    for samples in (("S0",), ("S0", "S1"), ("S0", "S1", "S2")):
        for names in permutations(p.names, len(samples)):
            expected = sum(a.posterior for a in slow.assignments if [dict(a.who)[s] for s in samples] == list(names))
            assert probability_together(p, list(zip(samples, names, strict=True))) == pytest.approx(expected, abs=1e-9)
    if len(p.names) >= 2:
        some = p.names[:2]
        expected = sum(a.posterior for a in slow.assignments if {dict(a.who)["S0"], dict(a.who)["S2"]} == set(some))
        claims = [Claim(("S0",), some), Claim(("S2",), some)]
        found, error = exact_chance(p)(claims)
        assert (found, error) == (pytest.approx(expected, abs=1e-9), 0.0)
        low, _ = posterior_chance(solve_exactly(p))(claims)
        assert low <= found + 1e-12


@pytest.mark.parametrize("seed", range(8))
def test_fragments_of_one_body_together(seed: int):
    p = problem(Random(f"one body {seed}"), "fragments", 3)
    try:
        slow = solve_by_enumeration(p)
    except Impossible:
        return
    if not p.names or len(slow.assignments) == 100:
        return
    for name in p.names:
        expected = sum(a.posterior for a in slow.assignments if dict(a.who)["S0"] == dict(a.who)["S1"] == name)
        assert probability_together(p, [("S0", name), ("S1", name)]) == pytest.approx(expected, abs=1e-9)
    both = sum(a.posterior for a in slow.assignments if dict(a.who)["S0"] == dict(a.who)["S1"] in p.names)
    assert exact_chance(p)([Claim(("S0", "S1"), p.names)])[0] == pytest.approx(both, abs=1e-9)


def test_units_stand_for_their_samples():
    p = problem(Random("units 3"), "bodies", 2)
    ask = exact_chance(p, {"S0": "S0", "bone": "S0", "S1": "S1"})
    assert ask([Claim(("S0", "bone"), p.names)]) == ask([Claim(("S0",), p.names)])


def test_drawn_states_are_counted_within_what_the_marginals_allow():
    half = [0.5, 0.5, 0.0, 0.0]
    states = np.array([[0, 1], [1, 0], [0, 0], [1, 1]] * 25)
    p = replace(posterior([half, half]), states=states, method=JointMethod("sampled", min_ess=50.0))
    both = [Claim(("S1",), ("A", "B")), Claim(("S2",), ("A", "B"))]
    share, error = posterior_chance(replace(p, same_body=np.full((2, 2), 0.5)))(both)
    assert share == 0.5 and error == pytest.approx((0.25 / 104) ** 0.5)
    # a chain that stayed where it was for half its time errs by more than independent draws
    slow = replace(p, same_body=np.full((2, 2), 0.5), states=np.array([[0, 1]] * 50 + [[0, 0]] * 50))
    assert posterior_chance(slow)(both)[1] > 1.5 * error
    # in the marginals they are never one body, so that the draws are known to be wrong
    assert posterior_chance(p)(both)[0] == 1.0
    assert posterior_chance(p)([Claim(("S1",), ("A",)), Claim(("S2",), ("B",))])[0] == 0.25


def test_populations_are_weighed():
    one, two = (lambda claims: (0.9, 0.03)), (lambda claims: (0.5, 0.04))
    assert mixed_chance([one, two], [0.75, 0.25])([]) == (pytest.approx(0.8), pytest.approx(0.0246, abs=1e-4))


def test_all_right():
    rows = [[0.9999, 0.0001, 0, 0, 0], [0.0001, 0.9998, 0, 0, 0.0001], [0, 0, 0.6, 0, 0.4]]
    p = posterior(rows, names=("A", "B", "C"))
    found = concluded(p, [[1e8, 1.0, 1.0], [1.0, 1e8, 1.0], [1.0, 1.0, 10.0]])
    assert [c.conclusion for c in found] == ["undisputed", "undisputed", "probable"]
    # at most one of two goes wrong: 1 − 0.0001 − 0.0002
    assert all_right(found, p, 0.9995)[0] == pytest.approx(0.9997)
    assert all_right(found, p, 0.9995, lambda claims: (0.5 if len(claims) == 2 else 0.0, 0.1)) == (0.5, 0.1)
    assert all_right(found[2:], p, 0.9995) == (1.0, 0.0)


def test_all_right_of_a_group_asks_for_each_body():
    half = [0.5, 0.5, 0.0, 0.0]
    p = posterior([half, half])
    asked = []

    def chance(claims):
        asked.append([(c.samples, c.missing) for c in claims])
        return 1.0, 0.0

    found = concluded(p, [[1e6, 1e6]] * 2, chance=chance)
    all_right(found, p, 0.9995, chance)
    assert asked[-1] == [(("S1",), ("A", "B")), (("S2",), ("A", "B"))]


@pytest.mark.parametrize("kind", ["bodies", "fragments"])
@pytest.mark.parametrize("seed", range(20))
def test_every_sample_has_one_conclusion(kind: str, seed: int):
    rng = Random(f"all {kind} {seed}")
    problem_ = problem(rng, kind, 4)
    try:
        p = solve_exactly(problem_)
    except Impossible:
        return
    ln_lr = np.array([[rng.choice([rng.gauss(0, 6), -inf, np.nan]) for _ in p.names] for _ in p.samples])
    lab = Thresholds(posterior=rng.choice([0.6, 0.9, 0.99]), undisputed_lr=100)
    found = conclude(p, thresholds=lab, ln_lr=ln_lr.reshape(4, len(p.names)), chance=exact_chance(problem_))
    assert sorted(s for c in found for s in c.samples) == sorted(p.samples)
    proposed = [c for c in found if c.conclusion in ("undisputed", "identified", "group")]
    assert all(c.posterior >= lab.posterior - 1e-12 and c.missing for c in proposed)
    ask = exact_chance(problem_)
    for c in proposed:
        if len(c.missing) == 1:
            assert ask([Claim(c.samples, c.missing)])[0] == pytest.approx(c.posterior, abs=1e-9)
    right, _ = all_right(found, p, lab.posterior, ask)
    assert right <= min((c.posterior for c in proposed), default=1.0) + 1e-9
