"""A page of HTML as its reader meets it: tags checked, words, ids and links kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["read", "text"]

VOID = {"meta", "br", "link", "img", "input", "hr", "wbr"}


class _Reader(HTMLParser):
    """Checks that tags nest, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert not reader.open
    return reader


def text(page: str) -> str:
    return re.sub(r"\s+", " ", "".join(read(page).words).replace("\u00a0", " ").replace("\u2007", " "))
