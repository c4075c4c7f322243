"""A document as one HTML file, in the report's own style, with nothing from elsewhere."""

from __future__ import annotations

import base64
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
from homeward.report.words import html

__all__ = ["document_html"]


def document_html(document: Document) -> str:
    """The document as a page: no script, no request to anywhere."""
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            parts.append(f"{'</section>' if parts else ''}<section><h2>{html(block.text)}</h2>")
        else:
            parts.append(_block(block) if parts else f"<section>{_block(block)}")
    body = "".join(parts) + ("</section>" if parts else "")
    foot = f'<footer><p class="note">{html(document.foot)}</p></footer>'
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(document.title)}</title>'
        f'<style>{css()}</style></head><body class="hw hw-page hw-document"><main>{_head(document)}'
        f"<h1>{html(document.title)}</h1>{body}{foot}</main></body></html>\n"
    )


def _head(document: Document) -> str:
    h = document.letterhead
    if not h.lines and not h.logo:
        return ""
    kind = "image/png" if h.logo.startswith(b"\x89PNG") else "image/svg+xml"
    data = base64.b64encode(h.logo).decode()
    logo = f'<img src="data:{kind};base64,{data}" alt="{escape(h.name)}" height="64">' if h.logo else ""
    name = f"<b>{html(h.name)}</b>" if h.name else ""
    lines = "".join(f"<span>{html(x)}</span>" for x in h.lines[bool(h.name) :])
    return f'<header class="letterhead">{logo}<p>{name}{lines}</p></header>'


def _block(block: Block) -> str:
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
            return f'<div class="signatures">{"".join(_signed(r, name, date) for r in rows)}</div>'


def _signed(row: Signed, name: str, date: str) -> str:
    role = f"<span>{html(row.role)}</span>"
    if row.name:
        return f"<div>{role}<b>{html(row.name)}</b><span>{html(row.date)}</span></div>"
    return f'<div class="open">{role}<i></i><span>{html(name)}</span><span>{html(date)}</span></div>'
