"""The auditor: nothing is found where both sides kept to the terms, and every departure by its name and place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from private_cases import random_profiles, random_scores, small_terms

from homeward.exchange.private import Finding, Hit, PrivateKey, audit, decide, evaluate, query
from homeward.exchange.private.asking import encrypted, one_hot, packed

TERMS = small_terms(reveal_scores=True)


@pytest.fixture(scope="module")
def match():  # type: ignore[no-untyped-def]
    """An honest match: key, query, reply, hits, profiles, scores."""
    profiles = random_profiles(TERMS, 6, 5)
    scores = random_scores(TERMS, 10, 6)
    asked, key = query(TERMS, profiles)
    reply = evaluate(TERMS, asked, scores)
    return key, asked, reply, decide(TERMS, key, reply, 6), profiles, scores


@pytest.mark.parametrize(("ring", "steps"), [(1024, 16), (2048, 16), (4096, 4), (8192, 4)])
def test_limits_of_noise_hold_in_every_ring(ring: int, steps: int) -> None:
    """Of honest keys and queries; the two rings in earnest are tried in the study."""
    terms = small_terms(2, min_typed_loci=1, ring=ring, steps=steps)
    profiles, scores = random_profiles(terms, 2, 1), random_scores(terms, 2, 1)
    asked, key = query(terms, profiles)
    reply = evaluate(terms, asked, scores)
    assert audit(terms, key, asked, reply, decide(terms, key, reply, 2), profiles, scores) == ()


def test_an_honest_match_has_no_finding(match) -> None:  # type: ignore[no-untyped-def]
    assert audit(TERMS, *match) == ()


def test_hits_withheld_invented_or_changed(match) -> None:  # type: ignore[no-untyped-def]
    key, asked, reply, hits, profiles, scores = match
    pairs = {(h.remains, h.family) for h in hits}
    (r, f) = next((r, f) for r in range(6) for f in range(10) if (r, f) not in pairs)
    reported = [*hits[2:], Hit(r, f, 3), replace(hits[1], score=(hits[1].score or 0) + 1)]
    assert set(audit(TERMS, key, asked, reply, reported, profiles, scores)) == {
        Finding("withheld-hit", hits[0].remains, hits[0].family),
        Finding("invented-hit", hits[1].remains, hits[1].family),
        Finding("invented-hit", r, f),
    }


def test_altered_tables(match) -> None:  # type: ignore[no-untyped-def]
    """Another threshold in one family, another table in a second: where the answers differ they are found."""
    key, asked, _, _, profiles, scores = match
    thresholds, steps = scores.thresholds.copy(), scores.steps.copy()
    thresholds[2] -= 1
    steps[4] = -steps[4]
    reply = evaluate(TERMS, asked, replace(scores, thresholds=thresholds, steps=steps))
    hits = decide(TERMS, key, reply, 6)
    found = audit(TERMS, key, asked, reply, hits, profiles, scores)
    assert {x.code for x in found} == {"altered-tables"}
    assert {x.family for x in found} == {2, 4}


def test_forged_profiles(match) -> None:  # type: ignore[no-untyped-def]
    """One well-formed but another's, one in no form at all."""
    key, _, _, _, profiles, scores = match
    vectors = one_hot(TERMS, [[0] * 6 if r == 1 else p for r, p in enumerate(profiles)])
    vectors[0, 3] += 1
    asked, key = encrypted(TERMS, packed(TERMS, vectors))
    reply = evaluate(TERMS, asked, scores)
    hits = decide(TERMS, key, reply, 6)
    assert audit(TERMS, key, asked, reply, hits, profiles, scores) == (
        Finding("forged-query", 1),
        Finding("forged-query", 3),
    )


def test_a_profile_in_a_place_not_taken(match) -> None:  # type: ignore[no-untyped-def]
    key, _, _, _, profiles, scores = match
    asked, key = query(TERMS, [*profiles, [0] * 6])
    reply = evaluate(TERMS, asked, scores)
    hits = decide(TERMS, key, reply, 6)
    assert audit(TERMS, key, asked, reply, hits, profiles, scores) == (Finding("forged-query", 6),)


def test_keys_that_do_not_belong(match) -> None:  # type: ignore[no-untyped-def]
    key, asked, reply, hits, profiles, scores = match
    other, other_key = query(TERMS, profiles)
    wrong = PrivateKey(TERMS, other_key.secret)
    assert audit(TERMS, wrong, asked, reply, hits, profiles, scores) == (Finding("wrong-key"),)
    for part in ("relinearisation_key", "rotation_keys"):
        forged = replace(asked, **{part: getattr(other, part)})
        found = audit(TERMS, key, forged, reply, hits, profiles, scores)
        assert found == (Finding("forged-keys"),)


def test_a_query_with_more_noise_than_agreed(match) -> None:  # type: ignore[no-untyped-def]
    """Noise would show, after hiding, what it was multiplied with."""
    from homeward.exchange.private.circuit import Circuit

    key, asked, reply, hits, profiles, scores = match
    circuit = Circuit(TERMS, asked)
    ring = circuit.ring
    loud = circuit.added(circuit.profiles[0], ring.flood(ring.primes, 60))
    forged = replace(asked, profiles=(ring.dumped(loud), *asked.profiles[1:]))
    assert audit(TERMS, key, forged, reply, hits, profiles, scores) == (Finding("noisy-query"),)


def test_a_reply_that_cannot_be_read(match) -> None:  # type: ignore[no-untyped-def]
    key, asked, reply, hits, profiles, scores = match
    cut = replace(reply, parts=reply.parts[:1])
    assert audit(TERMS, key, asked, cut, hits, profiles, scores) == (Finding("unreadable-reply"),)


def test_a_bit_leaked_by_tables_is_found(match) -> None:  # type: ignore[no-untyped-def]
    """A families' side that answers a hit only if its relative has some allele: the profile that shows it is found."""
    key, asked, _, _, profiles, scores = match
    steps = scores.steps.copy()
    first = np.flatnonzero([p[0] == profiles[0][0] for p in profiles])
    steps[:, profiles[0][0]] -= 100
    reply = evaluate(TERMS, asked, replace(scores, steps=steps))
    found = audit(TERMS, key, asked, reply, decide(TERMS, key, reply, 6), profiles, scores)
    assert {x.remains for x in found} <= set(first.tolist())
    assert {x.code for x in found} == {"altered-tables"}
