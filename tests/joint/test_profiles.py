"""Bodies of several samples: what each adds, worked by hand; and what of it leaves in a result file."""

from __future__ import annotations

import json
from math import log10

import pytest
from hand_cases import case, father

from homeward.case import Remains
from homeward.formats.results import result_json
from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.identify.joint.answer import BodyProfile
from homeward.report import result_html


def together(typings: dict[str, dict[str, str]], **more: object) -> Result:
    c = case([father("F1")], {"F1/Ki": {"TH01": "6/6", "TPOX": "8/8"}, **typings}, size=2, strangers=0.1, **more)
    return identify(c, scenarios_of(c), seed=1)


def body(result: Result) -> tuple[BodyProfile, ...]:
    assert result.joint is not None
    return result.joint.bodies


def test_every_fragment_adds_what_the_profile_gains() -> None:
    known = {"V1": {"TH01": "6/9.3"}, "V2": {"TH01": "6/9.3", "TPOX": "8/8"}}
    remains = (Remains("V1", individual="I1"), Remains("V2", individual="I1"))
    (found,) = body(together(known, remains=remains))
    assert found.samples == ("V1", "V2")
    assert found.posterior == 1.0
    assert found.missing == "F1/Mi"
    # father of a 6/6: he passes on 6 with 1/2 where he is 6/9.3, and the population has 6 with 0.2; 8/8 gives 1/0.5
    first, second = found.fragments
    assert (first.markers, first.new) == (1, 1)
    assert first.log10_lr == pytest.approx(log10(0.5 / 0.2))
    assert (second.markers, second.new) == (2, 1)
    assert second.log10_lr == pytest.approx(log10(0.5 / 0.2 * 1 / 0.5))
    assert [(m.marker, m.alleles, m.disagree) for m in found.markers] == [
        ("TH01", ("6", "9.3"), ()),
        ("TPOX", ("8", "8"), ()),
    ]


def test_alleles_stand_on_the_page_and_never_in_the_result_file() -> None:
    remains = (Remains("V1", individual="I1"), Remains("V2", individual="I1"))
    result = together({"V1": {"TH01": "6/9.3"}, "V2": {"TH01": "6/9.3", "TPOX": "8/8"}}, remains=remains)
    told = json.loads(result_json(result))["joint"]["bodies"]
    assert told[0]["samples"] == ["V1", "V2"]
    assert told[0]["markers"][0] == {"marker": "TH01", "samples": ["V1", "V2"], "disagree": []}
    assert "9.3" not in json.dumps(told)
    page = result_html(result)
    section = page[page.index('id="bodies"') :]
    section = section[: section.index('<section id="people"')]
    assert "6, 9.3" in section
    # the child lives: what is shown is of remains only
    assert "6, 6" not in section and "F1/Ki" not in section


def test_single_samples_are_no_bodies() -> None:
    assert body(together({"V1": {"TH01": "6/9.3"}})) == ()


def test_both_sides_of_the_posterior_are_reached_from_the_answer() -> None:
    joint = together({"V1": {"TH01": "6/9.3"}}).joint
    assert joint is not None
    (name,) = joint.by_name
    (sample,) = joint.by_sample
    assert name.missing == "F1/Mi"
    assert {w: p for w, p, _ in sample.who}["F1/Mi"] == pytest.approx(1.0 - name.nobody)
