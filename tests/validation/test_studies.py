"""`make validate`: its files and exit code, and that its bounds can fail."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, chi2
from validation.studies import __main__ as program
from validation.studies import (
    calibration,
    claims,
    combined,
    joint_calibration,
    lr_distributions,
    models_agree,
    oracle,
    simulation,
)
from validation.studies.study import Bound, Outcome, Study, chi_square_tail

import homeward


@pytest.mark.parametrize("study", program.STUDIES, ids=lambda s: s.name)
def test_a_study_writes_its_report_and_its_plot(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = program.main(["--scale", "0.01", "--only", study.name, "--folder", str(tmp_path)])
    out = capsys.readouterr().out
    report = json.loads((tmp_path / f"{study.name}.json").read_text(encoding="utf-8"))
    assert {"name", "seed", "scale", "runs", "failures", "figures", "seconds", "version"} <= report.keys()
    assert (report["name"], report["scale"], report["failures"]) == (study.name, 0.01, 0)
    assert report["version"] == homeward.__version__
    assert (tmp_path / f"{study.name}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert out.count("\n") == 1
    assert out.startswith(f"{study.name}: holds")
    assert code == 0


def test_a_bound_that_does_not_hold_is_exit_4_and_said(tmp_path: Path, monkeypatch, capsys) -> None:
    failing = Study("failing", 1, lambda scale, seed: Outcome(1, (Bound("a claim", 2.0, 1.0),), {}, "<svg/>"))
    monkeypatch.setattr(program, "STUDIES", (failing,))
    assert program.main(["--folder", str(tmp_path)]) == 4
    assert "failing: FAILS 1 of 1 bounds" in capsys.readouterr().out


def test_a_figure_that_is_no_number_does_not_hold() -> None:
    assert not Bound("a claim", math.nan, 1.0).holds


def test_an_engine_without_mutation_fails_the_oracle_study(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(tasks):
        return right([replace(t, locus=replace(t.locus, from_mother=None)) for t in tasks])

    right = oracle.likelihoods
    monkeypatch.setattr(oracle, "likelihoods", careless)
    assert oracle.ENGINE_AGAINST_ORACLE.work(0.03, 1).failures >= 1


def test_an_engine_without_mutation_fails_the_simulation_study(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(tasks):
        return right([replace(t, locus=replace(t.locus, from_mother=None)) for t in tasks])

    right = simulation.likelihoods
    monkeypatch.setattr(simulation, "likelihoods", careless)
    assert simulation.ENGINE_AGAINST_SIMULATION.work(0.01, 1).failures >= 1


def chance() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(3))


@pytest.mark.parametrize("effects", [("structure",), ("drop-out", "mixture"), ("doubt", "X"), ("mutation", "linkage")])
def test_models_that_agree(effects: tuple[str, ...]) -> None:
    found = models_agree.compared(combined.combined(chance(), effects), chance())
    assert max(found.engine, found.ratio, found.total, found.pieces, found.sum_to_one) < models_agree.LIMIT
    assert found.p_value > 1e-4


def test_an_engine_without_structure_does_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combined, "likelihoods", lambda tasks: right([replace(t, theta=0.0) for t in tasks]))
    right = simulation.likelihoods
    found = models_agree.compared(combined.combined(chance(), ("structure",)), chance())
    assert found.engine > 0.01 and found.p_value < 1e-6


def test_an_average_of_lrs_over_populations_does_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """What plausible software does: each population's LR, weighted."""

    def averaged(views, *, pieces, refuse):
        parts: list[list[object]] = [[] for _ in views]
        each = [right([replace(v, weight=1.0)], pieces=p, refuse=refuse) for v, p in zip(views, parts, strict=True)]
        pieces.extend(parts[0])
        mean = sum(v.weight * np.exp(f.ln_lr) for v, f in zip(views, each, strict=True))
        with np.errstate(divide="ignore"):
            return replace(each[0], ln_lr=np.log(mean))

    right = models_agree.compare_all
    monkeypatch.setattr(models_agree, "compare_all", averaged)
    found = models_agree.compared(combined.combined(chance(), ("mixture",)), chance())
    assert found.ratio > 1e-3 and found.total > 1e-3


def test_a_typing_read_without_its_drop_out_does_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(alleles, locus, sex, heterozygote, homozygote, dropin):
        return right(alleles, locus, sex, 0.1, 0.01, dropin)

    right = combined.with_dropout
    monkeypatch.setattr(combined, "with_dropout", careless)
    assert models_agree.compared(combined.combined(chance(), ("drop-out",)), chance()).p_value < 1e-6


