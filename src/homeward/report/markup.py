"""The few HTML shapes the report is built of; cells and contents are HTML already, made by `words.html`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from unicodedata import east_asian_width

__all__ = ["anchor", "definitions", "figure", "section", "table"]

_MARKUP = re.compile("<[^>]*>")


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numeric: Sequence[int] = (),
    minor: Sequence[int] = (),
    kind: str = "",
    total: bool = False,
) -> str:
    """A table that scrolls on its own where the page is narrow; ``numeric`` columns are set flush right.

    ``minor`` columns are left out on a narrow page; ``total``: the last row is a sum. The keyboard can scroll it.
    """
    names = [" ".join(c for c, some in (("n", numeric), ("m", minor)) if i in some) for i in range(len(heads))]
    mark = [f' class="{name}"' if name else "" for name in names]
    top = "".join(f'<th scope="col"{m}>{h}</th>' for h, m in zip(heads, mark, strict=True))
    body = []
    for r, row in enumerate(rows):
        cells = "".join(f"<td{m}>{c}</td>" for c, m in zip(row, mark, strict=True))
        body.append(f'<tr class="sum">{cells}</tr>' if total and r == len(rows) - 1 else f"<tr>{cells}</tr>")
    name = f' class="{kind}"' if kind else ""
    whole = f"<table{name}><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{whole}</div>'


def definitions(rows: Sequence[tuple[str, str]], *, kind: str = "") -> str:
    """Terms and their values, one line each; a long value stands under its term."""
    high = [' class="tall"' if _width(value) > 48 else "" for _, value in rows]
    body = "".join(
        f"<div{height}><dt>{term}</dt><dd>{value}</dd></div>" for (term, value), height in zip(rows, high, strict=True)
    )
    return f'<dl class="{kind}">{body}</dl>' if kind else f"<dl>{body}</dl>"


def _width(cell: str) -> int:
    """How many letters wide a cell is; those of East Asia are two wide."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in _MARKUP.sub("", cell))


def section(heading: str, *parts: str, id: str = "", level: int = 2) -> str:
    """A part of the page under its heading."""
    name = f' id="{escape(id)}"' if id else ""
    return f"<section{name}><h{level}>{heading}</h{level}>{''.join(parts)}</section>"


def figure(svg: str, caption: str = "") -> str:
    """A drawing with what its signs mean."""
    note = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><div class="scroll" tabindex="0">{svg}</div>{note}</figure>'


def anchor(number: int) -> str:
    """The id of a sample's section: by number, so that no id of the case has to fit a URL."""
    return f"s{number + 1}"
