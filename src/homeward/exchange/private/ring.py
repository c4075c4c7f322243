"""The ring of a private match: SEAL's BFV scheme with the terms' parameters, and its values as bytes and back.

SEAL writes to and reads from named files only. They are anonymous files in memory here; where the system has none,
files of a folder that nobody else may open, removed at once, and never a secret key.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.masks import noise_residues
from homeward.exchange.private.terms import LARGEST_MODULUS, PLAIN, PrivateTerms
from homeward.faults import Fault, Refusal

__all__ = ["Ring", "data_bits", "seal"]

Integers = NDArray[np.int64]

LARGEST_PRIME = 60
"""Bits of the prime that key switching alone uses, and of the others where there is room for them."""
_MAGIC, _HEADER = 0xA15E, 16


def seal() -> Any:
    """The library, imported when first used. Raises `Refusal` with ``private-not-installed``."""
    try:
        return import_module("tenseal.sealapi")
    except ImportError as error:
        text, remedy = "the library of the private match is not installed", 'pip install "homeward[private]"'
        raise Refusal([Fault("private-not-installed", text, remedy)]) from error


def data_bits(terms: PrivateTerms) -> int:
    """Bits of each prime of the ciphertext modulus: seven of 54 and one of 60 are all that N = 16384 allows."""
    return 54 if terms.ring == 16384 else LARGEST_PRIME


class Ring:
    """SEAL's context for the terms and what is done with it.

    ``primes``: how many make up the ciphertext modulus. Ciphertexts stand on a level, the number of primes left.
    """

    def __init__(self, terms: PrivateTerms, primes: int) -> None:
        self.seal = s = seal()
        self.terms, self.primes = terms, primes
        bits = [data_bits(terms)] * primes + [LARGEST_PRIME]
        parameters = s.EncryptionParameters(s.SCHEME_TYPE.BFV)
        parameters.set_poly_modulus_degree(terms.ring)
        parameters.set_coeff_modulus(s.CoeffModulus.Create(terms.ring, bits))
        parameters.set_plain_modulus(PLAIN)
        secure = terms.ring in LARGEST_MODULUS and not terms.insecure
        level = s.SEC_LEVEL_TYPE.TC128 if secure else s.SEC_LEVEL_TYPE.NONE
        self.context = s.SEALContext(parameters, True, level)
        if not self.context.parameters_set():
            text = f"ring {terms.ring} with a modulus of {sum(bits)} bits: {self.context.parameters_error_message()}"
            raise Refusal(
                [Fault("private-terms", text, "fewer steps, a smaller panel or a larger ring", value=str(primes))]
            )
        self.encoder = s.BatchEncoder(self.context)
        self.evaluator = s.Evaluator(self.context)

    @cached_property
    def levels(self) -> dict[int, Any]:
        """Primes left → SEAL's id of that level."""
        found, data = {}, self.context.first_context_data()
        while data is not None:
            found[len(data.parms().coeff_modulus())] = data.parms_id()
            data = data.next_context_data()
        return found

    @cached_property
    def moduli(self) -> tuple[int, ...]:
        """The primes, in the order in which levels keep them."""
        return tuple(m.value() for m in self.context.first_context_data().parms().coeff_modulus())

    @property
    def total_bits(self) -> int:
        """Bits of the whole coefficient modulus, on which security rests."""
        return int(self.context.key_context_data().total_coeff_modulus_bit_count())

    def modulus_bits(self, level: int) -> float:
        """log2 of the ciphertext modulus of a level."""
        return float(sum(np.log2(float(q)) for q in self.moduli[:level]))

    @property
    def rotations(self) -> tuple[int, int, int]:
        """The Galois elements of the three moves: by one block, by a stride of blocks, and between the two halves."""
        t, double = self.terms, 2 * self.terms.ring
        return pow(3, t.width, double), pow(3, t.width * self.stride, double), double - 1

    @property
    def stride(self) -> int:
        """Blocks of the longer rotation: about the root of the blocks of one half."""
        return 1 << (self.terms.blocks // 2).bit_length() // 2

    def plain(self, values: Integers) -> Any:
        """A packed plaintext; ``values``: one integer a slot, in 0 … p − 1."""
        found = self.seal.Plaintext()
        self.encoder.encode(values.tolist(), found)
        return found

    def unpacked(self, plaintext: Any) -> Integers:
        return np.array(self.encoder.decode_uint64(plaintext), dtype=np.int64)

    def flood(self, level: int, bits: int) -> Any:
        """A ciphertext of nothing whose noise is uniform over −2^bits … 2^bits − 1 in every coefficient."""
        moduli, n = self.moduli[:level], self.terms.ring
        words = noise_residues(n, bits, moduli) + bytes(8 * n * level)
        array = struct.pack("<Q", 2 * n * level) + words
        head = struct.pack("<4QBQQQdQ", *self.levels[level], 0, 2, n, level, 1.0, 1)
        return self.loaded("Ciphertext", self._headed(head + self._headed(array)))

    def _headed(self, body: bytes) -> bytes:
        """With SEAL's own header, uncompressed."""
        return struct.pack("<HBBBBHQ", _MAGIC, _HEADER, *self._version, 0, 0, _HEADER + len(body)) + body

    @cached_property
    def _version(self) -> tuple[int, int]:
        """Of SEAL, as it writes it."""
        written = self.dumped(self.seal.Plaintext("1"))
        return written[3], written[4]

    def dumped(self, value: Any, *, secret: bool = False) -> bytes:
        """A value of SEAL as bytes."""
        with _file(secret) as path:
            value.save(path)
            return Path(path).read_bytes()

    def loaded(self, kind: str, data: bytes, *, secret: bool = False) -> Any:
        """A value of SEAL from bytes, checked by SEAL against the parameters. Raises `Refusal`, ``private-damaged``."""
        if len(data) > self._largest(kind):
            raise _damaged(kind, "it is larger than the terms allow")
        value = getattr(self.seal, kind)()
        with _file(secret) as path:
            Path(path).write_bytes(data)
            try:
                value.load(self.context, path)
                valid = self.seal.is_valid_for(value, self.context)
            except (RuntimeError, ValueError, IndexError, MemoryError) as error:
                raise _damaged(kind, "it cannot be read") from error
        if not valid:
            raise _damaged(kind, "it does not belong to the agreed parameters")
        return value

    def ciphertext(self, data: bytes, level: int) -> Any:
        """A ciphertext of two polynomials at one level, of something. Raises `Refusal` with ``private-damaged``."""
        found = self.loaded("Ciphertext", data)
        at = list(found.parms_id()) == list(self.levels[level])
        if not at or found.size() != 2 or found.is_ntt_form() or found.is_transparent():
            raise _damaged("Ciphertext", "it has not the agreed level and size")
        return found

    def _largest(self, kind: str) -> int:
        """Bytes that a value can have at most, uncompressed."""
        polynomial = 8 * self.terms.ring * (self.primes + 1)
        one = 2 * polynomial + 1024
        keys = {"RelinKeys": 1, "GaloisKeys": len(self.rotations)}
        # Galois keys are a list over all elements of which most are empty
        return one * self.primes * keys[kind] + 64 * self.terms.ring if kind in keys else one


def _damaged(kind: str, why: str) -> Refusal:
    text = f"a file of the private match is damaged: {kind}, {why}"
    return Refusal([Fault("private-damaged", text, "ask for it again", value=kind)])


@contextmanager
def _file(secret: bool) -> Iterator[str]:
    """The name of a file that only this process can open."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("homeward")
        try:
            yield f"/proc/self/fd/{handle}"
        finally:
            os.close(handle)
    elif secret:
        raise Refusal(
            [Fault("private-memory", "a secret key is written in memory only", "run this step on Linux")], rule=True
        )
    else:
        with tempfile.TemporaryDirectory(prefix="homeward-private-") as folder:
            yield str(Path(folder) / "value")
