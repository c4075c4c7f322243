"""What the side that holds the remains does in a private match: ask under encryption, and read which pairs are hits."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from homeward.exchange.form import Base64, read_form, written
from homeward.exchange.inputs import Source, remains_of
from homeward.exchange.matching import private_terms, profile_of
from homeward.exchange.messages import Decision, PlacedHit, Query, RemainsOpening
from homeward.exchange.people import deciding
from homeward.exchange.private.terms import PrivateTerms
from homeward.exchange.side import Side
from homeward.exchange.state import refuse
from homeward.faults import Fault, Progress, Refusal, silent

__all__ = ["Asked", "ask", "decide", "hits_here"]


@dataclass(frozen=True)
class Asked:
    """What stays here of a query: the secret key, and whose profiles it holds, in the order of their ids."""

    format: Literal["homeward-exchange-asked 1"]
    secret: Base64
    remains: tuple[RemainsOpening, ...]


def ask(
    side: Side,
    source: Source,
    only: Sequence[str] = (),
    *,
    progress: Progress = silent,
    ring_for_tests: int | None = None,
) -> tuple[Path, list[Fault]]:
    """Send the encrypted profiles of remains; the envelope, and what was left out. The key stays in the folder.

    Raises `Refusal` as `remains_of`, ``exchange-few-loci`` and, where no sample is left, ``exchange-commitment``.
    """
    from homeward.exchange.private import query

    side.ask_role("remains")
    terms = private_terms(side.agreement, ring_for_tests=ring_for_tests)
    openings, left = remains_of(side, source, only)
    few = [_few(side, o) for o in openings if not _enough(terms, profile_of(terms, o.entry))]
    if not source.leave_out:
        refuse(few)
    left += few
    kept = sorted((o for o in openings if _enough(terms, profile_of(terms, o.entry))), key=lambda o: o.entry.id)
    if not kept:
        message = "no sample is left that may be sent"
        raise Refusal([*left, Fault("exchange-commitment", message, "commit to some, and agree")], rule=True)
    asked, key = query(terms, [profile_of(terms, o.entry) for o in kept], progress=progress)
    number = len(side.state.of("remains")) + 1
    mine = Asked("homeward-exchange-asked 1", _text(key.secret), tuple(kept))
    said = Query(tuple(o.entry.id for o in kept), _text(asked.to_bytes()))
    return side.send("query", said, source.day, results={f"results/{number:04}-asked.json": written(mine)}), left


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _enough(terms: PrivateTerms, profile: Sequence[int]) -> bool:
    return sum(c != x.untyped for c, x in zip(profile, terms.loci, strict=True)) >= terms.min_typed_loci


def _few(side: Side, opening: RemainsOpening) -> Fault:
    message = "fewer loci than agreed are typed to a class"
    home = side.committed.home("sample")[opening.entry.id]
    return Fault("exchange-few-loci", message, "leave it out until more is typed", sample=home)


def hits_here(side: Side, *, ring_for_tests: int | None = None) -> tuple[PlacedHit, ...]:
    """The hits of the last reply, which this side alone can read.

    Raises `Refusal`: ``exchange-turn`` without a reply, ``private-damaged``, ``private-other-terms``,
    ``private-noise``.
    """
    from homeward.exchange.private import PrivateKey, Reply
    from homeward.exchange.private import decide as decided

    side.ask_role("remains")
    terms = private_terms(side.agreement, ring_for_tests=ring_for_tests)
    reply, mine = side.letter("reply"), _asked(side)
    read = Reply.from_bytes(b64decode(reply.payload.match), terms)
    hits = decided(terms, PrivateKey(terms, b64decode(mine.secret)), read, len(mine.remains))
    return tuple(PlacedHit(mine.remains[h.remains].entry.id, h.family, h.score) for h in hits)


def _asked(side: Side) -> Asked:
    name = f"results/{side.letter('query').header.number:04}-asked.json"
    return read_form(Asked, side.store.read(name), name)


def decide(
    side: Side, day: str, by: Sequence[str], remains: Sequence[str] = (), *, ring_for_tests: int | None = None
) -> Path:
    """See hits of the last reply through, with the profiles of their remains: all, or those of some opaque ids.

    Raises `Refusal` ``exchange-person`` where nobody decided it, ``unknown-sample`` for remains that no hit is of, and
    as `hits_here`.
    """
    people = deciding(by, 1)
    hits = tuple(h for h in hits_here(side, ring_for_tests=ring_for_tests) if not remains or h.remains in remains)
    chosen = {h.remains for h in hits}
    unknown = sorted(set(remains) - chosen)
    if unknown or not hits:
        message = f"no hit is of {', '.join(unknown)}" if unknown else "the reply has no hit"
        raise Refusal([Fault("unknown-sample", message, "homeward exchange decide lists the hits")])
    openings = tuple(o for o in _asked(side).remains if o.entry.id in chosen)
    return side.send("decision", Decision(side.letter("reply").header.hash, hits, openings), day, by=people)
