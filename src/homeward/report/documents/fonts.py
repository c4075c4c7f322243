"""The typefaces of PDF reports: Noto Sans CJK as Debian's package fonts-noto-cjk has it, found by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from homeward.faults import Fault, Refusal

if TYPE_CHECKING:
    from typst import Fonts

__all__ = ["FAMILIES", "MONO", "RARE", "fonts"]

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
"""Each holds the typeface for every language; a Chinese character such as 直 has one form in each."""

FAMILIES = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR", "en": "Noto Sans CJK JP"}
MONO = {"ja": "Noto Sans Mono CJK JP", "ko": "Noto Sans Mono CJK KR", "en": "Noto Sans Mono CJK JP"}
RARE = "Libertinus Serif"
"""For the few letters of European names that Noto Sans CJK lacks, such as Ł; it comes with typst."""


def fonts() -> Fonts:
    """What typst may set text in. Raises `Refusal`: ``missing-font``, ``missing-typst``."""
    found = [next((p for folder in FOLDERS for p in sorted(folder.rglob(name))), None) for name in FILES]
    absent = [name for name, path in zip(FILES, found, strict=True) if path is None]
    if absent:
        remedy = "make system, or install the package fonts-noto-cjk"
        raise Refusal([Fault("missing-font", "the typeface for PDF is not installed", remedy, name) for name in absent])
    return _opened(tuple(dict.fromkeys(path.parent for path in found if path is not None)))


@cache
def _opened(folders: tuple[Path, ...]) -> Fonts:
    try:
        import typst
    except ImportError as error:
        message, remedy = "PDF needs the package typst", "install homeward with the extra pdf"
        raise Refusal([Fault("missing-typst", message, remedy)]) from error
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[*folders])
