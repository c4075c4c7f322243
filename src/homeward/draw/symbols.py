"""The symbol of one person, and the key that explains the symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeward.draw.svg import Drawing, colour, document, element, number, text, text_width

__all__ = ["halo", "pedigree_key_svg", "reach", "symbol"]

_KEY, _WIDEST_KEY = 11.0, 440.0
_DIAMOND = 1.25


def pedigree_key_svg(words: Mapping[str, str]) -> Drawing:
    """The symbols with their meaning; ``words``: a word each for any of male, female, unknown (sex), typed, missing,
    listed, deceased, and for the dashed line of uncertain parents."""
    states = {
        "male": ("male", ""),
        "female": ("female", ""),
        "unknown": ("unknown", ""),
        "typed": ("male", "typed"),
        "missing": ("male", "missing"),
        "listed": ("male", "listed"),
        "deceased": ("male", "deceased"),
        "uncertain": ("", ""),
    }
    left, top, widest, shapes = 2.0, 0.0, 2.0, []
    for key, (sex, state) in states.items():
        if key not in words:
            continue
        inset = 24 if sex else 16
        width = inset + text_width(words[key], _KEY) + 16
        if left > 2 and left + width > _WIDEST_KEY:
            left, top = 2.0, top + 24
        if sex:
            flags = {s: state == s for s in ("typed", "missing", "deceased", "listed")}
            shapes.append(symbol(left + 10, top + 12, 8, sex, **flags))
        else:
            line = f"M{number(left + 6)} {number(top + 2)}v20"
            shapes.append(element("path", d=line, stroke="currentColor", stroke_width=1.4, stroke_dasharray="3 3"))
        shapes.append(text(left + inset, top + 16, words[key], size=_KEY, anchor="start"))
        left += width
        widest = max(widest, left)
    return document(widest, top + 24, shapes, role="group")


def symbol(
    x: float, y: float, r: float, sex: str, *, typed: bool, missing: bool, deceased: bool, listed: bool = False
) -> str:
    """Square, circle or diamond of half width ``r``; state is told by filling, outline and strokes, not by colour."""
    listed = listed and not missing
    style: dict[str, str | float | None] = {
        "fill": "currentColor",
        "fill_opacity": "0.3" if typed else "0",
        "stroke": "currentColor",
        "stroke_width": 2.4 if missing else 1.4,
        "stroke_dasharray": "4 3" if missing else "0 3.4" if listed else None,
    }
    if listed:
        style |= {"stroke_width": 2, "stroke_linecap": "round"}
    parts = [_outline(x, y, r, sex, style)]
    if missing:
        parts.append(text(x, y + r * 0.42, "?", size=r * 1.2, font_weight="600"))
    if listed:
        strokes = "".join(f"M{number(x - r * 0.38)} {number(y + h)}h{number(r * 0.76)}" for h in (-r / 3, 0, r / 3))
        parts.append(element("path", d=strokes, stroke="currentColor", stroke_width=1.4))
    if deceased:
        d = r * 1.4
        parts.append(
            element(
                "path",
                d=f"M{number(x - d)} {number(y + d)}L{number(x + d)} {number(y - d)}",
                stroke="currentColor",
                stroke_width=1.2,
            )
        )
    return "".join(parts)


def reach(r: float, sex: str) -> float:
    """How far a symbol of half width ``r`` reaches up, down and to the sides."""
    return r if sex in ("male", "female") else r * _DIAMOND


def halo(x: float, y: float, r: float, sex: str) -> str:
    """A second outline round a symbol, in the accent colour."""
    return _outline(x, y, r, sex, {"fill": "none", "stroke_width": 2, **colour("accent", "#1f5f8b", "stroke")})


def _outline(x: float, y: float, r: float, sex: str, style: Mapping[str, Any]) -> str:
    if sex == "male":
        return element("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, **style)
    if sex == "female":
        return element("circle", cx=x, cy=y, r=r, **style)
    q = r * _DIAMOND
    corners = ((x, y - q), (x + q, y), (x, y + q), (x - q, y))
    return element("polygon", points=" ".join(f"{number(a)},{number(b)}" for a, b in corners), **style)
