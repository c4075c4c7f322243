"""Where an item of remains has been, hand by hand, and the samples cut from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import homeward
from homeward.case import Remains
from homeward.record.values import Correction, Custody, Recovery
from homeward.report.bones import element_text
from homeward.report.documents.subject import Issue
from homeward.report.documents.values import (
    Block,
    Document,
    Heading,
    Paragraph,
    Points,
    Signatures,
    Signed,
    Table,
    Terms,
)
from homeward.report.words import Words

__all__ = ["Item", "chain_of_custody"]


@dataclass(frozen=True, slots=True)
class Item:
    """An item and its handovers in the order they were entered; ``samples``: those of each sample cut from it.

    ``revision``: the last change of the record that was looked at.
    """

    case: str
    revision: int
    remains: Remains
    recovery: Recovery | None
    custody: tuple[Custody, ...]
    samples: tuple[tuple[str, tuple[Custody, ...]], ...] = ()
    corrections: tuple[Correction, ...] = ()


def chain_of_custody(item: Item, issue: Issue) -> Document:
    """Every handover, whether the chain is whole, and lines for the next one."""
    say = Words(issue.language)
    moves = item.custody
    lead = say("doc.custody.lead.none")
    if moves:
        lead = say("doc.custody.lead", n=len(moves), holder=moves[-1].receiver)
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if issue.date:
        blocks.append(Paragraph(say("doc.issued", date=issue.date), "note"))
    blocks += [Heading(say("doc.custody.item")), Terms(tuple(_about(item, say)))]
    if moves:
        blocks += [Heading(say("doc.custody.moves")), _table(moves, say), Paragraph(_whole(moves, say), "note")]
    handed = [c for _, some in item.samples for c in some]
    if handed:
        blocks += [Heading(say("doc.custody.samples")), _table(handed, say, of=True)]
    if item.corrections:
        told = tuple(f"{c.date} {c.by}: {c.reason}" for c in item.corrections)
        blocks += [Heading(say("doc.custody.corrections")), Points(told)]
    lines = (Signed(say("doc.custody.gives")), Signed(say("doc.custody.takes")))
    blocks += [Heading(say("doc.custody.next")), Signatures(lines, say("name"), say("doc.date"))]
    return Document(
        "custody",
        issue.language,
        say("doc.custody", remains=item.remains.id),
        item.case,
        say("doc.foot.record", version=homeward.__version__, seq=item.revision),
        tuple(blocks),
        issue.date,
        issue.letterhead,
        {"remains": item.remains.id, "revision": item.revision, "handovers": len(moves), "whole": _gap(moves) == 0},
    )


def _about(item: Item, say: Words) -> list[tuple[str, str]]:
    rows = [(say("remains"), item.remains.id)]
    if item.remains.element:
        rows.append((say("remains.element"), element_text(say, item.remains.element, item.remains.side)))
    if item.remains.place:
        rows.append((say("remains.place"), item.remains.place))
    if (found := item.recovery) is not None:
        if found.depth_m is not None:
            rows.append((say("remains.depth"), say("remains.metres", depth=f"{found.depth_m:g}")))
        if found.date or found.finder:
            rows.append((say("remains.found"), " ".join(x for x in (found.date, found.finder) if x)))
    if item.samples:
        rows.append((say("remains.samples"), ", ".join(id for id, _ in item.samples)))
    return rows


def _table(moves: Sequence[Custody], say: Words, *, of: bool = False) -> Table:
    keys = ["number", "from", "to", "place", "seal", "note-head"]
    heads = [say(f"doc.custody.{k}") for k in keys]
    heads[1:1] = [say("doc.date"), *([say("sample")] if of else [])]
    rows = [
        (str(i), c.date, *([c.of] if of else []), c.giver, c.receiver, c.place, c.seal, c.note)
        for i, c in enumerate(moves, 1)
    ]
    # a column in which nothing stands takes no room
    used = [k for k in range(len(heads)) if any(row[k] for row in rows)]
    return Table(tuple(heads[k] for k in used), tuple(tuple(row[k] for k in used) for row in rows), (0,))


def _whole(moves: Sequence[Custody], say: Words) -> str:
    gap = _gap(moves)
    return say("doc.custody.gap", number=gap) if gap else say("doc.custody.whole")


def _gap(moves: Sequence[Custody]) -> int:
    """The number of the first handover whose giver is not who had received; 0 where there is none."""
    return next((i for i, (a, b) in enumerate(pairwise(moves), 2) if a.receiver != b.giver), 0)
