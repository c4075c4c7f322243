"""Pedigrees that a drawing must do well, and the pictures of them that were looked at and found good.

`python tests/shared/pedigree_gallery.py` draws all golden pictures anew; with `--sheet FILE.html` it writes one page
of all of them instead, to be opened in a browser and looked at. Whoever changes a picture looks first.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import homeward.pedigree as hp
from homeward.draw import pedigree_svg
from homeward.pedigree import Member, Pedigree, Sex

GOLDEN = Path(__file__).parents[1] / "draw" / "golden"
Picture = tuple[Pedigree, dict[str, Any]]
"""A pedigree and what is said of its members: the arguments of `pedigree_svg`."""


def _picture(pedigree: Pedigree, **said: Any) -> Picture:
    return pedigree, said


def trio() -> Picture:
    return _picture(hp.nuclear(["child"], father="father", mother="mother"), typed={"mother", "child"})


def nuclear_of_six() -> Picture:
    p = hp.nuclear(6, ("male", "female", "female", "male", "unknown", "female"))
    return _picture(p, typed={"4", "7"}, missing={"3"}, deceased={"1", "2", "3"})


def half_sibs() -> Picture:
    return _picture(hp.half_sibs(2, 2, sex_second="female"), typed={"4", "6"})


def three_wives() -> Picture:
    p = hp.nuclear(2, ("male", "female"), father="man", mother="wife 1")
    p = hp.add_children(p, "man", "wife 2", ["c"], "female")
    return _picture(hp.add_children(p, "man", "wife 3", ["d", "e", "f"]), missing={"man"}, typed={"c", "e"})


def chain_of_mates() -> Picture:
    """A woman's second husband marries again, and so does that wife."""
    p = hp.nuclear(["c1", "c2"], father="h1", mother="w1")
    p = hp.add_children(p, "h2", "w1", ["c3"], "female")
    p = hp.add_children(p, "h2", "w2", ["c4", "c5"], "female")
    return _picture(hp.add_children(p, "h3", "w2", ["c6"]), highlight={"h2"}, listed={"c3", "h2"})


def grandparents() -> Picture:
    p = hp.add_children(hp.ancestral(2), "5", "6", 2, ("female", "male"))
    return _picture(p, typed={"1", "4", "7"}, deceased={"2", "3"})


def cousins() -> Picture:
    return _picture(hp.cousins(1), typed={"7", "8"})


def second_cousins() -> Picture:
    return _picture(hp.cousins(2, 1, sex=("female", "male")), typed={"11"}, missing={"14"})


def double_first_cousins() -> Picture:
    return _picture(hp.double_cousins(), typed={"9", "10"})


def quadruple_half_cousins() -> Picture:
    return _picture(hp.quad_half_first_cousins())


def cousin_marriage() -> Picture:
    p = hp.cousins(1, sex=("male", "female"))
    return _picture(hp.add_children(p, "7", "8", 1), typed={"9"})


def sib_mating() -> Picture:
    return _picture(hp.full_sib_mating(2))


def half_sib_stack() -> Picture:
    return _picture(hp.half_sib_stack(3))


def avuncular_marriage() -> Picture:
    p = hp.nuclear(["uncle", "brother"], father="1", mother="2")
    p = hp.add_children(p, "brother", "wife", ["niece", "nephew"], ("female", "male"))
    return _picture(hp.add_children(p, "uncle", "niece", ["son", "girl"], ("male", "female")))


def great_nephew() -> Picture:
    """The nearest kin left: a sister's grandson and a brother's son; the man himself and his child are missing."""
    p = hp.nuclear(["sister", "man", "brother"], ("female", "male", "male"))
    p = hp.add_children(p, None, "sister", ["niece"], "female")
    p = hp.add_children(p, None, "niece", ["great-nephew"])
    p = hp.add_children(p, "man", None, ["daughter"], "female")
    p = hp.add_children(p, "brother", None, ["nephew"])
    gone = {"1", "2", "sister", "man", "brother", "niece", "daughter"}
    return _picture(p, typed={"great-nephew", "nephew"}, missing={"man", "daughter"}, deceased=gone)


