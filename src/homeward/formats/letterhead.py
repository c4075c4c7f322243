"""The letterhead of a laboratory: a small TOML file, and its logo beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeward.faults import Fault, Refusal
from homeward.formats.source import file_bytes

__all__ = ["Letterhead", "read_letterhead"]

MOST_LOGO = 256 * 1024
"""Bytes of the largest logo."""
_TEXTS = ("name", "accreditation", "contact")
_LONGEST, _MOST_LINES = 200, 6


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the laboratory's name, address lines, accreditation, and whom to ask (``contact``), all optional.

    ``logo``: bytes of an SVG or PNG.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    accreditation: str = ""
    contact: str = ""
    logo: bytes = b""

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line of text, from the top."""
        return tuple(x for x in (self.name, *self.address, self.accreditation, self.contact) if x)


def read_letterhead(path: str | Path) -> Letterhead:
    """The letterhead of a TOML file: `name`, `address` (a list), `accreditation`, `contact`, `logo` (a file beside it).

    Raises `Refusal` with every fault: ``bad-toml``, ``unknown-field``, ``bad-value``, ``bad-logo``, and those of a file
    that cannot be read.
    """
    where = Path(path)
    faults: list[Fault] = []
    data = file_bytes(where, where.name, faults)
    if data is None:
        raise Refusal(faults)
    try:
        told = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal([Fault("bad-toml", "this is no TOML", "correct it", where.name)]) from error
    found = _letterhead(told, where, faults)
    if faults:
        raise Refusal(faults)
    return found


def _letterhead(told: Mapping[str, Any], where: Path, faults: list[Fault]) -> Letterhead:
    def fault(code: str, key: str, message: str, remedy: str) -> None:
        faults.append(Fault(code, message, remedy, where.name, column=key))

    for key in told.keys() - {*_TEXTS, "address", "logo"}:
        remedy = "write name, address, accreditation, contact and logo only"
        fault("unknown-field", key, f"{key[:64]!r} is not known in a letterhead", remedy)
    texts = {key: told.get(key, "") for key in _TEXTS}
    address = told.get("address", [])
    for key, text in texts.items():
        if not _is_line(text):
            fault("bad-value", key, "this is no line of text", f"write {key} as text of at most {_LONGEST} letters")
    if not isinstance(address, list) or len(address) > _MOST_LINES or not all(map(_is_line, address)):
        fault("bad-value", "address", "this is no list of lines", f"write a list of at most {_MOST_LINES} lines")
    logo = told.get("logo", "")
    if not isinstance(logo, str) or "/" in logo or "\\" in logo:
        fault("bad-value", "logo", "this names no file", "name a file beside the letterhead")
    if faults:
        return Letterhead()
    content = _logo(where, logo, faults)
    return Letterhead(texts["name"], tuple(address), texts["accreditation"], texts["contact"], content)


def _is_line(text: object) -> bool:
    return isinstance(text, str) and len(text) <= _LONGEST and text.isprintable()


def _logo(where: Path, name: str, faults: list[Fault]) -> bytes:
    if not name:
        return b""
    data = file_bytes(where.parent / name, name, faults)
    if data is not None and (len(data) > MOST_LOGO or not (data.startswith(b"\x89PNG\r\n") or b"<svg" in data[:2000])):
        message, remedy = "the logo is no SVG or PNG, or is too large", f"give one of at most {MOST_LOGO // 1024} KiB"
        faults.append(Fault("bad-logo", message, remedy, name, column="logo"))
    return data or b""
