"""What a neutral auditor finds with the sealed key: an archived match, opened and computed again in clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from homeward.exchange.private.asking import Hit, PrivateKey, decide, decrypted, one_hot, packed
from homeward.exchange.private.circuit import Circuit
from homeward.exchange.private.noise import fresh_budget, product_budget, ring_of, rotated_budget
from homeward.exchange.private.packing import Query, Reply
from homeward.exchange.private.scores import Scores, plain_hits
from homeward.exchange.private.terms import PLAIN, PrivateTerms
from homeward.faults import Progress, Refusal, silent

__all__ = ["Finding", "audit"]

_SEED = 20_261_129
"""Of the vector with which keys are tried: any will do."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was agreed, by position of the remains or of the family where it concerns one.

    ``wrong-key``: the sealed key does not open the query. ``forged-keys``: the query's other keys do not belong to it.
    ``noisy-query``: it was encrypted with more noise than agreed. ``forged-query``: it does not hold the committed
    profile. ``unreadable-reply``. ``altered-tables``: the reply is not what the committed tables give. ``withheld-hit``
    and ``invented-hit``: what the remains' side reported is not what the reply says.
    """

    code: Literal[
        "wrong-key",
        "forged-keys",
        "noisy-query",
        "forged-query",
        "unreadable-reply",
        "altered-tables",
        "withheld-hit",
        "invented-hit",
    ]
    remains: int | None = None
    family: int | None = None


def audit(
    terms: PrivateTerms,
    key: PrivateKey,
    query: Query,
    reply: Reply,
    reported: Sequence[Hit],
    profiles: Sequence[Sequence[int]],
    scores: Scores,
    *,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """Everything that is wrong with an archived match; nothing if both sides did what they had agreed.

    ``reported``: the hits that the remains' side signed. ``profiles``, ``scores``: made again, by the terms, from the
    inputs that each side had committed to and has now opened. Raises `Refusal` for files that are not of these terms
    or cannot be read.
    """
    circuit = Circuit(terms, query)
    ring = circuit.ring
    progress("private-audit", 0, 3)
    if not _opens(circuit, key):
        return (Finding("wrong-key"),)
    found = [] if _keys_work(circuit, key) else [Finding("forged-keys")]
    values, budget = decrypted(ring, key, query.profiles, ring.primes)
    if budget < fresh_budget(ring):
        found.append(Finding("noisy-query"))
    expected = packed(terms, one_hot(terms, profiles))
    differs = (values != expected).reshape(-1, terms.width).any(axis=0)
    forged = set(np.flatnonzero(differs).tolist())
    found += [Finding("forged-query", r) for r in sorted(forged)]
    progress("private-audit", 1, 3)
    return (*found, *_answers(terms, key, reply, reported, plain_hits(terms, profiles, scores), len(profiles), forged))


def _answers(
    terms: PrivateTerms,
    key: PrivateKey,
    reply: Reply,
    reported: Sequence[Hit],
    right: dict[tuple[int, int], int],
    remains: int,
    forged: set[int],
) -> list[Finding]:
    """What the reply says against the tables, and what was reported against the reply."""
    try:
        read = {(h.remains, h.family): h.score for h in decide(terms, key, reply, remains)}
    except Refusal:
        return [Finding("unreadable-reply")]
    told = {(h.remains, h.family): h.score for h in reported}
    wrong = read.keys() ^ right.keys()
    if terms.reveal_scores:
        wrong |= {pair for pair in read.keys() & right.keys() if read[pair] != right[pair]}
    # of a forged profile the committed tables say nothing: its answers are random
    found = [Finding("altered-tables", r, f) for r, f in sorted(wrong) if r not in forged]
    found += [Finding("withheld-hit", r, f) for r, f in sorted(read.keys() - told.keys())]
    invented = (told.keys() - read.keys()) | {pair for pair in told.keys() & read.keys() if told[pair] != read[pair]}
    return [*found, *(Finding("invented-hit", r, f) for r, f in sorted(invented))]


def _opens(circuit: Circuit, key: PrivateKey) -> bool:
    """Whether the key reads what the query's public key encrypts, and the query itself."""
    ring = circuit.ring
    decryptor = _decryptor(circuit, key)
    given = [circuit.nothing(ring.primes), *circuit.profiles]
    return all(decryptor.invariant_noise_budget(c) > 0 for c in given)


def _keys_work(circuit: Circuit, key: PrivateKey) -> bool:
    """Whether fresh ciphertexts, a product and every rotation come out right, no noisier than such keys make them."""
    ring, terms = circuit.ring, circuit.terms
    v = np.random.Generator(np.random.PCG64(_SEED)).integers(0, PLAIN, terms.ring)
    c = ring.seal.Ciphertext()
    circuit.encryptor.encrypt(ring.plain(v), c)
    square = ring.seal.Ciphertext()
    ring.evaluator.square(c, square)
    ring.evaluator.relinearize_inplace(square, circuit.relinearisation)
    halves = v.reshape(2, -1)
    moved = [(c, halves)]
    moved += [
        (circuit.rotated(c, blocks), np.roll(halves, -blocks * terms.width, axis=1)) for blocks in (1, ring.stride)
    ]
    moved.append((circuit.swapped(c), halves[::-1]))
    decryptor = _decryptor(circuit, key)

    def right(found: Any, expected: np.ndarray[Any, np.dtype[np.int64]], least: int) -> bool:
        plaintext = ring.seal.Plaintext()
        decryptor.decrypt(found, plaintext)
        same = bool((ring.unpacked(plaintext) == expected.ravel()).all())
        return same and decryptor.invariant_noise_budget(found) >= least

    turned = all(right(c, expected, rotated_budget(ring)) for c, expected in moved)
    return turned and right(square, v * v % PLAIN, product_budget(ring))


def _decryptor(circuit: Circuit, key: PrivateKey) -> Any:
    ring = ring_of(circuit.terms)
    return ring.seal.Decryptor(ring.context, ring.loaded("SecretKey", key.secret, secret=True))
