"""Names find each other across scripts, and a match is symmetrical, explained and quick."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import name_roster
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import homeward.names
from homeward.case import Span
from homeward.names import Candidate, Listed, NameForm, forget, match

ROOT = Path(__file__).parents[2]


def found(asked: str, listed: str) -> Candidate | None:
    candidates = match([NameForm("other", asked)], [Listed("x", (NameForm("other", listed),))])
    return candidates[0] if candidates else None


def codes(asked: str, listed: str) -> set[str]:
    candidate = found(asked, listed)
    return {reason.code for reason in candidate.reasons} if candidate else set()


KIM = ["金本", "김", "Kim", "金", "キム", "Kanemoto", "カネモト", "かねもと", "ｶﾈﾓﾄ", "Gim", "きん", "KIM", "金山"]
YI = ["李", "이", "리", "Lee", "Yi", "Rhee", "Ri", "李家", "イ", "リ", "国本", "國本", "Kunimoto"]


@pytest.mark.parametrize("forms", [KIM, YI], ids=["Kim", "Yi"])
def test_every_form_of_a_surname_finds_every_other(forms: list[str]) -> None:
    for a in forms:
        for b in forms:
            candidate = found(a, b)
            assert candidate is not None and candidate.score >= 20, (a, b)


@pytest.mark.parametrize(
    ("asked", "listed", "expected"),
    [
        ("金永浩", "김영호", {"same-hangul-reading"}),
        ("김영호", "Yeongho Gim", {"same-hangul-reading", "same-romanisation", "order-swapped"}),
        ("김영호", "Kim Yŏng-ho", {"same-hangul-reading", "same-romanisation"}),
        ("김영호", "KIM, Young Ho", {"same-hangul-reading", "usual-romanisation"}),
        ("金本永浩", "김영호", {"imposed-derivation", "same-hangul-reading"}),
        ("金永浩", "キン エイコウ", {"same-japanese-reading"}),
        ("金永浩", "Kin Eikoo", {"same-hangul-reading", "same-japanese-reading"}),
        ("金永浩", "金永活", {"same-text", "one-character-difference"}),
        ("김영호", "김영모", {"same-text", "one-character-difference"}),
        ("國本正雄", "国本 正雄", {"old-form", "same-text"}),
        ("ㄱㅣㅁ 영호", "김영호", {"same-text"}),
        ("金 永 浩", "金永浩", {"same-text"}),
        ("Ōyama Iwao", "Oyama Iwao", {"same-after-normalisation", "same-text"}),
        ("大山巖", "Ohyama Iwao", {"same-japanese-reading"}),
        ("新井正熙", "朴正熙", {"imposed-derivation", "same-text"}),
        ("金永浩（김영호）", "김영호", {"same-text"}),
        ("南宮檍", "남궁억", {"same-hangul-reading"}),
        ("柳寬順", "류관순", {"same-hangul-reading"}),
        ("Kim Min-su", "김영호", {"same-hangul-reading", "given-name-differs"}),
        ("영호", "김영호", {"same-text", "given-name-only"}),
        ("Sato Taroo", "佐藤", {"same-japanese-reading", "surname-only"}),
    ],
)
def test_reasons(asked: str, listed: str, expected: set[str]) -> None:
    assert codes(asked, listed) == expected


def test_a_derivation_names_its_surname_and_its_basis() -> None:
    candidate = found("金本永浩", "김영호")
    assert candidate is not None
    assert candidate.reasons[0].parameters == (("surname", "金"), ("family", "金本"), ("basis", "listed:miyamoto"))


def test_other_names_are_not_found() -> None:
    for a, b in [("金永浩", "李相哲"), ("Kim Young-ho", "박정희"), ("田中一郎", "金永浩"), ("", "김"), ("!?", "!?")]:
        assert found(a, b) is None, (a, b)


def test_better_evidence_scores_higher() -> None:
    asked = "金永浩"
    order = ["金永浩", "김영호", "Kim Young-ho", "金本永浩", "金永活", "Kim Min-su"]
    scores = [c.score if (c := found(asked, listed)) else 0.0 for listed in order]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)


def test_age_and_order() -> None:
    form = NameForm("hangul", "김영호")
    roster = [Listed(id, (form,), born) for id, born in [("c", None), ("b", Span(1915, 1916)), ("a", Span(1890, 1890))]]
    candidates = match([form], roster, born=Span(1917, 1917))
    assert [(c.id, c.score) for c in candidates] == [("b", 100.0), ("c", 100.0), ("a", 80.0)]
    assert [c.reasons[-1].code for c in candidates] == ["age-agrees", "same-text", "age-differs"]
    assert candidates[2].reasons[-1].parameters == (("years", "27"),)
    assert match([form], roster, most=1) == match([form], reversed(roster), most=1)


def test_the_best_of_many_forms() -> None:
    entry = Listed("x", (NameForm("imposed", "金山永浩"), NameForm("hangul", "김영호")))
    (candidate,) = match([NameForm("romanised", "Kim Min"), NameForm("hangul", "김영호")], [entry])
    assert (candidate.score, candidate.asked.text, candidate.found.text) == (100.0, "김영호", "김영호")


@pytest.mark.parametrize("kind", name_roster.KINDS)
def test_recall_on_a_roster(kind: str) -> None:
    """What `docs/names.md` states, of everybody on the list."""
    people = name_roster.invented()
    row = next(
        line for line in (ROOT / "docs" / "names.md").read_text("utf-8").splitlines() if line.startswith(f"| {kind} |")
    )
    places = list(name_roster.ranks(people, kind))
    counts = [sum(p is not None and p <= most for p in places) for most in (1, 5, len(people))]
    assert [int(cell) for cell in row.split("|")[2:5]] == counts


def test_the_other_way_round() -> None:
    """The list in hangul or as on passports, asked for in kanji."""
    people = name_roster.invented(40)
    for kind in ("hangul", "passport", "imposed"):
        assert all(p is not None and p <= 3 for p in name_roster.ranks(people, "kanji", kind)), kind


def test_ten_thousand_in_a_second() -> None:
    entries = name_roster.roster(name_roster.invented(10_000), "kanji")
    asked = [NameForm("other", "Kim Young-ho")]
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        match(asked, entries)
        best = min(best, time.process_time() - start)
    assert best < 1


NAMELIKE = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="金本李家朴國国キムイかねもと김이박영호KimLeeyoungōŏ々ー-' ,（()・ㄱㅣㅁ", max_size=12),
)


@settings(max_examples=400, deadline=None)
@given(NAMELIKE, NAMELIKE)
def test_any_text_and_either_way(a: str, b: str) -> None:
    """Nothing crashes, scores are symmetrical and within bounds, and a name finds itself if it has a letter."""
    one, other = found(a, b), found(b, a)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.score == other.score
        assert 0 < one.score <= 100 and one.reasons
    if re.search(r"[^\W_]", a):
        assert found(a, a) is not None


@pytest.mark.parametrize(
    "text", ["ン" * 40, "ム" * 5000, "!,!" * 5000, "(" * 5000, "行" * 500, "y" * 5000, "金" * 61, "々ー々"]
)
def test_hostile_texts(text: str) -> None:
    start = time.process_time()
    for other in ("金本永浩", "キム ヨンホ", "Kim Young-ho", text):
        assert (found(text, other) is None) == (found(other, text) is None)
    assert time.process_time() - start < 2


def test_names_are_forgotten() -> None:
    """After `forget` no cache of the room holds an answer about a text; those of single characters may."""
    found("金本永浩", "Kim Young-ho")
    assert kept()
    forget()
    assert not kept()


def kept() -> list[str]:
    """Functions of the room that remember answers."""
    modules = [m for name, m in sys.modules.items() if name.startswith("homeward.names.")]
    caches = {f"{m.__name__}.{name}": f for m in modules for name, f in vars(m).items() if hasattr(f, "cache_info")}
    tables = {"_table", "old_forms", "_translation", "known_surnames"}
    characters = {"japanese_readings", "_syllable_key", "_writing", "_by_sound_law", "spellings"}
    return [n for n, f in caches.items() if f.__name__ not in tables | characters and f.cache_info().currsize]


def test_every_reason_is_documented() -> None:
    source = "".join(p.read_text("utf-8") for p in (ROOT / "src/homeward/names").glob("*.py"))
    used = set(re.findall(r'"((?:[a-z]+-)+[a-z]+)"', "".join(re.findall(r"Reason\([^)]*\)|code = .*", source))))
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (ROOT / "docs/names.md").read_text("utf-8")))
    assert used and used == documented


def test_the_door_opens_on_everything_it_names() -> None:
    for name in homeward.names.__all__:
        assert getattr(homeward.names, name) is not None
    with pytest.raises(AttributeError):
        _ = homeward.names.nothing
