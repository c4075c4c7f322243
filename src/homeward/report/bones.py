"""Elements and sides as people say them."""

from __future__ import annotations

from homeward.report.words import Words

__all__ = ["element_text"]


def element_text(say: Words, element: str, side: str = "") -> str:
    """An element of the vocabulary with its side; a word that the language does not have stands as it is."""
    if not element:
        return say("element.unknown")
    word = say(f"element.{element}") if f"element.{element}" in say else element.replace("-", " ")
    return say("element.sided", side=say(f"side.{side}"), element=word) if side else word
