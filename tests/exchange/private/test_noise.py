"""What hides: masks without bias, noise of the stated width, parameters that are secure and leave what is needed."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import numpy as np
import pytest
from private_cases import random_profiles, small_terms

from homeward.exchange.private import PrivateTerms, private_locus, query, rehearse
from homeward.exchange.private import masks as masks_module
from homeward.exchange.private.circuit import Circuit, coefficients
from homeward.exchange.private.masks import noise_residues, uniform
from homeward.exchange.private.noise import RESERVE, SAFETY, flood_bits, level_at, needed_budget, ring_of, tail
from homeward.exchange.private.terms import LARGEST_MODULUS, PLAIN
from homeward.faults import Refusal

PANEL = tuple(private_locus(f"L{k}", [str(a) for a in range(14)]) for k in range(24))


def test_masks_are_uniform_from_0_or_from_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """χ² of 15 degrees below its 1e-6 quantile, and words at the end of the range are thrown away."""
    for least in (0, 1):
        values = uniform(200_000, least)
        counts = np.histogram(values, bins=16, range=(0, PLAIN))[0]
        assert ((counts - 12_500) ** 2 / 12_500).sum() < 56.5
        assert values.min() >= least
        assert values.max() < PLAIN
    words = np.array([2**32 - 1, 0, PLAIN, PLAIN + 5, 2**32 - 2**32 % PLAIN, PLAIN - 1] * 20, dtype="<u4")
    monkeypatch.setattr(masks_module.os, "urandom", lambda size: words.tobytes()[:size])
    assert uniform(4).tolist() == [0, 0, 5, PLAIN - 1]
    assert uniform(2, 1).tolist() == [5, PLAIN - 1]


def test_noise_has_the_stated_range_and_one_value_in_every_modulus() -> None:
    moduli = (2**31 - 1, 2**61 - 1)
    words = np.frombuffer(noise_residues(20_000, 20, moduli), dtype="<u8").astype(object).reshape(2, -1)
    signed = np.array([[x - q if x > q // 2 else x for x in row] for row, q in zip(words, moduli, strict=True)])
    assert (signed[0] == signed[1]).all()
    e = signed[0].astype(np.int64)
    assert e.min() >= -(2**20)
    assert e.max() < 2**20
    counts = np.histogram(e, bins=16, range=(-(2**20), 2**20))[0]
    assert ((counts - 1250) ** 2 / 1250).sum() < 56.5


def test_flooded_noise_is_what_was_drawn() -> None:
    """A ciphertext of nothing: it decrypts to zero, and its budget is that of noise of so many bits."""
    terms = small_terms()
    asked, key = query(terms, random_profiles(terms, 1, 1))
    ring = Circuit(terms, asked).ring
    decryptor = ring.seal.Decryptor(ring.context, ring.loaded("SecretKey", key.secret, secret=True))
    for bits in (100, 140, 158):
        c = ring.flood(3, bits)
        budget = decryptor.invariant_noise_budget(c)
        assert abs(budget - (ring.modulus_bits(3) - log2(PLAIN) - 1 - bits)) <= 1.0


def test_distance_by_hand() -> None:
    """B of 2^b hides noise below V = B / 2^(bits + log2(N·M) − 1) in N·M coefficients: N·M·V / 2B is 2^-bits."""
    terms = small_terms(families=70, remains=20)
    ring = ring_of(terms)
    # with exactly the budget needed, noise is that of the level less the budget, and then twice for each bit to spare
    noise = ring.modulus_bits(tail(terms)) - log2(PLAIN) - 1 - needed_budget(terms) + SAFETY
    coefficients_ = terms.ring * terms.groups * terms.outputs
    distance = log2(coefficients_) + noise - (flood_bits(ring) + 1)
    assert distance <= -terms.statistical_bits
    # and what is left after flooding is read without error
    assert ring.modulus_bits(tail(terms)) - log2(PLAIN) - 1 - flood_bits(ring) >= RESERVE + 1


@pytest.mark.parametrize("terms", [small_terms(), small_terms(steps=4, reveal_scores=True)])
def test_rehearsal_measures_the_budget(terms: PrivateTerms) -> None:
    found = rehearse(terms, seed=1)
    assert found.before >= found.needed == needed_budget(terms)
    assert found.after >= RESERVE
    assert found.statistical_bits >= terms.statistical_bits
    assert found.flood_bits == flood_bits(ring_of(terms))


def test_too_much_hiding_for_the_ring_is_refused() -> None:
    """The largest ring cannot hide to 2^-500; the smallest of the secure ones holds 128 steps, not 256."""
    with pytest.raises(Refusal) as refused:
        query(PrivateTerms(PANEL, 20, 200, 12, statistical_bits=500), [[0] * 24])
    assert [f.code for f in refused.value.faults] == ["private-terms"]
    with pytest.raises(Refusal):
        ring_of(PrivateTerms(PANEL, 183, 300, 12, ring=16384, steps=256))


@pytest.mark.parametrize(("ring", "steps"), [(16384, 128), (32768, 512), (32768, 1024)])
def test_parameters_in_earnest_are_secure(ring: int, steps: int) -> None:
    """Not more modulus than the table allows at 128 bits, by SEAL's own judgement and by ours."""
    terms = PrivateTerms(PANEL, 183, 300, 12, ring=ring, steps=steps)
    found = ring_of(terms)
    assert found.total_bits <= LARGEST_MODULUS[ring]
    assert found.context.key_context_data().qualifiers().sec_level == found.seal.SEC_LEVEL_TYPE.TC128
    assert tail(terms) < found.primes
    levels = [level_at(terms, depth) for depth in range(1, steps.bit_length())]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == tail(terms)


def test_check_copies_cover_all_remains() -> None:
    """R forged profiles pass together with chance at most R / p^copies."""
    for remains in (1, 20, 183, 1000):
        terms = replace(PrivateTerms(PANEL, 20, 200, 12), remains=remains)
        assert log2(remains) - terms.checks * log2(PLAIN) <= -40


@pytest.mark.parametrize("steps", [4, 16, 128, 1024])
def test_the_polynomial_is_zero_on_hits_alone(steps: int) -> None:
    """For every score that can come: x from 0 to K − 1 and no other, with all sums that L loci allow."""
    c = coefficients(steps)
    x = np.arange(-(PLAIN - steps - 1) // 2, (PLAIN - steps) // 2)
    u = (2 * x - steps + 1) ** 2 % PLAIN
    value = np.zeros_like(u)
    for a in reversed(c):
        value = (value * u + a) % PLAIN
    assert set(x[value == 0].tolist()) == set(range(steps))
