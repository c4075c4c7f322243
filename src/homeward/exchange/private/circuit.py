"""The arithmetic on ciphertexts: inner products, a polynomial with K roots, and the check of a profile's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.masks import uniform
from homeward.exchange.private.noise import level_at, ring_of, tail
from homeward.exchange.private.packing import Query
from homeward.exchange.private.terms import PLAIN, PrivateTerms
from homeward.faults import Fault, Refusal

__all__ = ["Circuit", "coefficients"]

Integers = NDArray[np.int64]
_SQUARE = 2
"""Power of the secret key that relinearisation removes."""


def coefficients(steps: int) -> list[int]:
    """∏ (u − (2j + 1)²) over j < K / 2 modulo p, lowest power first: zero where u = (2x − K + 1)² and 0 ≤ x < K."""
    found = [1]
    for j in range(steps // 2):
        root = (2 * j + 1) ** 2 % PLAIN
        shifted, scaled = [0, *found], [root * a % PLAIN for a in found] + [0]
        found = [(a - b) % PLAIN for a, b in zip(shifted, scaled, strict=True)]
    return found


class Circuit:
    """A query, checked, and what can be computed on it. Raises `Refusal` with ``private-damaged``."""

    def __init__(self, terms: PrivateTerms, query: Query) -> None:
        query.refuse_other(terms)
        self.terms = terms
        self.ring = ring = ring_of(terms)
        self.evaluator = ring.evaluator
        public = ring.loaded("PublicKey", query.public_key)
        self.relinearisation = ring.loaded("RelinKeys", query.relinearisation_key)
        self.rotation = ring.loaded("GaloisKeys", query.rotation_keys)
        complete = self.relinearisation.size() == 1 and self.relinearisation.has_key(_SQUARE)
        complete &= self.rotation.size() == len(ring.rotations) and all(map(self.rotation.has_key, ring.rotations))
        if not complete:
            raise Refusal([Fault("private-damaged", "the keys of a query are not those agreed", "ask for it again")])
        self.encryptor = ring.seal.Encryptor(ring.context, public)
        self.profiles = [ring.ciphertext(part, ring.primes) for part in query.profiles]
        self._ready = [self._ntt(c) for c in self.profiles]

    # elementary moves

    def added(self, a: Any, b: Any) -> Any:
        found = self.ring.seal.Ciphertext()
        self.evaluator.add(a, b, found)
        return found

    def add_plain(self, c: Any, values: Integers) -> None:
        self.evaluator.add_plain_inplace(c, self.ring.plain(values % PLAIN))

    def times(self, c: Any, values: Integers) -> Any:
        """Slot by slot with a plaintext."""
        found = self.ring.seal.Ciphertext()
        self.evaluator.multiply_plain(c, self.ring.plain(values), found)
        return found

    def lowered(self, c: Any, level: int | None = None) -> Any:
        """On a lower level, the tail if none is named; unchanged where it stands there or below."""
        wanted = tail(self.terms) if level is None else level
        if c.coeff_modulus_size() <= wanted:
            return c
        found = self.ring.seal.Ciphertext()
        self.evaluator.mod_switch_to(c, self.ring.levels[wanted], found)
        return found

    def multiplied(self, a: Any, b: Any, depth: int) -> Any:
        """The product of two ciphertexts, on the level of so many multiplications."""
        level = min(a.coeff_modulus_size(), b.coeff_modulus_size())
        a, b = self.lowered(a, level), self.lowered(b, level)
        found = self.ring.seal.Ciphertext()
        self.evaluator.multiply(a, b, found)
        self.evaluator.relinearize_inplace(found, self.relinearisation)
        return self.lowered(found, level_at(self.terms, depth))

    def rotated(self, c: Any, blocks: int) -> Any:
        """Within each half, every block's content so many blocks to the left: 1 or the ring's stride."""
        found = self.ring.seal.Ciphertext()
        self.evaluator.rotate_rows(c, blocks * self.terms.width, self.rotation, found)
        return found

    def swapped(self, c: Any) -> Any:
        """The two halves changed about."""
        found = self.ring.seal.Ciphertext()
        self.evaluator.rotate_columns(c, self.rotation, found)
        return found

    def _ntt(self, c: Any) -> Any:
        found = self.ring.seal.Ciphertext()
        self.evaluator.transform_to_ntt(c, found)
        return found

    def _inner(self, ready: list[Any], rows: Integers) -> Any:
        """Σ over the query's ciphertexts of each times its row, (ciphertexts, slots)."""
        total = self.ring.seal.Ciphertext()
        self.evaluator.transform_to_ntt(self.nothing(ready[0].coeff_modulus_size()), total)
        for c, row in zip(ready, rows, strict=True):
            if not row.any():
                continue  # SEAL refuses a product that is zero whatever the key
            plaintext = self.ring.plain(row)
            self.evaluator.transform_to_ntt_inplace(plaintext, c.parms_id())
            product = self.ring.seal.Ciphertext()
            self.evaluator.multiply_plain(c, plaintext, product)
            self.evaluator.add_inplace(total, product)
        self.evaluator.transform_from_ntt_inplace(total)
        return total

    def nothing(self, level: int) -> Any:
        """A fresh encryption of zero."""
        found = self.ring.seal.Ciphertext()
        self.encryptor.encrypt_zero(self.ring.levels[level], found)
        return found

    # the three parts

    def scores(self, table: Integers, shift: Integers) -> Any:
        """Inner products of every profile with every family's table.

        ``table``: (blocks, coordinates); ``shift``: (blocks,) added. Block f of the result holds family f. A product
        in which block c meets coordinate c of each ciphertext is wanted for every pair of blocks: the tables are laid
        along its diagonals, and the sums moved into place, one block at a time.
        """
        t = self.terms
        half, parts = t.blocks // 2, len(self.profiles)
        wide = np.zeros((t.blocks, parts * t.blocks), dtype=np.int64)
        wide[:, : table.shape[1]] = table % PLAIN
        cells = wide.reshape(t.blocks, parts, t.blocks)
        at, across = np.arange(t.blocks), np.arange(half)
        result = None
        for swap in (1, 0):
            total = None
            for k in reversed(range(half)):
                family = np.concatenate([(side ^ swap) * half + (across - k) % half for side in (0, 1)])
                rows = np.repeat(cells[family, :, at].T, t.width, axis=1)
                diagonal = self._inner(self._ready, rows)
                total = diagonal if total is None else self.added(diagonal, self.rotated(total, 1))
            result = self.swapped(total) if result is None else self.added(result, total)
        self.add_plain(result, np.repeat(shift, t.width))
        return result

    def threshold(self, w: Any) -> Any:
        """∏ (x − i) over 0 ≤ i < K for w = 2x − K + 1, up to a constant, by baby and giant steps in w²."""
        n = self.terms.steps // 2
        c = coefficients(self.terms.steps)
        baby = 1 << (n.bit_length()) // 2
        power = {1: self.multiplied(w, w, 1)}
        for i in range(2, baby + 1):
            power[i] = self.multiplied(power[i // 2], power[i - i // 2], 1 + (i - 1).bit_length())
        giant = baby
        while giant < n:
            power[2 * giant] = self.multiplied(power[giant], power[giant], 1 + giant.bit_length())
            giant *= 2
        parts = [self._leaf(power, c[k : k + baby]) for k in range(0, n, baby)]
        giant, depth = baby, 1 + (baby - 1).bit_length()
        while len(parts) > 1:
            depth += 1
            pairs = zip(parts[::2], parts[1::2], strict=True)
            parts = [self._sum(low, self.multiplied(high, power[giant], depth)) for low, high in pairs]
            giant *= 2
        return self.lowered(self._sum(parts[0], power[n]))

    def _leaf(self, power: dict[int, Any], c: list[int]) -> Any:
        """Σ c_j u^j over the baby steps."""
        total = None
        for j in range(1, len(c)):
            if not c[j]:
                continue
            negative = c[j] > PLAIN // 2  # a small constant makes less noise
            term = self.ring.seal.Ciphertext()
            constant = self.ring.seal.Plaintext(format(PLAIN - c[j] if negative else c[j], "x"))
            self.evaluator.multiply_plain(power[j], constant, term)
            if negative:
                self.evaluator.negate_inplace(term)
            total = term if total is None else self._sum(total, term)
        if total is None:
            total = self.nothing(tail(self.terms))
        self.evaluator.add_plain_inplace(total, self.ring.seal.Plaintext(format(c[0], "x")))
        return total

    def _sum(self, a: Any, b: Any) -> Any:
        level = min(a.coeff_modulus_size(), b.coeff_modulus_size())
        return self.added(self.lowered(a, level), self.lowered(b, level))

    def checks(self, told: Callable[[int, int], None] = lambda done, total: None) -> list[Any]:
        """Independent values, the same in every block, all 0 for a profile in the agreed form.

        Σ α (e² − e) over all entries is 0 if they are bits; to it come random multiples of what is left when each locus
        is summed to one, of the untyped loci less the count stated, and of the entries that belong to nothing. A
        profile of any other form makes each value uniform over 0 … p − 1.
        """
        t, s = self.terms, self.ring.seal
        low = [self.lowered(c) for c in self.profiles]
        ready = [self._ntt(c) for c in low]
        bits = []
        for c in low:
            square = s.Ciphertext()
            self.evaluator.square(c, square)
            self.evaluator.sub_inplace(square, c)
            bits.append(square)
        found = []
        for copy in range(t.checks):
            told(copy, t.checks)
            total = None
            for square in bits:
                term = self.times(square, uniform(t.ring))
                total = term if total is None else self.added(total, term)
            self.evaluator.relinearize_inplace(total, self.relinearisation)
            weights, constant = self._forms()
            total = self._over_blocks(self.added(total, self._inner(ready, weights)))
            self.add_plain(total, np.tile(constant, t.blocks))
            found.append(total)
        return found

    def _forms(self) -> tuple[Integers, Integers]:
        """Random weights of the entries for everything linear that must hold, (ciphertexts, slots), and the constant,
        (width,).
        """
        t = self.terms
        loci = len(t.loci)
        sums = uniform((loci + 3) * t.width).reshape(loci + 3, t.width)
        of = np.full(len(self.profiles) * t.blocks, loci + 1)
        of[: t.coordinates] = np.repeat(np.arange(loci + 1), np.diff([*t.starts, t.coordinates]))
        weights = sums[of]
        counted = sums[-1]
        for start, locus in zip(t.starts, t.loci, strict=False):
            weights[start + locus.untyped] += counted
        weights[t.starts[-1] : t.coordinates] -= np.arange(t.counts)[:, None] * counted
        constant = -sums[: loci + 1].sum(axis=0)
        return (weights % PLAIN).reshape(len(self.profiles), -1), constant

    def _over_blocks(self, c: Any) -> Any:
        """The sum of all blocks, in every block."""
        half, stride = self.terms.blocks // 2, self.ring.stride
        for step, times in ((1, stride), (stride, half // stride)):
            total = c
            for _ in range(times - 1):
                total = self.added(self.rotated(total, step), c)
            c = total
        return self.added(c, self.swapped(c))
