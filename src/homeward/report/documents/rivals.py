"""Who else it could be, and how far the answer moves: outcomes, kin on the list and in no file, stress tests."""

from __future__ import annotations

from collections.abc import Iterator

from homeward.report.documents.subject import Subject
from homeward.report.documents.values import Block, Heading, Paragraph, Points, Table
from homeward.report.joint_sentences import because, changed, not_tried, stress_verdict, whom, worth_saying
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.sentences import person
from homeward.report.words import Words

__all__ = ["kin", "outcomes", "relatives", "stress"]

_SHOWN = 6
_TOLD = 1e-4


def outcomes(s: Subject, say: Words) -> Iterator[Block]:
    """Everybody it could be that matters, jointly and alone; the two outside always."""
    found = list(_jointly(s, say) if s.j is not None and s.sample in s.j.at else _alone(s, say))
    joint = aligned([row[1] for row in found])
    alone = aligned([row[2] for row in found])
    yield Heading(say("joint.outcomes"))
    heads = (
        (say("person"), say("posterior")) if s.j is None else (say("person"), say("joint.joint"), say("joint.alone"))
    )
    rows = [(row[0], joint[i], alone[i])[: len(heads)] for i, row in enumerate(found)]
    yield Table(heads, tuple(rows), tuple(range(1, len(heads))))
    yield Paragraph(say("doc.outcomes.note" if s.j is not None else "answer.alone"), "note")


def _jointly(s: Subject, say: Words) -> Iterator[tuple[str, str, str]]:
    j = s.j
    assert j is not None
    every = j.outcomes((s.sample,))
    shown = [
        o
        for k, o in enumerate(every)
        if k < 2 or o.nobody or o.who == s.missing or (k < _SHOWN and o.posterior >= _TOLD)
    ]
    for o in shown:
        alone = j.alone(s.sample, o.who)
        yield whom(j, say, o.who), posterior_text(o.posterior), "–" if alone is None else posterior_text(alone)
    rest = [o for o in every if o not in shown]
    if rest:
        yield say("others", n=len(rest)), posterior_text(sum(o.posterior for o in rest)), ""


def _alone(s: Subject, say: Words) -> Iterator[tuple[str, str, str]]:
    answer = s.answer
    assert answer is not None
    shown = [p for k, p in enumerate(answer.candidates) if k < _SHOWN or p.missing == s.missing]
    for p in shown:
        yield person(s.view, p.missing), posterior_text(p.posterior), ""
    rest = [p for p in answer.candidates if p not in shown]
    if rest:
        yield say("others", n=len(rest)), posterior_text(sum(p.posterior for p in rest)), ""
    yield say("unreferenced"), posterior_text(answer.outside.unreferenced), ""
    yield say("stranger"), posterior_text(answer.outside.stranger), ""


def kin(s: Subject, say: Words) -> Iterator[Block]:
    """Why, kin on the list among it; nothing where the name is not the one concluded."""
    if s.j is None or s.conclusion is None or not s.concluded:
        return
    j = s.j
    told = [because(j, say, r) for r in s.conclusion.reasons if worth_saying(r)]
    if told:
        yield Heading(say("joint.why"))
        yield Points(tuple(told))


def relatives(s: Subject, say: Words) -> Iterator[Block]:
    """How well the DNA tells the person named from close relatives who are in no file."""
    if s.conclusion is None or not s.concluded or not s.conclusion.relatives:
        return
    figures = aligned([log10_text(x) for _, x in s.conclusion.relatives])
    rows = [(say(f"relative.{who}"), text) for (who, _), text in zip(s.conclusion.relatives, figures, strict=True)]
    yield Heading(say("joint.relatives"))
    yield Table((say("joint.relatives.who", missing=s.missing), say("log10-lr")), tuple(rows), (1,))
    yield Paragraph(say("joint.relatives.note"), "note")


def stress(s: Subject, say: Words) -> Iterator[Block]:
    """The conclusion under other assumptions, the worst first."""
    yield Heading(say("joint.stress"))
    if s.j is None or s.conclusion is None or not s.concluded:
        yield Paragraph(say("joint.stress.none"), "note")
        return
    tests, c = s.j.stress(s.conclusion), s.conclusion
    if tests:
        p = aligned([posterior_text(t.posterior) for t in tests])
        lr = aligned(["" if t.log10_lr is None else log10_text(t.log10_lr) for t in tests])
        rows = [(changed(say, t.change), p[i], lr[i], stress_verdict(s.j, say, c, t)) for i, t in enumerate(tests)]
        yield Table(tuple(say(k) for k in ("joint.change", "posterior", "log10-lr", "verdict")), tuple(rows), (1, 2))
        yield Paragraph(say("joint.stress.note"), "note")
    if untested := not_tried(say, c):
        yield Paragraph(untested, "note")
    elif not tests:
        yield Paragraph(say("joint.stress.none"), "note")
