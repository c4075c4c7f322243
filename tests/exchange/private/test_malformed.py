"""Queries that hold no profile: every answer to them is random, and honest rows beside them are answered as ever."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from private_cases import random_profiles, random_scores, small_terms

from homeward.exchange.private import PrivateKey, Query, decide, evaluate, plain_hits, query
from homeward.exchange.private.asking import encrypted, one_hot, opened, packed
from homeward.exchange.private.noise import ring_of
from homeward.exchange.private.scores import whole_numbers
from homeward.exchange.private.terms import PLAIN
from homeward.faults import Refusal

TERMS = small_terms(reveal_scores=True, families=12, remains=8)
BAD = 3
"""Which of the remains is forged."""
Row = np.ndarray


def one_locus_only(row: Row) -> None:
    row[TERMS.starts[1] :] = 0


def two_and_minus_one(row: Row) -> None:
    """Sums to one, but is no bit."""
    row[0:10] = 0
    row[0], row[1] = 2, -1


def two_classes(row: Row) -> None:
    row[0:10] = 0
    row[0] = row[1] = 1


def two_classes_here_none_there(row: Row) -> None:
    """As many ones as a profile has."""
    two_classes(row)
    row[TERMS.starts[1] : TERMS.starts[2]] = 0


def none_at_a_locus(row: Row) -> None:
    row[TERMS.starts[1] : TERMS.starts[2]] = 0


def several_digits(row: Row) -> None:
    """Two scores read at once, the second a hundred times as large."""
    row[0], row[1] = 1, 100


def halves(row: Row) -> None:
    """Half of two classes, as the field has it."""
    row[0:10] = 0
    row[0] = row[1] = (PLAIN + 1) // 2


def nothing_at_all(row: Row) -> None:
    row[:] = 0


def too_few_loci(row: Row) -> None:
    """Three of six typed where four were agreed, with the largest count there is."""
    for k in range(3):
        row[TERMS.starts[k] : TERMS.starts[k + 1]] = 0
        row[TERMS.starts[k] + TERMS.loci[k].untyped] = 1
    row[TERMS.starts[-1] : TERMS.coordinates] = 0
    row[TERMS.coordinates - 1] = 1


def wrong_count(row: Row) -> None:
    row[TERMS.starts[-1] : TERMS.coordinates] = 0
    row[TERMS.coordinates - 1] = 1


def no_count(row: Row) -> None:
    row[TERMS.starts[-1] : TERMS.coordinates] = 0


def beyond_the_panel(row: Row) -> None:
    """An entry that belongs to no locus: no table has anything there, but it is not in the agreed form."""
    row[TERMS.coordinates] = 1


FORGERIES: list[Callable[[Row], None]] = [
    one_locus_only,
    two_and_minus_one,
    two_classes,
    two_classes_here_none_there,
    none_at_a_locus,
    several_digits,
    halves,
    nothing_at_all,
    too_few_loci,
    wrong_count,
    no_count,
    beyond_the_panel,
]


@pytest.fixture(scope="module")
def profiles() -> list[list[int]]:
    """The forged one is typed everywhere, so that whatever is done to it was done by the forgery."""
    found = random_profiles(TERMS, TERMS.remains, 5)
    found[BAD] = [0] * 6
    return found


def vectors_of(profiles: list[list[int]]) -> np.ndarray:
    """One row longer than the coordinates: a block that belongs to nothing."""
    found = np.zeros((TERMS.coordinates + 1, len(profiles)), dtype=np.int64)
    found[: TERMS.coordinates] = one_hot(TERMS, profiles)
    return found


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__)
def test_a_forged_row_is_answered_at_random(forge: Callable[[Row], None], profiles: list[list[int]]) -> None:
    vectors = vectors_of(profiles)
    before = vectors.copy()
    forge(vectors[:, BAD])
    assert (vectors != before).any()
    scores = random_scores(TERMS, 12, 6)
    asked, key = encrypted_wide(vectors)
    values = opened(TERMS, key, evaluate(TERMS, asked, scores))
    honest = [r for r in range(TERMS.remains) if r != BAD]
    right = plain_hits(TERMS, profiles, scores)
    for family in range(12):
        for r in honest:
            assert (values[family, 0, r] == 0) == ((r, family) in right)
    # 24 numbers uniform over 65,537: three repetitions or two 0s have a chance below one in a million
    answers = values[:, :, BAD].ravel()
    assert (answers == 0).sum() <= 1
    assert len(set(answers.tolist())) >= 22
    # nor do they tell the score that the forged row would have had
    w = 2 * (scores.steps @ vectors[: TERMS.starts[-1], BAD] - scores.thresholds) - TERMS.steps + 1
    assert (values[:, 1, BAD] == w % PLAIN).sum() <= 1


def encrypted_wide(vectors: np.ndarray) -> tuple[Query, PrivateKey]:
    """Encrypted as they are, past the last coordinate too, shape (at most all blocks, remains)."""
    rows = np.zeros_like(packed(TERMS, vectors[: TERMS.coordinates]))
    rows.reshape(-1, TERMS.width)[: len(vectors), : vectors.shape[1]] = vectors % PLAIN
    return encrypted(TERMS, rows)


def test_places_beyond_the_agreed_are_answered_at_random(profiles: list[list[int]]) -> None:
    """A ninth profile, perfectly formed, where eight were agreed; and families that are not there."""
    nine = np.zeros((TERMS.coordinates, TERMS.width), dtype=np.int64)
    nine[:, : TERMS.width] = one_hot(TERMS, [profiles[0]] * TERMS.width)
    scores = random_scores(TERMS, 5, 6)
    asked, key = encrypted_wide(nine)
    values = opened(TERMS, key, evaluate(TERMS, asked, scores))
    # 24 places for profiles in each of 12 families, of which 7 are not there: 372 random numbers
    nobody = np.concatenate([values[:, 0, TERMS.remains :].ravel(), values[5:, 0, : TERMS.remains].ravel()])
    assert len(nobody) > 300
    assert (nobody == 0).sum() <= 2
    assert len(set(nobody.tolist())) > 0.95 * len(nobody)


def test_random_answers_are_uniform(profiles: list[list[int]]) -> None:
    """The numbers a forged row gets in many blocks, in 16 bins: χ² of 15 degrees below its 1e-6 quantile."""
    terms = small_terms(families=300, remains=30)
    vectors = one_hot(terms, [[0] * 6] * 30)
    vectors[0:2] = 1
    asked, key = encrypted(terms, packed(terms, vectors))
    values = opened(terms, key, evaluate(terms, asked, random_scores(terms, 300, 3)))[:, 0, :30].ravel()
    counts = np.bincount(values * 16 // PLAIN, minlength=16)
    expected = len(values) / 16
    assert ((counts - expected) ** 2 / expected).sum() < 56.5


def test_an_answer_that_is_no_hit_says_nothing_of_how_near_it_was(profiles: list[list[int]]) -> None:
    """Honest rows: one step below the threshold and far below give the same, uniform over 1 … p − 1."""
    terms = small_terms(1, min_typed_loci=1, threshold=1.0, families=200, remains=30)
    exact = np.zeros((200, terms.starts[-1]))
    exact[:, 0] = 5.0
    exact[:100, 1] = 0.99
    exact[100:, 1] = -7.0
    scores = whole_numbers(terms, ("F",) * 200, exact)
    near = scores.steps[0, 1] - scores.thresholds[0]
    scores.thresholds[:100] += near + 1  # exactly one step below
    asked, key = query(terms, [[1]] * 30)
    values = opened(terms, key, evaluate(terms, asked, scores))[:, 0, :30]
    assert (values > 0).all()
    low, high = (np.bincount(part.ravel() * 8 // PLAIN, minlength=8) for part in (values[:100], values[100:]))
    assert ((low - high) ** 2 / (low + high)).sum() < 47  # χ² of 8 degrees below its 1e-6 quantile


def swapped(asked: Query, other: Query, part: str) -> Query:
    return replace(asked, **{part: getattr(other, part)})


@pytest.mark.parametrize("part", ["relinearisation_key", "rotation_keys", "public_key", "profiles"])
def test_keys_of_another_query_give_nothing(part: str) -> None:
    """They are well-formed, so the families' side answers; what comes back is noise and is refused."""
    profiles = random_profiles(TERMS, 4, 1)
    asked, key = query(TERMS, profiles)
    other, _ = query(TERMS, profiles)
    reply = evaluate(TERMS, swapped(asked, other, part), random_scores(TERMS, 3, 1))
    with pytest.raises(Refusal) as refused:
        decide(TERMS, key, reply, 4)
    assert [f.code for f in refused.value.faults] == ["private-noise"]


