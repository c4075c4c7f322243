"""How much noise a private match makes, how large a modulus it needs, and how much noise hides it.

Every number of bits here is a bound on what was measured; `rehearse` measures again under keys of one's own.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, log2

from homeward.exchange.private.ring import DATA_BITS, Ring
from homeward.exchange.private.terms import PLAIN, PrivateTerms

__all__ = ["RESERVE", "SAFETY", "flood_bits", "level_at", "needed_budget", "ring_of", "tail"]

RESERVE = 3
"""Bits of budget that a reply has left at least: it is read without any error."""
SAFETY = 8
"""Bits by which noise must be measured below the bound that the statistical distance is stated for."""
_FLOOR = 33
"""Bits of a level that a fresh or a switched ciphertext cannot use: plain modulus, rounding, key switching."""
_SCORE, _SQUARE, _MASK = 26, 34, 27
"""Bits of budget for the scores, for one multiplication of ciphertexts, and for a random plaintext."""


def needed_budget(terms: PrivateTerms) -> int:
    """Bits of budget before flooding at which the stated distance holds, with `SAFETY` to spare.

    Uniform noise over −B … B − 1 hides noise below V in each of N coefficients of M ciphertexts up to N·M·V / 2B.
    """
    coefficients = terms.ring * terms.groups * terms.outputs
    return RESERVE + terms.statistical_bits + ceil(log2(coefficients)) + SAFETY


def flood_bits(ring: Ring) -> int:
    """log2 of B: the largest noise that leaves a reply `RESERVE` bits."""
    return floor(ring.modulus_bits(tail(ring.terms)) - log2(PLAIN) - 1 - RESERVE - 1)


def tail(terms: PrivateTerms) -> int:
    """The level on which the check is made and answers are masked."""
    return _primes(_FLOOR + _SQUARE + 2 * _MASK + needed_budget(terms))


def level_at(terms: PrivateTerms, depth: int) -> int:
    """The level on which a product of so many multiplications is kept: as low as what follows allows."""
    left = terms.steps.bit_length() - 1 - depth
    return max(tail(terms), _primes(_FLOOR + left * _SQUARE + _MASK + needed_budget(terms)))


@lru_cache(maxsize=8)
def ring_of(terms: PrivateTerms) -> Ring:
    """The ring of the terms. Raises `Refusal` with ``private-terms`` where the modulus is not secure for it."""
    depth = terms.steps.bit_length() - 1
    return Ring(terms, _primes(_FLOOR + _SCORE + depth * _SQUARE + _MASK + needed_budget(terms)))


def _primes(bits: int) -> int:
    return -(-bits // DATA_BITS)
