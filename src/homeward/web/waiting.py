"""What a candidate waits for and from whom, and whether a decision on it would rest on an old analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from homeward.record import queue
from homeward.record.case_rows import CASE_KINDS
from homeward.record.changes import (
    NotifyFamily,
    ProposeCandidate,
    QueueAnalysis,
    Repatriate,
    ReviewCandidate,
    SignIdentification,
)
from homeward.record.database import change
from homeward.record.roles import Actor, Role
from homeward.record.values import Candidate
from homeward.record.view import View
from homeward.report.numbers import posterior_text
from homeward.report.words import Words
from homeward.web.stored import StoredResult

__all__ = ["CaseChange", "Newer", "Wait", "asking", "case_change", "newer", "own_work", "roles_text", "wait_of"]

_STEPS: dict[str, tuple[str, type[Any]]] = {
    "proposed": ("review", ReviewCandidate),
    "reviewed": ("sign", SignIdentification),
    "signed": ("countersign", SignIdentification),
    "reopened": ("propose", ProposeCandidate),
    "identified": ("notify", NotifyFamily),
    "notified": ("return", Repatriate),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """The next step of a candidate, the roles that may take it, and the accounts (``but``) that may not."""

    step: str
    roles: frozenset[Role]
    but: tuple[str, ...]

    def on(self, actor: Actor) -> bool:
        """Whether he can take it."""
        return bool(self.roles & actor.roles) and actor.account not in self.but

    def text(self, say: Words) -> str:
        told = {"roles": roles_text(say, self.roles)} | ({"but": ", ".join(self.but)} if self.but else {})
        return say(f"waits.{self.step}", **told)


def wait_of(candidate: Candidate) -> Wait | None:
    """None where nothing is to be done any more: rejected, returned."""
    if candidate.state not in _STEPS:
        return None
    step, made_by = _STEPS[candidate.state]
    return Wait(step, made_by.roles, own_work(candidate, step))


def own_work(candidate: Candidate, step: str) -> tuple[str, ...]:
    """The accounts that may not take a step because of what they did before."""
    if step in ("review", "object"):
        return (candidate.proposed_by,)
    return tuple(s.by for s in candidate.signatures) if step in ("sign", "countersign") else ()


def roles_text(say: Words, roles: Iterable[Role]) -> str:
    """Roles as a choice of one of them."""
    first, *others = (say(f"role.{role}") for role in sorted(roles))
    for other in others:
        first = say("waits.or", some=first, last=other)
    return first


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A change of the case: its number, its kind, its day."""

    seq: int
    kind: str
    day: str


def case_change(view: View, after: int) -> CaseChange | None:
    """The last change that put or closed a part of the case, if it is later than this one."""
    seq = view.last_change(CASE_KINDS)
    if seq <= after:
        return None
    row = view.connection.execute(sa.select(change.c.kind, change.c.at).where(change.c.seq == seq)).one()
    return CaseChange(seq, row.kind, row.at[:10])


@dataclass(frozen=True, slots=True)
class Newer:
    """What the newest analysis says of two; ``posterior``: empty where it does not compare them."""

    analysis: str
    posterior: str


def newer(candidate: Candidate, newest: StoredResult | None) -> Newer | None:
    """None where the candidate rests on the newest analysis."""
    if newest is None or newest.id == candidate.analysis:
        return None
    p = np.nan
    if candidate.sample in newest.samples and candidate.missing in newest.names:
        p = newest.posterior[newest.samples.index(candidate.sample), newest.names.index(candidate.missing)]
    return Newer(newest.id, "" if np.isnan(p) else posterior_text(float(p)))


def asking(view: View, actor: Actor, say: Words) -> list[tuple[str, str]]:
    """(sentence, link) for who looks for an analysis: who may ask for one if not he, and what is under way."""
    told = []
    if not actor.roles & QueueAnalysis.roles:
        told.append((say("waits.ask", roles=roles_text(say, QueueAnalysis.roles)), ""))
    states = {job.state for job in queue.jobs(view.connection)}
    told += [(say(f"waits.{state}"), "/jobs") for state in ("running", "queued") if state in states]
    return told
