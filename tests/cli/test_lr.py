"""`homeward lr`: hypotheses of the case, hypotheses named by option, and LRs known by heart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from .conftest import Mixture, Run


def test_paternity(run: Run, paternity: Path) -> None:
    """TH01: child 6/7, alleged father 6/9.3: 1/(4·p6). TPOX: child 8/11, father 8/8: 1/(2·p8)."""
    done = run("lr", paternity, "--json", "-")
    assert (done.code, done.err) == (0, "")
    value = json.loads(done.out)
    assert (value["format"], value["reference"]) == ("homeward-lr 1", "unrelated")
    assert value["log10_lr"] == {"father": pytest.approx(math.log10(1.25), abs=1e-12), "unrelated": 0}
    th01, tpox = value["terms"]
    assert (th01["markers"], tpox["markers"]) == (["TH01"], ["TPOX"])
    assert th01["log10_lr"]["father"] == pytest.approx(math.log10(1.25), abs=1e-12)
    assert tpox["log10_lr"]["father"] == pytest.approx(0, abs=1e-12)
    unrelated = next(h["log10_likelihood"] for h in value["hypotheses"] if h["name"] == "unrelated")
    by_hand = (2 * 0.2 * 0.05) * (2 * 0.2 * 0.25) * 0.5**2 * (2 * 0.5 * 0.5)
    assert unrelated == pytest.approx(math.log10(by_hand), abs=1e-12)


def test_table(run: Run, paternity: Path) -> None:
    done = run("lr", paternity)
    assert done.out.splitlines()[0].split("  ")[0] == "hypothesis"
    assert "log10 LR against unrelated" in done.out and "0.0969" in done.out


def test_named_hypotheses_replace_those_of_the_case(run: Run, paternity: Path, tmp_path: Path) -> None:
    """With the order turned round, the LR is turned round."""
    father, unrelated = (paternity / "hypotheses" / f"{name}.csv" for name in ("father", "unrelated"))
    options = ("--hypothesis", f"no={unrelated}", "--hypothesis", f"yes={father}")
    value = json.loads(run("lr", paternity, *options, "--json", "-").out)
    assert [h["name"] for h in value["hypotheses"]] == ["no", "yes"]
    assert value["log10_lr"]["no"] == pytest.approx(-math.log10(1.25), abs=1e-12)


def test_an_impossible_hypothesis_and_an_impossible_reference(run: Run, paternity: Path) -> None:
    profiles = paternity / "profiles.csv"
    profiles.write_text(
        profiles.read_text().replace("F1/M1,TPOX,8,8", "F1/M1,TH01,6,9.3").replace("F1/C1,TH01,6,7", "F1/C1,TH01,7,7")
    )
    text = profiles.read_text().splitlines()
    profiles.write_text("\n".join(dict.fromkeys(text)) + "\n")
    value = json.loads(run("lr", paternity, "--json", "-").out)
    assert value["log10_lr"]["father"] is None
    father, unrelated = (paternity / "hypotheses" / f"{name}.csv" for name in ("father", "unrelated"))
    options = ("--hypothesis", f"no={unrelated}", "--hypothesis", f"yes={father}")
    value = json.loads(run("lr", paternity, *options, "--json", "-").out)
    assert "log10_lr" not in value and value["hypotheses"][1]["log10_likelihood"] is None
    assert "undefined" in run("lr", paternity, *options).out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--hypothesis", "father"], "bad-argument"),
        (["--hypothesis", "a=none.csv", "--hypothesis", "b=none.csv"], "missing-file"),
        (["--hypothesis", "a=pedigrees.csv", "--hypothesis", "a=pedigrees.csv"], "duplicate-hypothesis"),
        ([], "no-hypotheses"),
    ],
)
def test_faults(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: str) -> None:
    monkeypatch.chdir(case)
    done = run("lr", case, *options)
    assert (done.code, done.out) == (2, "")
    assert f": {code}: " in done.err


def test_a_mixture_of_populations_shows_each(run: Run, paternity: Path, mixture: Mixture) -> None:
    """1/(4·p6) is 1.25 in one population and 0.625 in the other; the mixture weighs likelihoods, not LRs."""
    mixture(paternity)
    value = json.loads(run("lr", paternity, "--json", "-").out)
    alone = {row["population"]: row["log10_lr"]["father"] for row in value["by_population"]}
    assert alone == {"example": pytest.approx(math.log10(1.25)), "other": pytest.approx(math.log10(0.625))}
    rest = 0.25 * 0.05 * 4 * 0.5**2 * 0.5  # TPOX and the other alleles of TH01 are alike in both
    h2 = 0.75 * 0.2**2 * rest + 0.25 * 0.4**2 * rest
    h1 = 0.75 * 1.25 * 0.2**2 * rest + 0.25 * 0.625 * 0.4**2 * rest
    assert value["log10_lr"]["father"] == pytest.approx(math.log10(h1 / h2), abs=1e-12)
    assert sum(t["log10_lr"]["father"] for t in value["terms"]) == pytest.approx(math.log10(h1 / h2), abs=1e-12)
    heads, father, unrelated = run("lr", paternity).out.splitlines()
    assert heads.split("  ")[-1].strip() == "in other" and "in example" in heads
    assert father.split()[-2:] == ["0.0969", "-0.2041"] and unrelated.split()[-2:] == ["0.0000", "0.0000"]


def test_what_is_weak_about_the_tables_is_told_beside_the_answer(run: Run, paternity: Path) -> None:
    done = run("lr", paternity, "--set", "model.population=US_NIST1036_Asian", "--json", "-")
    assert done.code == 0 and json.loads(done.out)["reference"] == "unrelated"
    assert done.err.startswith("note: provisional-population: US_NIST1036_Asian: a small table, 194 chromosomes")
