"""What the side that holds the remains does: ask, and see hits through."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from homeward.exchange.inputs import Source, remains_of
from homeward.exchange.messages import Confirmation, Request
from homeward.exchange.people import deciding
from homeward.exchange.side import Side
from homeward.faults import Fault, Refusal

__all__ = ["confirm", "request", "request_of"]


def request_of(side: Side, source: Source, only: Sequence[str] = ()) -> tuple[Request, list[Fault]]:
    """What would be asked, and what was left out. Raises `Refusal` as `remains_of` does."""
    side.ask_role("remains")
    openings, left = remains_of(side, source, only)
    if not openings:
        message = "no sample is left that may be sent"
        raise Refusal([*left, Fault("exchange-commitment", message, "commit to some, and agree")], rule=True)
    return Request(openings), left


def request(side: Side, source: Source, only: Sequence[str] = ()) -> tuple[Path, list[Fault]]:
    """Send the profiles of remains to be compared; the envelope, and what was left out."""
    asked, left = request_of(side, source, only)
    return side.send("request", asked, source.day), left


def confirm(side: Side, day: str, by: Sequence[str], remains: Sequence[str] = ()) -> Path:
    """See hits of the last answer through: all, or those of some remains under their opaque ids.

    Raises `Refusal` ``exchange-person`` where nobody decided it, ``unknown-sample`` for remains that no hit is of.
    """
    side.ask_role("remains")
    people = deciding(by, 1)
    answer = side.letter("answer")
    hits = tuple(h for h in answer.payload.hits if not remains or h.remains in remains)
    unknown = sorted(set(remains) - {h.remains for h in hits})
    if unknown or not hits:
        message = f"no hit is of {', '.join(unknown)}" if unknown else "the answer has no hit"
        remedy = "homeward exchange status lists the hits"
        raise Refusal([Fault("unknown-sample", message, remedy)])
    chosen = {h.remains for h in hits}
    openings = tuple(o for o in side.letter("request").payload.remains if o.entry.id in chosen)
    return side.send("confirmation", Confirmation(answer.header.hash, hits, openings), day, by=people)
