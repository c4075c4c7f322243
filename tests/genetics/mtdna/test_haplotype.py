"""One notation for one sequence, and comparison by sequence."""

from __future__ import annotations

import random

import pytest

from homeward.case import Span
from homeward.genetics.mtdna import MtHaplotype, NotationError, compare, rcrs
from homeward.genetics.mtdna.notation import contents, parsed

CONTROL = (Span(16024, 16569), Span(1, 576))
HVS1 = (Span(16024, 16365),)


def control(text: str) -> MtHaplotype:
    return MtHaplotype(CONTROL, tuple(text.split()))


def test_the_reference() -> None:
    assert len(rcrs()) == 16_569
    assert rcrs()[3106] == "N" and set(rcrs()) == set("ACGTN")
    # GenBank NC_012920.1: its counts of bases
    assert [rcrs().count(b) for b in "ACGT"] == [5124, 5181, 2169, 4094]


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("A263G m.73A>G 315+C", "73G 263G 315.1C"),
        ("249DEL", "249-"), ("249d", "249-"), ("248-", "249-"), ("522-523d", "523- 524-"),
        ("523DEL 524DEL", "523- 524-"),
        ("309.1CC 315.1C", "309.1C 309.2C 315.1C"), ("309CT>CCT 315C>CC", "309.1C 315.1C"), ("522CAC>C", "523- 524-"),
        ("309.1C 309.2T 310C", "309.1C 315.1C"), ("309T 310C", "309- 315.1C"), ("310.1T", "310.1T"),
        ("513.1CA", "524.1A 524.2C"), ("524C>CAC", "524.1A 524.2C"), ("568.1C", "573.1C"), ("573.XC", "573.1C"),
        ("16189d", "16189C 16193-"), ("16183.1C 16189C", "16189C 16193.1C"), ("16188.1C", "16188.1C"),
        ("16183C 16189C 16193.1C", "16183C 16189C 16193.1C"), ("16182C 16183C 16189C", "16182C 16183C 16189C"),
        ("56d 58A 64.1T", "55.1T 59- 60- 65.1T"), ("57.1C", "58C 60.1T"), ("285.1A", "291.1A"),
        ("286d 287d", "290- 291-"),
        ("188.1G 188.2C 193C 195d 196d", "189G 192C 194T 195C 196C"), ("16223Y 73N", "73N 16223Y"),
        ("303.1c", "309.1c"), ("16193c", "16193c"), ("263G! 73G", "73G"), ("16519T", ""), ("315.1DEL", ""),
    ],
)  # fmt: skip
def test_one_notation(given: str, canonical: str) -> None:
    assert set(control(given).differences) == set(canonical.split())


@pytest.mark.parametrize(
    ("given", "canonical"),
    [("3107d", ""), ("3107N", ""), ("8272-8280d", " ".join(f"{p}-" for p in range(8281, 8290))),
     ("8270.1ACCCCCTCT", "8289.1C 8289.2C 8289.3C 8289.4C 8289.5C 8289.6T 8289.7C 8289.8T 8289.9A"),
     ("8270-8278d", "8270T " + " ".join(f"{p}-" for p in range(8281, 8290))),
     ("955.1C", "960.1C"), ("5894.1C", "5899.1C")],
)  # fmt: skip
def test_one_notation_of_the_whole(given: str, canonical: str) -> None:
    assert set(MtHaplotype((), tuple(given.split())).differences) == set(canonical.split())


@pytest.mark.parametrize(
    ("text", "code"),
    [("73", "bad-difference"), ("G", "bad-difference"), ("73J", "bad-difference"), ("99999A", "bad-position"),
     ("0A", "bad-position"), ("G73A", "reference-base"), ("73G>A", "reference-base"), ("600A", "outside-range"),
     ("73G 73C", "contradiction"), ("309.2C", "insertion-gap"), ("309.0C", "bad-difference"), ("-", "bad-difference")],
)  # fmt: skip
def test_what_is_no_difference(text: str, code: str) -> None:
    with pytest.raises(NotationError) as refused:
        control(text)
    assert refused.value.code == code


