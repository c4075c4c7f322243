"""Pictures that were looked at and found good stay as they are, and small edits leave the others in their order."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from pedigree_gallery import GALLERY, GOLDEN, drawn, sheet

import homeward.pedigree as hp
from homeward.draw import pedigree_svg
from homeward.pedigree import Pedigree

SVG = "{http://www.w3.org/2000/svg}"
LIMIT = 8
"""Symbols of one generation need not be level to the pixel; generations are much further apart."""


@pytest.mark.parametrize("name", GALLERY)
def test_the_picture_is_the_golden_one(name: str) -> None:
    """After a change on purpose: look at the sheet, then draw anew (see `pedigree_gallery`)."""
    assert drawn(name) + "\n" == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


def test_there_are_no_other_golden_pictures() -> None:
    assert {p.stem for p in GOLDEN.iterdir()} == set(GALLERY)


def test_the_bytes_do_not_depend_on_how_strings_are_hashed(tmp_path: Path) -> None:
    page = tmp_path / "sheet.html"
    script = Path(sys.modules["pedigree_gallery"].__file__ or "")
    seen = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, str(script), "--sheet", str(page)], env=environment, check=True)
        seen.add(page.read_text(encoding="utf-8"))
    assert seen == {sheet({name: drawn(name) for name in GALLERY})}


# -- small edits ----------------------------------------------------------------------------------------------


def rows(pedigree: Pedigree) -> list[list[str]]:
    """Who stands beside whom, from the drawing: the generations from top to bottom, each from left to right."""
    placed = []
    for g in ET.fromstring(pedigree_svg(pedigree)):
        words = [t for t in g.iter(f"{SVG}text") if t.text != "?"]
        if g.tag == f"{SVG}g" and words:
            placed.append((float(words[0].attrib["y"]), float(words[0].attrib["x"]), words[0].text or ""))
    found: list[list[str]] = []
    last = None
    for y, _, person in sorted(placed):
        if last is None or y - last > LIMIT:
            found.append([])
        found[-1].append(person)
        last = y
    return found


def edits(pedigree: Pedigree) -> Iterator[tuple[str, str, Pedigree]]:
    """What is added and to whom, and the family with it."""
    for father, mother in dict.fromkeys((m.father, m.mother) for m in pedigree if m.father and m.mother):
        assert father and mother
        yield "child", father, hp.add_children(pedigree, father, mother, ["new"])
    for m in pedigree:
        if m.sex != "unknown":
            couple = (m.id, None) if m.sex == "male" else (None, m.id)
            yield "mate", m.id, hp.add_children(pedigree, *couple, ["new"])
        if not m.is_founder:
            yield "sibling", m.id, hp.add_sibling(pedigree, m.id, "female", "new")
        elif not hp.mates(pedigree, m.id) or all(pedigree[x].is_founder for x in hp.mates(pedigree, m.id)):
            yield "parents", m.id, hp.add_parents(pedigree, m.id)


def household(pedigree: Pedigree, person: str) -> set[str]:
    """Whom it takes to move one person: mates, and all who descend from them."""
    home = {person, *hp.mates(pedigree, person)}
    return home | {d for p in home for d in hp.descendants(pedigree, p)}


def turned(before: Pedigree, after: Pedigree) -> set[frozenset[str]]:
    """Pairs of one generation that stood the other way round; a generation may have come in above."""
    place = {p: (r, i) for r, row in enumerate(rows(after)) for i, p in enumerate(row)}
    pairs = (pair for row in rows(before) for pair in combinations(row, 2))
    return {frozenset((a, b)) for a, b in pairs if place[a][0] == place[b][0] and place[a][1] > place[b][1]}


LOOPS = {"double_first_cousins", "quadruple_half_cousins"}
"""Drawn with crossings whatever one does; another line changes which order has fewest."""


@pytest.mark.parametrize("name", [name for name in GALLERY if name not in LOOPS])
def test_another_relative_does_not_reshuffle_the_family(name: str) -> None:
    """A child or a brother moves nobody, another mate at most the household of whom he or she comes to.

    (The kin of a mate in the middle of a sibship may move that household to the end, so that no lines cross.)
    """
    pedigree = GALLERY[name][0]
    for what, whom, after in list(edits(pedigree))[:: 1 if len(pedigree) < 16 else 5]:
        pairs = turned(pedigree, after)
        if what == "mate":
            home = household(pedigree, whom)
            assert all(pair & home for pair in pairs), f"{what} of {whom}"
        else:
            assert not pairs, f"{what} of {whom}"
