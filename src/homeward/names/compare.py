"""Two family names, or two given names, against each other: how far they agree, and why.

Marks are of our own choice: they order candidates and are not estimated from anything.
"""

from __future__ import annotations

from homeward.names.characters import hangul_readings, japanese_readings
from homeward.names.forms import Part
from homeward.names.hangul import by_sound_law, hangul_to_latin, letters, spellings
from homeward.names.imposed import Basis, listed_sounds, origins, origins_of_sound
from homeward.names.kana import kana_to_latin
from homeward.names.remember import remembered
from homeward.names.sound import hangul_key, hepburn, kana_keys, latin_key, plain
from homeward.names.surnames import known_surnames
from homeward.names.values import Reason

__all__ = ["Agreement", "compare_families", "compare_given"]

Agreement = tuple[float, tuple[Reason, ...]]
_NOTHING: Agreement = (0.0, ())

_SAME_TEXT = 1.0
_NORMALISED = 0.98
_OLD_FORM = 0.97
_HANGUL = 0.92
_HANGUL_OTHER_CHARACTERS = 0.6
_ROMANISED = 0.9
_USUAL = 0.87
_JAPANESE = 0.85
_SOUND = 0.7
_IMPOSED_LISTED = 0.62
_IMPOSED_RULE = 0.55
_IMPOSED_BOTH = 0.4
_ONE_CHARACTER = 0.5


def compare_families(a: Part, b: Part) -> Agreement:
    """How far two family names agree; the same whichever comes first."""
    return _compare(*_ordered(a, b), True)


def compare_given(a: Part, b: Part) -> Agreement:
    """How far two given names agree; the same whichever comes first."""
    return _compare(*_ordered(a, b), False)


def _ordered(a: Part, b: Part) -> tuple[Part, Part]:
    return (a, b) if (a.writing, a.tidied) <= (b.writing, b.tidied) else (b, a)


@remembered
def _compare(a: Part, b: Part, family: bool) -> Agreement:
    part = ("part", "family" if family else "given")
    if a.tidied == b.tidied:
        return _SAME_TEXT, (Reason("same-text", (part,)),)
    if a.text == b.text and a.writing == b.writing:
        if a.writing == "han":
            return _OLD_FORM, (Reason("old-form", (part,)),)
        return _NORMALISED, (Reason("same-after-normalisation", (part,)),)
    found = _same_hangul(a, b, family, part) or _same_letters(a, b, family, part) or _NOTHING
    if family and found[0] < _IMPOSED_LISTED:
        found = max(found, _imposed(a, b), key=lambda f: f[0])
    if found[0] < _ONE_CHARACTER and a.writing == b.writing and _one_apart(a.text, b.text):
        found = (_ONE_CHARACTER, (Reason("one-character-difference", (part,)),))
    return found


def _same_hangul(a: Part, b: Part, family: bool, part: tuple[str, str]) -> Agreement | None:
    """Korean readings that both can have; roman surnames are read by their usual spellings."""
    mine = _readings(a, family)
    shared = mine & _readings(b, family) if mine else mine
    if not shared:
        return None
    mark = _HANGUL_OTHER_CHARACTERS if a.writing == b.writing == "han" else _HANGUL
    return mark, (Reason("same-hangul-reading", (part, ("reading", min(shared)))),)


def _same_letters(a: Part, b: Part, family: bool, part: tuple[str, str]) -> Agreement | None:
    """Roman letters and kana, as Korean or as Japanese."""
    writings = {a.writing, b.writing}
    if "other" in writings or not writings & {"latin", "kana"}:
        return None
    if "latin" in writings and writings & {"han", "hangul"}:
        latin, other = (a, b) if a.writing == "latin" else (b, a)
        if family and latin.text in _listed_spellings(other):
            return _ROMANISED, (Reason("same-romanisation", (part, ("text", latin.text))),)
        spelled = [h for h in _written(other, family) if _spelled([spellings(c) for c in h], latin.text)]
        if spelled:
            exact = any(latin.text in _systematic(h) for h in spelled)
            code = "same-romanisation" if exact else "usual-romanisation"
            return _ROMANISED if exact else _USUAL, (Reason(code, (part, ("text", latin.text))),)
    if "hangul" not in writings and _same_japanese(a, b, family):
        return _JAPANESE, (Reason("same-japanese-reading", (part,)),)
    if _keys(a, family) & _keys(b, family):
        return _SOUND, (Reason("similar-sound", (part,)),)
    return None


@remembered
def _readings(p: Part, family: bool) -> frozenset[str]:
    """Readings in hangul by the initial sound law."""
    if p.writing == "hangul":
        return frozenset({by_sound_law(p.text)})
    if p.writing == "han":
        return frozenset(by_sound_law(r) for r in hangul_readings(p.text, family))
    if p.writing == "latin" and family:
        return frozenset(by_sound_law(r) for r in known_surnames().by_spelling.get(p.text, ()))
    return frozenset()