def test_any_notation_of_a_sequence_is_the_same_value() -> None:
    """Length changes moved through their repeats, and substitutions written as insertion and deletion."""
    chance = random.Random(5)
    for _ in range(150):
        texts = _random_haplotype(chance)
        plain = control(" ".join(texts))
        for _ in range(3):
            other = control(" ".join(_rewritten(chance, texts)))
            assert other.sequences() == plain.sequences()
            assert other == plain, (texts, other.differences, plain.differences)


def _random_haplotype(chance: random.Random) -> list[str]:
    pool = ["263G", "73G", "16189C", "16183C", "16223T", "150T", "152C", "195C", "16304C", "310C", "489C", "456T"]
    texts = chance.sample(pool, chance.randint(1, 6))
    for indel in ("309.1C", "315.1C", "16193.1C", "573.1C", "523- 524-", "249-", "455.1T", "60.1T", "16166-", "498-"):
        if chance.random() < 0.3:
            texts += indel.split()
    return texts


def _rewritten(chance: random.Random, texts: list[str]) -> list[str]:
    """The same sequence with each run of places written from another side."""
    places = contents(e for t in texts for e in parsed(t))
    found: list[str] = []
    for r in CONTROL:
        line = [places.get(p, rcrs()[p - 1]) for p in range(r.low, r.high + 1)]
        for i in range(1, len(line) - 1):
            # what is inserted after a position may as well be inserted before it, where the bases are alike
            while len(line[i]) > 1 and len(line[i - 1]) >= 1 and line[i][-1] == line[i][0] and chance.random() < 0.8:
                line[i - 1], line[i] = line[i - 1] + line[i][0], line[i][1:]
                break
            if line[i] == "" and line[i - 1] and chance.random() < 0.8:  # a deletion one position further left
                line[i], line[i - 1] = line[i - 1][-1], line[i - 1][:-1]
        for i, text in enumerate(line):
            p, own = r.low + i, rcrs()[r.low + i - 1]
            if not text:
                found.append(f"{p}-")
            else:
                found += [f"{p}{text[0]}"] if text[0] != own else []
                found += [f"{p}.{n}{c}" for n, c in enumerate(text[1:], 1)]
    return found


def test_comparison_is_of_sequences_over_what_both_show() -> None:
    whole = control("73G 263G 315.1C 16183C 16189C 16193.1C")
    part = MtHaplotype(HVS1, ("16183C", "16188.1C", "16189C"))
    assert compare(whole, part).matches and compare(whole, part).positions == 342
    other = MtHaplotype(HVS1, ("16183C", "16189C", "16362C"))
    found = compare(whole, other)
    assert [c.name for c in found.differing] == ["16362"] and [c.name for c in found.disregarded] == ["16193"]
    assert [c.name for c in compare(whole, other, disregard=()).differing] == ["16193", "16362"]
    assert not compare(part, MtHaplotype((Span(73, 340),))).matches


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [("16223Y", "16223T", ""), ("16223Y", "", ""), ("16223Y", "16223A", "16223"), ("16223N", "16223A", ""),
     ("523- 524-", "", "524"), ("249-", "248-", ""), ("249-", "", "249i"), ("44.1C", "", "44i"),
     ("315.1c", "315.1C", ""),
     ("315.1c", "", ""), ("16189d", "16189C 16193d", ""), ("16189C", "", "16189")],
)  # fmt: skip
def test_what_differs(first: str, second: str, names: str) -> None:
    assert [c.name for c in compare(control(first), control(second)).differing] == names.split()


def test_sequences_and_ranges() -> None:
    found = MtHaplotype((Span(16500, 10),), ("16519C", "3-"))
    assert found.ranges == (Span(1, 10), Span(16500, 16569))
    assert found.sequences()[0] == "GACACAGGT"[:2] + rcrs()[3:10]
    assert found.sequences()[1] == rcrs()[16499:16518] + "C" + rcrs()[16519:]
    assert len(MtHaplotype(()).sequences()[0]) == 16_568
    assert found.within((Span(16519, 16569),)).differences == ("16519C",)
    assert found.length == 80
