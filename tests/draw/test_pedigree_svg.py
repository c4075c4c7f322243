"""A drawn pedigree: everybody is there, nobody covers anybody, parents stand above, mates side by side."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import homeward.pedigree as hp
from homeward.draw import pedigree_key_svg, pedigree_svg
from homeward.pedigree import Member, Pedigree

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Symbol:
    shape: str
    x: float
    y: float
    dashed: bool
    filled: bool
    slashed: bool
    words: tuple[str, ...]


def symbols(svg: str) -> dict[str, Symbol]:
    """Label → symbol, read back from the drawing."""
    found = {}
    for g in ET.fromstring(svg):
        texts = list(g.iter(f"{SVG}text"))
        if g.tag != f"{SVG}g" or not texts:
            continue
        shape = next(e for e in reversed(list(g)) if e.tag.removeprefix(SVG) in ("rect", "circle", "polygon"))
        kind = shape.tag.removeprefix(SVG)
        if kind == "rect":
            half = float(shape.attrib["width"]) / 2
            x, y = float(shape.attrib["x"]) + half, float(shape.attrib["y"]) + half
        elif kind == "circle":
            x, y = float(shape.attrib["cx"]), float(shape.attrib["cy"])
        else:
            corners = [tuple(map(float, p.split(","))) for p in shape.attrib["points"].split()]
            x, y = corners[0][0], corners[1][1]
        words = tuple(t.text or "" for t in texts if t.text != "?")
        found[words[0]] = Symbol(
            kind,
            x,
            y,
            "stroke-dasharray" in shape.attrib,
            shape.attrib["fill-opacity"] != "0",
            any(e.tag == f"{SVG}path" for e in g),
            words,
        )
    return found


def lines(svg: str) -> list[str]:
    return re.findall(r'<path d="([^"]+)"/>', svg)


FAMILIES = {
    "trio": hp.nuclear(1),
    "nuclear": hp.nuclear(5, ("male", "female")),
    "half sibs": hp.half_sibs(2, 2),
    "ancestors": hp.ancestral(3),
    "cousins": hp.cousins(2, 1),
    "double cousins": hp.double_cousins(),
    "loop": hp.add_children(hp.cousins(1, sex=("male", "female")), "7", "8", 2),
    "sib mating": hp.full_sib_mating(2),
    "parent and child": hp.add_children(hp.nuclear(2, ("female", "male")), "1", "3"),
    "two parts": hp.join(hp.nuclear(2), hp.relabel(hp.half_sibs(), {x: f"b{x}" for x in "12345"})),
    "unknown sex": hp.nuclear(2, "unknown"),
}


@pytest.mark.parametrize("pedigree", FAMILIES.values(), ids=FAMILIES.keys())
def test_everybody_stands_somewhere_and_below_his_parents(pedigree: Pedigree) -> None:
    _sound(pedigree, symbols(pedigree_svg(pedigree)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 18))
def test_random_pedigrees_too(seed: int, people: int) -> None:
    pedigree = hp.random_pedigree(seed, people, max(2, people // 3))
    _sound(pedigree, symbols(pedigree_svg(pedigree)))


def _sound(pedigree: Pedigree, drawn: dict[str, Symbol]) -> None:
    assert set(drawn) == set(pedigree.ids)
    shape = {"male": "rect", "female": "circle", "unknown": "polygon"}
    for m in pedigree:
        assert drawn[m.id].shape == shape[m.sex]
        for parent in hp.parents_of(pedigree, m.id):
            assert drawn[parent].y < drawn[m.id].y
    places = list(drawn.values())
    for i, a in enumerate(places):
        for b in places[:i]:
            assert abs(a.x - b.x) >= 30 or abs(a.y - b.y) >= 30


@pytest.mark.parametrize("name", ["trio", "nuclear", "half sibs", "ancestors", "cousins", "loop", "sib mating"])
def test_mates_stand_side_by_side_with_nobody_between(name: str) -> None:
    pedigree = FAMILIES[name]
    drawn = symbols(pedigree_svg(pedigree))
    for m in pedigree:
        for father, mother in [hp.parents_of(pedigree, m.id) or (m.id, m.id)]:
            low, high = sorted((drawn[father].x, drawn[mother].x))
            assert drawn[father].y == drawn[mother].y
            assert not [s for s in drawn.values() if s.y == drawn[father].y and low < s.x < high]


def test_parents_are_centred_over_an_only_child() -> None:
    drawn = symbols(pedigree_svg(hp.nuclear(1)))
    assert drawn["3"].x == pytest.approx((drawn["1"].x + drawn["2"].x) / 2, abs=1)


def test_three_generations_of_22_have_no_crossing_and_no_family_torn_apart() -> None:
    rows = [Member("1", sex="male"), Member("2", sex="female")]
    for k in range(4):
        own, mate = f"c{k}", f"w{k}"
        man = k % 2 == 0
        rows += [Member(own, "1", "2", "male" if man else "female"), Member(mate, sex="female" if man else "male")]
        couple = (own, mate) if man else (mate, own)
        rows += [Member(f"g{k}{i}", *couple, "female") for i in range(3)]
    drawn = symbols(pedigree_svg(Pedigree(rows)))
    last = sorted((s.x, name) for name, s in drawn.items() if name.startswith("g"))
    families = [name[1] for _, name in last]
    middle = [name[1] for _, name in sorted((s.x, n) for n, s in drawn.items() if n[0] == "c")]
    assert families == [k for k in middle for _ in range(3)]


def test_states_are_told_without_colour() -> None:
    svg = pedigree_svg(hp.nuclear(2), typed={"3"}, missing={"1"}, deceased={"1", "2"}, under={"3": ["14, 17", "<b>"]})
    drawn = symbols(svg)
    assert drawn["3"].filled and not drawn["4"].filled
    assert drawn["1"].dashed and not drawn["2"].dashed
    assert [drawn[x].slashed for x in "1234"] == [True, True, False, False]
    assert drawn["3"].words == ("3", "14, 17", "<b>")
    assert svg.count(">?<") == 1


def test_kin_who_mate_are_joined_by_a_double_line() -> None:
    apart = len(lines(pedigree_svg(hp.nuclear(1))))
    cousins = hp.cousins(1, sex=("male", "female"))
    before = len(lines(pedigree_svg(cousins)))
    loop = len(lines(pedigree_svg(hp.add_children(cousins, "7", "8", 1))))
    assert loop - before == apart + 1


def test_twins_hang_from_one_point() -> None:
    plain, twins = hp.nuclear(3), hp.set_twins(hp.nuclear(3), ("3", "5"))
    drawn = symbols(pedigree_svg(twins))
    between = sorted((drawn["3"].x, drawn["5"].x))
    assert not between[0] < drawn["4"].x < between[1]
    assert len(lines(pedigree_svg(twins))) == len(lines(pedigree_svg(plain))) + 1


def dashed(svg: str) -> list[str]:
    """Lines that are drawn with dashes: those of parents in doubt."""
    return [
        path.attrib["d"]
        for g in ET.fromstring(svg).iter(f"{SVG}g")
        if "stroke-dasharray" in g.attrib
        for path in g.iter(f"{SVG}path")
    ]


def test_a_line_to_parents_in_doubt_is_dashed_and_bears_a_word() -> None:
    p = hp.nuclear(3)
    plain, doubted = pedigree_svg(p), pedigree_svg(p, uncertain={"4": "<in doubt>"})
    assert not dashed(plain) and len(dashed(doubted)) == 1
    assert set(dashed(doubted)) <= set(lines(doubted)) and len(lines(doubted)) == len(lines(plain))
    drawn = symbols(doubted)
    assert dashed(doubted)[0].startswith(f"M{drawn['4'].x:g} "), "the line that comes down to him"
    (word,) = [t for t in ET.fromstring(doubted).iter(f"{SVG}text") if t.text == "<in doubt>"]
    assert drawn["4"].x < float(word.attrib["x"]) < drawn["4"].x + 13 and float(word.attrib["y"]) < drawn["4"].y - 13
    assert pedigree_svg(p, uncertain={"1": "founder", "nobody": "x"}) == plain, "a founder has no such line"


def test_an_only_child_in_doubt_and_twins_have_no_solid_line_left() -> None:
    alone = pedigree_svg(hp.nuclear(1), uncertain={"3": "?!"})
    assert len(dashed(alone)) == len(lines(alone)) - 1, "all but the line between the parents"
    twins = hp.set_twins(hp.nuclear(3), ("3", "5"))
    svg = pedigree_svg(twins, uncertain={"5": "in doubt"})
    assert len(dashed(svg)) == 3 and svg.count(">in doubt<") == 1
    assert dashed(svg) == dashed(pedigree_svg(twins, uncertain={"3": "in doubt"}))


def test_same_values_same_bytes_and_labels_from_the_caller() -> None:
    p = hp.cousins(1)
    assert pedigree_svg(p, title="x") == pedigree_svg(hp.cousins(1), title="x")
    assert "김영호" in pedigree_svg(p, labels={"1": "김영호"})
    assert 'xml:lang="ko"' in pedigree_svg(p, labels={"1": "김영호"})
    assert set(symbols(pedigree_svg(p, labels=lambda x: f"p{x}"))) == {f"p{x}" for x in p.ids}


def test_text_is_escaped_and_long_labels_are_kept_as_a_tip() -> None:
    name = '<script>&"' + "x" * 60
    svg = pedigree_svg(hp.singleton(name), title=name)
    root = ET.fromstring(svg)
    assert root.attrib["aria-label"] == name
    assert [t.text for t in root.iter(f"{SVG}title")] == [name, name]
    assert all("…" in (t.text or "") for t in root.iter(f"{SVG}text"))
    ET.fromstring(pedigree_svg(hp.singleton("a\x00b\x1f")))


def test_an_empty_pedigree_and_the_key_are_drawings_too() -> None:
    ET.fromstring(pedigree_svg(Pedigree([])))
    key = ET.fromstring(pedigree_key_svg({"male": "man", "missing": "sought"}))
    assert [t.text for t in key.iter(f"{SVG}text")] == ["man", "?", "sought"]
    doubt = ET.fromstring(pedigree_key_svg({"uncertain": "perhaps others"}))
    assert [t.text for t in doubt.iter(f"{SVG}text")] == ["perhaps others"]
    assert [p.attrib["stroke-dasharray"] for p in doubt.iter(f"{SVG}path")] == ["3 3"]


def test_a_pedigree_shows_itself_in_a_notebook() -> None:
    p = hp.nuclear(1)
    assert p._repr_svg_() == pedigree_svg(p)
