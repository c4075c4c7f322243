"""The bundled cases are what they say they are, and no name is given falsely."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.simulate import STRANGER

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"


def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_chosei", DEMO / "make_chosei.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def chosei() -> Result:
    case = read_case(DEMO / "chosei")
    return identify(case, scenarios_of(case), seed=1)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_simulated_incident_is_what_its_program_writes(tmp_path: Path) -> None:
    program().write(tmp_path / "chosei")
    assert files(tmp_path / "chosei") == files(DEMO / "chosei")


def test_the_simulated_incident_has_the_shape_it_claims(chosei: Result) -> None:
    case = chosei.case
    typed = [s.source for s in case.samples if s.of == "person"]
    assert (case.list_size, len(case.families), len(case.listed), len(case.remains)) == (183, 84, 99, 12)
    assert sorted(s.split("/")[0] for s in typed) == [f.id for f in case.families]  # one relative each
    assert "simulated" in case.name.lower()
    assert "SIMULATED" in (DEMO / "chosei" / "NOTES.md").read_text(encoding="utf-8")
    names = [r.name for f in case.families for r in f.records.values()] + [p.name for p in case.listed]
    assert len(set(names)) == 183


def test_no_name_is_given_falsely_and_the_answers_differ(chosei: Result) -> None:
    """Named, undecided and nobody: each occurs, and whoever is above the threshold is the right man."""
    _, truth = program().make()
    threshold = chosei.case.settings.thresholds.posterior
    named = {p.sample: p.missing for p in chosei.pairs if p.posterior >= threshold}
    assert named == {"R-02": "F016/M-016", "R-03": "F014/M-014", "R-09": "F054/M-054", "R-10": "F016/M-016"}
    assert all(truth.of[sample] == missing for sample, missing in named.items())
    undecided = [p for p in chosei.pairs if truth.of[p.sample] == p.missing and 0.3 < p.posterior < threshold]
    assert len({p.sample for p in undecided}) == 4
    without = [s for s, person in truth.of.items() if person == STRANGER or person.startswith("L-")]
    assert len(without) == 3
    assert all(o.stranger + o.unreferenced > 0.5 for o in chosei.outside if o.sample in without)


def test_fragments_of_one_body_match_each_other_only(chosei: Result) -> None:
    _, truth = program().make()
    alike = {(d.a, d.b) for d in chosei.direct if d.log10_lr is not None and d.log10_lr > 4}
    assert alike == {("R-02", "R-10"), ("R-08", "R-11")}
    assert all(truth.body[a] == truth.body[b] for a, b in alike)


def test_the_published_case_holds_the_figures_of_the_tested_one() -> None:
    """tests/casework compares the LRs of that folder with the published ones."""
    shown, tested = read_case(DEMO / "published"), read_case(ROOT / "tests" / "casework" / "planecrash")
    for part in ("families", "samples", "typings", "populations", "mutations"):
        assert getattr(shown, part) == getattr(tested, part), part


def test_the_published_case_names_three_of_eight() -> None:
    case = read_case(DEMO / "published")
    result = identify(case, scenarios_of(case), seed=1)
    named = {p.sample: p.missing for p in result.pairs if p.posterior >= case.settings.thresholds.posterior}
    assert named == {"V2": "F3/M3", "V4": "F5/M5", "V6": "F2/M2"}
