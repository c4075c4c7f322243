"""A whole private match: the encrypted answers are those of the same whole numbers in clear, pair by pair."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from private_cases import (
    ALLELES,
    classes_of,
    drawn_columns,
    panel_model,
    random_profiles,
    random_scores,
    small_terms,
)

from homeward.exchange import private
from homeward.exchange.private import (
    Hit,
    PrivateKey,
    PrivateTerms,
    Query,
    Reply,
    Scores,
    decide,
    evaluate,
    lineage_scores,
    plain_hits,
    query,
    score_tables,
)
from homeward.exchange.private import ring as ring_module
from homeward.faults import Refusal


def in_clear(terms: PrivateTerms, profiles: list[list[int]], scores: Scores) -> tuple[Hit, ...]:
    found = plain_hits(terms, profiles, scores).items()
    return tuple(sorted(Hit(r, f, x if terms.reveal_scores else None) for (r, f), x in found))


@pytest.mark.parametrize(
    "terms",
    [
        small_terms(),
        small_terms(reveal_scores=True),
        small_terms(families=70, remains=20),  # three groups
        small_terms(steps=4),
        small_terms(steps=64, ring=2048),
        small_terms(dropout=(0.2, 0.5), min_typed_loci=6),
        small_terms(1, min_typed_loci=1, threshold=0.5),
    ],
    ids=["plain", "scores", "groups", "4 steps", "64 steps", "drop-out", "one locus"],
)
def test_answers_are_those_in_clear(terms: PrivateTerms) -> None:
    profiles = random_profiles(terms, terms.remains - 1, 5)
    scores = random_scores(terms, terms.families - 2, 6)
    asked, key = query(terms, profiles)
    asked = Query.from_bytes(asked.to_bytes(), terms)
    reply = Reply.from_bytes(evaluate(terms, asked, scores).to_bytes(), terms)
    hits = decide(terms, key, reply, len(profiles))
    assert hits == in_clear(terms, profiles, scores)
    assert 0.1 < len(hits) / (len(profiles) * len(scores.ids)) < 0.98


def test_families_and_bones_from_the_tables_of_identify() -> None:
    model = panel_model(10)
    terms = small_terms(10, ALLELES, families=20, remains=20, threshold=1.5, steps=64, ring=2048)
    columns, missing = drawn_columns(model, "child", 20, seed=8)
    scores = score_tables(terms, columns, model)
    profiles = classes_of(terms, missing)
    asked, key = query(terms, profiles)
    hits = decide(terms, key, evaluate(terms, asked, scores), 20)
    assert hits == in_clear(terms, profiles, scores)
    assert sum(h.remains == h.family for h in hits) > 5


def test_lines_by_the_same_engine() -> None:
    """At most two mismatches of eight, untyped loci being none."""
    terms = small_terms(8, max_mismatches=2, min_typed_loci=5, steps=4, reveal_scores=True)
    chance = np.random.Generator(np.random.PCG64(2))
    profiles = [[int(c) for c in chance.choice(5, 8, p=(0.76, 0.06, 0.06, 0.06, 0.06))] for _ in range(8)]
    profiles = [p if p.count(4) <= 3 else [0] * 8 for p in profiles]
    lines = [{f"L{k}": ALLELES[c] for k, c in enumerate(p) if c != 4} for p in profiles[:5]]
    scores = lineage_scores(terms, list("ABCDE"), lines)
    asked, key = query(terms, profiles)
    hits = decide(terms, key, evaluate(terms, asked, scores), 8)
    line_loci = [x.name for x in terms.loci]
    expected = {
        (r, f): sum(k in line and c != 4 and ALLELES[c] != line[k] for k, c in zip(line_loci, p, strict=True))
        for r, p in enumerate(profiles)
        for f, line in enumerate(lines)
    }
    assert {(h.remains, h.family): 2 - (h.score or 0) for h in hits} == {k: n for k, n in expected.items() if n <= 2}
    assert 5 < len(hits) < 40


def test_layout_is_the_same_whatever_it_holds() -> None:
    """One of the remains or all, nearly untyped or full, a family without reach or all: as many parts, as long."""
    terms = small_terms()
    few = query(terms, random_profiles(terms, 1, 1))
    many = query(terms, random_profiles(terms, 8, 2))
    replies = [
        evaluate(terms, few[0], random_scores(terms, 1, 3)),
        evaluate(terms, many[0], random_scores(terms, 12, 4)),
    ]
    for one, other in ((few[0].to_bytes(), many[0].to_bytes()), (replies[0].to_bytes(), replies[1].to_bytes())):
        assert abs(len(one) - len(other)) < 0.01 * len(one)
    assert len(few[0].profiles) == len(many[0].profiles)
    assert len(replies[0].parts) == len(replies[1].parts)


def test_what_exceeds_the_agreed_is_refused() -> None:
    terms = small_terms()
    with pytest.raises(Refusal) as refused:
        query(terms, random_profiles(terms, 9, 1))
    assert refused.value.rule
    assert [f.code for f in refused.value.faults] == ["private-quota"]
    asked, _ = query(terms, random_profiles(terms, 1, 1))
    with pytest.raises(Refusal) as refused:
        evaluate(terms, asked, random_scores(terms, 13, 1))
    assert [f.code for f in refused.value.faults] == ["private-quota"]


def test_profiles_that_are_none_are_refused_together() -> None:
    terms = small_terms()
    sparse = [x.untyped for x in terms.loci[:3]] + [0, 0, 0]
    with pytest.raises(Refusal) as refused:
        query(terms, [[0] * 6, [0] * 5, sparse, [99] * 6])
    assert [(f.code, f.row) for f in refused.value.faults] == [
        ("private-class", 2),
        ("private-too-few-loci", 3),
        ("private-class", 4),
    ]


def test_files_of_other_terms_are_refused() -> None:
    terms = small_terms()
    asked, key = query(terms, random_profiles(terms, 2, 1))
    reply = evaluate(terms, asked, random_scores(terms, 2, 1))
    other = replace(terms, threshold=5.0)
    for refuse in (
        lambda: Query.from_bytes(asked.to_bytes(), other),
        lambda: Reply.from_bytes(reply.to_bytes(), other),
        lambda: evaluate(other, asked, random_scores(other, 2, 1)),
        lambda: decide(other, key, reply, 2),
    ):
        with pytest.raises(Refusal) as refused:
            refuse()
        assert [f.code for f in refused.value.faults] == ["private-other-terms"]
        assert refused.value.rule


def test_a_key_is_kept_as_bytes_and_shown_nowhere() -> None:
    terms = small_terms()
    profiles = random_profiles(terms, 2, 1)
    asked, key = query(terms, profiles)
    scores = random_scores(terms, 2, 1)
    reply = evaluate(terms, asked, scores)
    assert decide(terms, PrivateKey(terms, bytes(key.secret)), reply, 2) == in_clear(terms, profiles, scores)
    assert "secret" not in repr(key)
    with pytest.raises(Refusal) as refused:
        PrivateKey(terms, key.secret[:-5])
    assert refused.value.faults[0].code == "private-damaged"


def test_where_memory_has_no_files_a_folder_serves_but_never_for_a_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terms = small_terms()
    profiles = random_profiles(terms, 2, 1)
    scores = random_scores(terms, 2, 1)
    asked, key = query(terms, profiles)
    monkeypatch.delattr(ring_module.os, "memfd_create")
    monkeypatch.setattr(ring_module.tempfile, "tempdir", str(tmp_path))
    reply = evaluate(terms, asked, scores)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Refusal) as refused:
        query(terms, profiles)
    assert [f.code for f in refused.value.faults] == ["private-memory"]
    monkeypatch.undo()
    assert decide(terms, key, reply, 2) == in_clear(terms, profiles, scores)


def test_without_the_library_the_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tenseal.sealapi", None)
    with pytest.raises(Refusal) as refused:
        query(small_terms(1, min_typed_loci=1, remains=3), [[0]])
    assert [f.code for f in refused.value.faults] == ["private-not-installed"]
    assert "homeward[private]" in refused.value.faults[0].remedy


def test_every_door_opens() -> None:
    assert all(callable(getattr(private, name)) for name in private.__all__)
    assert set(private.__all__) == set(dir(private))
