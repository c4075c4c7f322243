"""How a round ends on both sides: one result, signed names, and in the end nothing kept of the other side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from homeward.exchange.agreement import Agreement
from homeward.exchange.messages import Conclusion, Named, Receipt
from homeward.exchange.people import deciding
from homeward.exchange.rules import confirmed
from homeward.exchange.shared import SharedResult, proposed_by, shared_result
from homeward.exchange.side import Side
from homeward.exchange.state import FREE, due
from homeward.faults import Fault, Refusal

__all__ = ["agreed_by_both", "conclude", "delete_by", "delete_theirs", "result_here"]


def result_here(side: Side) -> SharedResult:
    """The result of the hits that both confirmed, computed on this side."""
    return shared_result(side.agreement, confirmed(side.state, side.letter).payload, side.letter("disclosure").payload)


def conclude(side: Side, day: str, by: Sequence[str], reject: Sequence[str] = ()) -> Path:
    """Send the digest of the shared result and the names that two persons of this side signed.

    The families' side signs only what its answer names too: the shared result holds the confirmed families alone, and
    a rival that was not disclosed would be missing from it. ``reject``: remains, under their opaque ids, whose
    proposed name is not signed.
    """
    people = deciding(by, 2)
    shared = result_here(side)
    proposed = set(shared.named)
    if side.role == "families":
        proposed &= set(_answered(side))
    signed = tuple(n for n in shared.named if n in proposed and n.remains not in reject)
    said = Conclusion(side.letter("disclosure").header.hash, shared.digest, shared.program, signed)
    number = len(side.state.of(side.role)) + 1
    files = {f"results/{number:04}-shared.json": shared.result}
    return side.send("conclusion", said, day, by=people, results=files)


def _answered(side: Side) -> tuple[Named, ...]:
    """The names that the whole joint answer of this round proposes, all families weighed."""
    (file,) = [name for name in side.state.results if name.endswith("-result.json")][-1:]
    return proposed_by(json.loads(side.store.read(file)))


def agreed_by_both(side: Side) -> tuple[Named, ...]:
    """The identifications that both sides signed, over all rounds."""
    names: dict[str, dict[str, set[Named]]] = {}
    for kept in side.state.letters:
        if kept.header.kind == "conclusion" and not kept.deleted:
            said: Conclusion = side.read(kept).payload
            names.setdefault(said.disclosure, {})[kept.header.sender] = set(said.identified)
    agreed = {n for sides in names.values() if len(sides) == 2 for n in sides["remains"] & sides["families"]}
    return tuple(sorted(agreed, key=lambda n: (n.remains, n.missing)))


def delete_by(agreement: Agreement) -> str:
    """The last day on which anything of the other side may still be here."""
    return (date.fromisoformat(agreement.until) + timedelta(days=agreement.retention_days)).isoformat()


def delete_theirs(side: Side, day: str) -> Path:
    """Delete what came from the other side and every result, and send the receipt.

    Raises `Refusal` (a rule) ``exchange-turn`` in the middle of a round of an agreement that still holds.
    """
    open_round = ("remains", "request") not in due(side.state) and any(
        k.header.kind not in FREE for k in side.state.letters
    )
    if open_round and day <= side.agreement.until:
        message = "a round is under way, and needs what would be deleted"
        raise Refusal([Fault("exchange-turn", message, "end it first")], rule=True)
    return side.send("receipt", Receipt(side.delete(day), day), day)