def _systematic(hangul: str) -> tuple[str, str]:
    """Revised Romanisation and McCune–Reischauer, plain."""
    return plain(hangul_to_latin(hangul)), plain(hangul_to_latin(hangul, "mccune-reischauer"))


def _listed_spellings(p: Part) -> set[str]:
    """How the table spells a surname."""
    table = known_surnames().spellings
    return {spelling for hangul in _written(p, True) for spelling in table.get(hangul, ())}


def _written(p: Part, family: bool) -> tuple[str, ...]:
    return (p.text,) if p.writing == "hangul" else hangul_readings(p.text, family)


@remembered
def _keys(p: Part, family: bool) -> frozenset[str]:
    """Coarse keys of Korean sound."""
    if p.writing == "latin":
        return frozenset({latin_key(p.text)})
    if p.writing == "kana":
        return kana_keys(p.text)
    return frozenset(hangul_key(h) for h in _written(p, family))


def _same_japanese(a: Part, b: Part, family: bool) -> bool:
    """Whether both can be read alike in Japanese."""
    if "han" not in (a.writing, b.writing):
        return hepburn(_letters_of(a)) == hepburn(_letters_of(b)) != ""
    han, other = (a, b) if a.writing == "han" else (b, a)
    long, short = hepburn(_letters_of(other), long=True), hepburn(_letters_of(other))
    if family and short in listed_sounds(han.text):
        return True
    choices = [japanese_readings(c, place > 0) for place, c in enumerate(han.text)]
    return _spelled(choices, long) or _spelled(choices, short)


def _letters_of(p: Part) -> str:
    return p.text if p.writing == "latin" else plain(kana_to_latin(p.text))


def _spelled(choices: list[tuple[str, ...]], whole: str) -> bool:
    """Whether one choice after the other can spell the whole."""
    ends = {0}
    for choice in choices:
        ends = {end + len(c) for end in ends for c in choice if c and whole.startswith(c, end)}
        if not ends:
            return False
    return len(whole) in ends


def _imposed(a: Part, b: Part) -> Agreement:
    """One or both may be a family name imposed on the bearers of one surname."""
    direct = {True: _surnames(a), False: _surnames(b)}
    derived = {True: _origins(a), False: _origins(b)}
    best: Agreement = _NOTHING
    for imposed in (True, False):
        for surname in sorted(direct[not imposed] & derived[imposed].keys()):
            basis = derived[imposed][surname]
            mark = _IMPOSED_RULE if basis == "rule" else _IMPOSED_LISTED
            family = (a if imposed else b).tidied
            if mark > best[0]:
                best = mark, (_derivation(surname, family, basis),)
    if not best[0]:
        for surname in sorted(derived[True].keys() & derived[False].keys()):
            pair = (_derivation(surname, p.tidied, d[surname]) for p, d in ((a, derived[True]), (b, derived[False])))
            return _IMPOSED_BOTH, tuple(pair)
    return best


def _derivation(surname: str, family: str, basis: Basis) -> Reason:
    return Reason("imposed-derivation", (("surname", surname), ("family", family), ("basis", basis)))


@remembered
def _surnames(p: Part) -> frozenset[str]:
    """Korean surnames, in hanja of new form, that a family name can be."""
    known = known_surnames()
    if p.writing == "han":
        return frozenset({p.text}) if p.text in known.by_hanja else frozenset()
    if p.writing == "hangul":
        return frozenset(known.by_hangul.get(p.text, ()))
    if p.writing == "latin":
        return frozenset(h for hangul in known.by_spelling.get(p.text, ()) for h in known.by_hangul[hangul])
    if p.writing == "kana":
        keys = kana_keys(p.text)
        return frozenset(h for hangul, hs in known.by_hangul.items() if hangul_key(hangul) in keys for h in hs)
    return frozenset()


@remembered
def _origins(p: Part) -> dict[str, Basis]:
    """The surnames from which a family name may be derived."""
    if p.writing == "han":
        return origins(p.text)
    return origins_of_sound(hepburn(_letters_of(p))) if p.writing in ("latin", "kana") else {}


def _one_apart(a: str, b: str) -> bool:
    """One character, or letter of hangul, put in, left out or exchanged; of short texts nothing would remain."""
    if any("가" <= c <= "힣" for c in a + b):
        if len(a) != len(b) or len(a) < 2:
            return False
        differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
        return len(differing) == 1 and all("가" <= c <= "힣" for c in differing[0]) and _one_letter(*differing[0])
    shortest = 4 if a.isascii() else 2
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < shortest:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    return a[start + (len(a) >= len(b)) :] == b[start + (len(b) >= len(a)) :]


def _one_letter(a: str, b: str) -> bool:
    return sum(x != y for x, y in zip(letters(a), letters(b), strict=True)) == 1
