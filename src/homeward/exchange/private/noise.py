"""How much noise a private match makes, how large a modulus it needs, and how much noise hides it.

Every number of bits here is a bound on what was measured; `rehearse` measures again under keys of one's own.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, log2

from homeward.exchange.private.ring import Ring, data_bits
from homeward.exchange.private.terms import PLAIN, PrivateTerms

__all__ = [
    "RESERVE",
    "SAFETY",
    "flood_bits",
    "fresh_budget",
    "level_at",
    "needed_budget",
    "product_budget",
    "ring_of",
    "rotated_budget",
    "tail",
]

RESERVE = 3
"""Bits of budget that a reply has left at least: it is read without any error."""
SAFETY = 6
"""Bits by which noise must be measured below the bound that the statistical distance is stated for.

The largest of N ≥ 16,384 coefficients is about four standard deviations: the bound is then about 250.
"""
_FRESH, _SWITCHED = 21, 28
"""Bits of its level that a fresh ciphertext cannot use, and one that was switched down."""
_SCORE, _CONSTANTS, _MASK = 27, 22, 22
"""Bits of budget for the scores, for the constants of the polynomial, and for a random plaintext."""
_SPREAD = 4
"""Bits by which a ciphertext or a key may be noisier than most before an auditor asks why: fewer than `SAFETY`."""


def needed_budget(terms: PrivateTerms) -> int:
    """Bits of budget before flooding at which the stated distance holds, with `SAFETY` to spare.

    Uniform noise over −B … B − 1 hides noise below V in each of N coefficients of M ciphertexts up to N·M·V / 2B.
    """
    coefficients = terms.ring * terms.groups * terms.outputs
    return RESERVE + 1 + terms.statistical_bits + ceil(log2(coefficients)) + SAFETY


def flood_bits(ring: Ring) -> int:
    """log2 of B: the largest noise that leaves a reply `RESERVE` bits."""
    return floor(ring.modulus_bits(tail(ring.terms)) - log2(PLAIN) - 1 - RESERVE - 1)


def fresh_budget(ring: Ring) -> int:
    """Bits of budget that a query's ciphertexts have at least."""
    return floor(ring.modulus_bits(ring.primes)) - _FRESH - _SPREAD


def rotated_budget(ring: Ring) -> int:
    """Bits of budget that a ciphertext by the public key has at least, rotated once."""
    return fresh_budget(ring) + _SPREAD - (ring.terms.ring.bit_length() - 1 - 5)


def product_budget(ring: Ring) -> int:
    """Bits of budget of the product of two ciphertexts by the public key at least."""
    return rotated_budget(ring) - _product(ring.terms) + _SPREAD


def tail(terms: PrivateTerms) -> int:
    """The level on which the check is made and answers are masked."""
    return _primes(terms, _SWITCHED + _product(terms) + 2 * _MASK + needed_budget(terms))


def level_at(terms: PrivateTerms, depth: int) -> int:
    """The level on which a product of so many multiplications is kept: as low as what follows allows."""
    left = terms.steps.bit_length() - 1 - depth
    wanted = _SWITCHED + left * _product(terms) + _CONSTANTS + _MASK + needed_budget(terms)
    return max(tail(terms), _primes(terms, wanted))


@lru_cache(maxsize=8)
def ring_of(terms: PrivateTerms) -> Ring:
    """The ring of the terms. Raises `Refusal` with ``private-terms`` where the modulus is not secure for it."""
    depth = terms.steps.bit_length() - 1
    made = _FRESH + _SCORE + depth * _product(terms) + _CONSTANTS + _MASK
    return Ring(terms, _primes(terms, made + needed_budget(terms)))


def _product(terms: PrivateTerms) -> int:
    """Bits of budget for one multiplication of ciphertexts: p, N, and two."""
    return terms.ring.bit_length() - 1 + 17


def _primes(terms: PrivateTerms, bits: int) -> int:
    return -(-bits // data_bits(terms))
