"""Two laboratories see where they differ; what each has there stays sealed, and what was sealed stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import DAY, Pair, digest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.case import Case, Remains, Sample, Typing
from homeward.exchange import group
from homeward.exchange.concordance import Blinded, Outcome, Returned, concordance_faults
from homeward.exchange.form import written
from homeward.exchange.laboratories import advance, begin, open_differing, outcome_of
from homeward.exchange.side import Side, open_side
from homeward.faults import Refusal

LEFT = {"TH01": [("6", "9.3")], "TPOX": [("8", "8")], "FGA": [("20", "22")], "vWA": [("16", "17")]}
RIGHT = {"TH01": [("9.3", "6"), ("6", "9.3")], "TPOX": [("8", "11")], "FGA": [("20", "22")], "SE33": [("17", "18")]}


def typed(results: dict[str, list[tuple[str, ...]]]) -> Case:
    rows = tuple(Typing("B", m, a, i) for m, calls in results.items() for i, a in enumerate(calls, 1))
    return Case("a bone", remains=(Remains("B"),), samples=(Sample("B", "remains", "B"),), typings=rows)


@pytest.fixture(scope="module")
def compared(agreed: Pair, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """The two sides after each letter of both."""
    pair = agreed.copied(tmp_path_factory.mktemp("bone") / "0")
    stages = []
    for stage in range(3):
        for folder, results in ((pair.jp, LEFT), (pair.kr, RIGHT)):
            with open_side(folder) as side:
                begin(side, typed(results), "B", "bone-1", DAY) if stage == 0 else advance(side, DAY)
        pair.carry(pair.jp)
        pair.carry(pair.kr)
        stages.append(pair)
        pair = pair.copied(pair.root.parent / str(stage + 1))
    return [*stages, pair]


def test_both_see_the_same(compared: list[Pair]) -> None:
    with open_side(compared[-1].jp) as side:
        assert outcome_of(side) == Outcome(("FGA", "TH01"), ("TPOX",), ("vWA",), ("SE33",))
    with open_side(compared[-1].kr) as side:
        assert outcome_of(side) == Outcome(("FGA", "TH01"), ("TPOX",), ("SE33",), ("vWA",))
    with open_side(compared[1].kr) as side:
        assert outcome_of(side) is None


def test_only_what_differs_can_be_opened(compared: list[Pair], copy: Path) -> None:
    pair = compared[-1].copied(copy)
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            open_differing(side, DAY)
        pair.carry(folder)
    with open_side(pair.jp) as side:
        assert [(x.marker, x.calls) for x in side.letter("opened", "families").payload.loci] == [
            ("TPOX", (("11", "8"),))
        ]
        assert outcome_of(side) is not None


def test_no_result_is_in_a_letter_before_it_is_opened(compared: list[Pair]) -> None:
    """The same locus with another result gives letters of the same form, and no number twice."""
    numbers: list[str] = []
    for folder in (compared[-1].jp, compared[-1].kr):
        with open_side(folder) as side:
            for kept in (k for k in side.state.letters if k.sent):
                letter = json.loads(side.store.read(kept.file))
                told = letter["payload"]
                assert told.keys() <= {"bone", "key", "loci", "challenge", "response"}
                for locus in told["loci"]:
                    assert locus.keys() <= {"marker", "seal", "value", "challenge", "response"}
                    numbers += [locus[key] for key in ("seal", "value") if key in locus]
    twice = {n for n in numbers if numbers.count(n) > 1}
    assert len(twice) == 2, "only the two equal results meet in one number"


def test_a_second_comparison_of_equal_results_shows_other_numbers(compared: list[Pair], copy: Path) -> None:
    """Powers and salts are fresh, so that nothing can be laid beside an earlier comparison."""
    pair = compared[-1].copied(copy)
    with open_side(pair.jp) as side:
        first = {x.seal for x in side.letter("seals", "remains").payload.loci}
        begin(side, typed(LEFT), "B", "bone-1", DAY)
        assert first.isdisjoint(x.seal for x in side.letter("seals", "remains").payload.loci)


def _refused(folder: Path, other: Path, kind: str, payload: Any) -> list[str]:
    """The codes with which one side refuses what the other's software did not check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Side, "_check", lambda self, letter, day: None)
        with open_side(other) as side:
            envelope = side.send(kind, payload, DAY).read_bytes()  # type: ignore[arg-type]
    before = digest(folder)
    with pytest.raises(Refusal) as refused, open_side(folder) as side:
        side.receive(envelope, DAY)
    assert digest(folder) == before
    return [f.code for f in refused.value.faults]


