"""Numbers in which equality can be seen and nothing else: the squares modulo the prime of RFC 3526, group 14.

Their group has prime order, so that raising to a secret power hides an element (decisional Diffie–Hellman), in
whatever order two parties do it: (h^a)^b = (h^b)^a.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated

__all__ = [
    "GENERATOR",
    "ORDER",
    "PRIME",
    "Element",
    "Exponent",
    "element",
    "is_element",
    "new_power",
    "prove",
    "proven",
    "raised",
]

Element = Annotated[str, r"[0-9a-f]{512}"]
Exponent = Annotated[str, r"[0-9a-f]{1,161}"]

PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)
ORDER = (PRIME - 1) // 2
GENERATOR = 4
"""A square, and so a generator of all of them."""


def element(content: bytes) -> int:
    """A square that nobody knows a power of: SHAKE-256 of the content to 2,304 bits, squared."""
    number = int.from_bytes(hashlib.shake_256(b"homeward-concordance 1\0" + content).digest(288), "big") % PRIME
    return pow(number, 2, PRIME)


def is_element(value: int) -> bool:
    """Whether a number is a square other than one."""
    return 1 < value < PRIME and _jacobi(value) == 1


def _jacobi(value: int) -> int:
    """The Jacobi symbol modulo `PRIME`, by reciprocity: 1 for a square, forty times faster than by a power."""
    below, symbol = PRIME, 1
    while value:
        twos = (value & -value).bit_length() - 1
        value >>= twos
        if twos & 1 and below & 7 in (3, 5):
            symbol = -symbol
        if value < below:
            value, below = below, value
            if value & below & 3 == 3:
                symbol = -symbol
        value -= below
    return symbol if below == 1 else 0


def new_power() -> int:
    """A secret power of 256 bits, twice what the group itself withstands (van Oorschot & Wiener 1996)."""
    return secrets.randbits(256) | 1 << 255


def raised(value: int, exponent: int) -> int:
    return pow(value, exponent, PRIME)


def prove(base: int, exponent: int, context: bytes) -> tuple[int, int]:
    """That ``base`` and the generator were raised to one power (Chaum & Pedersen 1992, made non-interactive).

    ``context``: who proves it about what; of another context the proof is none. With the generator as base it proves
    that one knows the power of one's key (Schnorr 1991).

    The nonce has 640 bits, so that the response tells of the power no more than 2⁻¹²⁸.
    """
    nonce = secrets.randbits(640)
    key, value = raised(GENERATOR, exponent), raised(base, exponent)
    challenge = _challenge(context, key, base, value, raised(GENERATOR, nonce), raised(base, nonce))
    return challenge, nonce + challenge * exponent


def proven(key: int, base: int, value: int, proof: tuple[int, int], context: bytes) -> bool:
    """Whether the proof shows that ``value`` is ``base`` to the power of ``key``."""
    challenge, response = proof
    if challenge >> 256 or response >> 641 or not (is_element(key) and is_element(base) and is_element(value)):
        return False
    first = raised(GENERATOR, response) * raised(key, -challenge) % PRIME
    second = raised(base, response) * raised(value, -challenge) % PRIME
    return _challenge(context, key, base, value, first, second) == challenge


def _challenge(context: bytes, *numbers: int) -> int:
    content = hashlib.sha256(context).digest() + b"".join(n.to_bytes(256, "big") for n in numbers)
    return int.from_bytes(hashlib.sha256(b"homeward-equal-exponents 2\0" + content).digest(), "big")
