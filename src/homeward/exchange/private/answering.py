"""The families' side: scores, the test of the threshold and the check of the query, all under encryption.

A slot of the reply is 0 where a well-formed profile reaches the threshold, and else uniformly random.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.circuit import Circuit
from homeward.exchange.private.masks import uniform
from homeward.exchange.private.noise import flood_bits, tail
from homeward.exchange.private.packing import Query, Reply
from homeward.exchange.private.scores import Scores
from homeward.exchange.private.terms import PrivateTerms
from homeward.faults import Fault, Progress, Refusal, silent

__all__ = ["evaluate", "masked_groups"]

Integers = NDArray[np.int64]


def evaluate(terms: PrivateTerms, query: Query, scores: Scores, *, progress: Progress = silent) -> Reply:
    """The reply to a query: for every pair, 0 if it is a hit, else a random number.

    Raises `Refusal`: ``private-other-terms``, ``private-damaged``, and ``private-quota`` for more families than agreed.
    """
    circuit = Circuit(terms, query)
    parts: list[bytes] = []
    for outputs in masked_groups(circuit, scores, progress):
        parts += [circuit.ring.dumped(hidden(circuit, c)) for c in outputs]
    return Reply(terms.digest, tuple(parts))


def masked_groups(circuit: Circuit, scores: Scores, progress: Progress = silent) -> Iterator[list[Any]]:
    """The outputs of every group of families, masked but their noise not yet hidden."""
    terms = circuit.terms
    if len(scores.thresholds) > terms.families:
        text = f"{len(scores.thresholds)} families are more than the {terms.families} agreed"
        raise Refusal([Fault("private-quota", text, "send fewer, or agree on more")], rule=True)
    checks = circuit.checks(lambda done, total: progress("private-check", done, total))
    for group in range(terms.groups):
        progress("private-evaluate", group, terms.groups)
        rows = slice(group * terms.blocks, (group + 1) * terms.blocks)
        table, shift = _group(terms, scores, rows)
        w = circuit.scores(table, shift)
        product = circuit.threshold(w)
        unused = _unused(terms, len(scores.thresholds[rows]))
        outputs = [masked(circuit, product, checks, unused, least=1)]
        if terms.reveal_scores:
            outputs.append(circuit.added(masked(circuit, product, checks, unused, least=0), circuit.lowered(w)))
        yield outputs
    progress("private-evaluate", terms.groups, terms.groups)


def _group(terms: PrivateTerms, scores: Scores, rows: slice) -> tuple[Integers, Integers]:
    """The tables of one group, (blocks, coordinates), and what is added to a score, (blocks,), for w = 2x − K + 1."""
    own = scores.steps[rows]
    table = np.zeros((terms.blocks, terms.coordinates), dtype=np.int64)
    table[: len(own), : terms.starts[-1]] = 2 * own
    shift = np.full(terms.blocks, -terms.steps - 1, dtype=np.int64)
    shift[: len(own)] = -2 * scores.thresholds[rows] - terms.steps + 1
    return table, shift


def _unused(terms: PrivateTerms, families: int) -> NDArray[np.bool_]:
    """Slots of no pair, (slots,): they answer at random whatever the query holds."""
    found = np.ones((terms.blocks, terms.width), dtype=np.bool_)
    found[:families, : terms.remains] = False
    return found.ravel()


def masked(circuit: Circuit, product: Any, checks: Sequence[Any], unused: NDArray[np.bool_], least: int) -> Any:
    """ρ · product + Σ σ · check, each mask fresh and uniform in every slot.

    ρ is from 1 up in the output that tells a hit, so that no pair is taken for one by chance: what is not a hit is then
    uniform over 1 … p − 1. σ may be 0: where a check is not 0 the sum is uniform over all of 0 … p − 1.
    """
    n = circuit.terms.ring
    total = circuit.times(product, uniform(n, least))
    for check in checks:
        total = circuit.added(total, circuit.times(check, uniform(n)))
    noise = np.where(unused, uniform(n), 0)
    circuit.add_plain(total, noise)
    return total


def hidden(circuit: Circuit, c: Any) -> Any:
    """The same made anew: an encryption of zero added, its noise drowned, and cut to the smallest level."""
    ring = circuit.ring
    level = tail(circuit.terms)
    fresh = ring.seal.Ciphertext()
    circuit.encryptor.encrypt_zero(ring.levels[level], fresh)
    c = circuit.added(circuit.added(c, fresh), ring.flood(level, flood_bits(ring)))
    return circuit.lowered(c, 1)