def test_who_knows_nothing_of_the_bone_cannot_make_it_look_equal(compared: list[Pair], copy: Path) -> None:
    """His points are the other's, raised: he would return what came back of his own, and cannot prove his power."""
    pair = compared[1].copied(copy)
    with open_side(pair.kr) as side:
        theirs: Blinded = side.letter("blinded", "remains").payload
        honest = side.letter("blinded", "families").payload
    assert honest.loci != theirs.loci
    reflected = Returned("bone-1", tuple(_proofless(p.marker, p.value) for p in theirs.loci))
    assert set(_refused(pair.jp, pair.kr, "returned", reflected)) == {"exchange-outside"}


@pytest.mark.parametrize("power", [1, 7])
def test_a_laboratory_that_sends_back_what_it_was_sent(compared: list[Pair], copy: Path, power: int) -> None:
    """Key, points and proofs mirrored, or raised to a known power first: every step of it is refused."""
    pair = compared[0].copied(copy)
    with open_side(pair.kr) as side:
        theirs = side.letter("seals", "remains").payload
    key = f"{group.raised(int(theirs.key, 16), power):0512x}"
    mirrored = replace(theirs, key=key)
    fresh = pair.copied(copy.with_name("fresh"))
    with open_side(fresh.jp) as side:
        found = list(
            concordance_faults(
                side.agreement,
                {"remains": "seals", "families": ""},
                side.letter,
                replace(side.letter("seals", "families").header),
                mirrored,
            )
        )
    assert {f.code for f in found} == {"exchange-outside"}
    assert "knows the power" in " ".join(f.message for f in found)
    assert ("the key is the other laboratory's" in [f.message for f in found]) == (power == 1)
    with open_side(pair.jp) as side:
        advance(side, DAY)
        points = side.letter("blinded", "remains").payload
    pair.carry(pair.jp)
    if power == 1:
        both = {x.marker for x in theirs.loci} & set(RIGHT)
        echoed = Blinded("bone-1", tuple(p for p in points.loci if p.marker in both))
        assert _refused(pair.jp, pair.kr, "blinded", echoed) == ["exchange-outside"]


def test_a_proof_is_of_its_sender_bone_and_marker(compared: list[Pair]) -> None:
    with open_side(compared[-1].jp) as side:
        said = side.letter("returned", "families").payload
        key = int(side.letter("seals", "families").payload.key, 16)
        sent = {p.marker: int(p.value, 16) for p in side.letter("blinded", "remains").payload.loci}
        agreement = side.agreement
    for point in said.loci:
        proof = int(point.challenge, 16), int(point.response, 16)
        for role, bone, marker, holds in (
            ("families", "bone-1", point.marker, True),
            ("remains", "bone-1", point.marker, False),
            ("families", "bone-2", point.marker, False),
            ("families", "bone-1", "D1S1656", False),
        ):
            context = written([agreement.hash, role, bone, marker])
            assert group.proven(key, sent[point.marker], int(point.value, 16), proof, context) is holds


def _proofless(marker: str, value: str) -> Any:
    from homeward.exchange.concordance import ProvenPoint

    return ProvenPoint(marker, value, "1", "1")


def first(said: Any, **changes: Any) -> Any:
    """A letter with its first locus changed."""
    return replace(said, loci=(replace(said.loci[0], **changes), *said.loci[1:]))


