"""The remains' side: keys, the encrypted one-hot profiles, and reading the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.noise import RESERVE, ring_of
from homeward.exchange.private.packing import Query, Reply
from homeward.exchange.private.ring import Ring
from homeward.exchange.private.terms import PLAIN, PrivateTerms
from homeward.faults import Fault, Progress, Refusal, silent

__all__ = [
    "Hit",
    "PrivateKey",
    "decide",
    "decrypted",
    "encrypted",
    "one_hot",
    "opened",
    "packed",
    "query",
    "refuse_profiles",
]

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class PrivateKey:
    """The secret key of one query. Whoever has it and the query reads the profiles: it stays with the remains' side."""

    terms: PrivateTerms
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        ring_of(self.terms).loaded("SecretKey", self.secret, secret=True)


@dataclass(frozen=True, order=True)
class Hit:
    """A pair at or above the threshold, by position in the order of either side; ``score``: steps above it, if told."""

    remains: int
    family: int
    score: int | None = None


def refuse_profiles(terms: PrivateTerms, profiles: Sequence[Sequence[int]]) -> None:
    """Raises `Refusal`: ``private-quota``, ``private-class`` or ``private-too-few-loci``, by position."""
    faults = []
    if len(profiles) > terms.remains:
        text = f"{len(profiles)} remains are more than the {terms.remains} agreed"
        faults.append(Fault("private-quota", text, "send fewer, or agree on more", value=str(len(profiles))))
    for k, profile in enumerate(profiles):
        if not _agreed(terms, profile):
            faults.append(Fault("private-class", "a profile has one agreed class at every locus", row=k + 1))
            continue
        typed = sum(c != x.untyped for c, x in zip(profile, terms.loci, strict=True))
        if typed < terms.min_typed_loci:
            text = f"{typed} loci are typed, and {terms.min_typed_loci} were agreed at least"
            faults.append(Fault("private-too-few-loci", text, "leave this profile out", row=k + 1, value=str(typed)))
    if faults:
        raise Refusal(faults, rule=any(f.code == "private-quota" for f in faults))


def _agreed(terms: PrivateTerms, profile: Sequence[int]) -> bool:
    """Whether it has one class of the terms at every locus."""
    same = len(profile) == len(terms.loci)
    return same and all(0 <= c < x.classes for c, x in zip(profile, terms.loci, strict=True))


def one_hot(terms: PrivateTerms, profiles: Sequence[Sequence[int]]) -> Integers:
    """The vectors that are encrypted, shape (coordinates, remains), with the count of untyped loci after the loci."""
    found = np.zeros((terms.coordinates, len(profiles)), dtype=np.int64)
    for r, profile in enumerate(profiles):
        found[[start + c for start, c in zip(terms.starts, profile, strict=False)], r] = 1
        untyped = sum(c == x.untyped for c, x in zip(profile, terms.loci, strict=True))
        found[terms.starts[-1] + untyped, r] = 1
    return found


def query(
    terms: PrivateTerms, profiles: Sequence[Sequence[int]], *, progress: Progress = silent
) -> tuple[Query, PrivateKey]:
    """Fresh keys and the encrypted profiles: what goes to the families' side, and what stays.

    ``profiles``: one class a locus each, in the order of the terms; places not taken are filled with nothing. Raises
    `Refusal` as `refuse_profiles`.
    """
    refuse_profiles(terms, profiles)
    return encrypted(terms, packed(terms, one_hot(terms, profiles)), progress)


def encrypted(terms: PrivateTerms, rows: Integers, progress: Progress = silent) -> tuple[Query, PrivateKey]:
    """Whatever slots hold under fresh keys, shape (ciphertexts, slots): a profile or not."""
    ring = ring_of(terms)
    generator = ring.seal.KeyGenerator(ring.context)
    secret, public = generator.secret_key(), ring.seal.PublicKey()
    generator.create_public_key(public)
    encryptor = ring.seal.Encryptor(ring.context, secret)
    parts = []
    for done, row in enumerate(rows):
        progress("private-query", done, len(rows))
        parts.append(ring.dumped(encryptor.encrypt_symmetric(ring.plain(row))))
    keys = (
        ring.dumped(public),
        ring.dumped(generator.create_relin_keys()),
        ring.dumped(generator.create_galois_keys(list(ring.rotations))),
    )
    progress("private-query", len(rows), len(rows))
    return Query(terms.digest, *keys, tuple(parts)), PrivateKey(terms, ring.dumped(secret, secret=True))


def packed(terms: PrivateTerms, vectors: Integers) -> Integers:
    """Vectors in the layout of the query, shape (ciphertexts, slots): a block a coordinate, a slot in it one of the
    remains.
    """
    blocks, width = terms.blocks, terms.width
    parts = -(-terms.coordinates // blocks)
    found = np.zeros((parts * blocks, width), dtype=np.int64)
    found[: terms.coordinates, : vectors.shape[1]] = vectors % PLAIN
    return found.reshape(parts, blocks * width)


def decrypted(ring: Ring, key: PrivateKey, data: Sequence[bytes], level: int) -> tuple[Integers, int]:
    """What ciphertexts hold, shape (ciphertexts, slots), and the least noise budget of all in bits."""
    secret = ring.loaded("SecretKey", key.secret, secret=True)
    decryptor = ring.seal.Decryptor(ring.context, secret)
    rows, budgets = [], []
    for part in data:
        c = ring.ciphertext(part, level)
        budgets.append(int(decryptor.invariant_noise_budget(c)))
        plaintext = ring.seal.Plaintext()
        decryptor.decrypt(c, plaintext)
        rows.append(ring.unpacked(plaintext))
    return np.array(rows).reshape(len(rows), ring.terms.ring), min(budgets)


def decide(terms: PrivateTerms, key: PrivateKey, reply: Reply, remains: int) -> tuple[Hit, ...]:
    """The pairs at or above the threshold, in order; ``remains``: how many profiles the query had.

    Raises `Refusal`: ``private-other-terms``, ``private-damaged``, and ``private-noise`` for a reply whose noise is
    beyond what a right evaluation leaves.
    """
    values = opened(terms, key, reply)
    first = values[:, 0, :remains]
    found = []
    for family, r in np.argwhere(first == 0).tolist():
        score = None
        if terms.reveal_scores:
            w = int(values[family, 1, r])
            score = ((w if w <= PLAIN // 2 else w - PLAIN) + terms.steps - 1) // 2
        found.append(Hit(r, family, score))
    return tuple(sorted(found))


def opened(terms: PrivateTerms, key: PrivateKey, reply: Reply) -> Integers:
    """Every value of a reply, shape (families, outputs, slots of a block)."""
    reply.refuse_other(terms)
    values, budget = decrypted(ring_of(terms), key, reply.parts, 1)
    if budget < RESERVE:
        text = "a reply holds more noise than a right evaluation leaves: a key, the query or the reply is not right"
        raise Refusal([Fault("private-noise", text, "ask for the reply again, then for an audit", value=str(budget))])
    shaped = values.reshape(terms.groups, terms.outputs, terms.blocks, terms.width).transpose(0, 2, 1, 3)
    return shaped.reshape(-1, terms.outputs, terms.width)[: terms.families]
