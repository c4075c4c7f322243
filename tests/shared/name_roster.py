"""183 invented persons, and their names as other hands and other countries write them.

Given names are made of beasts, fruits and weather, so that nobody is called by them. Every spelling is written by hand
in the tables below, not by the program under test. Run as a program it prints the table of `docs/names.md`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from homeward.names import Listed, NameForm, match

# hanja, hangul, as on passports, Korean in kana, Japanese on, imposed family name, its reading in roman letters
FAMILIES = [
    row.split()
    for row in """
金 김 Kim キム キン 金本 Kanemoto
金 김 Kim キム キン 金山 Kaneyama
金 김 Kim キム キン 金海 Kaneumi
李 이 Lee イ リ 国本 Kunimoto
李 이 Yi イ リ 李家 Rinoie
李 리 Rhee リ リ 星山 Hoshiyama
朴 박 Park パク ボク 新井 Arai
朴 박 Pak パク ボク 木下 Kinoshita
崔 최 Choi チェ サイ 山本 Yamamoto
鄭 정 Chung チョン テイ 河東 Kawahigashi
張 장 Chang チャン チョウ 張本 Harimoto
姜 강 Kang カン キョウ 大山 Oyama
趙 조 Cho チョ チョウ 豊田 Toyoda
尹 윤 Yoon ユン イン 平沼 Hiranuma
林 임 Lim イム リン 大林 Obayashi
韓 한 Han ハン カン 西原 Nishihara
申 신 Shin シン シン 平山 Hirayama
徐 서 Suh ソ ジョ 達城 Tatsushiro
權 권 Kwon クォン ケン 安東 Ando
黃 황 Hwang ファン コウ 黄原 Kihara
安 안 Ahn アン アン 安田 Yasuda
宋 송 Song ソン ソウ 松本 Matsumoto
柳 유 Yoo ユ リュウ 柳川 Yanagawa
洪 홍 Hong ホン コウ 南陽 Nanyo
文 문 Moon ムン ブン 文山 Fumiyama
梁 양 Yang ヤン リョウ 梁川 Yanagawa
白 백 Paik ペク ハク 白川 Shirakawa
許 허 Hur ホ キョ 陽川 Hikawa
南 남 Nam ナム ナン 南山 Minamiyama
盧 노 Roh ノ ロ 光山 Mitsuyama
""".strip().splitlines()
]
# hanja, new form, hangul, as on passports, Korean in kana, Japanese on
GIVEN = [
    row.split()
    for row in """
