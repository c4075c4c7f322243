"""What haplotypes say of a candidate: who was compared along which line, where they differ, who else is of it."""

from __future__ import annotations

from math import inf

from homeward.genetics.lineage import LineageKind
from homeward.identify import Difference, LineageComparison, Pair
from homeward.report.haplotypes import compared_ranges, scientific, side_by_side, span_text
from homeward.report.sentences import person
from homeward.report.view import View
from homeward.report.words import Words

__all__ = ["lineage_part"]

_MOST_DIFFERENCES = 8
_MOST_KIN = 10


def lineage_part(view: View, say: Words, pair: Pair) -> str:
    """Each line along which the sample was held against references, in words and side by side; empty if none."""
    own = [c for c in view.result.lineages if c.missing == pair.missing and c.sample == pair.sample]
    parts = []
    for kind in dict.fromkeys(c.kind for c in own):
        along = [c for c in own if c.kind == kind]
        told = [*(_sentence(view, say, c) for c in along), _kinsmen(view, say, pair.missing, kind)]
        words = "".join(f"<li>{x}</li>" for x in told)
        parts.append(f'<div class="line"><ul>{words}</ul><div>{side_by_side(view, say, along)}</div></div>')
    return f"<h4>{say.html('lines')}</h4>{''.join(parts)}" if parts else ""


def _sentence(view: View, say: Words, c: LineageComparison) -> str:
    """One comparison in words, HTML."""
    missing = person(view, c.missing)
    away = say("line.away", n=c.meioses, missing=missing) if c.meioses else say("line.own", missing=missing)
    over = (
        say("line.ranges", ranges=span_text(compared_ranges(view, c)))
        if c.kind == "mt"
        else say("line.sites", n=len(c.sites))
    )
    told = [say.html("line.compared", line=say(f"line.{c.kind}"), reference=c.reference, away=away, over=over)]
    if c.differences:
        shown = [_difference(say, d) for d in c.differences[:_MOST_DIFFERENCES]]
        if (left := len(c.differences) - len(shown)) > 0:
            shown.append(say("line.more", n=left))
        told.append(say.html("line.differs", n=len(c.differences), shown="; ".join(shown)))
        if c.meioses:
            told.append(say.html("line.takes", n=c.mutations, meioses=say("line.meioses", n=c.meioses)))
    else:
        told.append(say.html("line.agrees"))
    chance = say("line.never") if c.log10_chance == -inf else scientific(10.0**c.log10_chance)
    told.append(say.html("line.chance", chance=chance, frequency=scientific(c.frequency)))
    return " ".join(told)


def _difference(say: Words, d: Difference) -> str:
    return say("line.difference", site=d.site.removeprefix("mt "), sample=d.sample, reference=d.reference)


def _kinsmen(view: View, say: Words, missing: str, kind: LineageKind) -> str:
    """Who else on the list is of a missing person's line, with references of his own or without; HTML."""
    from homeward.likelihood.lineage import line_of

    home, own = view.households[missing]
    line = line_of(home.pedigree, own, kind)
    members = line.place if line is not None else {}
    # a person merged from two files goes by two ids
    found: dict[str, str] = {}
    for full, (other, short) in view.households.items():
        if other is home and short in members and short != own:
            found.setdefault(short, full)
    if not found:
        return say.html("line.nobody")
    shown = [person(view, full) for full in found.values()]
    told = ", ".join(shown[:_MOST_KIN])
    if len(shown) > _MOST_KIN:
        told = say("list.more", shown=told, n=len(shown) - _MOST_KIN)
    return say.html("line.also", persons=told)
