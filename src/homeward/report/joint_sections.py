"""The conclusions of the joint answer: one table of all, and a section each with rivals, reasons and stress tests."""

from __future__ import annotations

from collections.abc import Collection

from homeward.draw import share_bar_svg
from homeward.identify.joint.answer import Conclusion
from homeward.report.joint_sentences import (
    aligned_with_errors,
    alone_text,
    because,
    changed,
    conclusion,
    joint_point,
    names_text,
    not_tried,
    posterior_with_error,
    provisional,
    stress_verdict,
    verdict,
    whom,
    worth_saying,
)
from homeward.report.joint_view import SETTLED, JointView, Outcome
from homeward.report.markup import anchor, section, table
from homeward.report.numbers import aligned, log10_text, posterior_text
from homeward.report.words import Words, html

__all__ = [
    "answer_with_tag",
    "conclusion_section",
    "conclusion_sections",
    "conclusions",
    "considered",
    "joint_anchor",
    "points",
]

_MOST_POINTS = 25
_SHOWN_OUTCOMES = 6
_TOLD = 1e-4
_SHOWN_STRESS = 12


def joint_anchor(number: int) -> str:
    """The id of a conclusion's section."""
    return f"c{number + 1}"


def conclusions(j: JointView, say: Words, *, linked: Collection[int] = ()) -> str:
    """One row a conclusion: samples, names, posterior jointly and alone, runner-up, and what it amounts to."""
    shown = j.conclusions
    runners = [j.runner(c) for c in shown]
    p = aligned_with_errors([posterior_with_error(j.share(c), c.mc_error) for c in shown])
    q = aligned([posterior_text(o.posterior) if o else "" for o in runners])
    rows = []
    for i, c in enumerate(shown):
        ids = html(", ".join(c.samples))
        runner = runners[i]
        rows.append(
            [
                f'<a href="#{joint_anchor(i)}">{ids}</a>' if i in linked else ids,
                _names(j, say, c),
                p[i],
                html(alone_text(j, say, c)),
                html(whom(j, say, runner.who)) if runner else "",
                q[i],
                _tag(j, say, c),
            ]
        )
    keys = ("joint.samples", "joint.names", "joint.joint", "joint.alone", "runner", "posterior", "verdict")
    return section(
        say.html("joint.conclusions"),
        table([say.html(k) for k in keys], rows, numeric=(2, 3, 5), minor=(3, 4, 5), kind="joint"),
        f'<p class="note">{say.html("joint.columns")}</p>',
        id="conclusions",
    )


def _names(j: JointView, say: Words, c: Conclusion) -> str:
    """The names concluded, or, standing back, the most probable outcome."""
    told = html(names_text(j, say, c))
    return told if c.conclusion in (*SETTLED, "group") else f'<span class="soft">{told}</span>'


def _tag(j: JointView, say: Words, c: Conclusion) -> str:
    sound = c.conclusion in SETTLED and j.posterior.method.converged and not provisional(j, c)
    return f'<span class="tag {"ok" if sound else "warn"}">{html(verdict(j, say, c))}</span>'


def points(j: JointView, say: Words) -> str:
    """What needs a person."""
    if not j.points:
        body = f"<p>{say.html('points.none')}</p>"
    else:
        items = "".join(f"<li>{html(joint_point(j, say, p))}</li>" for p in j.points[:_MOST_POINTS])
        body = f"<ol>{items}</ol>"
        if len(j.points) > _MOST_POINTS:
            body += f'<p class="note">{say.html("points.more", n=len(j.points) - _MOST_POINTS)}</p>'
    return section(say.html("points"), body, id="points")


def conclusion_sections(j: JointView, say: Words, *, evidence: Collection[int] = ()) -> str:
    """A section each for conclusions that say something; ``evidence``: samples whose evidence stands on the page."""
    return "".join(conclusion_section(j, say, i, evidence=evidence) for i in j.sections)


def conclusion_section(j: JointView, say: Words, number: int, *, evidence: Collection[int] = ()) -> str:
    """One conclusion: its sentence, who else it could be, why, and how far it moves under other assumptions."""
    c = j.conclusions[number]
    what = " · ".join(dict.fromkeys(html(x) for s in c.samples for x in j.view.what(s)))
    heading = html(", ".join(c.samples)) + (f' <span class="soft">{what}</span>' if what else "")
    parts = [f'<p class="lead">{answer_with_tag(j, say, c)}</p>', considered(j, say, c)]
    answers = [a.sample.id for a in j.view.answers]
    links = [
        f'<a href="#{anchor(answers.index(s))}">{html(s)}</a>'
        for s in c.samples
        if s in answers and answers.index(s) in evidence
    ]
    if links:
        told = say("joint.evidence", links="\0").split("\0")
        parts.append(f'<p class="note">{html(told[0])}{", ".join(links)}{html(told[1])}</p>')
    return section(heading, *parts, id=joint_anchor(number))


def answer_with_tag(j: JointView, say: Words, c: Conclusion) -> str:
    """What is concluded, in one sentence and in two or three words; HTML."""
    return f"{conclusion(j, say, c, as_html=True)} {_tag(j, say, c)}"


def considered(j: JointView, say: Words, c: Conclusion) -> str:
    """The LR with its hypotheses; who else it could be, why, and how far it moves under other assumptions."""
    left, right = _outcomes(j, say, c) + _why(j, say, c), _stress(j, say, c) + _relatives(j, say, c)
    beside = f"<div>{right}</div>" if right else ""
    return f'{_ratios(say, c)}<div class="{"two" if right else "one"}"><div>{left}</div>{beside}</div>'


