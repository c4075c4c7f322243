"""The summary a terminal shows: one table, and the three things that need a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from homeward.identify import Result
from homeward.report.joint_sentences import (
    aligned_with_errors,
    alone_text,
    joint_point,
    names_text,
    posterior_with_error,
    whom,
)
from homeward.report.joint_sentences import lead as joint_lead
from homeward.report.joint_sentences import verdict as joint_verdict
from homeward.report.joint_view import SETTLED, JointView, joint_view
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.overview import lead, markers_text, work
from homeward.report.sentences import person, point, range_text, verdict
from homeward.report.view import View
from homeward.report.words import Words

__all__ = ["summary"]

_WIDEST_CELL = 32
_WIDEST_NAMES = 48
_MOST_ROWS = 40
_MOST_POINTS = 3
_NOBODY = "–"


def summary(result: Result, *, language: str = "en") -> str:
    """Plain text without colour, aligned by display width (East Asian wide characters count two).

    A person in parentheses is less probable than somebody without references or not on the list.
    """
    say, view = Words(language), View(result)
    j = joint_view(view)
    if j is not None:
        blocks = [say.joined(joint_lead(j, say, as_html=False), work(view, say, as_html=False))]
        blocks += [_joint_table(j, say), say("joint.columns.plain")]
        blocks += [_points([joint_point(j, say, p) for p in j.points], say), say("decision")]
    else:
        blocks = [lead(view, say, as_html=False)]
        if view.answers:
            blocks += [_table(view, say), say("matrix.hypotheses")]
            blocks += [_points([point(view, say, p) for p in view.points], say), say("decision")]
    return "\n\n".join(blocks).replace("\u00a0", " ") + "\n"


def _table(view: View, say: Words) -> str:
    answers = view.answers
    if len(answers) > _MOST_ROWS:
        kept = sorted(range(len(answers)), key=lambda i: -(b.posterior if (b := answers[i].best) else 0.0))[:_MOST_ROWS]
        answers = tuple(answers[i] for i in sorted(kept))
    best = [a.worth_naming for a in answers]
    posteriors = aligned([posterior_text(p.posterior) if p else "" for p in best], " ")
    mixed = [say("range.head")] if view.mixed else []
    rows = [[say("sample"), say("markers"), say("best"), say("log10-lr"), *mixed, say("posterior"), say("verdict")]]
    for a, p, posterior in zip(answers, best, posteriors, strict=True):
        name = person(view, p.missing) if p else _NOBODY
        rows.append(
            [
                a.sample.id,
                markers_text(view, say, a.sample),
                f"({name})" if p and a.outside_likelier else name,
                log10_text(p.log10_lr) if p else "",
                *([range_text(say, p) if p else ""] if mixed else []),
                posterior,
                verdict(view, say, a),
            ]
        )
    lines = _columns(rows, right={1, *range(3, len(rows[0]) - 1)})
    if len(answers) < len(view.answers):
        lines.append(say("points.more", n=len(view.answers) - len(answers)))
    return "\n".join(lines)


def _joint_table(j: JointView, say: Words) -> str:
    """Samples and names, jointly beside alone; a name in parentheses is not proposed."""
    shown = j.conclusions
    if len(shown) > _MOST_ROWS:
        kept = sorted(range(len(shown)), key=lambda i: (not shown[i].missing, -j.share(shown[i])))[:_MOST_ROWS]
        shown = tuple(shown[i] for i in sorted(kept))
    p = aligned_with_errors([posterior_with_error(j.share(c), c.mc_error) for c in shown])
    runners = [j.runner(c) for c in shown]
    q = aligned([posterior_text(o.posterior) if o else "" for o in runners], " ")
    keys = ("joint.samples", "joint.names", "joint.joint", "joint.alone", "runner", "posterior", "verdict")
    rows = [[say(key) for key in keys]]
    for i, c in enumerate(shown):
        names, runner = names_text(j, say, c), runners[i]
        rows.append(
            [
                ", ".join(c.samples),
                names if c.conclusion in (*SETTLED, "group") else f"({names})",
                p[i].replace("\u2007", " "),
                alone_text(j, say, c),
                whom(j, say, runner.who) if runner else "",
                q[i],
                joint_verdict(j, say, c),
            ]
        )
    lines = _columns(rows, right={2, 3, 5}, widest=_WIDEST_NAMES)
    if len(shown) < len(j.conclusions):
        lines.append(say("points.more", n=len(j.conclusions) - len(shown)))
    return "\n".join(lines)


def _points(told: Sequence[str], say: Words) -> str:
    if not told:
        return say("points.none")
    lines = [say("points") + ":"]
    lines += [f"{i}. {words}" for i, words in enumerate(told[:_MOST_POINTS], 1)]
    more = len(told) - _MOST_POINTS
    if more > 0:
        lines.append(f"   {say('points.more', n=more)}")
    return "\n".join(lines)


def _columns(rows: Sequence[Sequence[str]], right: set[int], widest: int = _WIDEST_CELL) -> list[str]:
    # the conclusion is never cut
    cut = [[*(_shortened(cell, widest) for cell in row[:-1]), row[-1]] for row in rows]
    widths = [max(_width(row[i]) for row in cut) for i in range(len(cut[0]))]
    lines = []
    for r, row in enumerate(cut):
        cells = [
            " " * (w - _width(cell)) + cell if i in right else cell + " " * (w - _width(cell))
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
        if r == 0:
            lines.append("  ".join("-" * w for w in widths))
    return lines


def _width(words: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def _shortened(words: str, widest: int) -> str:
    if _width(words) <= widest:
        return words
    while words and _width(words) > widest - 1:
        words = words[:-1]
    return words + "…"
