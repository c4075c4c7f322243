"""Work that is left to a worker: asked for, stopped, begun again."""

from __future__ import annotations

import time
from dataclasses import dataclass

from homeward.formats.overrides import parsed
from homeward.record.case_rows import case_of
from homeward.record.changes.change import ABSENT, Change
from homeward.record.consent import uncovered
from homeward.record.draft import Draft
from homeward.record.queue import cancel, enqueue, jobs, requeue
from homeward.record.roles import Role

__all__ = ["CancelJob", "QueueAnalysis", "ResumeJob"]

_ASKERS: frozenset[Role] = frozenset({"geneticist"})


@dataclass(frozen=True, slots=True)
class QueueAnalysis(Change, code="queue-analysis", roles=_ASKERS, target="job", states={ABSENT}, id="id"):
    """The joint identification of the case as it stands is to be computed. ``overrides``: as after `--set`."""

    id: str
    seed: int | None = None
    overrides: tuple[str, ...] = ()

    def carry_out(self, draft: Draft) -> None:
        if not self.id or len(self.id) > 64 or "/" in self.id:
            draft.refuse("bad-id", "an id has 1 to 64 characters and no /", "choose another", column="id")
        parsed(self.overrides)
        if draft.now.held("case", "case") is None:
            draft.refuse("no-case", "the record holds no case yet", "import one")
            return
        draft.broken_rules += uncovered(draft.now, case_of(draft.now), "identification", "", draft.day)
        request = {"seed": self.seed, "overrides": list(self.overrides)}
        enqueue(draft.now.connection, self.id, "identify", draft.actor.account, request, time.time())


@dataclass(frozen=True, slots=True)
class CancelJob(
    Change,
    code="cancel-job",
    roles=_ASKERS | {"administrator"},
    target="job",
    states=frozenset({"queued", "running"}),
    id="id",
):
    """A job is to stop: at once where it waits, at its next step where it runs."""

    id: str

    def carry_out(self, draft: Draft) -> None:
        cancel(draft.now.connection, self.id)


@dataclass(frozen=True, slots=True)
class ResumeJob(
    Change, code="resume-job", roles=_ASKERS, target="job", states=frozenset({"failed", "cancelled"}), id="id"
):
    """A job that failed or was cancelled begins again, under the one who asked for it."""

    id: str

    def carry_out(self, draft: Draft) -> None:
        if jobs(draft.now.connection, self.id)[0].actor != draft.actor.account:
            draft.forbid("role", "a job is begun again by the one who asked for it", "queue an analysis of your own")
        requeue(draft.now.connection, self.id)
