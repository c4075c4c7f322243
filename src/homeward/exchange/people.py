"""Who decided: nothing that names anybody is sent because a program proposed it."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.exchange.form import Token, read_form, written
from homeward.faults import Fault, Refusal

__all__ = ["deciding"]


def deciding(by: Sequence[str], least: int) -> tuple[str, ...]:
    """The persons, once each. Raises `Refusal` ``exchange-person`` where they are too few or no short ids."""
    people = tuple(dict.fromkeys(by))
    try:
        read_form(tuple[Token, ...], written(list(people)))
    except Refusal as refusal:
        message = "a person is given by a short id, of letters, digits and . _ -"
        raise Refusal([Fault("exchange-person", message, "write --by ID", file="--by")]) from refusal
    if len(people) < least:
        message = f"{least} {'person decides' if least == 1 else 'persons decide'} this, and {len(people)} did"
        raise Refusal([Fault("exchange-person", message, "name each with --by ID", file="--by")], rule=True)
    return people
