"""Who may read which kind of thing; one table for every face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from homeward.faults import Fault, Refusal
from homeward.record.roles import ROLES, Actor, Role
from homeward.record.values import KINDS, Agreement
from homeward.record.view import Held, View

__all__ = ["READERS", "ask_to_read", "history", "may_read", "page", "visible"]

_WORK: frozenset[Role] = frozenset({"coordinator", "geneticist", "reviewer", "auditor"})
_SHARED: frozenset[Role] = _WORK | {"liaison"}
_ALL: frozenset[Role] = _SHARED | {"administrator"}
_NOBODY: frozenset[Role] = frozenset()

READERS: Mapping[str, frozenset[Role]] = {
    "case": _ALL,
    "population": _ALL,
    "mutation": _ALL,
    "hypothesis": _WORK,
    "haplotypes": _WORK,
    "family": _SHARED,
    "person": _WORK,
    "listed": _WORK,
    "remains": _SHARED,
    "sample": _SHARED,
    "profile": _WORK,
    "mt-profile": _WORK,
    "non-dna": _WORK,
    "identification": _SHARED,
    "raw-file": _WORK,
    "recovery": _SHARED,
    "photograph": _SHARED,
    "custody": _SHARED,
    "extraction": _WORK,
    "effect": _WORK,
    "anthropology": _SHARED,
    "names": _WORK,
    "roster": _WORK,
    "consent": _WORK,
    "tombstone": _WORK,
    "telling": _WORK,
    "agreement": _ALL,
    "analysis": _WORK,
    "report": _WORK,
    "candidate": _SHARED,
    "correction": _WORK,
    "notification": _WORK,
    "repatriation": _WORK,
    "account": frozenset({"administrator", "auditor"}),
    # what lets somebody in is read by the log-in alone
    "credential": _NOBODY,
    "passkey": _NOBODY,
    "recovery-code": _NOBODY,
    "token": _NOBODY,
}
assert READERS.keys() == KINDS.keys()
_BESIDES: Mapping[str, frozenset[Role]] = {
    "audit": frozenset({"auditor", "coordinator", "administrator"}),
    "job": _WORK | {"administrator"},
    "summary": ROLES,
}


def may_read(actor: Actor, what: str) -> bool:
    """Whether some of a kind of things, or of `audit`, `job`, `summary`, may be shown to him."""
    return actor.may("read", _readers(what))


def ask_to_read(actor: Actor, what: str) -> None:
    """Raises `Refusal` (a rule) ``role`` where `may_read` says no."""
    if not may_read(actor, what):
        message = f"{what} is for {', '.join(sorted(_readers(what)))}, with the scope read"
        raise Refusal([Fault("role", message, "ask somebody who has the role")], rule=True)


def _readers(what: str) -> frozenset[Role]:
    return READERS[what] if what in READERS else _BESIDES[what]


def visible(view: View, actor: Actor, kind: str, owner: str | None = None, day: str = "") -> dict[str, Held]:
    """The things of a kind that he may see; a liaison, those that an agreement with his party shares on this day."""
    if not may_read(actor, kind):
        return {}
    found = view.all(kind, owner)
    if not _only_shared(actor, kind):
        return found
    return _shared(view, actor, kind, found, day)


def page(
    view: View, actor: Actor, kind: str, owner: str | None, after: str, limit: int, day: str
) -> tuple[list[Held], bool]:
    """The next things that he may see after one of them, and whether there are more."""
    if not may_read(actor, kind):
        return [], False
    if not _only_shared(actor, kind):
        found = view.page(kind, owner, after, limit + 1)
    else:
        shared = list(visible(view, actor, kind, owner, day).values())
        start = next((i + 1 for i, held in enumerate(shared) if held.id == after), 0)
        found = shared[start : start + limit + 1]
    return found[:limit], len(found) > limit


def history(view: View, actor: Actor, kind: str, id: str, day: str) -> list[Held]:
    """Every version of a thing, the oldest first; a liaison sees it as it is now, and as it is shared with him."""
    if not may_read(actor, kind):
        return []
    if not _only_shared(actor, kind):
        return view.history(kind, id)
    shared = visible(view, actor, kind, None, day)
    return [shared[id]] if id in shared else []


def _only_shared(actor: Actor, kind: str) -> bool:
    """Whether he may read the kind as a liaison alone, and so what an agreement shares."""
    return actor.roles & READERS[kind] == {"liaison"}


def _shared(view: View, actor: Actor, kind: str, found: dict[str, Held], day: str) -> dict[str, Held]:
    agreements = {
        id: h for id, h in view.all("agreement").items() if actor.account in h.value.liaisons and _holds(h.value, day)
    }
    families = {f for h in agreements.values() for f in h.value.families}
    remains = {r for h in agreements.values() for r in h.value.remains}
    samples = {id for id, h in view.all("sample").items() if h.value.of == "remains" and h.value.source in remains}

    def of_shared(held: Held) -> bool:
        kind, _, owner = held.owner.partition(":")
        return owner in (samples if kind == "sample" else remains)

    keep: dict[str, Callable[[Held], bool]] = {
        "case": lambda h: True,
        "population": lambda h: True,
        "mutation": lambda h: True,
        "agreement": lambda h: h.id in agreements,
        "family": lambda h: h.id in families,
        "remains": lambda h: h.id in remains,
        "sample": lambda h: h.id in samples,
    }
    if kind in ("candidate", "identification"):
        shown = {
            id: h
            for id, h in found.items()
            if h.value.sample in samples and h.value.missing.partition("/")[0] in families
        }
        return {id: _without_reviews(h) for id, h in shown.items()} if kind == "candidate" else shown
    test = keep.get(kind, of_shared)
    return {id: h for id, h in found.items() if test(h)}


def _holds(agreement: Agreement, day: str) -> bool:
    return not agreement.until or day <= agreement.until


def _without_reviews(held: Held) -> Held:
    """What another party's liaison sees of a candidate: that it stands, not what reviewers wrote."""
    return replace(held, value=replace(held.value, reviews=(), reasons="", comments=()))