星 星 성 sung ソン セイ
霧 霧 무 moo ム ム
虹 虹 홍 hong ホン コウ
霜 霜 상 sang サン ソウ
霞 霞 하 ha ハ カ
笛 笛 적 juk チョク テキ
琴 琴 금 keum クム キン
舟 舟 주 joo チュ シュウ
硯 硯 연 yun ヨン ケン
筆 筆 필 pil ピル ヒツ
蝶 蝶 접 jup チョプ チョウ
燕 燕 연 yeon ヨン エン
鶴 鶴 학 hak ハク カク
龜 亀 귀 kwi クィ キ
鯨 鯨 경 kyung キョン ゲイ
柿 柿 시 si シ シ
桃 桃 도 do ト トウ
杏 杏 행 haeng ヘン キョウ
橘 橘 귤 gyul キュル キツ
櫻 桜 앵 aeng エン オウ
菊 菊 국 kook クク キク
藤 藤 등 deung トゥン トウ
苔 苔 태 tae テ タイ
麥 麦 맥 maek メク バク
豆 豆 두 doo トゥ トウ
粟 粟 속 sok ソク ゾク
瀧 滝 롱 rong ロン ロウ
峯 峰 봉 bong ポン ホウ
濱 浜 빈 bin ピン ヒン
鐵 鉄 철 chul チョル テツ
壺 壷 호 ho ホ コ
島 島 도 do ト トウ
""".strip().splitlines()
]


@dataclass(frozen=True)
class Person:
    family: list[str]
    given: tuple[list[str], list[str]]

    def form(self, kind: str) -> str:
        f, (a, b) = self.family, self.given
        return {
            "kanji": f[0] + a[0] + b[0],
            "new forms": f[0].translate(str.maketrans("權黃", "権黄")) + a[1] + b[1],
            "hangul": f[1] + a[2] + b[2],
            "passport": f"{a[3].title()}-{b[3]} {f[2].upper()}",
            "Korean in kana": f"{f[3]}・{a[4]}{b[4]}",
            "Japanese in kana": f"{f[4]} {a[5]}{b[5]}",
            "imposed": f[5] + a[1] + b[1],
            "imposed, roman": f"{f[6]} {_latin(a[5] + b[5])}",
            "one character wrong": f[0] + a[0] + ("鷺" if b[0] != "鷺" else "鴨"),
        }[kind]


KINDS = [
    "new forms", "hangul", "passport", "Korean in kana", "Japanese in kana", "imposed", "imposed, roman",
    "one character wrong",
]  # fmt: skip
_LATIN = {
    "セイ": "sei", "ム": "mu", "コウ": "ko", "ソウ": "so", "カ": "ka", "テキ": "teki", "キン": "kin", "シュウ": "shu",
    "ケン": "ken", "ヒツ": "hitsu", "チョウ": "cho", "エン": "en", "カク": "kaku", "キ": "ki", "ゲイ": "gei",
    "シ": "shi", "トウ": "to", "キョウ": "kyo", "キツ": "kitsu", "オウ": "o", "キク": "kiku", "タイ": "tai",
    "バク": "baku",
    "ゾク": "zoku", "ロウ": "ro", "ホウ": "ho", "ヒン": "hin", "テツ": "tetsu", "コ": "ko",
}  # fmt: skip


def _latin(on: str) -> str:
    """A given name's on in Hepburn without marks."""
    for a in _LATIN:
        if on.startswith(a) and on[len(a) :] in _LATIN:
            return _LATIN[a] + _LATIN[on[len(a) :]]
    raise ValueError(on)


def invented(n: int = 183, seed: int = 7) -> list[Person]:
    """Persons of different names in kanji."""
    chance = random.Random(seed)
    found: dict[str, Person] = {}
    while len(found) < n:
        a, b = chance.sample(GIVEN, 2)
        person = Person(chance.choice(FAMILIES), (a, b))
        found.setdefault(person.form("kanji"), person)
    return list(found.values())


def roster(people: list[Person], kind: str) -> list[Listed]:
    return [Listed(f"L{i:05}", (NameForm("other", p.form(kind)),)) for i, p in enumerate(people)]


def ranks(people: list[Person], asked: str, listed: str = "kanji") -> Iterator[int | None]:
    """For each person the place of his entry when asked for in another form, ties counted against; None = not found."""
    entries = roster(people, listed)
    for i, person in enumerate(people):
        found = match([NameForm("other", person.form(asked))], entries)
        score = next((c.score for c in found if c.id == entries[i].id), None)
        yield None if score is None else sum(c.score >= score for c in found)


def main() -> None:
    people = invented()
    print("| asked for as | first | among the first five | found |\n|---|---|---|---|")
    for kind in KINDS:
        places = list(ranks(people, kind))
        counts = [sum(p is not None and p <= most for p in places) for most in (1, 5, len(people))]
        print(f"| {kind} | " + " | ".join(f"{c}" for c in counts) + " |")
    entries = roster(invented(10_000), "kanji")
    for kind in ("hangul", "passport", "imposed"):
        asked = [NameForm("other", people[0].form(kind))]
        seconds = []
        for _ in range(2):
            start = time.process_time()
            match(asked, entries)
            seconds.append(time.process_time() - start)
        print(f"10,000 entries, {kind}: {seconds[0]:.2f} s the first time, {seconds[1]:.2f} s again")


if __name__ == "__main__":
    main()
