"""Two laboratories that typed one bone, each blind to the other: which loci differ, and nothing of the others.

Each seals its result of every locus first, then both raise the hash of each result to secret powers, one after the
other. Equal results become equal numbers; of different ones nothing is learnt but that they differ.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from homeward.case import Case
from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.form import Hash, Token, written
from homeward.exchange.group import (
    GENERATOR,
    Element,
    Exponent,
    element,
    is_element,
    new_power,
    prove,
    proven,
    raised,
)
from homeward.faults import Fault, Refusal

if TYPE_CHECKING:
    from homeward.exchange.envelope import Header, Letter

__all__ = [
    "LAB",
    "Blinded",
    "LabSecret",
    "Opened",
    "Outcome",
    "Returned",
    "Seals",
    "begun",
    "blinded",
    "concordance_faults",
    "opened",
    "outcome",
    "returned",
]

Text = Annotated[str, r"[^\x00-\x1f]{1,64}"]
Calls = tuple[tuple[Text, ...], ...]
"""The distinct calls of a locus over its replicates, alleles and calls sorted."""


@dataclass(frozen=True, slots=True)
class SealedLocus:
    """``seal``: SHA-256 of salt and result."""

    marker: Text
    seal: Hash


@dataclass(frozen=True)
class Seals:
    """First letter: what was typed, sealed.

    ``key``: the generator to this laboratory's secret power; ``challenge``, ``response``: that it knows that power.
    """

    bone: Token
    key: Element
    challenge: Exponent
    response: Exponent
    loci: tuple[SealedLocus, ...]


@dataclass(frozen=True, slots=True)
class Point:
    marker: Text
    value: Element


@dataclass(frozen=True)
class Blinded:
    """Second letter: of the loci that both typed, the hash of the result to the secret power."""

    bone: Token
    loci: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ProvenPoint:
    marker: Text
    value: Element
    challenge: Exponent
    response: Exponent


@dataclass(frozen=True)
class Returned:
    """Third letter: the other's points to this laboratory's power, each proven to be that."""

    bone: Token
    loci: tuple[ProvenPoint, ...]


@dataclass(frozen=True)
class OpenedLocus:
    marker: Text
    salt: Hash
    calls: Calls


@dataclass(frozen=True)
class Opened:
    """Last letter, where people want it: results of loci that differ."""

    bone: Token
    loci: tuple[OpenedLocus, ...]


@dataclass(frozen=True)
class LabSecret:
    """What a laboratory keeps to itself: its power, and salt and result of every locus."""

    format: Literal["homeward-lab 1"]
    bone: Token
    exponent: Exponent
    loci: tuple[OpenedLocus, ...]


@dataclass(frozen=True)
class Outcome:
    """Markers, sorted. ``here`` and ``there``: typed by one laboratory alone."""

    equal: tuple[str, ...]
    different: tuple[str, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]


LAB: tuple[Literal["seals", "blinded", "returned", "opened"], ...] = ("seals", "blinded", "returned", "opened")
LetterOf = Callable[..., "Letter"]


def begun(agreement: Agreement, role: Role, case: Case, sample: str, bone: str) -> tuple[LabSecret, Seals]:
    """The first letter about a sample, and its secret. Raises `Refusal` ``unknown-sample``.

    Markers outside the panel are left out.
    """
    if sample not in case.typings_by_sample:
        remedy = "name a sample of the case"
        raise Refusal([Fault("unknown-sample", f"there is no sample {sample[:60]}", remedy, sample=sample[:60])])
    exponent = new_power()
    loci = tuple(
        OpenedLocus(marker, secrets.token_hex(32), calls)
        for marker, calls in sorted(_results(case, sample).items())
        if marker in agreement.panel.alleles
    )
    secret = LabSecret("homeward-lab 1", bone, f"{exponent:x}", loci)
    seals = tuple(SealedLocus(x.marker, _seal(x)) for x in loci)
    challenge, response = prove(GENERATOR, exponent, _context(agreement, role, bone))
    return secret, Seals(bone, _hex(raised(GENERATOR, exponent)), f"{challenge:x}", f"{response:x}", seals)


def _context(agreement: Agreement, role: Role, bone: str, marker: str = "") -> bytes:
    """What a proof is bound to, so that the other laboratory cannot send it back as its own."""
    return written([agreement.hash, role, bone, marker])


def _results(case: Case, sample: str) -> dict[str, Calls]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for t in case.typings_by_sample[sample]:
        found.setdefault(t.marker, set()).add(tuple(sorted(t.alleles)))
    return {marker: tuple(sorted(calls)) for marker, calls in found.items()}


def _seal(locus: OpenedLocus) -> str:
    return hashlib.sha256(bytes.fromhex(locus.salt) + written([locus.marker, locus.calls])).hexdigest()


def _hex(value: int) -> str:
    return f"{value:0512x}"


def _number(text: str) -> int:
    return int(text, 16)


def blinded(agreement: Agreement, secret: LabSecret, theirs: Seals) -> Blinded:
    """The second letter, of the loci that both sealed."""
    both = {x.marker for x in theirs.loci}
    exponent = _number(secret.exponent)
    points = tuple(
        Point(x.marker, _hex(raised(element(written([agreement.hash, secret.bone, x.marker, x.calls])), exponent)))
        for x in secret.loci
        if x.marker in both
    )
    return Blinded(secret.bone, points)


def returned(agreement: Agreement, role: Role, secret: LabSecret, theirs: Blinded) -> Returned:
    """The third letter: their points, raised and proven."""
    exponent = _number(secret.exponent)
    points = []
    for point in theirs.loci:
        base = _number(point.value)
        challenge, response = prove(base, exponent, _context(agreement, role, secret.bone, point.marker))
        points.append(ProvenPoint(point.marker, _hex(raised(base, exponent)), f"{challenge:x}", f"{response:x}"))
    return Returned(secret.bone, tuple(points))


def outcome(mine: tuple[Seals, Returned], theirs: tuple[Seals, Returned]) -> Outcome:
    """What both learn. My points came back in their letter, and theirs in mine."""
    back = {p.marker: p.value for p in theirs[1].loci}
    forth = {p.marker: p.value for p in mine[1].loci}
    here, there = ({x.marker for x in seals.loci} for seals in (mine[0], theirs[0]))
    return Outcome(
        tuple(sorted(m for m in back if back[m] == forth.get(m))),
        tuple(sorted(m for m in back if back[m] != forth.get(m))),
        tuple(sorted(here - there)),
        tuple(sorted(there - here)),
    )


def opened(secret: LabSecret, different: tuple[str, ...]) -> Opened:
    """The last letter, of the loci that differ."""
    return Opened(secret.bone, tuple(x for x in secret.loci if x.marker in different))


def concordance_faults(
    agreement: Agreement, last: Mapping[Role, str], letter_of: LetterOf, header: Header, payload: Any
) -> Iterator[Fault]:
    """What is wrong with a letter of the laboratories; ``last``: each side's latest kind of `LAB`, or empty."""
    sender = header.sender
    other: Role = "families" if sender == "remains" else "remains"
    if not isinstance(payload, Seals):
        stage = LAB.index(header.kind)
        if last[sender] != LAB[stage - 1] or last[other] not in LAB[stage - 1 : stage + 1]:
            yield _turn("both laboratories have not come so far")
            return
        if payload.bone != letter_of("seals", other).payload.bone:
            yield _turn("it is about another bone")
    if isinstance(payload, Seals):
        yield from _seals_faults(agreement, sender, payload)
        if last[sender] in LAB[:2] and not _another_bone(last, letter_of, sender, other):
            yield _turn("this laboratory has sealed its results already, and the comparison has not ended")
        if last[other] == "seals" and payload.key == letter_of("seals", other).payload.key:
            yield _outside("the key is the other laboratory's")
    elif isinstance(payload, Blinded):
        both = _markers(letter_of("seals", sender)) & _markers(letter_of("seals", other))
        yield from _points_faults(payload, both)
        theirs = letter_of("blinded", other).payload.loci if last[other] == "blinded" else ()
        if {p.value for p in payload.loci} & {p.value for p in theirs}:
            yield _outside("a point is the other laboratory's")
    elif isinstance(payload, Returned):
        seals, sent = letter_of("seals", sender).payload, letter_of("blinded", other).payload
        yield from _returned_faults(agreement, sender, payload, seals, sent)
    else:
        assert isinstance(payload, Opened)
        yield from _opened_faults(payload, letter_of, sender, other)


