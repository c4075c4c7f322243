"""A document as one HTML file, in the report's own style, with nothing from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import partial
from html import escape

from homeward.report.documents.values import (
    Block,
    Code,
    Document,
    Heading,
    Paragraph,
    Picture,
    Points,
    Signatures,
    Signed,
    Table,
    Terms,
)
from homeward.report.markup import definitions, figure, table
from homeward.report.page import css
from homeward.report.words import html as marked

__all__ = ["document_html"]

Text = Callable[[str], str]
_FOREIGN = {"ja": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+"), "ko": re.compile("[\u3040-\u30ff]+")}


def document_html(document: Document) -> str:
    """The document as a page: no script, no request to anywhere."""
    html = partial(_text, document.language)
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            parts.append(f"{'</section>' if parts else ''}<section><h2>{html(block.text)}</h2>")
        else:
            parts.append(_block(block, html) if parts else f"<section>{_block(block, html)}")
    body = "".join(parts) + ("</section>" if parts else "")
    foot = f'<footer><p class="note">{html(document.foot)}</p></footer>'
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(document.title)}</title>'
        f'<style>{css()}</style></head><body class="hw hw-page hw-document"><main>{_head(document, html)}'
        f"<h1>{html(document.title)}</h1>{body}{foot}</main></body></html>\n"
    )


def _text(language: str, text: str) -> str:
    """Text as HTML. What can only be of another language is marked as such; Chinese characters are of the document's,
    as they are in the PDF."""
    if language not in _FOREIGN:
        return marked(text)
    other = "ko" if language == "ja" else "ja"
    return _FOREIGN[language].sub(lambda run: f'<span lang="{other}">{run[0]}</span>', escape(text))


def _head(document: Document, html: Text) -> str:
    h = document.letterhead
    if not h.lines and not h.logo:
        return ""
    kind = "image/png" if h.logo.startswith(b"\x89PNG") else "image/svg+xml"
    data = base64.b64encode(h.logo).decode()
    logo = f'<img src="data:{kind};base64,{data}" alt="{escape(h.name)}" height="64">' if h.logo else ""
    name = f"<b>{html(h.name)}</b>" if h.name else ""
    lines = "".join(f"<span>{html(x)}</span>" for x in h.lines[bool(h.name) :])
    return f'<header class="letterhead">{logo}<p>{name}{lines}</p></header>'


def _block(block: Block, html: Text) -> str:
    match block:
        case Heading(text):
            return f"<h2>{html(text)}</h2>"
        case Paragraph(text, style):
            return f"<p>{html(text)}</p>" if style == "plain" else f'<p class="{style}">{html(text)}</p>'
        case Points(items):
            return f"<ul>{''.join(f'<li>{html(x)}</li>' for x in items)}</ul>"
        case Terms(rows):
            return definitions([(html(a), html(b)) for a, b in rows], kind="terms")
        case Table(heads, rows, numeric, drawn, total):
            cells = [[c if i in drawn else html(c) for i, c in enumerate(row)] for row in rows]
            return table([html(h) for h in heads], cells, numeric=numeric, total=total)
        case Picture(svg, _, key):
            return figure(svg, key)
        case Code(text):
            return f"<pre>{escape(text)}</pre>"
        case Signatures(rows, name, date):
            return f'<div class="signatures">{"".join(_signed(r, name, date, html) for r in rows)}</div>'


def _signed(row: Signed, name: str, date: str, html: Text) -> str:
    role = f"<span>{html(row.role)}</span>"
    if row.name:
        return f"<div>{role}<b>{html(row.name)}</b><span>{html(row.date)}</span></div>"
    return f'<div class="open">{role}<i></i><span>{html(name)}</span><span>{html(date)}</span></div>'
