"""The state of a case for a ministry: counts alone, nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import homeward
from homeward.draw import share_bar_svg
from homeward.report.documents.subject import Issue
from homeward.report.documents.values import Document, Heading, Paragraph, Table
from homeward.report.words import Words

__all__ = ["State", "case_status"]


@dataclass(frozen=True, slots=True)
class State:
    """Counts of a record. ``funnel``: stage → items that came at least as far; ``names`` and ``open`` by code.

    ``revision``: the last change counted.
    """

    case: str
    revision: int
    funnel: Mapping[str, int]
    names: Mapping[str, int]
    open: Mapping[str, int]


def case_status(state: State, issue: Issue) -> Document:
    """How far the remains have come, which families there are, what waits."""
    say = Words(issue.language)
    received = state.funnel["received"]
    rows = [
        (say(f"board.{stage}"), str(n), str(share_bar_svg(n / received)) if received else "")
        for stage, n in state.funnel.items()
    ]
    lead = say("doc.status.lead", n=received, **{k: state.funnel[k] for k in ("identified", "returned")})
    blocks = (
        Paragraph(lead, "lead"),
        *((Paragraph(say("doc.issued", date=issue.date), "note"),) if issue.date else ()),
        Heading(say("doc.status.funnel")),
        Table(tuple(say(f"doc.status.{k}") for k in ("stage", "items", "share")), tuple(rows), (1,), (2,)),
        Paragraph(say("doc.status.funnel.note"), "note"),
        Heading(say("doc.status.names")),
        _counts(state.names, say),
        Heading(say("doc.status.open")),
        _counts(state.open, say),
        Paragraph(say("doc.status.note"), "note"),
    )
    return Document(
        "status",
        issue.language,
        say("doc.status", case=state.case),
        state.case,
        say("doc.foot.record", version=homeward.__version__, seq=state.revision),
        blocks,
        issue.date,
        issue.letterhead,
        {"revision": state.revision, "funnel": {**state.funnel}, "names": {**state.names}, "open": {**state.open}},
    )


def _counts(counts: Mapping[str, int], say: Words) -> Table:
    rows = tuple((say(f"doc.status.{code}"), str(n)) for code, n in counts.items())
    return Table((say("doc.status.what"), say("doc.status.count")), rows, (1,))
