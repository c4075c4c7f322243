"""`python -m validation.translations`: brings `locale/*.po` up to date with the English words.

New messages come in empty, changed ones are marked fuzzy, those no longer said are taken out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from homeward.report.catalogue import IN_ENGLISH, LANGUAGES

DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same words give the same bytes
FOLDER = Path(__file__).parents[1] / "src" / "homeward" / "report" / "locale"


def updated(language: str) -> Catalog:
    """The catalogue of a language with every message there is, and no other."""
    file = FOLDER / f"{language}.po"
    old = Catalog(locale=language)
    if file.exists():
        with file.open("rb") as handle:
            old = read_po(handle, locale=language)
    new = Catalog(locale=language, project="homeward", fuzzy=False)
    for code, words in IN_ENGLISH.items():
        before = old.get(words if isinstance(words, str) else words[0], context=code)
        told = before or next((m for m in old if m.context == code), None)
        text = "" if told is None or not told.string else told.string
        text = text if isinstance(text, str) else text[0]
        flags = ["fuzzy"] if told is not None and before is None and text else []
        new.add(words, text if isinstance(words, str) else (text,), context=code, flags=flags)
    return new


def main() -> None:
    header = "# Words of the report. Contexts are codes; parameters in braces keep their names.\n#"
    for language in LANGUAGES:
        if language != "en":
            catalogue = updated(language)  # before the file is opened to write, which empties it
            catalogue.header_comment = header
            catalogue.revision_date = catalogue.creation_date = DAY
            with (FOLDER / f"{language}.po").open("wb") as handle:
                write_po(handle, catalogue, width=100)


if __name__ == "__main__":
    main()
