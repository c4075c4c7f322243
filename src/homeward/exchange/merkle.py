"""A commitment to many inputs in one hash, of which each can be opened by itself.

The tree of RFC 6962 §2.1 over salted leaves: whoever sees the root, or some leaves opened, learns nothing of the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from homeward.exchange.form import Hash

__all__ = ["Proof", "belongs", "leaf_hash", "proofs", "root_of"]


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is among the committed: its salt, its place and the hashes beside its way up to the root."""

    salt: Hash
    place: int
    path: tuple[Hash, ...]


def leaf_hash(salt: str, content: bytes) -> bytes:
    """SHA-256 of a zero byte, 32 bytes of salt and the content."""
    return hashlib.sha256(b"\0" + bytes.fromhex(salt) + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def root_of(leaves: Sequence[bytes]) -> str:
    """The root over leaf hashes in their order, in hexadecimal; of no leaves, the hash of nothing."""
    return _root(leaves).hex()


def _root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return _node(_root(leaves[:k]), _root(leaves[k:]))


def proofs(leaves: Sequence[bytes], salts: Sequence[str]) -> list[Proof]:
    """The proof of every leaf, in their order."""
    paths = _paths(leaves)
    return [
        Proof(salt, i, tuple(h.hex() for h in path)) for i, (salt, path) in enumerate(zip(salts, paths, strict=True))
    ]


def _paths(leaves: Sequence[bytes]) -> list[list[bytes]]:
    if len(leaves) < 2:
        return [[] for _ in leaves]
    k = _split(len(leaves))
    left, right = leaves[:k], leaves[k:]
    return [[*p, _root(right)] for p in _paths(left)] + [[*p, _root(left)] for p in _paths(right)]


def belongs(root: str, count: int, content: bytes, proof: Proof) -> bool:
    """Whether the content is the leaf at its place among ``count`` leaves under this root."""
    if not 0 <= proof.place < count:
        return False
    path = [bytes.fromhex(h) for h in proof.path]
    return _climbed(leaf_hash(proof.salt, content), proof.place, count, path) == bytes.fromhex(root)


def _climbed(leaf: bytes, place: int, count: int, path: list[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to, None where the path has another length."""
    if count == 1:
        return leaf if not path else None
    if not path:
        return None
    k, beside = _split(count), path[-1]
    if place < k:
        below = _climbed(leaf, place, k, path[:-1])
        return None if below is None else _node(below, beside)
    below = _climbed(leaf, place - k, count - k, path[:-1])
    return None if below is None else _node(beside, below)
