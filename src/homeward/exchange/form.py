"""Values that travel, as canonical JSON (RFC 8785) and back: exactly the fields of a value, or nothing.

The fields of a frozen dataclass are the whole allow-list of a file. Whatever else stands in the bytes, in another order
or spelling, is refused, so that equal values are equal bytes and every byte has a field to answer for it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from homeward.case import plain
from homeward.faults import Fault, Refusal

try:
    import rfc8785
except ImportError as error:
    message = "what an exchange needs is not installed"
    raise Refusal([Fault("exchange-not-installed", message, "install homeward[exchange]")]) from error

__all__ = ["Base64", "Country", "Day", "Hash", "Opaque", "Prose", "Token", "hashed", "read_form", "written"]

T = TypeVar("T")

Token = Annotated[str, r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"]
"""A short name for machines and people."""
Opaque = Annotated[str, r"[bcdfghjklmnpqrstvwxz]{16}"]
"""A random id that tells nothing: 16 consonants, 69 bits."""
Hash = Annotated[str, r"[0-9a-f]{64}"]
"""SHA-256, an Ed25519 public key, or 32 random bytes, in hexadecimal."""
Day = Annotated[str, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"]
Country = Annotated[str, r"[A-Z]{2}"]
Prose = Annotated[str, r"[^\x00-\x1f]{1,400}"]
"""A sentence that people agreed on."""

Base64 = Annotated[str, r"[A-Za-z0-9+/]+={0,2}"]
"""Bytes, of a file that the private match reads and checks."""

_REMEDY = "ask the other side to send it anew, with a version of the program that knows this format"


def hashed(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def written(value: Any) -> bytes:
    """The one form of a value: RFC 8785."""
    return rfc8785.dumps(plain(value))


def read_form(kind: type[T], data: bytes, file: str = "") -> T:
    """The value of a kind that `written` gives these bytes for.

    Raises `Refusal` with every fault, all ``exchange-form``; ``Fault.column`` is the place in the value.
    """
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal([Fault("exchange-form", "this is no canonical JSON", _REMEDY, file=file)]) from error
    wrong: list[_Wrong] = []
    value = _read(kind, found, "", wrong)
    if wrong:
        raise Refusal(Fault("exchange-form", w.message, _REMEDY, file=file, column=w.place) for w in wrong)
    if _rewritten(value) != data:
        message = "the same value in other bytes: a key twice, another order or another spelling"
        raise Refusal([Fault("exchange-form", message, _REMEDY, file=file)])
    made: T = value
    return made


def _rewritten(value: Any) -> bytes:
    try:
        return written(value)
    except ValueError:  # half a surrogate pair
        return b""


class _Wrong(NamedTuple):
    place: str
    message: str


def _no_number(text: str) -> float:
    raise ValueError(text)


def _read(kind: Any, found: Any, place: str, wrong: list[_Wrong]) -> Any:
    """The value of a type, or None and what is wrong."""
    pattern = ""
    if get_origin(kind) is Annotated:
        kind, pattern = get_args(kind)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (kind,) = (k for k in get_args(kind) if k is not type(None))
        return None if found is None else _read(kind, found, place, wrong)
    if origin is Literal:
        return found if found in get_args(kind) and isinstance(found, str) else _bad(place, "another word", wrong)
    if origin is tuple:
        return _tuple(get_args(kind), found, place, wrong)
    if origin is Mapping:
        if not isinstance(found, dict):
            return _bad(place, "no object", wrong)
        return {k: _read(get_args(kind)[1], v, f"{place}.{_shown(k)}", wrong) for k, v in found.items()}
    if is_dataclass(kind):
        return _dataclass(kind, found, place, wrong)
    return _plain(kind, pattern, found, place, wrong)


def _shown(name: str) -> str:
    """A name from a stranger's file, as it may stand on a terminal."""
    return ascii(name[:40])[1:-1]


def _bad(place: str, message: str, wrong: list[_Wrong]) -> None:
    wrong.append(_Wrong(place, message))


def _tuple(parts: tuple[Any, ...], found: Any, place: str, wrong: list[_Wrong]) -> Any:
    if not isinstance(found, list):
        return _bad(place, "no list", wrong)
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], v, f"{place}[{i}]", wrong) for i, v in enumerate(found))
    if len(parts) != len(found):
        return _bad(place, "a list of another length", wrong)
    return tuple(_read(p, v, f"{place}[{i}]", wrong) for i, (p, v) in enumerate(zip(parts, found, strict=True)))


def _dataclass(kind: Any, found: Any, place: str, wrong: list[_Wrong]) -> Any:
    if not isinstance(found, dict):
        return _bad(place, "no object", wrong)
    known = dict(_fields(kind))
    before = len(wrong)
    for name in known.keys() - found.keys():
        wrong.append(_Wrong(f"{place}.{name}", "a field is missing"))
    for name in found.keys() - known.keys():
        wrong.append(_Wrong(f"{place}.{_shown(name)}", "a field that the format does not have"))
    read = {name: _read(part, found[name], f"{place}.{name}", wrong) for name, part in known.items() if name in found}
    if len(wrong) > before:
        return None
    try:
        return kind(**read)
    except Refusal as refusal:  # a value that checks itself
        return _bad(place, refusal.faults[0].message, wrong)


def _fields(kind: Any) -> Iterator[tuple[str, Any]]:
    """The fields that `plain` writes, with their types."""
    hints = _hints(kind)
    yield from ((f.name, hints[f.name]) for f in fields(kind) if f.compare and not f.name.startswith("_"))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _plain(kind: Any, pattern: str, found: Any, place: str, wrong: list[_Wrong]) -> Any:
    if kind is float and isinstance(found, int | float) and not isinstance(found, bool):
        return float(found) if math.isfinite(found) else _bad(place, "no number", wrong)
    if type(found) is not kind:
        return _bad(place, f"no {kind.__name__}", wrong)
    if kind is int and abs(found) >= 2**53:
        return _bad(place, "a number too large", wrong)
    if pattern and not re.fullmatch(pattern, found):
        return _bad(place, "a text of another form", wrong)
    return found