def _another_bone(last: Mapping[Role, str], letter_of: LetterOf, sender: Role, other: Role) -> bool:
    """Whether both sealed under different names: then, so that both do not, the families' side alone may seal again."""
    if sender != "families" or not last[sender] == last[other] == "seals":
        return False
    return bool(letter_of("seals", sender).payload.bone != letter_of("seals", other).payload.bone)


def _markers(letter: Letter) -> set[str]:
    return {x.marker for x in letter.payload.loci}


def _seals_faults(agreement: Agreement, sender: Role, seals: Seals) -> Iterator[Fault]:
    markers = [x.marker for x in seals.loci]
    if len(set(markers)) < len(markers) or not set(markers) <= agreement.panel.alleles.keys():
        yield _outside("a marker stands twice, or is not of the panel")
    key, proof = _number(seals.key), (_number(seals.challenge), _number(seals.response))
    if not is_element(key):
        yield _outside("the key is no element of the group")
    elif not proven(key, GENERATOR, key, proof, _context(agreement, sender, seals.bone)):
        yield _outside("the laboratory does not show that it knows the power of its key")


def _points_faults(said: Blinded, both: set[str]) -> Iterator[Fault]:
    if [p.marker for p in said.loci] != sorted(both):
        yield _turn("the loci are not those that both sealed")
    if not all(is_element(_number(p.value)) for p in said.loci):
        yield _outside("a point is no element of the group")


def _returned_faults(
    agreement: Agreement, sender: Role, said: Returned, seals: Seals, theirs: Blinded
) -> Iterator[Fault]:
    if [p.marker for p in said.loci] != [p.marker for p in theirs.loci]:
        yield _turn("the loci are not those that were sent")
        return
    for mine, sent in zip(said.loci, theirs.loci, strict=True):
        proof = _number(mine.challenge), _number(mine.response)
        context = _context(agreement, sender, said.bone, mine.marker)
        if not proven(_number(seals.key), _number(sent.value), _number(mine.value), proof, context):
            yield _outside("a point was not raised to the power that was promised")


def _opened_faults(said: Opened, letter_of: LetterOf, sender: Role, other: Role) -> Iterator[Fault]:
    sealed = {x.marker: x.seal for x in letter_of("seals", sender).payload.loci}
    both = outcome(
        (letter_of("seals", sender).payload, letter_of("returned", sender).payload),
        (letter_of("seals", other).payload, letter_of("returned", other).payload),
    )
    if not {x.marker for x in said.loci} <= set(both.different):
        yield _turn("a locus is opened that does not differ")
    elif any(_seal(x) != sealed[x.marker] for x in said.loci):
        message = "a result is not the one that was sealed"
        yield Fault("exchange-commitment", message, "ask the laboratory for its records")


def _turn(message: str) -> Fault:
    return Fault("exchange-turn", message, "homeward exchange status says how far both are")


def _outside(message: str) -> Fault:
    return Fault("exchange-outside", message, "ask the other side to send it anew")