def identical_twins() -> Picture:
    p = hp.nuclear(["a", "b", "c", "d", "e"], ("female", "male", "male", "male", "female"))
    p = hp.set_twins(p, ("b", "d"))
    p = hp.add_children(p, "b", "wife of b", ["f", "g"], "female")
    p = hp.add_children(p, "d", "wife of d", ["h", "i", "j"])
    return _picture(hp.set_twins(p, ("b", "d"), ("h", "i", "j")), typed={"d", "f"}, missing={"b"})


def three_generations() -> Pedigree:
    """22 members: four children, each with a mate and three children of their own."""
    rows = [Member("1", sex="male"), Member("2", sex="female")]
    for k, name in enumerate("abcd"):
        man = k % 2 == 0
        rows += [
            Member(name, "1", "2", "male" if man else "female"),
            Member(f"{name}m", sex="female" if man else "male"),
        ]
        couple = (name, f"{name}m") if man else (f"{name}m", name)
        rows += [Member(f"{name}{i}", *couple, "female" if (i + k) % 2 else "male") for i in range(1, 4)]
    return Pedigree(rows)


def three_generations_of_22() -> Picture:
    p = three_generations()
    return _picture(p, typed={"a1", "b2", "c3", "c1"}, missing={"a", "c"}, deceased={"1", "2", "a", "c"})


def four_generations() -> Pedigree:
    """40 members: a couple, their four children with mates, ten grandchildren of whom six marry, and theirs."""
    rows = [Member("1", sex="male"), Member("2", sex="female")]

    def family(person: str, man: bool, mate: str, children: str, men: str) -> None:
        rows.append(Member(mate, sex="female" if man else "male"))
        father, mother = (person, mate) if man else (mate, person)
        for child, sex in zip(children.split(), men, strict=True):
            rows.append(Member(child, father, mother, _SEX[sex]))

    rows += [Member(str(i), "1", "2", _SEX[s]) for i, s in zip((3, 4, 5, 6), "mffm", strict=True)]
    family("3", True, "7", "11 12 13", "mfm")
    family("4", False, "8", "14 15", "fm")
    family("5", False, "9", "16 17 18", "mmf")
    family("6", True, "10", "19 20", "ff")
    family("11", True, "21", "27 28 29", "mff")
    family("12", False, "22", "30 31", "mm")
    family("14", False, "23", "32 33 34", "ffm")
    family("16", True, "24", "35 36", "mf")
    family("18", False, "25", "37", "f")
    family("20", False, "26", "38 39 40", "mmf")
    return Pedigree(rows)


_SEX: dict[str, Sex] = {"m": "male", "f": "female"}


def four_generations_of_40() -> Picture:
    return _picture(
        four_generations(),
        typed={"28", "31", "33", "37", "40", "15"},
        missing={"3", "16"},
        listed={"11", "14", "9"},
        deceased={"1", "2", "3", "4", "5", "7", "8", "16"},
        highlight={"16"},
    )


def two_components() -> Picture:
    other = hp.relabel(hp.cousins(1), [f"b{i}" for i in range(1, 9)])
    return _picture(hp.join(hp.nuclear(3, ("male", "female")), other, hp.singleton("alone", "unknown")))


def x_family() -> Picture:
    """A man's X in his daughters and their sons; a half sister through the mother, a child of unknown sex."""
    p = hp.nuclear(["d1", "d2", "s1"], ("female", "female", "male"), father="man", mother="wife")
    p = hp.add_children(p, None, "d1", ["s2", "s3"])
    p = hp.add_children(p, None, "d2", ["x"], "unknown")
    p = hp.add_children(p, "first husband", "wife", ["d3"], "female")
    return _picture(p, typed={"s2", "s3", "x", "d3"}, missing={"man"})


