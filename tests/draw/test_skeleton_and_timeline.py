"""The skeleton and the timeline: what is drawn of what, and that nothing of it depends on chance."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from homeward.case.elements import ELEMENTS
from homeward.draw import Handover, Stay, is_drawn, skeleton_svg, timeline_svg
from homeward.draw.skeleton import presence

KEY = {"whole": "here", "part": "a part", "twice": "too many"}


def test_every_bone_of_the_vocabulary_has_a_place() -> None:
    """What has none is soft tissue, or does not say which bone it is."""
    unnamed = """fragment bone long-bone flat-bone sesamoid ossicle ear eye muscle skin soft-tissue cartilage hair nail
    blood organ tissue ash other"""
    assert {e for e in ELEMENTS if not is_drawn(e)} == set(unnamed.split())


@pytest.mark.parametrize(
    ("items", "bone", "how"),
    [
        ([("femur", "left")], ("femur", "left"), "whole"),
        ([("femur", "left")], ("femur", "right"), None),
        ([("femur", "")], ("femur", "right"), "part"),
        ([("rib", "left")], ("ribs", "left"), "part"),
        ([("rib", "left")], ("ribs", "right"), None),
        ([("occipital", "")], ("frontal", ""), "part"),
        ([("skull", "")], ("temporal", "left"), "whole"),
        ([("skull", "")], ("mandible", ""), "whole"),
        ([("cranium", "")], ("mandible", ""), None),
        ([("mandible", "left")], ("mandible", ""), "part"),
        ([("atlas", "")], ("C1", ""), "whole"),
        ([("leg", "left"), ("femur", "left")], ("femur", "left"), "twice"),
        ([("femur", "left"), ("femur", "left")], ("femur", "left"), "twice"),
        ([("femur", "left"), ("femur", "right")], ("femur", "left"), "whole"),
        ([("rib", "left"), ("rib", "left")], ("ribs", "left"), "part"),
        ([("scaphoid", "right")], ("carpals", "right"), "part"),
        ([("metacarpal-3", "right")], ("metacarpal-3", "right"), "whole"),
        ([("hair", "")], ("frontal", ""), None),
    ],
)
def test_what_is_there(items: list[tuple[str, str]], bone: tuple[str, str], how: str | None) -> None:
    assert presence(items).get(bone) == how


def test_a_whole_body_is_whole() -> None:
    assert set(presence([("body", "")]).values()) == {"whole"}
    drawn = skeleton_svg([("body", "")], key=KEY)
    assert drawn.count('fill-opacity="0.75"') > 100 and "too many" not in drawn and "a part" not in drawn


def test_the_right_of_the_body_is_on_the_left() -> None:
    def middle(side: str) -> float:
        root = ET.fromstring(skeleton_svg([("humerus", side)]))
        filled = [p for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("fill-opacity") == "0.75"]
        assert len(filled) == 1
        return float(filled[0].attrib["d"][1:].split()[0])

    assert middle("right") < 150 < middle("left")


def test_a_timeline_tells_gaps_by_shape() -> None:
    stays = [Stay(0, 0.0, 10.0), Stay(1, 10.0, 20.0, sure=False), Stay(2, 25.0, 30.0)]
    handed = [Handover(10.0, 0, 1, "1"), Handover(25.0, 2, 2, "2", known=False)]
    ticks = [(0.0, "2025-08-25"), (10.0, "2025-09-04"), (30.0, "2025-09-24")]
    drawn = timeline_svg(["police", "museum", "laboratory <b>"], stays, handed, ticks, key={"held": "held"}, title="t")
    ET.fromstring(drawn)
    assert drawn.count("stroke-dasharray") == 1 and "laboratory &lt;b&gt;" in drawn
    assert [d for _, d in ticks if d in drawn] == ["2025-08-25", "2025-09-04", "2025-09-24"]
    assert (
        timeline_svg(["police", "museum", "laboratory <b>"], stays, handed, ticks, key={"held": "held"}, title="t")
        == drawn
    )
    assert "<svg" in timeline_svg([], [], [], [])
