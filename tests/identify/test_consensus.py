"""What samples of one body show together, worked by hand."""

from __future__ import annotations

import pytest
from hand_cases import case

from homeward.case import Remains
from homeward.genetics import scenarios_of
from homeward.identify.consensus import Consensus, consensus
from homeward.observe import gather


def together(typings: dict[str, dict[str, str]], **more) -> dict[str, Consensus]:
    c = case([], typings, **more)
    model = scenarios_of(c)[0].model
    return {x.marker: x for x in consensus(gather(c, model), c.samples, model)}


def test_agreement():
    found = together({"V1": {"TH01": "6/7"}, "V2": {"TH01": "6/7", "TPOX": "8/11"}})
    assert found["TH01"] == Consensus("TH01", ("6", "7"), 1.0, ("V1", "V2"), ())
    assert found["TPOX"] == Consensus("TPOX", ("8", "11"), 1.0, ("V2",), ())


def test_drop_out_is_weighed():
    # 8 seen twice with d = D = 0.2: 8/8 weighs 0.25·0.8², 8/11 weighs 0.5·(0.2·0.8)²
    found = together({"V1": {"TPOX": "8/8"}, "V2": {"TPOX": "8/8"}}, dropout={"V1": 0.2, "V2": 0.2})["TPOX"]
    assert found.alleles == ("8", "8")
    assert found.probability == pytest.approx(0.25 * 0.64 / (0.25 * 0.64 + 0.5 * 0.0256))
    # and one clean sample settles it
    found = together({"V1": {"TPOX": "8/8"}, "V2": {"TPOX": "8/11"}}, dropout={"V1": 0.2})["TPOX"]
    assert found == Consensus("TPOX", ("8", "11"), 1.0, ("V1", "V2"), ())


def test_one_against_two_and_one_against_one():
    typings = {"V1": {"TH01": "6/7"}, "V2": {"TH01": "6/9"}, "V3": {"TH01": "6/7"}}
    assert together(typings)["TH01"] == Consensus("TH01", ("6", "7"), None, ("V1", "V2", "V3"), ("V2",))
    del typings["V3"]
    assert together(typings)["TH01"] == Consensus("TH01", (), None, ("V1", "V2"), ("V1", "V2"))


def test_half_a_typing_agrees_with_the_whole():
    found = together({"V1": {"TH01": "6/?"}, "V2": {"TH01": "6/9.3"}})["TH01"]
    assert (found.alleles, found.disagree) == (("6", "9.3"), ())


def test_x_needs_a_sex():
    typings = {"V1": {"DXS8378": "10"}, "V2": {"DXS8378": "10"}}
    assert together(typings) == {}
    men = together(typings, remains=(Remains("V1", "male"), Remains("V2", "male")))
    assert men["DXS8378"].alleles == ("10",)
    assert together(typings, remains=(Remains("V1", "male"), Remains("V2", "female"))) == {}
