"""The words of each language: English as written in `english*`, others from `locale/LANGUAGE.po`.

A message's context is its code, its id the English: what translators' programs expect. Parameters stand in braces and
keep their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from homeward.report.english import ENGLISH
from homeward.report.english_bench import ENGLISH_BENCH
from homeward.report.english_bones import ENGLISH_BONES
from homeward.report.english_documents import ENGLISH_DOCUMENTS
from homeward.report.english_drawings import ENGLISH_DRAWINGS
from homeward.report.english_evidence import ENGLISH_EVIDENCE
from homeward.report.english_findings import ENGLISH_FINDINGS
from homeward.report.english_formats import ENGLISH_FORMATS
from homeward.report.english_hands import ENGLISH_HANDS
from homeward.report.english_intake import ENGLISH_INTAKE
from homeward.report.english_joint import ENGLISH_JOINT
from homeward.report.english_pages import ENGLISH_PAGES
from homeward.report.english_waiting import ENGLISH_WAITING

__all__ = ["IN_ENGLISH", "LANGUAGES", "words_of"]

# a language's name in itself
LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語", "ko": "한국어"}

IN_ENGLISH: Mapping[str, str | tuple[str, str]] = (
    ENGLISH
    | ENGLISH_FINDINGS
    | ENGLISH_DRAWINGS
    | ENGLISH_EVIDENCE
    | ENGLISH_JOINT
    | ENGLISH_PAGES
    | ENGLISH_BONES
    | ENGLISH_BENCH
    | ENGLISH_INTAKE
    | ENGLISH_DOCUMENTS
    | ENGLISH_FORMATS
    | ENGLISH_HANDS
    | ENGLISH_WAITING
)


@cache
def words_of(language: str) -> Mapping[str, str | tuple[str, str]]:
    """Code → words, or (one, many)."""
    if language == "en":
        return IN_ENGLISH
    from babel.messages.pofile import read_po

    with files("homeward.report").joinpath("locale", f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found: dict[str, str | tuple[str, str]] = {}
    for message in catalogue:
        if message.context and message.string:
            # neither Japanese nor Korean has a plural: a list of one form
            text = message.string if isinstance(message.string, str) else message.string[0]
            found[message.context] = (text, text) if isinstance(IN_ENGLISH.get(message.context), tuple) else text
    return found
