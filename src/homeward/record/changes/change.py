"""What a change is: who may make it, of what, in which states of it, and what it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from homeward.record.draft import Draft
from homeward.record.queue import jobs
from homeward.record.roles import Role
from homeward.record.view import View

__all__ = ["ABSENT", "CLOSED", "PRESENT", "STATES", "Change", "state_of"]

ABSENT, PRESENT, CLOSED = "absent", "present", "closed"


class Change(Protocol):
    """One thing people do to the record.

    ``code``: its name everywhere. ``roles``: who may. ``target``: the kind of thing it is done to, whose id is
    `target_id`, and ``states``: in which states of that thing it may be done (empty ``target``: of no one thing).
    """

    code: ClassVar[str]
    roles: ClassVar[frozenset[Role]]
    target: ClassVar[str]
    states: ClassVar[frozenset[str]]

    @property
    def target_id(self) -> str: ...

    def carry_out(self, draft: Draft) -> None:
        """Write into the draft, or tell it what is wrong."""


def _there(value: Any) -> str:
    return PRESENT


# kinds whose things go through states; every other kind is there or not
STATES: Mapping[str, Callable[[Any], str]] = {
    "candidate": lambda value: str(value.state),
    "account": lambda value: "open" if value.active else "shut",
}


def state_of(view: View, kind: str, id: str) -> str:
    """The state of a thing: `absent`, `closed`, `withdrawn`, `present`, or its own."""
    if kind == "job":
        found = jobs(view.connection, id)
        return found[0].state if found else ABSENT
    held = view.held(kind, id)
    if held is None:
        return CLOSED if view.was_there(kind, id) else ABSENT
    return "withdrawn" if held.value is None else STATES.get(kind, _there)(held.value)
