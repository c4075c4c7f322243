"""`make validate`: its files and exit code, and that its bounds can fail."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2
from validation.studies import __main__ as program
from validation.studies import calibration, oracle, simulation
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


def test_posteriors_that_claim_too_much_fail_the_calibration_study(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prior of 1/20 instead of 1/183 and 1/100."""

    def bold(case, scenarios, *, seed):
        incident = replace(case.settings.incident, size=None)
        few = replace(case, listed=(), settings=replace(case.settings, incident=incident))
        return right(few, scenarios, seed=seed)

    right = calibration.identify
    monkeypatch.setattr(calibration, "identify", bold)
    assert calibration.IDENTIFY_CALIBRATION.work(0.03, 1).failures >= 1


def test_chi_square_tail() -> None:
    for freedom in (1, 2, 3, 8, 31, 200):
        for x in (0.0, 0.5, 7.0, 45.0, 300.0):
            expected = chi2.sf(x, freedom)
            np.testing.assert_allclose(chi_square_tail(x, freedom), expected, rtol=1e-9, atol=1e-300)
