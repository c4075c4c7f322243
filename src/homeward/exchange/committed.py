"""What a side bound itself to: which of its samples and families, under which ids, with which salts.

The inputs themselves stay in its case. A genotype stands nowhere in this file, only salted hashes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from homeward.exchange.agreement import Inputs, Role
from homeward.exchange.entries import FamilyEntry, ReferenceEntry, RemainsEntry
from homeward.exchange.form import Hash, Opaque, written
from homeward.exchange.merkle import Proof, leaf_hash, proofs, root_of

__all__ = ["AnyEntry", "Committed", "Leaf", "commit"]

AnyEntry = RemainsEntry | FamilyEntry | ReferenceEntry


@dataclass(frozen=True, slots=True)
class Leaf:
    """One input: the id of its entry, its salt, and the hash of both together."""

    id: Opaque
    salt: Hash
    hash: Hash


@dataclass(frozen=True)
class Committed:
    """``names``: what things are called at home → their opaque ids. ``leaves`` in the order of the tree."""

    format: Literal["homeward-exchange-inputs 1"]
    role: Role
    names: Mapping[str, Opaque]
    leaves: tuple[Leaf, ...]

    @property
    def inputs(self) -> Inputs:
        """The root that the agreement holds."""
        return Inputs(root_of(self._hashes), len(self.leaves))

    @property
    def _hashes(self) -> list[bytes]:
        return [bytes.fromhex(leaf.hash) for leaf in self.leaves]

    @property
    def ids(self) -> frozenset[str]:
        """Of every entry that was committed."""
        return frozenset(leaf.id for leaf in self.leaves)

    def openings(self, entries: Sequence[AnyEntry]) -> dict[str, Proof]:
        """Id → proof, of the entries that are as they were committed."""
        every = {leaf.id: proof for leaf, proof in zip(self.leaves, self._proofs(), strict=True)}
        known = {leaf.id: leaf for leaf in self.leaves}
        return {
            e.id: every[e.id]
            for e in entries
            if e.id in known and leaf_hash(known[e.id].salt, written(e)).hex() == known[e.id].hash
        }

    def _proofs(self) -> list[Proof]:
        return proofs(self._hashes, [leaf.salt for leaf in self.leaves])

    def home(self, prefix: str) -> dict[str, str]:
        """Opaque id → what it is called at home, of one prefix (`sample`, `family`, `person`)."""
        found: dict[str, str] = {}
        for name, id in self.names.items():
            kind, _, rest = name.partition(":")
            if kind == prefix:
                found.setdefault(id, rest)
        return found


def commit(role: Role, names: Mapping[str, str], entries: Sequence[AnyEntry]) -> Committed:
    """Fresh salts over the entries, in the order of their ids, which is no order at all."""
    leaves = []
    for entry in sorted(entries, key=lambda e: e.id):
        salt = secrets.token_hex(32)
        leaves.append(Leaf(entry.id, salt, leaf_hash(salt, written(entry)).hex()))
    return Committed("homeward-exchange-inputs 1", role, names, tuple(leaves))
