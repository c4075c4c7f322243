"""Writing, romanisation and the tables."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest

import homeward.names
from homeward.names import fold, hangul_readings, hangul_to_latin, imposed_families, kana_to_latin, known_surnames
from homeward.names.characters import readings
from homeward.names.hangul import by_sound_law
from homeward.names.imposed import origins
from homeward.names.sound import hangul_key, hepburn, kana_keys, latin_key, plain
from homeward.names.writing import new_form, old_forms, script_of

DATA = Path(homeward.names.__file__).parent / "data"
# hanja whose reading as a surname Unihan lacks
ONLY_SURNAMES = {("궉", "鴌"), ("난", "欒"), ("뇌", "賴"), ("누", "婁"), ("소", "肖"), ("양", "樑")}


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("hangul", "revised", "mccune"),
    [
        ("김", "gim", "kim"), ("이", "i", "i"), ("박", "bak", "pak"), ("최", "choe", "ch'oe"), ("정", "jeong", "chŏng"),
        ("강", "gang", "kang"), ("조", "jo", "cho"), ("윤", "yun", "yun"), ("장", "jang", "chang"), ("임", "im", "im"),
        ("홍길동", "honggildong", "honggildong"), ("민용하", "minyongha", "minyongha"),
        ("송나리", "songnari", "songnari"),
        ("한복남", "hanboknam", "hanboknam"), ("홍빛나", "hongbitna", "hongbitna"), ("영호", "yeongho", "yŏngho"),
        ("희경", "huigyeong", "hŭigyŏng"),
    ],
)  # fmt: skip
def test_romanisation(hangul: str, revised: str, mccune: str) -> None:
    """민용하, 송나리, 한복남 and 홍빛나 are the examples of the notice of 2000."""
    assert hangul_to_latin(hangul) == revised
    assert hangul_to_latin(hangul, "mccune-reischauer") == mccune


@pytest.mark.parametrize(
    ("kana", "hepburn_", "kunrei"),
    [
        ("かねもと", "kanemoto", "kanemoto"), ("しょうじ", "shouji", "syouzi"), ("チェ", "che", "tie"),
        ("キム", "kimu", "kimu"), ("ファン", "fan", "huan"), ("はっとり", "hattori", "hattori"),
        ("まっちゃ", "matcha", "mattya"), ("オー", "oo", "oo"), ("つづき", "tsuzuki", "tuzuki"),
        ("ウォン", "won", "won"),
    ],
)  # fmt: skip
def test_kana(kana: str, hepburn_: str, kunrei: str) -> None:
    assert kana_to_latin(fold(kana)) == hepburn_
    if kana not in ("チェ", "ファン"):
        assert kana_to_latin(fold(kana), "kunrei") == kunrei
        assert hepburn(kunrei) == hepburn(hepburn_)


def test_writing_is_made_one() -> None:
    same = [
        ("ｶﾈﾓﾄ", "かねもと"),
        ("Ｋｉｍ", "kim"),
        ("Young-ho", "young ho"),
        ("Ch'oe", "Ch’oe"),
        ("國", "国"),
        ("澤", "沢"),
    ]
    same += [
        ("濱", "浜"),
        ("佐々木", "佐佐木"),
        (unicodedata.normalize("NFD", "김영호"), "김영호"),
        ("ㄱㅣㅁㅇㅕㅇㅎㅗ", "김영호"),
    ]
    same += [("\uf9e1", "李"), ("\uf90a", "金"), ("金・本", "金本"), ("ガ", "か\u3099")]
    for a, b in same:
        assert fold(a) == fold(b), (a, b)
    assert [script_of(t) for t in ("金本", "김", "オー", "kim", "金kim", "김ー", "12")] == [
        "han", "hangul", "kana", "latin", "other", "other", "other",
    ]  # fmt: skip


def test_one_sound_has_one_key() -> None:
    groups = [
        "김 Kim Gim",
        "영호 Youngho Yeongho Yongho",
        "최 Choi Choe Choy",
        "정 Jung Chung Jeong Chong",
        "이 Lee Yi Rhee Ri Li",
        "박 Park Pak Bak",
        "윤 Yoon Yun Youn",
        "희 Hee Hui Hi",
        "우식 Woosik Ooshik Usik",
    ]
    for group in groups:
        hangul, *latin = group.split()
        wanted = {hangul_key(hangul)}
        assert {latin_key(plain(word)) for word in latin} == wanted, group
    assert hangul_key("김") in kana_keys(fold("キム")) and hangul_key("영호") in kana_keys(fold("ヨンホ"))
    assert len({hangul_key(h) for h in "김 박 최 정 강 이 한 송".split()}) == 8  # noqa: SIM905


def test_the_initial_sound_law() -> None:
    assert by_sound_law("리림류로라녀량") == "이임유노나여양"
    assert set(hangul_readings("李", family=True)) == {"이", "리"}
    assert set(hangul_readings("林", family=True)) == {"임", "림"}
    assert set(hangul_readings("柳", family=True)) == {"유", "류"}
    assert hangul_readings("金", family=True) == ("김",)
    assert set(hangul_readings("金")) == {"금", "김"}


def test_japanese_readings_of_surnames() -> None:
    for hanja, on in [("金", "kin"), ("朴", "boku"), ("李", "ri"), ("崔", "sai"), ("鄭", "tei"), ("張", "chou")]:
        assert on in readings(hanja).on, hanja


def test_surnames() -> None:
    """At least 250 in hanja, each with a reading that Unihan has too, and spellings that are sound."""
    table = known_surnames()
    assert len(table.by_hanja) >= 250
    for row in rows("surnames.csv"):
        for hanja in row["hanja"].split():
            assert len(hanja) == len(row["hangul"])
            for syllable, c in zip(row["hangul"], hanja, strict=True):
                assert syllable in readings(c).hangul or (row["hangul"], hanja) in ONLY_SURNAMES, (row["hangul"], hanja)
        assert all(plain(s) == s.lower() for s in row["spellings"].split())
    assert len({row["hangul"] for row in rows("surnames.csv")}) == len(rows("surnames.csv"))


def test_old_forms_lead_to_new_ones_in_one_step() -> None:
    table = old_forms()
    assert not set(table) & set(table.values())
    assert all(len(a) == len(b) == 1 for a, b in table.items())
    assert new_form("國澤濱惠壽") == "国沢浜恵寿"


def test_imposed_names() -> None:
    """Every row has a surname that is known, a reading in kana, and a source that is stated or none."""
    stated = {row["key"] for row in rows("sources.csv") if row["file"] == "imposed.csv"}
    table = rows("imposed.csv")
    for row in table:
        assert new_form(row["surname"]) in known_surnames().by_hanja, row
        assert script_of(fold(row["family"])) == "han" and row["reading"], row
        assert all(script_of(fold(r)) == "kana" for r in row["reading"].split()), row
        assert row["source"] in {"", *stated}, row
    assert {row["source"] for row in table} == {"", *stated}
    assert len({(row["surname"], row["family"]) for row in table}) == len(table)
    assert {"金本", "金山", "金田"} <= set(imposed_families("金"))
    assert origins("金本") == {"金": "listed:miyamoto"}
    assert origins("洪川") == {"洪": "rule"}
    assert origins("田村") == {"田": "listed"}
    assert origins("川上") == {}


def test_sources_of_old_forms_are_stated() -> None:
    stated = {row["key"] for row in rows("sources.csv") if row["file"] == "old_forms.csv"}
    assert {row["source"] for row in rows("old_forms.csv")} == stated