def _ratios(say: Words, c: Conclusion) -> str:
    """The LR with its hypotheses, and the generalised one."""
    told = []
    if c.log10_lr is not None and len(c.missing) == 1:
        told.append(
            say.html("joint.lr", log10_lr=log10_text(c.log10_lr), samples=", ".join(c.samples), missing=c.missing[0])
        )
    if c.log10_glr is not None:
        told.append(say.html("joint.glr", log10_glr=log10_text(c.log10_glr)))
    return f'<p class="note">{say.joined(*told)}</p>' if told else ""


def _outcomes(j: JointView, say: Words, c: Conclusion) -> str:
    """Who it could be, jointly beside alone; of a group one table a body."""
    bodies = {j.body_of.get(s): s for s in reversed(c.samples)}
    whole = []
    for first in reversed(list(bodies.values())):
        same = [s for s in c.samples if j.body_of.get(s) == j.body_of.get(first)]
        title = say.html("joint.outcomes") + (f" · {html(', '.join(same))}" if len(bodies) > 1 else "")
        whole.append(f"<h4>{title}</h4>{_rivals(j, say, same)}")
    return "".join(whole)


def _rivals(j: JointView, say: Words, samples: list[str]) -> str:
    outcomes = j.outcomes(samples)
    # the first two are always told, and the two outside
    shown = [o for k, o in enumerate(outcomes) if k < 2 or o.nobody or (k < _SHOWN_OUTCOMES and o.posterior >= _TOLD)]
    rest = [o for o in outcomes if o not in shown]
    figures = [posterior_with_error(o.posterior, _error(j, samples, o)) for o in shown]
    figures += [posterior_text(sum(o.posterior for o in rest))] if rest else []
    posteriors = aligned_with_errors(figures)
    rows = []
    for o, p in zip(shown, posteriors, strict=False):
        rows.append([html(whom(j, say, o.who)), str(share_bar_svg(o.posterior)), p, _alone(j, say, samples, o.who)])
    if rest:
        rows.append([say.html("others", n=len(rest)), "", posteriors[-1], ""])
    if len(samples) == 1:
        for row, text in zip(rows, aligned([row[3] for row in rows]), strict=True):
            row[3] = text
    heads = [say.html(k) for k in ("person", "joint.joint", "joint.alone")]
    return table([heads[0], "", *heads[1:]], rows, numeric=(2, 3), minor=(1,), kind="rivals")


def _alone(j: JointView, say: Words, samples: list[str], who: str) -> str:
    """The same for each sample alone: one figure, or the lowest and the highest."""
    found = [x for s in samples if (x := j.alone(s, who)) is not None]
    if not found:
        return "–"
    low, high = posterior_text(min(found)), posterior_text(max(found))
    return low if low == high else say.html("range", low=low, high=high)


def _error(j: JointView, samples: list[str], o: Outcome) -> float:
    """The standard error of an outcome on its log-odds."""
    error = max(j.error(s, o.who) for s in samples)
    return error / (o.posterior * (1 - o.posterior)) if error > 0 and 0 < o.posterior < 1 else 0.0


def _why(j: JointView, say: Words, c: Conclusion) -> str:
    told = [r for r in c.reasons if worth_saying(r)]
    if not told:
        return ""
    items = "".join(f"<li>{html(because(j, say, r))}</li>" for r in told)
    return f"<h4>{say.html('joint.why')}</h4><ul>{items}</ul>"


def _stress(j: JointView, say: Words, c: Conclusion) -> str:
    """The stress tests, the worst first."""
    tests = j.stress(c)
    heading = f"<h4>{say.html('joint.stress')}</h4>"
    untested = not_tried(say, c)
    if not tests:
        none = f'{heading}<p class="note">{html(untested or say("joint.stress.none"))}</p>'
        return none if untested or c.conclusion in SETTLED else ""
    shown = tests[:_SHOWN_STRESS]
    posteriors = aligned([posterior_text(s.posterior) for s in shown])
    rows = [
        [
            html(changed(say, s.change)),
            p,
            log10_text(s.log10_lr) if s.log10_lr is not None else "",
            f'<span class="tag {"ok" if s.posterior >= j.view.threshold else "warn"}">'
            f"{html(stress_verdict(j, say, c, s))}</span>",
        ]
        for s, p in zip(shown, posteriors, strict=True)
    ]
    heads = [say.html(k) for k in ("joint.change", "posterior", "log10-lr", "verdict")]
    note = f'<p class="note">{say.html("joint.stress.note")}</p>'
    if len(tests) > len(shown):
        note += f'<p class="note">{say.html("joint.stress.left", n=len(tests) - len(shown))}</p>'
    if untested:
        note += f'<p class="note">{html(untested)}</p>'
    return heading + table(heads, rows, numeric=(1, 2), minor=(2,), kind="stress") + note


def _relatives(j: JointView, say: Words, c: Conclusion) -> str:
    """How well the DNA tells the person named from close relatives who are in no file."""
    if not c.relatives:
        return ""
    figures = aligned([log10_text(x) for _, x in c.relatives])
    rows = [[say.html(f"relative.{kin}"), text] for (kin, _), text in zip(c.relatives, figures, strict=True)]
    heads = [say.html("joint.relatives.who", missing=c.missing[0]), say.html("log10-lr")]
    note = f'<p class="note">{say.html("joint.relatives.note")}</p>'
    return f"<h4>{say.html('joint.relatives')}</h4>{table(heads, rows, numeric=(1,), kind='narrow')}{note}"
