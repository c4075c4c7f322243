"""Names for people who never were.

Every name is built from words that nobody is called by. Korean: the family name is a noun no family bears
(별 star, 달 moon, 돌 stone …), the given name two syllables of nature. Japanese: the family name joins a
kind of weather to a toy or an instrument (霧笛, 虹鈴 …), the given name is a tree with 之助 or 右衛門. A
reader of either language sees at once that the name is made up, and no dead man's name can come up by chance.
"""

from __future__ import annotations

__all__ = ["invented_name"]

_KOREAN_FAMILY = ["별", "달", "돌", "들", "풀", "꽃", "눈", "빛", "샘", "솔", "숲", "밭", "섬", "참"]
_KOREAN_FIRST = ["가", "노", "다", "라", "마", "바", "사", "아", "자", "차", "하", "나"]
_KOREAN_SECOND = ["람", "울", "을", "솔", "루", "슬", "온", "참", "봄", "벼"]
_JAPANESE_FAMILY_FIRST = ["霧", "虹", "霜", "露", "霞", "雫", "霰", "雹"]
_JAPANESE_FAMILY_SECOND = ["笛", "鈴", "鞠", "凧", "独楽", "太鼓", "琴"]
_JAPANESE_TREE = ["松", "杉", "桐", "楠", "柏", "椿", "槙", "柊", "欅", "楓"]
_JAPANESE_END = ["之助", "右衛門"]


def invented_name(language: str, number: int) -> str:
    """The ``number``-th invented name of a language (``ko`` or ``ja``), from 0; the first 1,120 are distinct.

    Korean names follow each other with a new family name each time, Japanese ones likewise.
    """
    if language == "ko":
        family, given = _at(number, _KOREAN_FAMILY, [a + b for b in _KOREAN_SECOND for a in _KOREAN_FIRST])
        return f"{family} {given}"
    families = [a + b for b in _JAPANESE_FAMILY_SECOND for a in _JAPANESE_FAMILY_FIRST]
    family, given = _at(number, families, [t + e for e in _JAPANESE_END for t in _JAPANESE_TREE])
    return f"{family} {given}"


def _at(number: int, families: list[str], given: list[str]) -> tuple[str, str]:
    """Both words change from one name to the next, and no pair comes twice before all have come."""
    round_, place = divmod(number, len(families))
    return families[place], given[(round_ + place) % len(given)]