@pytest.mark.parametrize(
    ("stage", "kind", "change", "code"),
    [
        (0, "blinded", lambda b: replace(b, loci=b.loci[:-1]), "exchange-turn"),
        (0, "blinded", lambda b: replace(b, bone="bone-2"), "exchange-turn"),
        (0, "blinded", lambda b: first(b, value="0" * 511 + "1"), "exchange-outside"),
        (1, "returned", lambda r: replace(r, loci=r.loci[::-1]), "exchange-turn"),
        (1, "returned", lambda r: first(r, challenge="1"), "exchange-outside"),
        (2, "opened", lambda o: first(o, calls=(("8", "8"),)), "exchange-commitment"),
        (2, "opened", lambda o: first(o, marker="TH01"), "exchange-turn"),
    ],
)
def test_a_letter_that_cannot_be(
    compared: list[Pair], copy: Path, stage: int, kind: Any, change: Callable[[Any], Any], code: str
) -> None:
    pair = compared[stage].copied(copy)
    with open_side(pair.copied(copy.with_name("honest")).kr) as side:
        open_differing(side, DAY) if kind == "opened" else advance(side, DAY)
        honest = side.letter(kind, "families").payload
    assert _refused(pair.jp, pair.kr, kind, change(honest)) == [code]


def test_a_step_before_its_time(compared: list[Pair], copy: Path) -> None:
    pair = compared[0].copied(copy)
    with open_side(pair.jp) as side:
        advance(side, DAY)
        with pytest.raises(Refusal) as refused:
            advance(side, DAY)
        assert {f.code for f in refused.value.faults} == {"exchange-turn"}
        with pytest.raises(Refusal):
            open_differing(side, DAY)


@settings(max_examples=4, deadline=None)
@given(st.binary(max_size=20), st.integers(1, 2**255), st.integers(1, 2**255))
def test_powers_in_either_order_and_their_proofs(content: bytes, a: int, b: int) -> None:
    base = group.element(content)
    assert group.is_element(base)
    assert group.raised(group.raised(base, a), b) == group.raised(group.raised(base, b), a)
    key, value = group.raised(group.GENERATOR, a), group.raised(base, a)
    proof = group.prove(base, a, b"x")
    assert group.proven(key, base, value, proof, b"x")
    assert not group.proven(key, base, value, proof, b"y")
    assert not group.proven(key, base, group.raised(base, a + 1), proof, b"x")
    assert not group.proven(key, base, value, (proof[0], proof[1] + 1), b"x")
    assert not group.proven(key, base, value, (proof[0], proof[1] + group.ORDER), b"x")


def test_the_group_is_of_prime_order_without_small_elements() -> None:
    """p and (p − 1) / 2 are prime (Fermat to several bases); what is no square is refused."""
    for base in (2, 3, 5, 7):
        assert pow(base, group.PRIME - 1, group.PRIME) == 1
        assert pow(base, group.ORDER - 1, group.ORDER) == 1
    assert group.PRIME.bit_length() == 2048
    for value in (0, 1, group.PRIME - 1, group.PRIME, group.PRIME + 4):
        assert not group.is_element(value)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, group.PRIME - 2))
def test_squares_are_told_from_others(value: int) -> None:
    """By reciprocity as by Euler's criterion."""
    assert group.is_element(value) == (pow(value, group.ORDER, group.PRIME) == 1)
    assert group.is_element(pow(value, 2, group.PRIME))


@pytest.mark.parametrize("stage", [0, 1])
def test_seals_are_not_replaced_under_way(compared: list[Pair], copy: Path, stage: int) -> None:
    """Else a laboratory could seal what it has learnt since."""
    pair = compared[stage].copied(copy)
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refused:
        begin(side, typed(LEFT), "B", "bone-1", DAY)
    assert [f.code for f in refused.value.faults] == ["exchange-turn"]


def test_a_bone_under_two_names_can_be_sealed_again_by_one(agreed: Pair, copy: Path) -> None:
    pair = agreed.copied(copy)
    for folder, bone in ((pair.jp, "bone-1"), (pair.kr, "bone-2")):
        with open_side(folder) as side:
            begin(side, typed(LEFT), "B", bone, DAY)
    pair.carry(pair.jp)
    pair.carry(pair.kr)
    with open_side(pair.jp) as side, pytest.raises(Refusal):
        begin(side, typed(LEFT), "B", "bone-2", DAY)
    with open_side(pair.kr) as side:
        begin(side, typed(RIGHT), "B", "bone-1", DAY)
    pair.carry(pair.kr)
    with open_side(pair.jp) as side:
        advance(side, DAY)
