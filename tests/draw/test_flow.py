"""Samples flow into individuals into names: ribbons as wide as they are probable, and a word beside each look."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from flow_gallery import FLOWS, GOLDEN, drawn

from homeward.draw import FlowLink, FlowNode, flow_svg, share_bar_svg

SVG = "{http://www.w3.org/2000/svg}"
ONE = ([FlowNode("a")], [FlowNode("1")], [FlowNode("x")])


def ribbon(link: FlowLink) -> tuple[float, str]:
    """How thick the ribbon to the right is drawn where it leaves, and its elements."""
    svg = flow_svg(ONE, ((), (link,)))
    paths = list(ET.fromstring(svg).iter(f"{SVG}path"))
    numbers = [float(x) for x in re.findall(r"-?[\d.]+", paths[0].attrib["d"])]
    return numbers[-1] - numbers[1], "".join(ET.tostring(p, encoding="unicode") for p in paths)


@pytest.mark.parametrize("name", FLOWS)
def test_the_picture_is_the_golden_one(name: str) -> None:
    """After a change on purpose: look at the sheet, then draw anew (see `flow_gallery`)."""
    assert drawn(name) + "\n" == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


def test_there_are_no_other_golden_pictures() -> None:
    assert {p.stem for p in GOLDEN.iterdir()} == set(FLOWS)


def test_a_ribbon_is_as_wide_as_it_is_probable() -> None:
    thick = {p: ribbon(FlowLink(0, 0, p))[0] for p in (0.25, 0.5, 1.0)}
    assert thick[0.5] == pytest.approx(thick[1.0] / 2) and thick[0.25] == pytest.approx(thick[1.0] / 4)
    assert 0 < ribbon(FlowLink(0, 0, 0.0))[0] < thick[0.25], "what is drawn can be seen"
    assert ribbon(FlowLink(0, 0, 1.0 + 1e-12))[0] == thick[1.0]


def test_looks_differ_without_colour() -> None:
    looks = {s: ribbon(FlowLink(0, 0, 0.5, s))[1] for s in ("settled", "shared", "open", "outside")}
    without = {s: re.sub(r'(fill|stroke)="#[0-9a-f]+"|style="[^"]*"', "", x) for s, x in looks.items()}
    assert len(set(without.values())) == 4
    assert "stroke-dasharray" in without["open"] and "stroke-dasharray" in without["shared"]


@pytest.mark.parametrize("name", FLOWS)
def test_every_label_and_figure_is_written_within_the_picture(name: str) -> None:
    columns, links, said = FLOWS[name]
    root = ET.fromstring(drawn(name))
    words = [e.text or "" for e in root.iter(f"{SVG}text")]
    for node in (n for column in columns for n in column):
        assert any(w == node.label or (w.endswith("…") and node.label.startswith(w[:-1])) for w in words)
    assert all(k.figure in words for some in links for k in some if k.figure)
    assert set(said["key"].values()) <= set(words)
    width, height = (float(root.attrib[x]) for x in ("width", "height"))
    for e in root.iter(f"{SVG}text"):
        assert 0 <= float(e.attrib["x"]) <= width and 0 < float(e.attrib["y"]) <= height


@pytest.mark.parametrize("name", FLOWS)
def test_nodes_of_a_column_do_not_overlap(name: str) -> None:
    columns: dict[str, list[tuple[float, float]]] = {}
    for e in ET.fromstring(drawn(name)).iter(f"{SVG}rect"):
        top = float(e.attrib["y"])
        columns.setdefault(e.attrib["x"], []).append((top, top + float(e.attrib["height"])))
    for spans in columns.values():
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))


def test_the_last_stand_last() -> None:
    columns, links, said = FLOWS["brothers"]
    nodes = [replace(n, last=n.label == "F-62/M-1") for n in columns[2]]
    root = ET.fromstring(flow_svg((columns[0], columns[1], nodes), links, **said))
    at = {e.text: float(e.attrib["y"]) for e in root.iter(f"{SVG}text")}
    assert at["F-62/M-1"] > max(at[n.label] for n in nodes if n.label != "F-62/M-1")


def test_a_share_is_a_bar_within_its_frame() -> None:
    widths = []
    for p in (-0.1, 0.0, 0.5, 1.0, 1.5):
        bar, frame = (float(e.attrib["width"]) for e in ET.fromstring(share_bar_svg(p)).iter(f"{SVG}rect"))
        assert bar <= frame
        widths.append(bar)
    assert widths[0] == widths[1] == 0 and widths[3] == widths[4] == pytest.approx(2 * widths[2], abs=0.1)
