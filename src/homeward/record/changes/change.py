"""What a change is: who may make it, of what, in which states of it, and what it writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from homeward.record.draft import Draft
from homeward.record.queue import jobs
from homeward.record.roles import Role
from homeward.record.view import View

__all__ = ["ABSENT", "CLOSED", "PRESENT", "STATES", "Change", "state_of"]

ABSENT, PRESENT, CLOSED = "absent", "present", "closed"


class Change(ABC):
    """One thing people do to the record; a subclass says in its head what it is.

    ``code``: its name everywhere. ``roles``: who may. ``target``: the kind of thing it is done to, whose id the field
    ``id`` holds, and ``states``: in which states of that thing it may be done (no ``target``: of no one thing).
    """

    __slots__ = ()
    code: ClassVar[str]
    roles: ClassVar[frozenset[Role]]
    target: ClassVar[str]
    states: ClassVar[frozenset[str]]
    _id: ClassVar[str]

    def __init_subclass__(
        cls,
        *,
        code: str = "",
        roles: Iterable[Role] = (),
        target: str = "",
        states: Iterable[str] = (),
        id: str = "",
    ) -> None:
        super().__init_subclass__()
        if code:  # a dataclass with slots is made a second time, of what the first one was told
            cls.code, cls.target, cls._id = code, target, id
            cls.roles, cls.states = frozenset(roles), frozenset(states)

    @property
    def target_id(self) -> str:
        """The id of the thing it is done to; empty where it is done to no one thing."""
        return str(attrgetter(self._id)(self)) if self._id else ""

    @abstractmethod
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
