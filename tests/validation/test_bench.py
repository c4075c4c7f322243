"""`make bench INPUTS=DIR`: one JSON object, the answers the other programs gave, and nothing claimed in vain."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("lik23_trio_none", "lik23_cousins_stepwise", "kin_sibs_stepwise", "dvi_planecrash", "likelihood2_gp_5")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    folder = tmp_path_factory.mktemp("inputs")
    for name in FILES:
        shutil.copy(ROOT / "bench" / "inputs" / f"{name}.json", folder)
    (folder / "broken.json").write_text("{")
    (folder / "chain.json").write_text('{"pedigree": [], "position_cM": [0, 1, 2], "markers": []}')
    done = subprocess.run(
        [sys.executable, "-m", "validation.bench", "--inputs", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, dict[str, object]] = json.loads(done.stdout)
    return found


def given(name: str) -> dict[str, object]:
    case: dict[str, object] = json.loads((ROOT / "bench" / "inputs" / f"{name}.json").read_text(encoding="utf-8"))
    return case


def test_every_file_is_measured_or_not_claimed(measured: dict[str, dict[str, object]]) -> None:
    assert set(measured) == {*(f"{name}.json" for name in FILES), "broken.json", "chain.json"}
    assert set(measured["chain.json"]) == set(measured["broken.json"]) == {"not_claimed"}
    for name in FILES:
        row = measured[f"{name}.json"]
        assert set(row) == {"cpu_seconds", "first_seconds", "peak_mb", "result"}
        assert 0 < float(str(row["cpu_seconds"])) < 1, "the aim for every one of these files"
        assert 10 < float(str(row["peak_mb"])) < 1000


def test_likelihoods_are_those_of_the_other_program(measured: dict[str, dict[str, object]]) -> None:
    for name in FILES[:2]:
        expected = math.fsum(given(name)["lnlik_per_marker"])  # type: ignore[arg-type]
        assert measured[f"{name}.json"]["result"] == pytest.approx(expected, abs=1e-7)


def test_hypotheses(measured: dict[str, dict[str, object]]) -> None:
    found = measured["kin_sibs_stepwise.json"]["result"]
    assert isinstance(found, dict)
    h1, h2 = found.values()
    assert math.exp(h1 - h2) == pytest.approx(given("kin_sibs_stepwise")["LR"][0], rel=1e-6)  # type: ignore[index]


def test_pairs(measured: dict[str, dict[str, object]]) -> None:
    """The same incident stands in the reference corpus with its LRs."""
    expected = json.loads((ROOT / "reference" / "03_dvi" / "dvi_planecrash.json").read_text(encoding="utf-8"))
    found = measured["dvi_planecrash.json"]["result"]
    assert isinstance(found, dict)
    for ours, theirs in zip(found["pairwise_log10_lr"], expected["expected"]["pairwise_LR"]["values"], strict=True):
        assert ours == [pytest.approx(math.log10(x), abs=1e-6) for x in theirs]


def test_the_joint_posterior_is_that_of_the_full_table(measured: dict[str, dict[str, object]]) -> None:
    given = json.loads((ROOT / "reference" / "03_dvi" / "dvi_planecrash.json").read_text(encoding="utf-8"))
    expected = given["expected"]["joint"]
    found = measured["dvi_planecrash.json"]["result"]["joint"]  # type: ignore[index]
    assert found["n_rows"] == expected["n_rows"]
    assert found["logsumexp_loglik"] == pytest.approx(expected["logsumexp_loglik"], abs=1e-7)
    table = expected["flat_prior_posterior_pairing"]
    assert table["cols"] == [*given["missing"], "*"]
    for ours, theirs in zip(found["posterior"], table["values"], strict=True):
        assert ours == [pytest.approx(x or 0.0, abs=1e-6) for x in theirs]
