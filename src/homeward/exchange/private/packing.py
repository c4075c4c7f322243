"""The two files of a private match as values and as bytes: a digest of the terms, then parts with their lengths."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest

from homeward.exchange.private.terms import PrivateTerms
from homeward.faults import Fault, Refusal

__all__ = ["Query", "Reply"]

_QUERY, _REPLY = b"homeward private query 1\n", b"homeward private reply 1\n"


@dataclass(frozen=True)
class Query:
    """Remains → families: public keys and encrypted profiles, each as SEAL writes it."""

    terms: bytes
    public_key: bytes
    relinearisation_key: bytes
    rotation_keys: bytes
    profiles: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        return _written(
            _QUERY, self.terms, (self.public_key, self.relinearisation_key, self.rotation_keys, *self.profiles)
        )

    @classmethod
    def from_bytes(cls, data: bytes, terms: PrivateTerms) -> Query:
        """Raises `Refusal`: ``private-damaged``, ``private-other-terms``."""
        digest, parts = _read(_QUERY, data)
        if len(parts) != 3 + -(-terms.coordinates // terms.blocks):
            raise _damaged()
        public, relinearisation, rotation, *profiles = parts
        found = cls(digest, public, relinearisation, rotation, tuple(profiles))
        found.refuse_other(terms)
        return found

    def refuse_other(self, terms: PrivateTerms) -> None:
        _refuse_other(self.terms, terms)


@dataclass(frozen=True)
class Reply:
    """Families → remains: for every group of families in turn its one or two ciphertexts."""

    terms: bytes
    parts: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        return _written(_REPLY, self.terms, self.parts)

    @classmethod
    def from_bytes(cls, data: bytes, terms: PrivateTerms) -> Reply:
        """Raises `Refusal`: ``private-damaged``, ``private-other-terms``."""
        digest, parts = _read(_REPLY, data)
        found = cls(digest, tuple(parts))
        found.refuse_other(terms)
        return found

    def refuse_other(self, terms: PrivateTerms) -> None:
        _refuse_other(self.terms, terms)
        if len(self.parts) != terms.groups * terms.outputs:
            raise _damaged()


def _written(kind: bytes, terms: bytes, parts: Sequence[bytes]) -> bytes:
    return kind + terms + b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def _read(kind: bytes, data: bytes) -> tuple[bytes, list[bytes]]:
    if not data.startswith(kind) or len(data) < len(kind) + 32:
        raise _damaged()
    at = len(kind) + 32
    parts = []
    while at < len(data):
        if at + 8 > len(data):
            raise _damaged()
        (size,) = struct.unpack_from("<Q", data, at)
        if size > len(data) - at - 8:
            raise _damaged()
        parts.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    return data[len(kind) : len(kind) + 32], parts


def _refuse_other(found: bytes, terms: PrivateTerms) -> None:
    if not compare_digest(found, terms.digest):
        text = "a file of the private match was made under other terms"
        raise Refusal([Fault("private-other-terms", text, "both sides use the terms of the agreement")], rule=True)


def _damaged() -> Refusal:
    return Refusal(
        [Fault("private-damaged", "a file of the private match is damaged or cut short", "ask for it again")]
    )
