"""Every sentence in every language: none missing, none left over, each with the parameters it needs."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from homeward import report
from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.report import result_html, summary
from homeward.report.catalogue import IN_ENGLISH, LANGUAGES, words_of
from homeward.report.words import Words

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in LANGUAGES if language != "en"]
SCRIPT = {"ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "ko": r"[\uac00-\ud7a3]"}


def parameters(words: str | tuple[str, str]) -> set[str]:
    """What stands in braces; of (one, many) that of either."""
    texts = (words,) if isinstance(words, str) else words
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_code_has_words_twice() -> None:
    """One would silently take the place of the other."""
    found: Counter[str] = Counter()
    for name in [m.name for m in pkgutil.iter_modules(report.__path__) if m.name.startswith("english")]:
        module = importlib.import_module(f"homeward.report.{name}")
        for words in module.__all__:
            found.update(getattr(module, words).keys())
    assert set(found) == set(IN_ENGLISH)
    assert [code for code, n in found.items() if n > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    words = words_of(language)
    assert [code for code in IN_ENGLISH if code not in words] == []
    assert [code for code in words if code not in IN_ENGLISH] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_parameters_of_the_english(language: str) -> None:
    wrong = {
        code: parameters(words) ^ parameters(IN_ENGLISH[code])
        for code, words in words_of(language).items()
        if not parameters(words) <= parameters(IN_ENGLISH[code])
        or (parameters(IN_ENGLISH[code]) - parameters(words)) - {"n"}
    }
    assert wrong == {}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_doubtful_or_left_in_english(language: str) -> None:
    file = ROOT / "src" / "homeward" / "report" / "locale" / f"{language}.po"
    with file.open("rb") as handle:
        catalogue = read_po(handle, locale=language)
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[0]
        assert not message.fuzzy, f"{message.context}: the English changed"
        assert message.id == IN_ENGLISH[str(message.context)], f"{message.context}: make translations anew"
        text = message.string if isinstance(message.string, str) else message.string[0]
        if len(re.findall(r"[a-z]{3,}", re.sub(r"\{\w+\}", "", english))) > 2:
            assert re.search(SCRIPT[language], text), f"{message.context} is not in {language}"


@pytest.mark.parametrize("language", OTHERS)
def test_codes_among_a_warnings_parameters_are_said_in_words(language: str) -> None:
    told = Words(language).warning("sex-contradicted", {"sample": "V1", "recorded": "male", "shown": "female"})
    assert "V1" in told
    assert "male" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_report_in_each_language(language: str) -> None:
    case = read_case(ROOT / "demo" / "published")
    result = identify(case, scenarios_of(case), seed=1)
    html = result_html(result, language=language)
    assert f'<html lang="{language}">' in html
    assert summary(result, language=language)
    if language != "en":
        left = re.sub(r"<(style|svg|code).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
        said = [w for w in ("posterior", "samples", "most probably", "undisputed", "not enough") if w in left.lower()]
        assert said == []


def test_japanese_sentences_end_and_follow_each_other_as_japanese_does() -> None:
    case = read_case(ROOT / "demo" / "published")
    result = identify(case, scenarios_of(case), seed=1)
    html = result_html(result, language="ja")
    text = re.sub(r'<(style|svg|code|pre).*?</\1>|<span class="tag.*?</span>(?=</p>)', "", html, flags=re.DOTALL)
    text = text.replace(" </p>", "</p>")  # a space stood before the conclusion, which is no sentence
    text = re.sub(r"</?(span|strong|a|b|u)\b[^>]*>", "", text)
    assert re.findall(rf"(?:{SCRIPT['ja']}|）)\.", text) == []
    # a verdict in its frame may follow after a space
    assert re.findall(r"。[ .。](?! ?[○◐◑●✓×◇△▽?])", text + summary(result, language="ja")) == []
