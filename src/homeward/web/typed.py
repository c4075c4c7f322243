"""Which samples are typed at which markers, and what was found in them: made anew only when something of it changes.

No genotype is held in memory; a withdrawal is a change.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from homeward.case import Typing
from homeward.check import Finding
from homeward.record.view import View
from homeward.web.stored import newest_result

__all__ = ["Index", "index_of", "typings_of"]

_KINDS = ("profile", "mt-profile", "tombstone", "analysis")


@dataclass(frozen=True)
class Index:
    """``markers_of``: sample → its markers, in the order of the case; ``typings``: how many there are of them all.

    ``with_mt``: samples of which mtDNA was typed; ``findings``: sample → what `check` found in the last analysis.
    """

    markers_of: Mapping[str, frozenset[str]]
    typings: int
    with_mt: frozenset[str]
    findings: Mapping[str, tuple[Finding, ...]]

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """Every marker, those typed in most samples first."""
        count = Counter(m for own in self.markers_of.values() for m in own)
        return tuple(sorted(count, key=lambda m: (-count[m], m)))

    def warnings(self, sample: str) -> list[Finding]:
        """What was found in a sample and asks for somebody to look."""
        return [f for f in self.findings.get(sample, ()) if f.severity == "warning"]


_held: WeakKeyDictionary[sa.Engine, tuple[int, Index]] = WeakKeyDictionary()
_lock = threading.Lock()


def index_of(view: View) -> Index:
    """The index as the record is now."""
    now = view.last_change(_KINDS)
    with _lock:
        kept = _held.get(view.connection.engine)
    if kept is not None and kept[0] == now:
        return kept[1]
    profiles = {id: h.value.typings for id, h in view.all("profile").items() if h.value is not None}
    found = Index(
        {id: frozenset(t.marker for t in typings) for id, typings in profiles.items()},
        sum(map(len, profiles.values())),
        frozenset(view.ids("mt-profile")),
        _findings(view),
    )
    with _lock:
        _held[view.connection.engine] = now, found
    return found


def _findings(view: View) -> Mapping[str, tuple[Finding, ...]]:
    newest = newest_result(view)
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in newest.findings if newest is not None else ():
        for sample in finding.samples:
            found[sample] = (*found.get(sample, ()), finding)
    return found


def typings_of(view: View, sample: str) -> dict[str, tuple[Typing, ...]]:
    """Marker → the typings of one sample; none where its person withdrew."""
    profile = view.get("profile", sample)
    found: dict[str, tuple[Typing, ...]] = {}
    for t in profile.typings if profile is not None else ():
        found[t.marker] = (*found.get(t.marker, ()), t)
    return found