def parents_in_doubt() -> Picture:
    """Twins among several children, an only child, and a man whose line passes a generation."""
    p = hp.nuclear(["uncle", "brother"], father="1", mother="2")
    p = hp.add_children(p, "brother", "wife", ["niece", "a", "b", "c"], ("female", "male", "male", "male"))
    p = hp.add_children(hp.set_twins(p, ("a", "b")), "uncle", "niece", ["son", "girl"], ("male", "female"))
    p = hp.add_children(p, "c", "wife of c", ["d"], "unknown")
    doubted = dict.fromkeys(("uncle", "a", "d", "girl"), "uncertain")
    return _picture(p, typed={"girl"}, missing={"a"}, highlight={"girl"}, uncertain=doubted)


def long_labels() -> Picture:
    labels = {
        "1": "Johannes Nepomuk von Habsburg-Lothringen",
        "2": "Maria",
        "3": "Wilhelmina-Alexandra (the elder)",
        "4": "Unknown child, buried at sea 1942",
        "5": "Ann",
    }
    under = {"3": ["D18S51 12, 17", "SE33 17, 27.2", "FGA 19, 25"], "5": ["D18S51 12, 14", "SE33 –"], "2": ["TH01 9.3"]}
    p = hp.nuclear(3, ("female", "unknown", "female"))
    return _picture(p, labels=labels, under=under, typed={"2", "3", "5"}, missing={"1"})


def hangul_and_kanji() -> Picture:
    p = hp.nuclear(3, ("male", "female", "male"))
    p = hp.add_children(p, "3", None, 2, ("female", "male"))
    labels = {
        "1": "김영호",
        "2": "이순자",
        "3": "김철수 (金哲洙)",
        "4": "金本 よし子",
        "5": "山田太郎左衛門・カネモト",
        "6": "박말순",
        "7": "김영희",
        "8": "김지훈",
    }
    return _picture(p, labels=labels, typed={"7", "4"}, missing={"3"}, deceased={"1", "2", "3"}, title="김 가족")


def two_brothers_one_wife() -> Picture:
    """A widow marries her husband's brother; his first wife has children too."""
    p = hp.nuclear(["elder", "younger", "sister"], ("male", "male", "female"))
    p = hp.add_children(p, "elder", "widow", ["a", "b"], ("female", "male"))
    p = hp.add_children(p, "younger", "widow", ["c"])
    p = hp.add_children(p, "younger", "first wife", ["d", "e"], "female")
    return _picture(p, missing={"elder"}, typed={"b", "c"})


GALLERY: dict[str, Picture] = {
    made.__name__: made()
    for made in (
        trio,
        nuclear_of_six,
        half_sibs,
        three_wives,
        chain_of_mates,
        grandparents,
        cousins,
        second_cousins,
        double_first_cousins,
        quadruple_half_cousins,
        cousin_marriage,
        sib_mating,
        half_sib_stack,
        avuncular_marriage,
        great_nephew,
        identical_twins,
        three_generations_of_22,
        four_generations_of_40,
        two_components,
        two_brothers_one_wife,
        x_family,
        parents_in_doubt,
        long_labels,
        hangul_and_kanji,
    )
}


def drawn(name: str) -> str:
    """One picture of the gallery."""
    pedigree, said = GALLERY[name]
    return pedigree_svg(pedigree, **said)


def sheet(pictures: dict[str, str]) -> str:
    """All pictures on one page."""
    figures = "".join(f"<figure>{svg}<figcaption>{name}</figcaption></figure>" for name, svg in pictures.items())
    return (
        '<!doctype html><meta charset="utf-8"><title>Pedigrees</title><style>'
        "body{display:flex;flex-wrap:wrap;gap:24px;align-items:end;font:13px system-ui}"
        "figure{margin:0;padding:12px;border:1px solid #ddd}figcaption{opacity:.6;padding-top:8px}</style>" + figures
    )


def main() -> None:
    arguments: Any = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--sheet", type=Path, metavar="FILE.html", help="write one page of all pictures instead")
    to = arguments.parse_args().sheet
    pictures = {name: drawn(name) for name in GALLERY}
    if to is not None:
        to.write_text(sheet(pictures), encoding="utf-8")
        return
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.svg"):
        old.unlink()
    for name, svg in pictures.items():
        (GOLDEN / f"{name}.svg").write_text(svg + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
