"""The steps of a laboratory that compares its results of one bone with another's, from letter to letter."""

from __future__ import annotations

from pathlib import Path

from homeward.case import Case
from homeward.exchange.agreement import Role
from homeward.exchange.concordance import LAB, LabSecret, Outcome, begun, blinded, opened, outcome, returned
from homeward.exchange.form import read_form, written
from homeward.exchange.side import Side
from homeward.faults import Fault, Refusal

__all__ = ["advance", "begin", "open_differing", "outcome_of"]


def begin(side: Side, case: Case, sample: str, bone: str, day: str) -> Path:
    """Seal this laboratory's results of a sample, and send the seals. ``bone``: what both call it."""
    secret, seals = begun(side.agreement, side.role, case, sample, bone)
    number = len(side.state.of(side.role)) + 1
    return side.send("seals", seals, day, results={f"results/{number:04}-lab.json": written(secret)})


def advance(side: Side, day: str) -> Path:
    """Send the next letter about the bone. Raises `Refusal` (a rule) ``exchange-turn`` where the other's is due."""
    mine, other = _stage(side, side.role), _other(side)
    secret = _secret(side)
    if mine == "seals":
        return side.send("blinded", blinded(side.agreement, secret, side.letter("seals", other).payload), day)
    if mine == "blinded":
        return side.send(
            "returned", returned(side.agreement, side.role, secret, side.letter("blinded", other).payload), day
        )
    message = "nothing is to be sent" if mine else "no bone is compared"
    raise Refusal([Fault("exchange-turn", message, "begin with --sample and --bone")], rule=True)


def outcome_of(side: Side) -> Outcome | None:
    """Which loci differ, where both have come so far."""
    other = _other(side)
    if any(_stage(side, role) not in ("returned", "opened") for role in (side.role, other)):
        return None
    both = [(side.letter("seals", r).payload, side.letter("returned", r).payload) for r in (side.role, other)]
    return outcome(both[0], both[1])


def open_differing(side: Side, day: str) -> Path:
    """Send this laboratory's results of the loci that differ."""
    found = outcome_of(side)
    if found is None:
        message = "both laboratories have not come so far"
        raise Refusal([Fault("exchange-turn", message, "homeward exchange concord says what is due")], rule=True)
    return side.send("opened", opened(_secret(side), found.different), day)


def _other(side: Side) -> Role:
    return "families" if side.role == "remains" else "remains"


def _stage(side: Side, role: Role) -> str:
    return next((h.kind for h in reversed(side.state.of(role)) if h.kind in LAB), "")


def _secret(side: Side) -> LabSecret:
    names = [name for name in side.state.results if name.endswith("-lab.json")]
    if not names:
        message = "no bone is compared"
        raise Refusal([Fault("exchange-turn", message, "begin with --sample and --bone")], rule=True)
    return read_form(LabSecret, side.store.read(names[-1]), names[-1])