def test_every_model_and_every_two_are_combined() -> None:
    n = len(combined.EFFECTS)
    assert len(models_agree.COMBINATIONS) == n + n * (n - 1) // 2 - len(combined.REFUSED)


def test_lrs_that_are_too_large_are_told() -> None:
    """Normal log LRs whose two means are half the variance apart from 0 are true ones; ten times as much is not."""
    h1, h2 = chance().normal(2.0, 2.0, 20_000), chance().normal(-2.0, 2.0, 20_000)
    true = (h1 / math.log(10.0), h2 / math.log(10.0))
    assert abs(lr_distributions.balance(*true, 10.0)) < 4
    assert lr_distributions.excess(true[1], 10.0) < 3
    assert lr_distributions.balance(true[0] + 1.0, true[1] + 1.0, 10.0) > 10
    assert lr_distributions.excess(true[1] + 1.0, 10.0) > 3


def test_drop_out_is_drawn_at_its_rates() -> None:
    genotypes = np.array([[0, 1]] * 40_000 + [[2, 2]] * 40_000)
    seen = lr_distributions.seen_after_dropout(genotypes, 0.3, chance())
    both, one, none = (np.mean(np.all(seen[:40_000] == g, axis=1)) for g in ([0, 1], [0, 0], [-1, -1]))
    np.testing.assert_allclose([both, one, none], [0.49, 0.21, 0.09], atol=0.01)
    gone = np.mean(seen[40_000:] == -1)
    np.testing.assert_allclose(gone, 0.09, atol=0.01)
    assert set(map(tuple, seen[40_000:].tolist())) == {(2, 2), (-1, -1)}


def test_posteriors_that_claim_too_much_fail_the_calibration_study(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prior of 1/20 instead of 1/183 and 1/100."""

    def bold(case, scenarios, *, seed):
        incident = replace(case.settings.incident, size=None)
        few = replace(case, listed=(), settings=replace(case.settings, incident=incident))
        return right(few, scenarios, seed=seed)

    right = calibration.identify
    monkeypatch.setattr(calibration, "identify", bold)
    assert calibration.IDENTIFY_CALIBRATION.work(0.03, 1).failures >= 1


def test_joint_posteriors_that_are_too_sure_miss_their_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sample's likeliest place is said to be certain."""

    def bold(problem):
        found = right(problem)
        certain = (found.marginals == found.marginals.max(axis=1, keepdims=True)).astype(float)
        return replace(found, marginals=certain)

    honest = joint_calibration._piece(("bodies", 0, 2), 2)
    right = joint_calibration.solve_exactly
    monkeypatch.setattr(joint_calibration, "solve_exactly", bold)
    sure = joint_calibration._piece(("bodies", 0, 2), 2)
    strata = ["joint: name", "joint: unreferenced", "joint: stranger"]
    assert claims.worst_bin(honest, strata) < 2
    assert claims.worst_bin(sure, strata) >= 3
    assert sure.loss("joint") > 10 * honest.loss("joint")


def test_a_false_name_says_which_incident_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each body alone says of one name is taken for what it says of the next."""

    def shifted(problem):
        found = right(problem)
        found[:, : len(problem.names)] = np.roll(found[:, : len(problem.names)], 1, axis=1)
        return found

    right = joint_calibration.alone
    monkeypatch.setattr(joint_calibration, "alone", shifted)
    found = joint_calibration._piece(("bodies", 0, 1), 2)
    false, most = found.false_above("alone: name")
    assert false == len(found.false) > most
    assert all(row["method"] == "alone" and row["seed"] == 2 and len(row["samples"]) == 10 for row in found.false)
    assert found.false_above("joint: name")[0] == 0


@pytest.mark.parametrize(("count", "chance_of_each"), [(150, 0.002), (1000, 0.01), (6000, 0.0001)])
def test_the_number_of_false_claims_to_be_expected(count: int, chance_of_each: float) -> None:
    assert claims.most_false([chance_of_each] * count) == binom.ppf(0.99, count, chance_of_each)


def test_most_false_of_unlike_claims() -> None:
    """Two coins and a certainty: 0.99 is first reached at three."""
    assert [claims.most_false([0.5, 0.5, 1.0], level) for level in (0.2, 0.3, 0.8)] == [1, 2, 3]


def test_wilson_s_interval() -> None:
    share, low, high = claims.interval(8, 10)
    assert (share, low, high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert claims.interval(0, 0) == (0.0, 0.0, 1.0)


def test_chi_square_tail() -> None:
    for freedom in (1, 2, 3, 8, 31, 200):
        for x in (0.0, 0.5, 7.0, 45.0, 300.0):
            expected = chi2.sf(x, freedom)
            np.testing.assert_allclose(chi_square_tail(x, freedom), expected, rtol=1e-9, atol=1e-300)
