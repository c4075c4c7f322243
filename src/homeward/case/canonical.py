"""Canonical JSON (RFC 8785) and the digest of a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.case.values import Case

__all__ = ["canonical_json", "digest", "plain"]

# provenance: where a value came from does not change what it is
_LEFT_OUT = {("Case", "inputs"), ("FrequencyTable", "source"), ("HaplotypeTable", "source")}


def plain(value: Any) -> Any:
    """A value as dicts, lists, strings, numbers, booleans and None; provenance fields are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name))
            for f in fields(value)
            if (type(value).__name__, f.name) not in _LEFT_OUT and not f.name.startswith("_")
        }
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value


def canonical_json(value: Any) -> bytes:
    """RFC 8785: keys sorted by UTF-16 code units, shortest round-trip numbers, UTF-8, no spaces.

    Raises ValueError for NaN and infinities.
    """
    return _canonical(value).encode("utf-8")


def _canonical(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        # ASCII sorts as UTF-16 does; results of large cases hold millions of such keys
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join([f"{_string(k)}:{_canonical(value[k])}" for k in keys]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_canonical(v) for v in value]) + "]"
    return json.dumps(value)


def _string(text: str) -> str:
    return encode_basestring(text)


def _number(x: float) -> str:
    """ECMAScript's shortest form: Python's digits, JavaScript's exponent rules."""
    if x != x or x in (float("inf"), float("-inf")):
        raise ValueError(f"{x} has no JSON form")
    if x == 0:
        return "0"
    text = repr(x)
    if "e" not in text:  # Python writes an exponent wherever JavaScript does, and in a few more places
        return text.removesuffix(".0")
    sign = "-" if x < 0 else ""
    mantissa, _, exponent = f"{abs(x)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    # position of the decimal point relative to the first significant digit
    point = len(whole.lstrip("0")) if whole.strip("0") else -(len(part) - len(part.lstrip("0")))
    point += int(exponent or 0)
    digits = digits.rstrip("0") or "0"
    n, k = point, len(digits)
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * (-n) + digits
    e = n - 1
    body = digits if k == 1 else digits[0] + "." + digits[1:]
    return f"{sign}{body}e{'+' if e >= 0 else '-'}{abs(e)}"


def digest(case: Case) -> str:
    """SHA-256 (hex) of the canonical JSON of the case."""
    return hashlib.sha256(canonical_json(plain(case))).hexdigest()
