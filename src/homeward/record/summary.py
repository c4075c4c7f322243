"""How far the remains have come, from the day they were received to the day they were given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homeward.record.ledger import head
from homeward.record.reading import may_read, visible
from homeward.record.roles import Actor
from homeward.record.values import FamilyFile
from homeward.record.view import Held, View

__all__ = ["STAGES", "Summary", "summary", "without_references"]

STAGES = ("received", "profiled", "searched", "candidate", "reviewed", "identified", "notified", "returned")
# how far a candidate in a state has come; one that was rejected counts as none
_REACHED = {
    "proposed": "candidate",
    "reopened": "candidate",
    "reviewed": "reviewed",
    "signed": "reviewed",
    "identified": "identified",
    "notified": "notified",
    "returned": "returned",
}
_COUNTED = ("family", "listed", "remains", "sample", "candidate", "analysis")


@dataclass(frozen=True, slots=True)
class Summary:
    """``funnel``: stage → remains that came at least as far; ``counts``: kind → how many there are."""

    revision: int
    funnel: Mapping[str, int]
    counts: Mapping[str, int]


def summary(view: View, actor: Actor, day: str, searched: int | None = None) -> Summary:
    """Of what the actor may see; of kinds that he may not read nothing is counted.

    ``searched``: the last change that the newest analysis knew of, None = it is looked up.
    """
    reached = dict.fromkeys(visible(view, actor, "remains", day=day), 0)
    samples = visible(view, actor, "sample", day=day)
    remains_of = {id: h.value.source for id, h in samples.items() if h.value.of == "remains"}

    def raise_to(sample: str, stage: str) -> None:
        source = remains_of.get(sample)
        if source in reached:
            reached[source] = max(reached[source], STAGES.index(stage))

    newest = _newest_search(view) if searched is None else searched
    for sample, since in (view.first_seen("profile") | view.first_seen("mt-profile")).items():
        raise_to(sample, "searched" if since <= newest else "profiled")
    candidates = visible(view, actor, "candidate", day=day)
    for held in candidates.values():
        if held.value.state in _REACHED:
            raise_to(held.value.sample, _REACHED[held.value.state])
    funnel = {stage: sum(far >= i for far in reached.values()) for i, stage in enumerate(STAGES)}
    return Summary(head(view.connection)[0], funnel, {k: _count(view, actor, k, day) for k in _COUNTED})


def _count(view: View, actor: Actor, kind: str, day: str) -> int:
    if "liaison" in actor.roles:
        return len(visible(view, actor, kind, day=day))
    return view.count(kind) if may_read(actor, kind) else 0


def without_references(view: View, families: Mapping[str, Held]) -> list[str]:
    """Those of some families that miss somebody and of whom nobody is typed."""
    typed = view.ids("profile") | view.ids("mt-profile")
    known = {
        h.value.source.partition("/")[0]
        for id, h in view.all("sample").items()
        if h.value.of == "person" and id in typed
    }
    missing: dict[str, FamilyFile] = {id: h.value for id, h in families.items()}
    return [id for id, file in missing.items() if file.missing and id not in known]


def _newest_search(view: View) -> int:
    """The last change that the newest analysis knew of; 0 where there is none."""
    last = view.last("analysis")
    return 0 if last is None or last.value is None else int(last.value.revision)
