"""`Document`: what a report says, block by block; HTML, PDF and JSON are made of this one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from homeward.case import canonical_json
from homeward.formats.letterhead import Letterhead

__all__ = [
    "FORMAT",
    "Block",
    "Code",
    "Document",
    "Heading",
    "Kind",
    "Paragraph",
    "Picture",
    "Points",
    "Signatures",
    "Signed",
    "Table",
    "Terms",
    "document_json",
    "plain",
]

FORMAT = "homeward-document 1"
Kind = Literal["identification", "letter", "status", "custody"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences. ``style``: ``lead`` answers, ``note`` explains in small letters."""

    text: str
    style: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, a mark before each."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words with what they stand for, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``numeric``: columns set flush right; ``drawn``: cells are SVG; ``total``: the last row is a sum."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    drawn: tuple[int, ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, in words for those who do not see it, and what its signs mean as a second drawing."""

    svg: str
    alt: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """What is typed at a terminal, or a digest."""

    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One who signs: as what, and, where it has been done, who and when (YYYY-MM-DD)."""

    role: str
    name: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signed; a line to write on where nobody has. ``name`` and ``date``: what stands under the lines."""

    rows: tuple[Signed, ...]
    name: str
    date: str


Block = Heading | Paragraph | Points | Terms | Table | Picture | Code | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language.

    ``running``: what stands at the head of every page but the first, ``foot`` at the foot of each. ``date``: of issue,
    YYYY-MM-DD or empty. ``facts``: the figures and codes that the words are made of, for programs.
    """

    kind: Kind
    language: str
    title: str
    running: str
    foot: str
    blocks: tuple[Block, ...]
    date: str = ""
    letterhead: Letterhead = field(default_factory=Letterhead)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def words(self) -> Iterator[str]:
        """Every text, in the order of reading; that of drawings left out."""
        yield from self.letterhead.lines
        yield self.title
        for block in self.blocks:
            yield from _words(block)


def _words(block: Block) -> Iterator[str]:
    match block:
        case Heading(text) | Paragraph(text) | Code(text):
            yield text
        case Points(items):
            yield from items
        case Terms(rows):
            yield from (cell for row in rows for cell in row)
        case Table(heads, rows, _, drawn):
            yield from (cell for row in (heads, *rows) for i, cell in enumerate(row) if i not in drawn or row is heads)
        case Signatures(rows, name, date):
            for row in rows:
                yield from (row.role, row.name, row.date) if row.name else (row.role, name, date)
        case Picture():
            pass


def plain(document: Document) -> dict[str, Any]:
    """A document as dicts, lists and strings; of the letterhead its words alone."""
    from homeward import __version__

    return {
        "format": FORMAT,
        "engine": {"version": __version__},
        "kind": document.kind,
        "language": document.language,
        "date": document.date,
        "letterhead": list(document.letterhead.lines),
        "title": document.title,
        "facts": dict(document.facts),
        "blocks": [_block(b) for b in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    shown = {f.name: _value(getattr(block, f.name)) for f in fields(block)}
    return {"block": type(block).__name__.lower(), **shown}


def _value(value: Any) -> Any:
    if isinstance(value, Signed):
        return {"role": value.role, "name": value.name, "date": value.date}
    return [_value(v) for v in value] if isinstance(value, tuple) else value


def document_json(document: Document) -> bytes:
    """A document as canonical JSON, `homeward-document 1`, on one line."""
    return canonical_json(plain(document)) + b"\n"
