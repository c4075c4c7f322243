"""The way of an item from hand to hand, with the gaps that nothing entered explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from homeward.draw import Drawing, Handover, Stay, timeline_svg
from homeward.record.values import Custody, Recovery
from homeward.report.words import Words

__all__ = ["Chain", "Gap", "Step", "chain_of", "chain_svg"]


GapKind = Literal["holder", "order", "undated"]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not known before a handover, or does not agree with what was entered earlier.

    ``holder``: somebody had the thing since a day, and another gave it on; ``order``: the day lies before that of what
    was entered earlier; ``undated``: no day is entered.
    """

    kind: GapKind
    holder: str
    since: str
    giver: str
    until: str


@dataclass(frozen=True, slots=True)
class Step:
    """A handover and what is not known before it."""

    number: int
    handover: Custody
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Chain:
    """All handovers of one item. ``found``: the day and the finder, empty where they are not entered."""

    of: str
    found: tuple[str, str]
    steps: tuple[Step, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(s.gap for s in self.steps if s.gap is not None)

    @property
    def last(self) -> Custody | None:
        return self.steps[-1].handover if self.steps else None


def chain_of(of: str, handovers: Sequence[Custody], recovery: Recovery | None = None) -> Chain:
    """Handovers as they were entered, each of which begins with who had the item last; the door sees to that."""
    found = (recovery.date, recovery.finder) if recovery is not None and recovery.date else ("", "")
    holder, since = found[1], found[0]
    steps = []
    for k, handover in enumerate(handovers, 1):
        kind: GapKind | None = None
        if _day(handover.date) is None:
            kind = "undated"
        elif _day(since) is not None and handover.date < since:
            kind = "order"
        elif holder and _plain(holder) != _plain(handover.giver):
            kind = "holder"
        gap = None if kind is None else Gap(kind, holder, since, handover.giver, handover.date)
        steps.append(Step(k, handover, gap))
        holder, since = handover.receiver, handover.date or since
    return Chain(of, found, tuple(steps))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def chain_svg(chain: Chain, today: str, say: Words) -> Drawing:
    """The chain drawn, up to today."""
    lanes: dict[str, str] = {}

    def lane(name: str) -> int:
        lanes.setdefault(_plain(name), name)
        return list(lanes).index(_plain(name))

    stays: list[Stay] = []
    handovers: list[Handover] = []
    found_on, finder = chain.found
    on = _days(chain)
    if (day := _day(found_on)) is not None and finder and chain.steps:
        stays.append(Stay(lane(finder), min(day, on[0]), on[0], chain.steps[0].gap is None))
    now = max(_day(today) or 0.0, *on)
    for k, step in enumerate(chain.steps):
        h, after = step.handover, chain.steps[k + 1] if k + 1 < len(on) else None
        giver, receiver = lane(h.giver), lane(h.receiver)
        handovers.append(Handover(on[k], giver, receiver, str(step.number), step.gap is None))
        end = now if after is None else max(on[k], on[k + 1])
        stays.append(Stay(receiver, on[k], end, after is None or after.gap is None))
    days = {d: at for d in (found_on, *(s.handover.date for s in chain.steps), today) if (at := _day(d)) is not None}
    key = {"held": say("custody.held")} | ({"gap": say("custody.unknown")} if chain.gaps else {})
    return timeline_svg(
        list(lanes.values()),
        stays,
        handovers,
        sorted((at, d) for d, at in days.items()),
        key=key,  # type: ignore[arg-type]
        title=say("custody.title", item=chain.of),
        desc=say("custody.desc", n=len(chain.steps)),
    )


def _days(chain: Chain) -> list[float]:
    """The day of every handover; where none is entered that of the one before."""
    found: list[float] = []
    for step in chain.steps:
        day = _day(step.handover.date)
        before = found[-1] if found else _day(chain.found[0]) or 0.0
        found.append(before if day is None else day)
    return found


def _day(text: str) -> float | None:
    """The number of a day; None for what is none."""
    try:
        return float(date.fromisoformat(text).toordinal())
    except ValueError:
        return None
