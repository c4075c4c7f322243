"""The few SVG elements all drawings are made of; text is escaped here and nowhere else.

Ink is ``currentColor``, set from ``--hw-ink``; a page or a notebook theme recolours every drawing by
setting that variable, and a drawing alone falls back to dark ink.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import escape, quoteattr

__all__ = [
    "FONT",
    "Drawing",
    "colour",
    "document",
    "element",
    "language",
    "number",
    "shortened",
    "text",
    "text_width",
    "wrapped",
]

FONT = "system-ui,'Noto Sans','Noto Sans CJK KR','Noto Sans CJK JP',sans-serif"
_INK = "color:var(--hw-ink,var(--jp-content-font-color1,#1c2126))"
_WIDE = {"W", "F"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


class Drawing(str):
    """A drawing as SVG text, which a notebook shows as a picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)


def number(x: float) -> str:
    """At most one decimal, no trailing zeros, no negative zero: the same bytes everywhere."""
    rounded = f"{x:.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded


def element(name: str, content: str | None = None, /, **attributes: str | float | None) -> str:
    """One element; ``_`` in attribute names stands for ``-``, None leaves one out."""
    shown = "".join(
        f" {_attribute(key)}={quoteattr(_clean(value))}"
        if isinstance(value, str)
        else f' {_attribute(key)}="{number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{shown}/>" if content is None else f"<{name}{shown}>{content}</{name}>"


@cache
def _attribute(key: str) -> str:
    return key.strip("_").replace("_", "-")


def text(x: float, y: float, words: str, *, size: float = 12, anchor: str = "middle", **attributes: str | float) -> str:
    """One line of text; its language is told to the font where the script shows it."""
    tag = language(words)
    body = escape(_clean(words))
    attribute = f' xml:lang="{tag}"' if tag else ""
    shown = element("text", body, x=x, y=y, font_size=size, text_anchor=anchor, fill="currentColor", **attributes)
    return shown.replace("<text", f"<text{attribute}", 1)


def document(
    width: float, height: float, parts: Iterable[str], *, title: str = "", desc: str = "", role: str = "img"
) -> Drawing:
    """A whole drawing that scales, names itself to a screen reader and takes its colours from the page.

    ``role``: `group` for one whose words or links are read one by one, `presentation` for one beside the figure that it
    draws, `img` for one that is looked at as a whole; one of these without a title is passed over.
    """
    head = [element(tag, escape(_clean(words))) for tag, words in (("title", title), ("desc", desc)) if words]
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}"'
        f' width="{number(width)}" height="{number(height)}"'
        + (f' role="{role}"' if title or role != "img" else ' aria-hidden="true"')
        + (f" aria-label={quoteattr(_clean(title))}" if title else "")
        + f' font-family="{FONT}" style="{_INK}">'
        + "".join([*head, *parts])
        + "</svg>"
    )


def colour(variable: str, fallback: str, prop: str = "fill") -> dict[str, str]:
    """Attributes for a colour that the page may set; programs without variables use the fallback."""
    return {prop.replace("-", "_"): fallback, "style": f"{prop}:var(--hw-{variable},{fallback})"}


def text_width(words: str, size: float = 12) -> float:
    """Width in pixels, estimated: East Asian wide characters one em, combining marks nothing, others 0.58."""
    ems = sum(
        0.0 if unicodedata.combining(c) else 1.0 if unicodedata.east_asian_width(c) in _WIDE else 0.58 for c in words
    )
    return ems * size


def shortened(words: str, width: float, size: float = 12) -> str:
    """The words, or as much of them as fits with an ellipsis."""
    if text_width(words, size) <= width:
        return words
    kept = words
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"


def wrapped(words: str, width: float, size: float = 12) -> list[str]:
    """The words on one or two lines of like width, broken at spaces, hyphens or between East Asian wide characters.

    What two lines cannot hold is shortened.
    """
    if text_width(words, size) <= width:
        return [words]
    halves = [(words[:i].rstrip(), words[i:].lstrip()) for i in range(1, len(words)) if _may_break(words, i)]
    fitting = [h for h in halves if text_width(h[0], size) <= width]
    if not fitting:
        return [shortened(words, width, size)]
    first, second = min(fitting, key=lambda h: max(text_width(h[0], size), text_width(h[1], size)))
    return [first, shortened(second, width, size)]


def _may_break(words: str, i: int) -> bool:
    before, after = words[i - 1], words[i]
    wide = all(unicodedata.east_asian_width(c) in _WIDE and unicodedata.category(c) == "Lo" for c in (before, after))
    return after == " " or before in "-・·/" or wide


def language(words: str) -> str | None:
    """``ko`` for hangul, ``ja`` for kana or Chinese characters, None for other scripts."""
    found = None
    if words.isascii():
        return found
    for c in words:
        code = ord(c)
        if 0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
            return "ko"
        if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            found = "ja"
    return found


def _clean(words: str) -> str:
    """Without the characters XML forbids."""
    return _FORBIDDEN.sub("", words)
