"""`homeward identify` weighs all together by default, and leaves with 3 where that has not converged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import homeward.identify
from homeward.identify import Result
from homeward.identify.joint.posterior import JointMethod

from .conftest import Run

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8"))


def test_the_worked_example_jointly(run: Run, case: Path) -> None:
    """π = ½, N = 1: nobody ¼, V1 is M1 ¼·1.25, V2 is M1 ¼·1; each sample is another body."""
    done = run("identify", case, "--json", "-")
    assert done.code == 0
    result = json.loads(done.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    joint = result["joint"]
    assert joint["method"]["name"] == "exact" and joint["method"]["converged"] and joint["method"]["states"] == 3
    found = {(r["sample"], r["who"]): r["posterior"] for r in joint["marginals"]}
    assert found["V1", "F1/M1"] == pytest.approx(1.25 / 3.25, abs=1e-12)
    assert found["V2", "F1/M1"] == pytest.approx(1 / 3.25, abs=1e-12)
    assert found["V1", "stranger"] == pytest.approx(2 / 3.25, abs=1e-12) and found["V1", "unreferenced"] == 0
    assert [r["posterior"] for r in joint["same_individual"]] == [0]
    assert joint["individuals"] == [{"count": 2, "posterior": pytest.approx(1.0, abs=1e-12)}]
    example = json.loads((Path(__file__).parents[2] / "docs" / "result.example.json").read_text(encoding="utf-8"))
    for key in ("marginals", "same_individual", "individuals", "nobody_found"):
        for ours, theirs in zip(joint[key], example["joint"][key], strict=True):
            assert ours == {k: pytest.approx(v, abs=1e-12) if isinstance(v, float) else v for k, v in theirs.items()}
    assert [c["conclusion"] for c in joint["conclusions"]] == [c["conclusion"] for c in example["joint"]["conclusions"]]


def test_pairwise_leaves_it_out_and_says_so(run: Run, case: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.json"
    assert run("identify", case, "--json", alone, "--pairwise").code == 0
    result = json.loads(alone.read_text(encoding="utf-8"))
    assert "joint" not in result and result["settings"]["run"]["joint"] == "off"
    assert run("verify", alone, case).code == 0
    assert "taken alone" in run("identify", case, "--html", "-", "--pairwise").out
    assert "Who is who" not in run("identify", case, "--html", "-", "--pairwise").out
    assert "All samples and all families were weighed together" in run("identify", case).out


def test_what_has_not_converged_is_written_marked_and_ends_with_3(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = homeward.identify.identify

    def wandering(*arguments: Any, **named: Any) -> Result:
        result = real(*arguments, **named)
        assert result.joint is not None
        method = JointMethod("sampled", chains=4, max_rhat=2.0, min_ess=3.0, max_mc_error=0.2, converged=False)
        return replace(result, joint=replace(result.joint, posterior=replace(result.joint.posterior, method=method)))

    monkeypatch.setattr(homeward.identify, "identify", wandering)
    file, page = tmp_path / "r.json", tmp_path / "r.html"
    done = run("identify", case, "--json", file, "--html", page)
    assert done.code == 3
    assert "not-converged: the joint answer has not converged" in done.err
    assert done.out.startswith("Not converged.")
    assert json.loads(file.read_text(encoding="utf-8"))["joint"]["method"]["converged"] is False
    assert "Not converged." in page.read_text(encoding="utf-8")
    assert run("identify", case, "--json", "-").code == 3
