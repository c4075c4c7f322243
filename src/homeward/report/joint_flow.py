"""The joint answer as a drawing: samples, the individuals they are put together to, and whose names those bear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from homeward.draw import Drawing, FlowLink, FlowNode, Standing, flow_svg
from homeward.report.joint_sentences import whom
from homeward.report.joint_view import SETTLED, Body, JointAnswer, JointView, Outcome
from homeward.report.markup import figure, section
from homeward.report.numbers import posterior_text
from homeward.report.words import Words

__all__ = ["flow", "flow_drawing", "in_order"]

_DRAWN_FROM, _NAMED_FROM, _MOST_NAMES = 0.01, 0.05, 3
_LIKELY = 0.5
_OTHERS = "others"
_A_PART, _MOST_PARTS = 20, 6
_BY_ITSELF = 0.12  # a thin line: nothing is said


def flow(j: JointView, say: Words) -> str:
    """The drawing, in parts that fit a page; individuals of whom more is known stand first where not all are drawn."""
    order = in_order(j)
    if not order:
        return ""
    parts = [order[i : i + _A_PART] for i in range(0, min(len(order), _A_PART * _MOST_PARTS), _A_PART)]
    drawn = []
    for n, some in enumerate(parts):
        if len(parts) > 1:
            low = n * _A_PART + 1
            drawn.append(f"<h4>{say.html('joint.flow.part', low=low, high=low + len(some) - 1)}</h4>")
        drawn.append(figure(flow_drawing(j, say, some, partial(whom, j, say), first=n * _A_PART + 1)))
    left = len(order) - sum(len(some) for some in parts)
    note = f'<p class="note">{say.html("joint.flow.note")}</p>'
    if left:
        note += f'<p class="note">{say.html("joint.flow.left", n=left)}</p>'
    return section(say.html("joint.flow"), note, *drawn, id="flow")


def in_order(j: JointAnswer) -> list[Body]:
    """Individuals of whom a name is likely first, those of one group together; of nobody in particular last."""
    place = {m: k for k, m in enumerate(j.posterior.names)}
    grouped = {s for c in j.conclusions if c.conclusion == "group" for s in c.samples}

    def at(body: Body) -> tuple[int, float]:
        named = [o for o in j.outcomes(body.samples) if not o.nobody and o.posterior > 0]
        if named and grouped.intersection(body.samples):
            # the mean place keeps the bodies of one group together
            return 0, _middle(named, place)
        if named and named[0].posterior >= _LIKELY:
            return 0, place[named[0].who]
        return 1, -sum(o.posterior for o in named)

    return sorted(j.bodies, key=at)


def _middle(named: Sequence[Outcome], place: dict[str, int]) -> float:
    return sum(place[o.who] * o.posterior for o in named) / sum(o.posterior for o in named)


def flow_drawing(
    j: JointAnswer, say: Words, bodies: Sequence[Body], name: Callable[[str], str], *, first: int
) -> Drawing:
    """Samples, individuals numbered from ``first`` on, and names; ``name``: what to write for one."""
    samples = [s for b in bodies for s in b.samples]
    left = [FlowNode(s) for s in samples]
    middle = [FlowNode(str(first + k)) for k in range(len(bodies))]
    into = [_into(j, s, k, samples.index(s), b) for k, b in enumerate(bodies) for s in b.samples]
    names: dict[str, int] = {}
    out = []
    for k, body in enumerate(bodies):
        for o in _drawn(j, body):
            standing = _standing(j, body, o.who)
            sign = {"settled": "✓ ", "shared": "◇ "}.get(standing, "")
            end = names.setdefault(o.who, len(names))
            out.append(FlowLink(k, end, o.posterior, standing, sign + posterior_text(o.posterior)))
    outside = [who for who in (_OTHERS, "unreferenced", "stranger") if who in names]
    order = [*(who for who in names if who not in outside), *outside]
    out = [replace(link, end=order.index(list(names)[link.end])) for link in out]
    right = [FlowNode(say("joint.flow.others") if who == _OTHERS else name(who), who in outside) for who in order]
    shown: dict[Standing, str] = {
        x: say(f"joint.flow.{x}", threshold=f"{j.threshold:.10g}")
        for x in ("settled", "shared", "open", "outside")
        if any(k.standing == x for k in out)
    }
    headings = say("joint.samples"), say("joint.flow.individuals"), say("joint.flow.names")
    title, desc = say("joint.flow"), say("joint.flow.note")
    return flow_svg((left, middle, right), (into, out), headings=headings, key=shown, title=title, desc=desc)


def _drawn(j: JointAnswer, body: Body) -> list[Outcome]:
    """The outcomes of an individual worth a ribbon of their own; other persons together."""
    outcomes = [o for o in j.outcomes(body.samples) if o.posterior > 0]
    told = [o for o in outcomes if not o.nobody and (o.posterior >= _NAMED_FROM or _concluded(j, body, o.who))]
    own = [o for k, o in enumerate(told) if k < _MOST_NAMES or _concluded(j, body, o.who)]
    rest = sum(o.posterior for o in outcomes if not o.nobody and o not in own)
    nobody = [o for o in outcomes if o.nobody]
    return [o for o in (*own, Outcome(_OTHERS, rest), *nobody) if o in own or o.posterior >= _DRAWN_FROM]


def _concluded(j: JointAnswer, body: Body, who: str) -> bool:
    """Whether a name is concluded of any sample of an individual."""
    return any(who in c.missing and set(c.samples) & set(body.samples) for c in j.conclusions)


def _into(j: JointAnswer, sample: str, body: int, at: int, of: Body) -> FlowLink:
    """A sample's belonging with the others of its body; by itself it is its own body."""
    if len(of.samples) == 1:
        return FlowLink(at, body, _BY_ITSELF, "outside")
    own = j.at[sample]
    together = max(float(j.posterior.same_body[own, j.at[s]]) for s in of.samples if s != sample)
    sure: Standing = "settled" if together >= j.threshold else "open"
    return FlowLink(at, body, together, sure, posterior_text(together))


def _standing(j: JointAnswer, body: Body, who: str) -> Standing:
    """How an individual's ribbon to a name looks: as what was concluded of its samples."""
    if who in (_OTHERS, "unreferenced", "stranger"):
        return "outside"
    for c in j.conclusions:
        if who in c.missing and set(c.samples) & set(body.samples):
            if c.conclusion in SETTLED:
                return "settled"
            if c.conclusion == "group":
                return "shared"
    return "open"
