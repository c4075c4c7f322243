"""`make reference`: the carried corpus agrees, and whatever does not agree is told."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "reference"
CLAIMED = ("01_single_lik", "02_kinship_lr", "03_dvi", "04_linked", "05_familias", "06_mutation", "10_joint", "11_hard")


def reference(corpus: Path, *options: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "validation.reference", str(corpus), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One case of each of some claimed categories."""
    for folder, case in (
        ("01_single_lik", "sl0001"),
        ("02_kinship_lr", "kl001"),
        ("03_dvi", "dvi_planecrash"),
        ("06_mutation", "mu001"),
        ("10_joint", sorted(p.stem for p in (CORPUS / "10_joint").iterdir())[0]),
    ):
        (tmp_path / folder).mkdir()
        shutil.copy(CORPUS / folder / f"{case}.json", tmp_path / folder)
    return tmp_path


def test_everything_claimed_agrees() -> None:
    code, lines = reference(CORPUS)
    assert code == 0, lines
    agreeing = [re.fullmatch(r"(\w+): (\d+) of \2 agree, worst \d\.\de[-+]\d\d", line) for line in lines]
    found = {m[1]: int(m[2]) for m in agreeing if m}
    assert set(CLAIMED) <= set(found)
    assert found == {c: len(list((CORPUS / c).glob("*.json"))) for c in found}
    assert lines[-1] == f"reference: {sum(found.values())} of {sum(found.values())} agree"
    rest = [line for line in lines[:-1] if line.partition(":")[0] not in found]
    assert all(re.fullmatch(r"not claimed: \w+\.\w+ \d+", line) for line in rest), rest
    claimed = r" (01|02|05|06|10)_| 03_dvi\.(pair|excl|dir|joint)| 04_linked\.pairs | 11_hard\.(theta|pop|ped)"
    assert not [line for line in rest if re.search(claimed, line)]


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("01_single_lik/sl0001.json", ("lnlik",), -32.2755888),
        ("01_single_lik/sl0001.json", ("lnlik",), None),
        ("02_kinship_lr/kl001.json", ("lnlik", "H2"), -152.9741620),
        ("02_kinship_lr/kl001.json", ("lik_per_marker", "H2", 0), 0.0026348),
        ("03_dvi/dvi_planecrash.json", ("loglik0",), 0.0),
        ("03_dvi/dvi_planecrash.json", ("pairwise_LR", "values", 0, 0), 0),
        ("03_dvi/dvi_planecrash.json", ("exclusion_matrix", "values", 0, 0), 1),
        ("03_dvi/dvi_planecrash.json", ("pairings", "V1"), ["*"]),
        ("03_dvi/dvi_planecrash.json", ("direct_match", "groups"), [["V1", "V2"]]),
        ("03_dvi/dvi_planecrash.json", ("direct_match", "LR", "values", 0, 1), 2.0),
        ("06_mutation/mu001.json", ("matrix", 0, 1), 0.1),
        ("06_mutation/mu001.json", ("overall_rate",), 0.5),
        ("06_mutation/mu001.json", ("reversible",), False),
    ],
)
def test_a_wrong_figure_is_told(small: Path, file: str, path: tuple[str | int, ...], value: object) -> None:
    case = json.loads((small / file).read_text(encoding="utf-8"))
    at = case["expected"]
    for step in path[:-1]:
        at = at[step]
    assert at[path[-1]] != value
    at[path[-1]] = value
    (small / file).write_text(json.dumps(case), encoding="utf-8")
    code, lines = reference(small)
    assert code == 4
    assert lines[-1] == "reference: 4 of 5 agree"
    assert any(line.startswith(f"{file.partition('/')[0]}: 0 of 1 agree") for line in lines)


@pytest.mark.parametrize(
    ("check", "file", "path", "value"),
    [
        ("joint", "03_dvi/dvi_KETPchap481", ("n_assignments", "size"), 8),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "n_rows"), 8),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "n_finite"), 6),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "logsumexp_loglik"), -169.1480194),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "flat_prior_posterior_pairing", "values", 0, 0), 0.5),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "top", "loglik", 0), -169.1480194),
        ("joint", "03_dvi/dvi_KETPchap481", ("joint", "top", "loglik", 6), -500.0),
        ("joint", "03_dvi/dvi_KETPchap481", ("best", "loglik"), -169.1480194),
        ("exact", "10_joint/jt045", ("posterior", "S4", "M1"), 0.66475522),
        ("exact", "10_joint/jt045", ("posterior", "S4", "M9"), 0.0),
        ("exact", "10_joint/jt045", ("same_body", 0, 2), 0.9999),
        ("exact", "10_joint/jt045", ("number_of_bodies", "2"), 0.9999),
        ("exact", "10_joint/jt045", ("ln_evidence",), -37.5333449),
        ("exact", "10_joint/jt045", ("n_states",), 193),
        ("sampled", "10_joint/jt045", ("posterior", "S4", "M1"), 0.5),
        ("sampled", "10_joint/jt045", ("same_body", 0, 2), 0.5),
    ],
)
def test_a_wrong_joint_figure_is_told(check: str, file: str, path: tuple[str | int, ...], value: object) -> None:
    from validation.reference import __main__ as program

    case = json.loads((CORPUS / f"{file}.json").read_text(encoding="utf-8"))
    (asked,) = (c for c in program.CHECKS if (c.category, c.name) == (file[: file.index("/")], check))
    at = case["expected"]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert asked.compare is not None
    assert asked.compare(case) > asked.tolerance


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"expected": {"lnlik": -1}}', "\x00", "[" * 100_000])
def test_an_unreadable_file_counts_as_disagreeing(small: Path, tmp_path: Path, content: str) -> None:
    (small / "01_single_lik" / "other.json").write_text(content)
    code, lines = reference(small, "--json", str(tmp_path / "details.json"))
    assert code == 4
    assert lines[0].startswith("01_single_lik: 1 of 2 agree")
    details = json.loads((tmp_path / "details.json").read_text(encoding="utf-8"))
    assert [f["agrees"] for f in details["01_single_lik"]["files"]] == [False, True]


def test_null_is_not_compared_but_for_a_likelihood(small: Path) -> None:
    file = small / "03_dvi" / "dvi_planecrash.json"
    case = json.loads(file.read_text(encoding="utf-8"))
    case["expected"] |= dict.fromkeys(("loglik0", "pairwise_LR", "direct_match", "find_excluded_maxIncomp2"))
    file.write_text(json.dumps(case), encoding="utf-8")
    assert reference(small)[0] == 0


def test_no_corpus_is_bad_usage(tmp_path: Path) -> None:
    assert reference(tmp_path)[0] == 2
    assert reference(tmp_path / "none")[0] == 2


def test_a_difference_of_infinities_and_nonsense() -> None:
    from validation.reference.registry import apart, worst

    assert apart(-math.inf, -math.inf) == 0
    assert apart(-math.inf, -3.0) == math.inf
    assert apart(math.nan, -3.0) == math.inf
    assert worst([]) == 0 and worst([1.0, math.inf]) == math.inf
