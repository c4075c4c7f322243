"""A private match under keys of one's own, to measure what no side can measure in earnest: the noise before hiding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeward.exchange.private.answering import hidden, masked_groups
from homeward.exchange.private.asking import query
from homeward.exchange.private.circuit import Circuit
from homeward.exchange.private.noise import RESERVE, SAFETY, flood_bits, needed_budget, ring_of
from homeward.exchange.private.scores import Scores
from homeward.exchange.private.terms import PrivateTerms
from homeward.faults import Fault, Progress, Refusal, silent

__all__ = ["Rehearsal", "rehearse"]


@dataclass(frozen=True)
class Rehearsal:
    """Noise budgets in bits, the least of all ciphertexts: ``before`` hiding, ``after`` it; ``needed`` before it.

    ``modulus_bits``: of the whole coefficient modulus; ``flood_bits``: log2 of the noise that hides;
    ``statistical_bits``: what the measured noise leaves of distance, `SAFETY` taken off.
    """

    before: int
    needed: int
    after: int
    modulus_bits: int
    flood_bits: int
    statistical_bits: int


def rehearse(terms: PrivateTerms, *, seed: int, progress: Progress = silent) -> Rehearsal:
    """Measure the noise of a match of random profiles and tables of the largest values, before the terms are signed.

    Noise hardly depends on what is matched. Raises `Refusal` with ``private-noise`` where the stated distance is not
    met with `SAFETY` bits to spare.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    untyped = len(terms.loci) - terms.min_typed_loci
    profiles = [
        [x.untyped if k < untyped else int(chance.integers(x.untyped)) for k, x in enumerate(terms.loci)]
        for _ in range(terms.remains)
    ]
    families = min(terms.families, terms.blocks)
    steps = chance.integers(-terms.steps, terms.steps, (families, terms.starts[-1]))
    nothing = np.full(families, np.nan)
    scores = Scores(("",) * families, steps, np.zeros(families, dtype=np.int64), nothing, nothing, nothing)
    sent, key = query(terms, profiles)
    circuit = Circuit(terms, sent)
    ring = ring_of(terms)
    decryptor = ring.seal.Decryptor(ring.context, ring.loaded("SecretKey", key.secret, secret=True))
    # one group stands for all: they differ in their tables alone
    outputs = next(masked_groups(circuit, scores, progress))
    before = min(int(decryptor.invariant_noise_budget(c)) for c in outputs)
    after = min(int(decryptor.invariant_noise_budget(hidden(circuit, c))) for c in outputs)
    needed = needed_budget(terms)
    found = Rehearsal(
        before, needed, after, ring.total_bits, flood_bits(ring), terms.statistical_bits + before - needed
    )
    if before < needed or after < RESERVE:
        text = f"{before} bits of noise budget are left where {needed} are needed, {SAFETY} of them to spare"
        raise Refusal([Fault("private-noise", text, "fewer steps or families, or a larger ring", value=str(before))])
    return found