def test_damaged_and_foreign_files_are_refused() -> None:
    """Flipped, cut, exchanged for one another, of other parameters, of another level: always by the same code."""
    asked, key = query(TERMS, random_profiles(TERMS, 4, 1))
    scores = random_scores(TERMS, 3, 1)
    reply = evaluate(TERMS, asked, scores)
    foreign, _ = query(small_terms(ring=2048), [[0] * 6])
    bad = [
        replace(asked, public_key=asked.public_key[:100]),
        replace(asked, public_key=asked.relinearisation_key),
        replace(asked, relinearisation_key=asked.rotation_keys),
        replace(asked, rotation_keys=asked.relinearisation_key),
        replace(asked, rotation_keys=asked.rotation_keys[:40] + b"\0" * 9 + asked.rotation_keys[49:]),
        replace(asked, profiles=(b"", *asked.profiles[1:])),
        replace(asked, profiles=(b"\0" * 10**6, *asked.profiles[1:])),
        replace(asked, profiles=(foreign.profiles[0], *asked.profiles[1:])),
        replace(asked, profiles=(reply.parts[0], *asked.profiles[1:])),  # a ciphertext, but of the lowest level
    ]
    for query_ in bad:
        with pytest.raises(Refusal) as refused:
            evaluate(TERMS, query_, scores)
        assert [f.code for f in refused.value.faults] == ["private-damaged"]
    data = asked.to_bytes()
    for wrong in (data[:20], data[:-1], data + b"\0" * 8, b"?" + data[1:], reply.to_bytes()):
        with pytest.raises(Refusal) as refused:
            Query.from_bytes(wrong, TERMS)
        assert [f.code for f in refused.value.faults] == ["private-damaged"]
    for parts in (reply.parts[:1], (*reply.parts, reply.parts[0]), (asked.profiles[0], reply.parts[1])):
        with pytest.raises(Refusal) as refused:
            decide(TERMS, key, replace(reply, parts=parts), 4)
        assert [f.code for f in refused.value.faults] == ["private-damaged"]


def test_flipped_bytes_are_refused_or_read_and_never_anything_else() -> None:
    """What SEAL makes of damaged files: no other error, and no value that does not fit the parameters."""
    asked, _ = query(TERMS, random_profiles(TERMS, 2, 1))
    ring = ring_of(TERMS)
    chance = random.Random(7)
    refused = 0
    for kind, data in (
        ("PublicKey", asked.public_key),
        ("RelinKeys", asked.relinearisation_key),
        ("GaloisKeys", asked.rotation_keys),
        ("Ciphertext", asked.profiles[0]),
    ):
        for trial in range(40):
            damaged = bytearray(data)
            for _ in range(chance.choice((1, 3, 20))):
                damaged[chance.randrange(len(data) if trial % 2 else 200)] = chance.randrange(256)
            try:
                assert ring.seal.is_valid_for(ring.loaded(kind, bytes(damaged)), ring.context)
            except Refusal as refusal:
                assert [f.code for f in refusal.faults] == ["private-damaged"]
                refused += 1
    assert refused > 40
