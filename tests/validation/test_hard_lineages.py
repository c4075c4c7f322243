"""Cases of lines that the corpus may hold besides those it carries, with answers worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from validation.reference.hard_lineages import Told, lineage

CARRIED = Path(__file__).parents[2] / "reference" / "11_hard" / "12_y_match_patrilineal_kin.json"


@pytest.mark.parametrize("rate", [0.0, 0.002, 0.01])
@pytest.mark.parametrize("theta", [0.0, 0.01])
def test_a_line_that_mutates_weighs_by_its_meioses(rate: float, theta: float) -> None:
    """C1 is one meiosis from M1 and three from M2: (1 - r) and (1 - r)^3 over what somebody unrelated shows."""
    case: dict[str, Any] = json.loads(CARRIED.read_text(encoding="utf-8"))
    case["lineage"]["Y"] |= {"mutation": rate, "theta": theta}
    autosomal, f = case["expected"]["autosomal_LR"], case["lineage"]["Y"]["frequency"]["h"]
    apart = theta + (1 - theta) * f
    weight = {"M1": autosomal["M1"] * (1 - rate) / apart, "M2": autosomal["M2"] * (1 - rate) ** 3 / apart}
    if theta > 0:
        # at theta, what is seen again is bounded by the sighting itself, which mutation makes no rarer
        ratio = {m: w * apart / autosomal[m] / f for m, w in weight.items()}
        weight = {m: autosomal[m] * ratio[m] / (theta * max(1 / f, ratio[m]) + 1 - theta) for m in weight}
    total = sum(weight.values()) + 3
    case["expected"]["posterior"] = {m: w / total for m, w in weight.items()} | {"U each": 1 / total}
    assert lineage(case) < 1e-7


def test_the_maternal_line_is_weighed_as_the_paternal_one() -> None:
    """Their sister shares the mtDNA of the bone, and both brothers on the list carry it."""
    case: dict[str, Any] = json.loads(CARRIED.read_text(encoding="utf-8"))
    line = case["lineage"].pop("Y")
    for member in case["families"]["F"]:
        if member["id"] == "C1":
            member["father"], member["mother"], member["sex"] = "GF", "GM", "female"
    case["lineage"]["mt"] = line
    # M1 and M2 are brothers of C1 now: one LR, one share
    told = Told(case)
    result = told.result(lines=True)
    plain = told.result(lines=False)
    assert told.posterior(result, "M1") == pytest.approx(told.posterior(result, "M2"))
    gained = told.lr(result, "M1") / told.lr(plain, "M1")
    assert gained == pytest.approx(1 / line["frequency"]["h"], rel=1e-6)
