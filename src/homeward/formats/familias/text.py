"""The bytes of a `.fam` file as numbered lines, and the ways a line can be wrong."""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

from homeward.faults import Fault, Refusal

__all__ = ["Broken", "Lines", "decode", "whole"]

_WHOLE = re.compile(r"-?[0-9]{1,9}")
_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_BREAK = re.compile(r"\r\n|\n|\r")


class Broken(Refusal):
    """The file's lines no longer mean what the format says, so nothing behind this line can be read."""

    def __init__(self, line: int | None, message: str, remedy: str = "", value: str = "", file: str = "") -> None:
        fallback = "save the file again in Familias; do not edit it by hand"
        super().__init__([Fault("bad-fam", message, remedy or fallback, file=file, row=line, value=value[:80])])


def decode(raw: bytes, file: str) -> list[str]:
    """The lines of the file, whichever of the encodings in use it has.

    UTF-8 with or without byte order mark, UTF-16 with one, otherwise Windows code page 1252 (what Familias
    writes on a Western Windows). Raises `Broken` where the bytes are no text at all.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16"
    elif raw.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    else:
        codec = "utf-8"
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        if codec != "utf-8":
            raise Broken(None, f"the file begins as {codec} and does not go on as {codec}", file=file) from None
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Broken(text[: text.index("\x00")].count("\n") + 1, "the file holds zero bytes and is no text", file=file)
    return _BREAK.split(text)


def whole(text: str) -> int | None:
    """A whole number of at most nine digits, None where the text is not one."""
    return int(text) if _WHOLE.fullmatch(text.strip()) else None


@dataclass
class Lines:
    """Reads lines in order; every read says what it expected, so that a fault can name the line."""

    file: str
    lines: list[str]
    at: int = 0
    """Index of the next line; also the number (from 1) of the line read last."""

    @property
    def left(self) -> int:
        return len(self.lines) - self.at

    def broken(self, message: str, value: str = "", remedy: str = "") -> Broken:
        """What to raise about the line read last."""
        return Broken(self.at, message, remedy, value, self.file)

    def peek(self) -> str:
        return self.lines[self.at] if self.left else ""

    def raw(self, what: str) -> str:
        if not self.left:
            raise self.broken(f"the file ends where {what} should stand")
        self.at += 1
        return self.lines[self.at - 1]

    def text(self, what: str) -> str:
        """A text, without the quotation marks around it."""
        line = self.raw(what).strip()
        return line[1:-1].strip() if len(line) >= 2 and line[0] == line[-1] == '"' else line

    def flag(self, what: str) -> bool:
        line = self.raw(what).strip()
        if line not in ("#TRUE#", "#FALSE#"):
            raise self.broken(f"{what} should be #TRUE# or #FALSE#", line)
        return line == "#TRUE#"

    def number(self, what: str, *, low: int = 0, high: int | None = None, of: str | None = None) -> int:
        """A whole number: the next line, or ``of``, a part of the line read last."""
        line = self.raw(what) if of is None else of
        value = whole(line)
        if value is None:
            raise self.broken(f"{what} should be a whole number", line)
        if value < low or (high is not None and value > high):
            limits = f"at least {low}" if high is None else f"from {low} to {high}"
            raise self.broken(f"{what} should be {limits}", line)
        return value

    def count(self, what: str, lines_each: int, *, most: int | None = None, of: str | None = None) -> int:
        """How many of something follow; refuses more than ``most`` or than the rest of the file could hold."""
        fits = self.left // lines_each
        return self.number(what, high=fits if most is None else min(most, fits), of=of)

    def real(self, what: str, *, high: float = math.inf, of: str | None = None) -> float:
        """A number that is not negative: the next line, or ``of``, a part of the line read last."""
        line = (self.raw(what) if of is None else of).strip()
        value = float(line) if _REAL.fullmatch(line) else math.nan
        if not (0 <= value <= high and math.isfinite(value)):
            limit = "" if high == math.inf else f" from 0 to {high:g}"
            raise self.broken(f"{what} should be a number{limit or ' that is not negative'}", line)
        return value
