"""The hard cases: other numbers of the same kind are read from the file, and a wrong answer is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from validation.reference import hard

CORPUS = Path(__file__).parents[2] / "reference" / "11_hard"
TOLERANCE = 1e-6


def case(name: str) -> Any:
    return json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def structure() -> Any:
    return case("11_theta_two_families")


@pytest.fixture
def origin() -> Any:
    return case("14_unknown_population")


@pytest.fixture
def heir() -> Any:
    return case("15_adopted_heir")


def test_they_agree(structure: Any, origin: Any, heir: Any) -> None:
    assert hard.theta(structure) <= TOLERANCE
    assert hard.population(origin) <= TOLERANCE
    assert hard.uncertain_pedigree(heir) <= TOLERANCE


@pytest.mark.parametrize("name", ["LR_theta (H2: bone in the same urn)", "LR at theta 0"])
def test_a_wrong_lr_under_structure_is_told(structure: Any, name: str) -> None:
    structure["expected"]["pairwise"]["B2-M1"][name] *= 1.0001
    assert hard.theta(structure) > TOLERANCE


def test_another_theta_is_another_answer(structure: Any) -> None:
    structure["theta"] = 0.03
    assert hard.theta(structure) > 1


@pytest.mark.parametrize("name", ["LR", "LR_K", "LR_J_under_H2", "LR_of_something_else"])
def test_a_wrong_lr_of_unknown_origin_is_told(origin: Any, name: str) -> None:
    origin["expected"][name] = 1.5
    assert not hard.population(origin) <= TOLERANCE


def test_other_weights_make_the_mixture_of_the_two_lrs(origin: Any) -> None:
    expected = origin["expected"]
    origin["populations"]["weights"] = [0.8, 0.2]
    expected["LR"] = 1 / (0.8 / expected["LR_K"] + 0.2 / expected["LR_J_under_H2"])
    assert hard.population(origin) <= TOLERANCE


def answers(heir: Any, adopted: float, unrelated: int) -> dict[str, float]:
    """The posterior over a closed list, by hand."""
    one, other = heir["expected"]["LR_grandfather"], heir["expected"]["LR_great_uncle"]
    mixed = {
        "M1": (1 - adopted) * one + adopted * other,
        "M2": (1 - adopted) * other + adopted * one,
        "U each": 1.0,
    }
    total = mixed["M1"] + mixed["M2"] + unrelated
    return {name: value / total for name, value in mixed.items()}


@pytest.mark.parametrize(("adopted", "unrelated"), [(0.05, 3), (0.2, 3), (0.05, 7)])
def test_the_stated_prior_and_the_list_are_read(heir: Any, adopted: float, unrelated: int) -> None:
    heir["pedigree_prior"] = {"registered": 1 - adopted, "adopted": adopted}
    heir["missing"] = ["M1", "M2", *(f"U{k}" for k in range(unrelated))]
    heir["expected"]["posterior"] = answers(heir, adopted, unrelated)
    assert hard.implied_prior(heir) is None
    assert hard.uncertain_pedigree(heir) <= TOLERANCE


def test_a_prior_that_the_files_own_answers_contradict_is_remarked_on(heir: Any) -> None:
    remark = hard.implied_prior(heir)
    assert remark is not None and "0.95" in remark and "0.9" in remark


@pytest.mark.parametrize(
    ("name", "path"),
    [("M1", "posterior"), ("M2", "posterior"), ("U each", "posterior"), ("LR_grandfather", ""), ("LR_great_uncle", "")],
)
def test_a_wrong_answer_of_an_uncertain_pedigree_is_told(heir: Any, name: str, path: str) -> None:
    wrong = copy.deepcopy(heir)
    at = wrong["expected"][path] if path else wrong["expected"]
    at[name] *= 1.001
    assert hard.uncertain_pedigree(wrong) > TOLERANCE
