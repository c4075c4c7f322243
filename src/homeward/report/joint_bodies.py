"""Samples put together to one body: what they show together, where they differ, and what each of them adds."""

from __future__ import annotations

from homeward.case import Typing
from homeward.identify.consensus import Consensus
from homeward.identify.joint.answer import BodyProfile, Fragment
from homeward.report.joint_sentences import whom
from homeward.report.joint_view import JointView
from homeward.report.markup import section, table
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.words import Words, html

__all__ = ["bodies"]

_MOST_BODIES = 40
_MOST_COLUMNS = 6


def bodies(j: JointView, say: Words) -> str:
    """Every body of several samples with its consensus profile; remains only, nobody living."""
    found = j.joint.bodies
    if not found:
        return ""
    parts = [_body(j, say, b) for b in found[:_MOST_BODIES]]
    if len(found) > _MOST_BODIES:
        parts.append(f'<p class="note">{say.html("joint.bodies.left", n=len(found) - _MOST_BODIES)}</p>')
    note = f'<p class="note">{say.html("joint.bodies.note")}</p>'
    return section(say.html("joint.bodies"), note, *parts, id="bodies")


def _body(j: JointView, say: Words, b: BodyProfile) -> str:
    samples = ", ".join(b.samples)
    shared = [m for m in b.markers if len(m.samples) > 1]
    differ = [m for m in shared if m.disagree]
    lead = say.html("joint.bodies.lead", n=len(b.samples), posterior=posterior_text(b.posterior))
    code = "none" if not shared else "agree" if not differ else "differ"
    agree = say.html(f"joint.bodies.{code}", n=len(shared), differ=len(differ), shown=len(shared))
    return section(
        f'{html(samples)} <span class="soft">{say.html("joint.bodies.of", missing=whom(j, say, b.missing))}</span>',
        f"<p>{say.joined(lead, agree)}</p>",
        f'<div class="two"><div>{_fragments(say, b)}</div><div>{_markers(j, say, b)}</div></div>',
        f'<p class="note">{say.html("joint.bodies.hypotheses", missing=whom(j, say, b.missing))}</p>',
        level=3,
    )


def _fragments(say: Words, b: BodyProfile) -> str:
    """One row a sample: what it brings beside those above it."""
    before: Fragment | None = None
    rows = []
    for f in b.fragments:
        rows.append([html(f.sample), str(f.markers), str(f.new), log10_text(f.log10_lr), _added(before, f)])
        before = f
    for column in (3, 4):
        for row, text in zip(rows, aligned([row[column] for row in rows]), strict=True):
            row[column] = text
    keys = ("sample", "markers", "joint.bodies.new", "log10-lr", "joint.bodies.adds")
    heading = f"<h4>{say.html('joint.bodies.fragments')}</h4>"
    return heading + table([say.html(k) for k in keys], rows, numeric=range(1, 5), kind="narrow")


def _added(before: Fragment | None, f: Fragment) -> str:
    if before is None:
        return log10_text(f.log10_lr)
    if before.log10_lr is None or f.log10_lr is None:
        return "–"
    return log10_text(f.log10_lr - before.log10_lr)


def _markers(j: JointView, say: Words, b: BodyProfile) -> str:
    """The consensus beside what each sample shows; a sample that it does not explain is marked."""
    shown = b.samples[:_MOST_COLUMNS]
    typed = {s: {t.marker: t for t in j.view.case.typings_by_sample.get(s, ())} for s in shown}
    rows = [
        [html(m.marker), _together(say, m), *(_seen(say, m, s, typed[s].get(m.marker)) for s in shown)]
        for m in b.markers
    ]
    heads = [say.html("marker"), say.html("joint.bodies.together"), *(html(s) for s in shown)]
    left = ""
    if len(b.samples) > len(shown):
        left = f'<p class="note">{say.html("columns.left", n=len(b.samples) - len(shown))}</p>'
    return f"<h4>{say.html('joint.bodies.consensus')}</h4>{table(heads, rows, kind='narrow consensus')}{left}"


def _together(say: Words, m: Consensus) -> str:
    if not m.alleles:
        return f'<span class="tag warn">▽ {say.html("joint.bodies.open")}</span>'
    told = html(", ".join(m.alleles))
    sure = m.probability is None or m.probability > 0.995
    return told if sure else f'{told} <span class="soft">{posterior_text(m.probability or 0.0)}</span>'


def _seen(say: Words, m: Consensus, sample: str, typing: Typing | None) -> str:
    if typing is None or sample not in m.samples:
        return '<span class="soft">–</span>'
    told = html(", ".join(typing.alleles)) if typing.alleles else say.html("none-seen")
    if sample in m.disagree:
        return f'{told} <span class="tag warn">△ {say.html("joint.bodies.differs")}</span>'
    return told
