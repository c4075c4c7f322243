"""What people have signed, through the case folder: a later fragment, a reopened identification, a mis-association."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from homeward.formats import read_case
from homeward.formats.results import result_json
from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.report import result_html

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))


def identified(folder: Path, signed: Sequence[tuple[str, str]] = (), *, fragment: bool = False) -> Result:
    """The published plane crash with what people have signed; with a ``fragment`` V1b, 8 markers of V1 again."""
    shutil.copytree(ROOT / "demo" / "published", folder, dirs_exist_ok=True)
    if signed:
        rows = "".join(f"{sample},{missing},A. One;B. Two,2026-03-09\n" for sample, missing in signed)
        (folder / "identifications.csv").write_text("sample,missing,signed,date\n" + rows, encoding="utf-8")
    if fragment:
        for name, most in (("profiles.csv", 8), ("remains.csv", 1)):
            lines = (folder / name).read_text(encoding="utf-8").splitlines()
            more = [line.replace("V1,", "V1b,", 1) for line in lines if line.startswith("V1,")][:most]
            (folder / name).write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
        settings = (folder / "case.toml").read_text(encoding="utf-8").replace('"bodies"', '"fragments"')
        (folder / "case.toml").write_text(settings, encoding="utf-8")
    case = read_case(folder)
    return identify(case, scenarios_of(case), seed=1)


def posterior(result: Result, sample: str, name: str, *, signed: bool = True) -> float:
    assert result.joint is not None
    p = result.joint.posterior if signed else result.joint.unconditioned
    assert p is not None
    return float(p.marginals[p.samples.index(sample), p.names.index(name)])


def warned(result: Result) -> list[tuple[str, object]]:
    return [(w.code, w.parameters.get("sample")) for w in result.warnings if w.code.startswith("signed")]


def test_a_later_fragment_joins_an_identified_person(tmp_path: Path) -> None:
    before = identified(tmp_path / "before", fragment=True)
    after = identified(tmp_path / "after", [("V1", "F1/M1")], fragment=True)
    # signing V1 settles V1, and makes the same of its fragment surer; what it was without stands beside
    assert posterior(after, "V1", "F1/M1") == pytest.approx(1.0, abs=1e-12)
    assert posterior(after, "V1b", "F1/M1") > posterior(before, "V1b", "F1/M1") > 0.99
    for sample in ("V1", "V1b"):
        alone = posterior(before, sample, "F1/M1")
        assert posterior(after, sample, "F1/M1", signed=False) == pytest.approx(alone, abs=1e-12)
    assert after.joint is not None
    c = after.joint.of_sample["V1b"]
    assert c.missing == ("F1/M1",)
    assert {"signed", "later-fragment"} & {r.code for r in c.reasons}
    assert warned(after) == []


def test_a_reopened_identification_is_the_answer_without_it(tmp_path: Path) -> None:
    signed = identified(tmp_path / "signed", [("V4", "F5/M5")])
    reopened = identified(tmp_path / "reopened")
    assert reopened.joint is not None and reopened.joint.unconditioned is None
    for sample in ("V1", "V4", "V5"):
        for name in reopened.joint.posterior.names:
            was = posterior(signed, sample, name, signed=False)
            assert posterior(reopened, sample, name) == pytest.approx(was, abs=1e-12)


def test_a_mis_association_is_warned_of_and_what_it_displaces_too(tmp_path: Path) -> None:
    result = identified(tmp_path, [("V5", "F1/M1")])
    # V5 is taken as F1/M1, as signed; V1, who is, loses the name
    assert posterior(result, "V5", "F1/M1") == pytest.approx(1.0, abs=1e-12)
    assert posterior(result, "V5", "F1/M1", signed=False) < 1e-3
    assert posterior(result, "V1", "F1/M1") < 1e-9 < 0.999 < posterior(result, "V1", "F1/M1", signed=False)
    assert warned(result) == [("signed-against", "V5"), ("signed-moves", "V1")]
    assert result.joint is not None
    c = result.joint.of_sample["V5"]
    assert "rests-on-signed" in {r.code for r in c.reasons}
    assert c.stress == () and [(u.change, u.why) for u in c.untested] == [("all", "signed")]
    told = json.loads(result_json(result))
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    beside = {(r["sample"], r["who"]): r["posterior"] for r in told["joint"]["unconditioned"]}
    assert beside["V1", "F1/M1"] == pytest.approx(posterior(result, "V1", "F1/M1", signed=False))
    page = result_html(result)
    assert "the DNA speaks against it" in page
    assert "Without what people have signed" in page


def test_what_is_signed_and_impossible_is_left_out_and_told(tmp_path: Path) -> None:
    """Without mutation V1 cannot be of family F3: the answer stands as if nobody had signed."""
    folder = tmp_path / "case"
    shutil.copytree(ROOT / "demo" / "published", folder)
    text = (folder / "case.toml").read_text(encoding="utf-8").replace('mutation = "file"', 'mutation = "none"')

    def run(signed: str) -> Result:
        (folder / "case.toml").write_text(text, encoding="utf-8")
        (folder / "identifications.csv").write_text(f"sample,missing,signed\n{signed}", encoding="utf-8")
        case = read_case(folder)
        return identify(case, scenarios_of(case), seed=1)

    impossible, free = run("V1,F3/M3,A;B\n"), run("")
    assert impossible.joint is not None and free.joint is not None
    assert [w.code for w in impossible.warnings if w.code.startswith("signed")] == ["signed-impossible"]
    assert impossible.joint.posterior.marginals == pytest.approx(free.joint.posterior.marginals, abs=1e-12)
