"""The relationship triangle: every pair where its κ says, every word readable."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from random import Random

import pytest

from homeward import pedigree as hp
from homeward.draw import COMMON_RELATIONSHIPS, triangle_svg

SVG = "{http://www.w3.org/2000/svg}"


def discs(svg: str) -> list[tuple[float, float]]:
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in ET.fromstring(svg).iter(f"{SVG}circle")]


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text")]


def test_k0_runs_to_the_right_and_k2_upwards_on_one_scale() -> None:
    corner, right, top, middle = discs(
        triangle_svg([("", (0, 1, 0)), ("", (1, 0, 0)), ("", (0, 0, 1)), ("", (0.25, 0.5, 0.25))], relationships={})
    )
    side = right[0] - corner[0]
    assert right[1] == corner[1] and top == (corner[0], corner[1] - side)
    assert middle == pytest.approx((corner[0] + side / 4, corner[1] - side / 4), abs=0.1)


def test_the_common_relationships_are_those_of_the_pedigrees() -> None:
    pedigrees = {
        "PO": hp.kappa(hp.nuclear(1), "1", "3"),
        "S": hp.kappa(hp.nuclear(2), "3", "4"),
        "H,U,G": hp.kappa(hp.half_sibs(), "4", "5"),
        "FC": hp.kappa(hp.cousins(1), "7", "8"),
        "SC": hp.kappa(hp.cousins(2), "11", "12"),
        "DFC": hp.kappa(hp.double_cousins(), "9", "10"),
        "Q": hp.kappa(hp.quad_half_first_cousins(), "9", "10"),
        "UN": hp.kappa(hp.nuclear(1), "1", "2"),
        "MZ": hp.kappa(hp.set_twins(hp.nuclear(2), ("3", "4")), "3", "4"),
    }
    assert pedigrees.keys() == COMMON_RELATIONSHIPS.keys()
    for code, kappa in pedigrees.items():
        assert kappa == pytest.approx(COMMON_RELATIONSHIPS[code]), code
    assert set(COMMON_RELATIONSHIPS) <= set(texts(triangle_svg()))


def test_all_common_relationships_lie_outside_the_grey_region() -> None:
    """κ₁² ≥ 4κ₀κ₂ without inbreeding; equality for full siblings and those whose two lines are alike."""
    for k0, k1, k2 in COMMON_RELATIONSHIPS.values():
        assert k1 * k1 >= 4 * k0 * k2 - 1e-12
    curve = re.findall(r'<path d="M([^"]+)Z" fill="currentColor"', triangle_svg())[0]
    points = [tuple(map(float, p.split())) for p in curve.split("L")]
    (left, top), (right, bottom) = points[0], points[-1]
    for x, y in points:
        k0, k2 = (x - left) / (right - left), (bottom - y) / (bottom - top)
        assert max(k0, 0) ** 0.5 + max(k2, 0) ** 0.5 == pytest.approx(1, abs=0.02)


def test_an_arrow_leads_from_the_record_to_the_genotypes() -> None:
    plain = triangle_svg([("a – b", (0.9, 0.1, 0.0))])
    svg = triangle_svg([("a – b", (0.9, 0.1, 0.0))], declared={0: (0.0, 1.0, 0.0)})
    assert svg.count("stroke-dasharray") == plain.count("stroke-dasharray") + 1
    assert discs(plain) and not discs(svg), "another shape, not only another colour"
    assert triangle_svg([("a", (0.0, 1.0, 0.0))], declared={0: (0.0, 1.0, 0.0)}).count("stroke-dasharray") == 0


def test_labels_do_not_lie_on_each_other() -> None:
    chance = Random(4)
    points = []
    for i in range(12):
        k0 = chance.random()
        k2 = chance.uniform(0, 1 - k0)
        points.append((f"p{i}", (k0, 1 - k0 - k2, k2)))
    svg = triangle_svg(points)
    found = [t for t in ET.fromstring(svg).iter(f"{SVG}text") if (t.text or "").startswith("p")]
    places = [(float(t.attrib["x"]), float(t.attrib["y"])) for t in found]
    assert len(places) == 12
    for i, (x, y) in enumerate(places):
        for x2, y2 in places[:i]:
            assert abs(x - x2) >= 14 or abs(y - y2) >= 10


def test_words_are_escaped_values_told_and_bytes_equal() -> None:
    svg = triangle_svg([("<김> & co", (0.2, 0.5, 0.3))], title="t")
    assert "<김> & co" in texts(svg)
    assert [t.text for t in ET.fromstring(svg).iter(f"{SVG}title")] == ["t", "<김> & co κ = (0.200, 0.500, 0.300)"]
    assert svg == triangle_svg([("<김> & co", (0.2, 0.5, 0.3))], title="t")


@pytest.mark.parametrize("kappa", [(0.5, 0.5, 0.5), (1.2, -0.2, 0.0), (float("nan"), 0.5, 0.5)])
def test_what_is_no_kappa_is_refused(kappa: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        triangle_svg([("x", kappa)])
