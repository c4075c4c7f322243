"""A document as PDF/A-2a and PDF/UA-1: tagged, every glyph embedded, the same bytes for the same document."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

from homeward.faults import Fault, Refusal
from homeward.report.documents.fonts import FAMILIES, MONO, RARE, fonts
from homeward.report.documents.values import Document, Picture, Table, plain

if TYPE_CHECKING:
    from homeward.report.documents.values import Block

__all__ = ["document_pdf", "document_pictures"]

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_NO_GLYPH = re.compile('the text `"(.*?)"` could not be displayed', re.DOTALL)
_VARIABLE = re.compile(r"var\(--[\w-]+,([^()]*)\)")
_WIDE = 30
"""Letters from which on a column takes its share of what the others leave."""


def document_pdf(document: Document) -> bytes:
    """The document as PDF, made in memory. Its date of creation is the date of issue, the year 2000 where none is said.

    Raises `Refusal`: ``missing-font``, ``missing-typst``, and ``missing-glyph`` for characters that no typeface has:
    nothing is printed with boxes in place of letters.
    """
    import typst

    data = json.dumps(_data(document), ensure_ascii=False)
    source, faces = _source(), fonts()
    day = datetime.fromisoformat(document.date or "2000-01-01").replace(tzinfo=UTC)
    try:
        return typst.compile(
            source, font_paths=faces, ignore_system_fonts=True, format="pdf", pdf_standards=[*STANDARDS],
            sys_inputs={"data": data}, timestamp=day,
        )  # fmt: skip
    except typst.TypstError as error:
        lacking = "".join(dict.fromkeys("".join(_NO_GLYPH.findall(error.diagnostic))))
        if not lacking:
            raise
        message = f"no typeface has {', '.join(f'U+{ord(c):04X}' for c in lacking)}"
        remedy = "write the name in letters of Noto Sans CJK"
        raise Refusal([Fault("missing-glyph", message, remedy, value=lacking)]) from None


def document_pictures(document: Document, *, pixels_per_inch: float = 96.0) -> list[bytes]:
    """The pages of the PDF as PNG, for the documentation and to be looked at."""
    import typst

    made: Any = typst.compile(
        _source(), font_paths=fonts(), ignore_system_fonts=True, format="png", ppi=pixels_per_inch,
        sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
    )  # fmt: skip
    return [made] if isinstance(made, bytes) else list(made)


def _source() -> bytes:
    return files("homeward.report.documents").joinpath("document.typ.txt").read_bytes()


def _data(document: Document) -> dict[str, Any]:
    """What the template is given."""
    head, language = document.letterhead, document.language
    logo: Any = None
    if head.logo:
        is_png = head.logo.startswith(b"\x89PNG")
        logo = {"png": list(head.logo)} if is_png else {"svg": head.logo.decode("utf-8", "replace")}
    texts = {"name": head.name, "address": list(head.address), "contact": head.contact}
    told = plain(document)
    blocks = [_block(b, block, language) for b, block in zip(told["blocks"], document.blocks, strict=True)]
    return {
        **told,
        "running": document.running,
        "foot": document.foot,
        "head": {**texts, "accreditation": head.accreditation, "logo": logo},
        "fonts": [FAMILIES[language], RARE],
        "mono": [MONO[language], RARE],
        "blocks": blocks,
    }


def _block(told: dict[str, Any], block: Block, language: str) -> dict[str, Any]:
    """A block with its drawings in plain colours and the document's typeface, and its columns measured."""
    if isinstance(block, Picture):
        return {**told, "svg": _drawing(block.svg, language), "key": _drawing(block.key, language)}
    if isinstance(block, Table):
        rows = [[_drawing(c, language) if i in block.drawn else c for i, c in enumerate(row)] for row in block.rows]
        return {**told, "rows": rows, "columns": _columns(block)}
    return told


def _drawing(svg: str, language: str) -> str:
    """Without variables, which are a page's, and in the typeface of the language."""
    while _VARIABLE.search(svg):
        svg = _VARIABLE.sub(r"\1", svg)
    return re.sub('font-family="[^"]*"', f'font-family="{FAMILIES[language]}"', svg)


def _columns(table: Table) -> list[bool]:
    """Whether each column takes a share of the width that is left, by its longest cell."""
    longest = [
        0 if i in table.drawn else max((_width(row[i]) for row in (table.heads, *table.rows)), default=0)
        for i in range(len(table.heads))
    ]
    return [w > _WIDE and i not in table.numeric for i, w in enumerate(longest)]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
